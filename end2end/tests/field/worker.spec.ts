// The service worker: newer versions, sending while nobody looks, the language of the kept page.
import type { CDPSession } from "@playwright/test";
import { Phone, allSent, dropsOf, leave, line, ready, sendNow } from "../../harness/phone.ts";
import { signIn } from "../../harness/people.ts";
import { Proxy } from "../../harness/proxy.ts";
import { expect, test } from "../../harness/test.ts";

test("a newer version waits while something waits on the phone @islands", async ({
  server,
  launchOptions,
}) => {
  const proxy = await Proxy.to(server.url);
  const phone = new Phone(proxy.url, launchOptions);
  const page = await ready(phone);
  const versions = () => page.evaluate(async () => (await caches.keys()).filter((name) => name !== "lists-pictures"));
  const [older] = await versions();
  proxy.isIll = true;
  await leave(page, 73);
  proxy.isNewer = true;
  const newer = page.getByText("A newer version of this page is ready.");
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting !== null);
  await page.reload();
  await expect(newer).toBeVisible();
  await expect(line(page)).toContainText("1 waiting");
  expect(await versions()).toContain(older);
  proxy.isIll = false;
  await sendNow(page);
  await page.getByRole("button", { name: "Use it" }).click();
  await expect.poll(versions).toEqual(["lists-newer"]);
  await page.reload();
  await allSent(page);
  expect(await dropsOf(page, 73)).toBe(1);
  await phone.away();
  await proxy.close();
});

test("a first visit loads each file once, though the worker keeps them all @islands", async ({
  server,
  launchOptions,
}) => {
  const proxy = await Proxy.to(server.url);
  const phone = new Phone(proxy.url, launchOptions);
  const page = await ready(phone);
  const kept = await page.evaluate(async () => {
    const cache = await caches.open((await caches.keys())[0] ?? "");
    return (await cache.keys()).map(({ url }) => new URL(url).pathname);
  });
  expect(kept).toEqual(expect.arrayContaining(["/field", "/pkg/phone.js", "/pkg/phone_bg.wasm"]));
  const times = kept.map((file) => [file, proxy.whole.filter((path) => path === file).length]);
  expect(times).toEqual(kept.map((file) => [file, 1]));
  proxy.isGone = true;
  await page.reload();
  await allSent(page);
  await phone.away();
  await proxy.close();
});

test("what a server of before had sent is not kept beside what is new @islands", async ({ server, launchOptions }) => {
  const proxy = await Proxy.to(server.url);
  proxy.older.add("/field").add("/pkg/phone.css");
  const phone = new Phone(proxy.url, launchOptions);
  const page = await ready(phone);
  const times = (file: string) => proxy.whole.filter((path) => path === file).length;
  expect([times("/field"), times("/pkg/phone.css"), times("/pkg/phone.js")]).toEqual([2, 2, 1]);
  const place = page.locator("#screens");
  await expect(place).toHaveAttribute("data-version", "older");
  proxy.isGone = true;
  await page.reload();
  await expect(place).toHaveAttribute("data-version", /^[0-9a-f]{16}$/);
  await allSent(page);
  await phone.away();
  await proxy.close();
});

/** Makes the browser's Background Sync happen now. */
async function backgroundSync(tools: CDPSession, origin: string): Promise<void> {
  const registered = new Promise<string>((found) => {
    tools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => scopeURL.startsWith(origin));
      if (ours !== undefined) {
        found(ours.registrationId);
      }
    });
  });
  await tools.send("ServiceWorker.enable");
  const registrationId = await registered;
  await tools.send("ServiceWorker.dispatchSyncEvent", { origin, registrationId, tag: "records", lastChance: false });
  await tools.send("ServiceWorker.disable");
}

test("what waits is sent while the page is closed, with its own person's session @islands", async ({
  server,
  launchOptions,
}) => {
  const proxy = await Proxy.to(server.url);
  const phone = new Phone(proxy.url, launchOptions);
  const page = await ready(phone);
  await phone.network(false);
  await leave(page, 79);
  const other = await phone.tab();
  await page.close();
  // The browser tries by itself as soon as there is a network.
  proxy.isIll = true;
  await phone.network(true);
  const sent = () => proxy.asked.filter((asked) => asked === "POST /api/v1/records gzip").length;
  const asked = () => proxy.asked.filter((asked) => asked === "GET /api/v1/me").length;

  // Somebody else uses the phone.
  await other.context().clearCookies();
  await signIn(other, "partner2");
  proxy.isIll = false;
  const before = asked();
  await backgroundSync(await phone.tools(other), proxy.url);
  await expect.poll(asked).toBeGreaterThan(before);

  await other.context().clearCookies();
  await signIn(other, "partner");
  await backgroundSync(await phone.tools(other), proxy.url);
  await expect.poll(() => dropsOf(other, 79)).toBe(1);
  expect(sent()).toBe(1);

  // The page hears of it.
  await other.goto("/field");
  await allSent(other);
  expect(await dropsOf(other, 79)).toBe(1);
  expect(sent()).toBe(2);
  await phone.away();
  await proxy.close();
});

test("the page stays in the language that was chosen @islands", async ({ server, launchOptions }) => {
  const proxy = await Proxy.to(server.url);
  const phone = new Phone(proxy.url, launchOptions);
  let page = await ready(phone);
  const html = () => page.locator("html");
  await page.getByRole("button", { name: "دری" }).click();
  await expect(html()).toHaveAttribute("dir", "rtl");
  await phone.close();

  proxy.isGone = true;
  page = await phone.open({ offline: false });
  await page.goto("/field");
  await expect(html()).toHaveAttribute("lang", "fa-AF");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByText("Another language can be chosen where there is a network.")).toBeVisible();
  await expect(html()).toHaveAttribute("lang", "fa-AF");

  // Of a language that a desk page was switched to, the phone hears too.
  proxy.isGone = false;
  await page.goto("/");
  await page.getByRole("button", { name: "English" }).click();
  await expect(html()).toHaveAttribute("lang", "en");
  proxy.isGone = true;
  await page.goto("/field");
  await expect(html()).toHaveAttribute("lang", "en");
  await phone.away();
  await proxy.close();
});
