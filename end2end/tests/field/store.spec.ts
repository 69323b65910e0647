// What the phone keeps: nobody reads it who copies the browser's files, and nothing of it is lost
// when it is sealed, or cannot be opened any more.
import { type Page } from "@playwright/test";
import { asBefore, readable } from "../../harness/kept.ts";
import { Phone, allSent, dropsOf, go, inClinic, leave, line, ready, sendNow } from "../../harness/phone.ts";
import { expect, test } from "../../harness/test.ts";

/** Names of this person's stores, materials, events and places, and words of what was said. */
async function secrets(page: Page): Promise<string[]> {
  const known = await (await page.request.get("/api/v1/field")).json();
  const items = (part: string) => known[part].items as Record<string, any>[];
  const names = [
    ...items("stores").map((store) => store.name),
    ...items("materials").map((material) => material.title),
    ...items("events").flatMap((event) => [event.number, event.place_name.en]),
    ...items("places").map((place) => place.name.en),
  ];
  return [...new Set(names), "clinic", "occurred", "pieces"];
}

test("of what the phone keeps nothing can be read by who finds it @islands", async ({ server, launchOptions }) => {
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone);
  const hidden = await secrets(page);
  expect(hidden.length).toBeGreaterThan(10);
  await phone.network(false);
  await leave(page, 73);
  // Half typed.
  await go(page, "drop");
  await inClinic(page);
  const found = await readable(page);
  // The order and the state of records, and nothing else.
  expect(found).toContain("state: here");
  for (const word of hidden) {
    expect(found, word).not.toContain(word);
  }
  const key = await page.evaluate(
    () =>
      new Promise((done) => {
        const opening = indexedDB.open("lists");
        opening.onsuccess = () => {
          const asking = opening.result.transaction("things").objectStore("things").get("key");
          asking.onsuccess = () => {
            const { extractable } = asking.result;
            crypto.subtle.exportKey("raw", asking.result).then(
              () => done("shown"),
              () => done({ extractable }),
            );
          };
        };
      }),
  );
  expect(key).toEqual({ extractable: false });
  await phone.away();
});

test("what an older version left readable is sealed, and all of it is there @islands", async ({
  server,
  launchOptions,
}) => {
  test.slow();
  const phone = new Phone(server.url, launchOptions);
  let page = await ready(phone);
  const hidden = await secrets(page);
  await phone.network(false);
  await leave(page, 83);
  await leave(page, 89);
  await go(page, "drop");
  await inClinic(page);
  await page.locator(".phone-row input").first().fill("97");
  await asBefore(page);
  expect(await readable(page)).toContain("clinic");
  await phone.close();

  // The battery is empty when half of it is done.
  page = await phone.open({ offline: true });
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    let puts = 0;
    IDBObjectStore.prototype.put = function (value, key) {
      const request = put.call(this, value, key);
      if (this.name === "things" && value.sealed !== undefined && (puts += 1) === 2) {
        this.transaction.abort();
      }
      return request;
    };
  });
  await page.goto("/field");
  await expect(page.getByText("This browser keeps nothing")).toBeVisible();
  expect(await readable(page)).toContain(hidden[0]);
  await phone.close();

  page = await phone.open({ offline: true });
  await page.goto("/field");
  await expect(line(page)).toContainText("2 waiting");
  const found = await readable(page);
  for (const word of hidden) {
    expect(found, word).not.toContain(word);
  }
  await go(page, "drop");
  await expect(page.locator(".phone-row input").first()).toHaveValue("97");
  await phone.network(true);
  await sendNow(page);
  expect(await dropsOf(page, 83)).toBe(1);
  expect(await dropsOf(page, 89)).toBe(1);
  await phone.away();
});

/** Puts another key in the place of the phone's, and keeps the old one beside it. */
async function otherKey(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const cipher = { name: "AES-GCM", length: 256 };
    const key = await crypto.subtle.generateKey(cipher, false, ["encrypt", "decrypt"]);
    await new Promise((done) => {
      const opening = indexedDB.open("lists");
      opening.onsuccess = () => {
        const things = opening.result.transaction("things", "readwrite").objectStore("things");
        things.get("key").onsuccess = ({ target }) => {
          things.put((target as IDBRequest).result, "old-key");
          things.put(key, "key").onsuccess = done;
        };
      };
    });
  });
}

async function oldKey(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((done) => {
        const opening = indexedDB.open("lists");
        opening.onsuccess = () => {
          const things = opening.result.transaction("things", "readwrite").objectStore("things");
          things.get("old-key").onsuccess = ({ target }) => {
            things.put((target as IDBRequest).result, "key").onsuccess = done;
          };
        };
      }),
  );
}

test("what cannot be opened any more is said, stays, and is sent once it can @islands", async ({
  server,
  launchOptions,
}) => {
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone);
  await phone.network(false);
  await leave(page, 101);
  await otherKey(page);
  await page.reload();
  const said = page.getByText("This phone cannot read some of what is kept on it any more");
  await expect(said).toBeVisible();
  await phone.network(true);
  await page.getByRole("button", { name: "Send now" }).click();
  await allSent(page);
  await expect(said).toBeVisible();
  const found = await readable(page);
  expect(found).toContain("state: here");
  expect(found).toContain("closed/known");
  expect(await dropsOf(page, 101)).toBe(0);

  await oldKey(page);
  await page.reload();
  await sendNow(page);
  await expect.poll(() => dropsOf(page, 101)).toBe(1);
  await phone.away();
});
