// Where there is no network at all: what waits becomes one file, and whoever comes to a network
// sends it, on a phone or at a desk.
import { type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { signIn } from "../../harness/people.ts";
import { Phone, allSent, dropsOf, go, leave, line, ready, sendNow } from "../../harness/phone.ts";
import { Proxy } from "../../harness/proxy.ts";
import { expect, test } from "../../harness/test.ts";

/** Where a phone tells the server its key. */
const INTRODUCED = /\/api\/v1\/phones\//;

/** Makes the file and saves it; what is in it. */
async function saved(page: Page): Promise<Buffer> {
  const loading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save on this phone" }).click();
  const file = await loading;
  expect(file.suggestedFilename()).toBe("lists.txt");
  return readFileSync(await file.path());
}

async function made(page: Page): Promise<void> {
  await go(page, "records");
  await page.getByRole("link", { name: "Hand over as a file" }).click();
  await page.getByRole("button", { name: "Make the file" }).click();
}

function asFile(buffer: Buffer) {
  return { name: "lists.txt", mimeType: "text/plain", buffer };
}

test("a file is made without a network and counts once, sent by two people and by the phone itself @islands", async ({
  server,
  launchOptions,
  person,
}) => {
  // Two phones, each of which loads the whole program, and a desk.
  test.slow();
  const proxy = await Proxy.to(server.url);
  const phone = new Phone(proxy.url, launchOptions);
  const page = await ready(phone);
  proxy.isGone = true;
  await leave(page, 73);
  await leave(page, 79);
  await made(page);
  await expect(page.getByText("The file is ready. Records in it: 2.")).toBeVisible();
  // This browser has no share sheet for files.
  await expect(page.getByRole("button", { name: "Share" })).toHaveCount(0);
  const file = await saved(page);
  expect(file.toString("ascii")).toMatch(/^[A-Za-z0-9+/=\n]+$/);
  // From now on nobody knows whether the books have it: it is not deleted any more.
  await go(page, "records");
  await expect(page.getByText("sent, no answer yet")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Delete" })).toHaveCount(0);

  // A driver of another organisation has a phone with a network.
  const driver = new Phone(server.url, launchOptions);
  const theirs = await ready(driver, { who: "partner2" });
  await go(theirs, "records");
  await theirs.getByRole("link", { name: "Send somebody's file" }).click();
  await theirs.getByLabel("The file").setInputFiles(asFile(file));
  await expect(theirs.getByText("in the books", { exact: true })).toHaveCount(2);
  await driver.away();

  // So has somebody in the office.
  const desk = await person("logistics");
  await desk.goto("/letters");
  await desk.getByLabel("The file").setInputFiles(asFile(file));
  await desk.getByRole("button", { name: "Send", exact: true }).click();
  await expect(desk.getByText("came before, and counts once")).toHaveCount(2);

  proxy.isGone = false;
  await sendNow(page);
  for (const pieces of [73, 79]) {
    expect(await dropsOf(page, pieces), `${pieces} pieces`).toBe(1);
  }
  const [said] = (await (await page.request.get("/api/v1/records?kind=drop")).json()).items;
  await desk.goto(`/records/${said.id}`);
  await expect(desk.getByText("Sent by")).toBeVisible();
  await phone.away();
  await proxy.close();
});

test("two tabs that meet the server for the first time at once sign with one key @islands", async ({
  server,
  launchOptions,
  person,
}) => {
  test.slow();
  const phone = new Phone(server.url, launchOptions);
  const first = await phone.open({ offline: false });
  await signIn(first, "partner");
  const second = await phone.tab();
  // What the first tab says of its key comes to the server after what the second one says.
  const asked = first.waitForRequest(INTRODUCED, { timeout: 30_000 });
  const told = second.waitForResponse(INTRODUCED, { timeout: 60_000 });
  await first.route(INTRODUCED, async (route) => {
    await told;
    await route.continue();
  });
  await first.goto("/field");
  await asked;
  await second.goto("/field");
  await told;
  await allSent(first);
  await phone.network(false);
  await leave(first, 97);
  await made(first);
  const file = await saved(first);
  const desk = await person("logistics");
  await desk.goto("/letters");
  await desk.getByLabel("The file").setInputFiles(asFile(file));
  await desk.getByRole("button", { name: "Send", exact: true }).click();
  await expect(desk.getByText("in the books", { exact: true })).toBeVisible();
  await phone.away();
});

test("the share sheet gets a text file with a neutral name @islands", async ({ server, launchOptions }) => {
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone, {
    before: (page) =>
      page.addInitScript(() => {
        const shared: unknown[] = [];
        Object.assign(window, { shared });
        Object.assign(Navigator.prototype, {
          canShare: ({ files }: { files: File[] }) => files.every((file) => file.type === "text/plain"),
          share: async ({ files: [file] }: { files: File[] }) => {
            shared.push({ name: file?.name, text: await file?.text() });
          },
        });
      }),
  });
  await phone.network(false);
  await leave(page, 83);
  await made(page);
  await page.getByRole("button", { name: "Share" }).click();
  const shared = () => page.evaluate(() => (window as unknown as { shared: { name: string; text: string }[] }).shared);
  await expect.poll(async () => (await shared()).length).toBe(1);
  const [file] = await shared();
  expect(file?.name).toBe("lists.txt");
  expect(file?.text).toBe((await saved(page)).toString("ascii"));
  await phone.away();
});

test("a file that is not right, and no network, are said in words @islands", async ({ server, launchOptions }) => {
  const proxy = await Proxy.to(server.url);
  const phone = new Phone(proxy.url, launchOptions);
  const page = await ready(phone);
  await go(page, "hand-over");
  await expect(page.getByRole("main")).toContainText("Everything is sent");
  await go(page, "send-file");
  const send = (text: string) => page.getByLabel("The file").setInputFiles(asFile(Buffer.from(text)));
  await send("bread, tea, batteries");
  await expect(page.getByText("This is not the file of a phone")).toBeVisible();
  proxy.isGone = true;
  await send("bread, tea");
  await expect(page.getByText("There is no network here.")).toBeVisible();
  proxy.isGone = false;
  proxy.isIll = true;
  await send("bread");
  await expect(page.getByText("The server does not answer. Choose the file again")).toBeVisible();
  await phone.away();
  await proxy.close();
});

test("a phone that has never met the server says that it cannot make a file yet @islands", async ({
  server,
  launchOptions,
}) => {
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone, {
    // Nothing of the browser's cryptography, as on a page without https.
    before: (page) =>
      page.addInitScript(() => Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined })),
  });
  await phone.network(false);
  await leave(page, 89);
  await made(page);
  await expect(page.getByText("This phone cannot make a file yet.")).toBeVisible();
  await expect(line(page)).toContainText("1 waiting");
  await go(page, "records");
  await expect(page.getByText("on this phone", { exact: true })).toBeVisible();
  await phone.away();
});
