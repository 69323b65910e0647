// What goes wrong in the field: an ill server, two tabs, a clock that is years ahead, a full phone.
import { Phone, allSent, drops, dropsOf, go, inClinic, keep, leave, line, ready, sendNow } from "../../harness/phone.ts";
import { Proxy } from "../../harness/proxy.ts";
import { expect, test } from "../../harness/test.ts";

test("a server that is ill for an hour is asked patiently, and then has it once @islands", async ({
  server,
  launchOptions,
}) => {
  const proxy = await Proxy.to(server.url);
  const phone = new Phone(proxy.url, launchOptions);
  const page = await ready(phone, { before: (page) => page.clock.install() });
  proxy.isIll = true;
  const before = proxy.asked.length;
  await leave(page, 61);
  await expect(line(page)).toContainText("the server does not answer");
  for (let minutes = 0; minutes < 60; minutes += 10) {
    const asked = proxy.asked.length;
    await page.clock.fastForward("10:00");
    await expect.poll(() => proxy.asked.length).toBeGreaterThan(asked);
    await expect(line(page)).toContainText("1 waiting");
    await expect(line(page)).toContainText("the server does not answer");
  }
  expect(proxy.asked.length - before).toBeLessThan(20);
  proxy.isIll = false;
  await page.clock.fastForward("10:00");
  await allSent(page);
  expect(await dropsOf(page, 61)).toBe(1);
  await phone.away();
  await proxy.close();
});

test("two tabs of one phone keep and send side by side, and each record counts once @islands", async ({
  server,
  launchOptions,
}) => {
  const phone = new Phone(server.url, launchOptions);
  const first = await ready(phone);
  const second = await phone.tab();
  await second.goto("/field");
  await allSent(second);
  await phone.network(false);
  await leave(first, 37);
  await leave(second, 41);
  await leave(first, 43);
  await phone.network(true);
  await Promise.all([sendNow(first), sendNow(second)]);
  for (const pieces of [37, 41, 43]) {
    expect(await dropsOf(first, pieces), `${pieces} pieces`).toBe(1);
  }
  // What the other tab has said is no news any more.
  await first.reload();
  await allSent(first);
  await phone.away();
});

test("a clock that is three years ahead is corrected @islands", async ({ server, launchOptions }) => {
  const ahead = new Date();
  ahead.setFullYear(ahead.getFullYear() + 3);
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone, { before: (page) => page.clock.install({ time: ahead }) });
  await phone.network(false);
  await leave(page, 67);
  await phone.network(true);
  await sendNow(page);
  expect(await dropsOf(page, 67)).toBe(1);
  const [sent] = (await (await page.request.get("/api/v1/records?kind=drop")).json()).items;
  expect(sent.occurred_on).toBe(sent.recorded_at.slice(0, 10));
  await phone.away();
});

test("a full phone says so, keeps what is typed, and goes on when there is room @islands", async ({
  server,
  launchOptions,
}) => {
  const phone = new Phone(server.url, launchOptions);
  await ready(phone);
  await phone.close();
  // The browser looks once at how much room there is, and then not again for a while.
  const page = await phone.open({ offline: true });
  const tools = await phone.tools(page);
  const origin = server.url;
  await tools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  await page.goto("/field");
  await go(page, "drop");
  await inClinic(page);
  await page.locator(".phone-row input").first().fill("71");
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  const anyway = page.getByRole("button", { name: "It happened all the same" });
  const full = page.getByText("The storage of this phone is full and nothing was kept.");
  await expect(anyway.or(full)).toBeVisible();
  if (await anyway.isVisible()) {
    await anyway.click();
  }
  await expect(full).toBeVisible();
  await expect(line(page)).toContainText("Everything is sent");
  await expect(page.locator(".phone-row input").first()).toHaveValue("71");
  await tools.send("Storage.overrideQuotaForOrigin", { origin });
  await keep(page);
  await expect(line(page)).toContainText("1 waiting");
  await phone.network(true);
  await sendNow(page);
  expect(await drops(page)).toContainEqual(expect.objectContaining({ pieces: 71 }));
  await phone.away();
});
