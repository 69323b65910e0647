// What a phone has never heard of, and what was a mistake.
import { type Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { Phone, drops, dropsOf, go, inClinic, keep, leave, line, ready, sendNow } from "../../harness/phone.ts";
import { Proxy } from "../../harness/proxy.ts";
import { expect, test } from "../../harness/test.ts";

/** Types a code on the scan screen that is open. */
async function type(page: Page, code: string): Promise<void> {
  await page.getByLabel("Typed code").fill(code);
  await page.getByRole("button", { name: "Look it up" }).click();
}

test("a label from after the last sync is kept with what was seen, and matched @islands", async ({
  server,
  launchOptions,
  person,
}) => {
  const others = await (await (await person("logistics")).request.get("/api/v1/field")).json();
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone);
  const known = await (await page.request.get("/api/v1/field")).json();
  const codes: string[] = known.packs.items.map((pack: { code: string }) => pack.code);
  const label = others.packs.items.find((pack: { code: string }) => !codes.includes(pack.code));
  await phone.network(false);
  await go(page, "scan/drop");
  await type(page, label.code);
  await expect(page.locator(".phone-card")).toContainText("This phone has never heard of");
  await page.getByRole("link", { name: "Back", exact: true }).last().click();
  await inClinic(page);
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(page.getByText("Choose one.")).toBeVisible();
  await page.locator(".phone-pick").first().click();
  await page.getByLabel("How many?: Pieces").fill("53");
  await keep(page);
  await phone.network(true);
  await sendNow(page);
  expect((await drops(page))[0]).toMatchObject({ pieces: 53, held: null });
  await phone.away();
});

test("a label that nobody made is held with what was seen behind it @islands", async ({
  server,
  launchOptions,
}) => {
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone);
  await go(page, "scan");
  await type(page, "0000-0000-1A5");
  await page.getByRole("link", { name: "Left in a public place" }).click();
  const pick = page.locator(".phone-pick").first();
  const number = await pick.locator("strong").innerText();
  await pick.click();
  await inClinic(page);
  await page.getByLabel("Cartons").fill("2");
  await keep(page);
  await expect(line(page)).toContainText("1 with a question");
  const held = (await drops(page)).find((drop) => drop.held !== null) as unknown as { id: string };
  await page.goto(`/drops/${held.id}`);
  await expect(page.getByRole("main")).toContainText(`0000-0000-1A5: ${number}`);
  await phone.away();
});

test("an event is told from its code alone @islands", async ({ server, launchOptions, person }) => {
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone);
  await phone.network(false);
  // Planned at a desk after the phone's last sync.
  const desk = await person("partner");
  const known = await (await desk.request.get("/api/v1/field")).json();
  const [like] = known.events.items;
  const { event } = await (await desk.request.get(`/api/v1/events/${like.id}`)).json();
  const id = randomUUID().replace(/^(.{14})4/, "$17");
  const planned = await desk.request.put(`/api/v1/events/${id}`, {
    data: {
      event_type: event.event_type,
      store: event.store,
      organisation: event.organisation,
      place: event.place,
      planned_on: event.planned_on,
      materials: [{ material: known.materials.items[0].id, pieces: 50 }],
    },
  });
  expect(planned.ok(), await planned.text()).toBe(true);
  const { code } = await planned.json();

  await go(page, "scan");
  await type(page, code);
  await page.getByRole("link", { name: "It is on the form of an event" }).click();
  await page.getByRole("button", { name: "Another material" }).click();
  await page.locator(".phone-pick").first().click();
  await page.getByLabel("Brought").fill("50");
  await page.getByLabel("Left over").fill("9");
  await page.getByLabel("Spoiled").fill("0");
  await page.getByRole("button", { name: "To participants" }).click();
  await page.getByLabel("On which day?").selectOption({ label: "today" });
  await page.getByLabel("Women").fill("6");
  await keep(page);
  await phone.network(true);
  await sendNow(page);
  const told = await (await desk.request.get(`/api/v1/events/${id}`)).json();
  expect(JSON.stringify(told)).toContain('"given":41');
  // What the phone heard with its sending may be older than that.
  await sendNow(page);
  await expect(page.locator(`a[href='#sheet/${code}']`)).toHaveCount(0);
  await phone.away();
});

test("an event that the books do not know is asked for again at every sync @islands", async ({
  server,
  launchOptions,
}) => {
  const proxy = await Proxy.to(server.url);
  const phone = new Phone(proxy.url, launchOptions);
  const page = await ready(phone);
  await go(page, "scan");
  await type(page, "0000-0000-1A5");
  await page.getByRole("link", { name: "It is on the form of an event" }).click();
  await page.getByLabel("On which day?").selectOption({ label: "today" });
  await page.getByLabel("Women").fill("6");
  await keep(page);
  await expect(line(page)).toContainText("1 not taken");
  const asked = () => proxy.asked.filter((request) => request.startsWith("POST /api/v1/records")).length;
  const before = asked();
  await page.getByRole("button", { name: "Send now" }).click();
  await expect.poll(asked).toBe(before + 1);
  await expect(line(page)).toContainText("1 not taken");
  await phone.away();
  await proxy.close();
});

test("what was sent today by mistake is taken back @islands", async ({ server, launchOptions }) => {
  const phone = new Phone(server.url, launchOptions);
  let page = await ready(phone);
  await leave(page, 83);
  await sendNow(page);
  expect(await dropsOf(page, 83)).toBe(1);
  await phone.close();
  page = await phone.open({ offline: true });
  await page.goto("/field#records");
  const sent = page.getByRole("listitem").filter({ hasText: "83 pieces" });
  await expect(sent).toContainText("Left in a public place");
  await expect(sent).not.toContainText("Clinic");
  await sent.getByRole("button", { name: "Take it back" }).click();
  await sent.getByRole("button", { name: "Take it back" }).click();
  await expect(line(page)).toContainText("1 waiting");
  await phone.network(true);
  await sendNow(page);
  const records = (await (await page.request.get("/api/v1/records")).json()).items;
  expect(records[0]).toMatchObject({ kind: "reverse", outcome: "posted" });
  await go(page, "records");
  await expect(page.getByText("83 pieces")).toHaveCount(0);
  await phone.away();
});
