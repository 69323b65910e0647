// A phone of somebody without an account: a link opens one event, works without a network, and its
// records say whose link it was.
import { type Page } from "@playwright/test";
import { Phone, allSent, go, keep, line, sendNow } from "../../harness/phone.ts";
import { expect, test } from "../../harness/test.ts";

/** Somebody at a desk makes a link to an event of which nobody has told yet; where it leads, and the event's page. */
async function link(desk: Page): Promise<{ path: string; event: string; number: string }> {
  const field = await (await desk.request.get("/api/v1/field")).json();
  const known = field.events.items[0];
  await desk.goto(`/events/${known.id}`);
  await desk.getByRole("link", { name: "Link for a phone" }).click();
  await desk.getByRole("button", { name: "Make a link" }).click();
  const address = await desk.locator("code.address").innerText();
  return { path: `/l/${address.split("/l/")[1]}`, event: `/events/${known.id}`, number: known.number };
}

test("a link opens one event without an account, and its sheet is told without a network @islands", async ({
  server,
  launchOptions,
  person,
}) => {
  // A phone that loads the whole program, and a desk.
  test.slow();
  const desk = await person("logistics");
  const made = await link(desk);
  const phone = new Phone(server.url, launchOptions);
  const page = await phone.open({ offline: false });
  await page.goto(made.path);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page).toHaveURL(/\/field$/);
  await allSent(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  // One thing, and no way to anything else.
  await expect(page.locator("a[href^='#sheet']")).toHaveCount(1);
  await expect(page.getByText(made.number)).toBeVisible();
  await expect(page.getByText("Other things that happened")).toHaveCount(0);
  await expect(page.getByText("My stock")).toHaveCount(0);
  await phone.network(false);
  await page.reload();
  await page.locator("a[href^='#sheet']").first().click();
  await page.getByLabel("Women").fill("7");
  await page.getByLabel("Men", { exact: true }).fill("0");
  await page.getByLabel("Girls under 18").fill("0");
  await page.getByLabel("Boys under 18").fill("0");
  for (const box of await page.getByLabel(/^(Brought|Left over|Spoiled)/).all()) {
    await box.fill("0");
  }
  await keep(page);
  await expect(line(page)).toContainText("1 waiting");
  await phone.network(true);
  await sendNow(page);
  await desk.goto(made.event);
  await expect(desk.getByText("by link of").first()).toBeVisible();

  // It is ended: the phone says so, and keeps what it has.
  await desk.goto(`${made.event}/links`);
  await desk.getByRole("button", { name: "End it" }).first().click();
  await go(page, "");
  await page.getByRole("button", { name: "Send now" }).click();
  await expect(line(page)).toContainText("The link is over");
  const again = await phone.tab();
  await again.goto(made.path);
  await expect(again.getByText("This link is over")).toBeVisible();
  await phone.away();
});
