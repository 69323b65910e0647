// The job of a partner: plan an event, take stock to it, and say on one sheet what happened.
import { type Locator, type Page } from "@playwright/test";
import { choose, follow, press } from "../../harness/forms.ts";
import { expect, test } from "../../harness/test.ts";

/** The part of the sheet about one material. */
function about(page: Page, material: string): Locator {
  return page.locator("main section", { has: page.getByRole("heading", { name: material }) });
}

/** Types a quantity of loose pieces. */
async function pieces(row: Locator, what: string, count: string): Promise<void> {
  await row.getByRole("group", { name: what }).getByLabel("Pieces", { exact: true }).fill(count);
}

async function plan(partner: Page): Promise<void> {
  await partner.goto("/events/new");
  await choose(partner, "Kind of event", "Community-based");
  await choose(partner, "Store", "OFRD Kabul");
  await choose(partner, "Place", "Paghman");
  await partner.getByLabel("Planned for").fill("2026-11-24");
  await partner.getByLabel("Expected people").fill("۴۰");
  await press(partner, "Save");
  await expect(partner.getByText("The event is planned.")).toBeVisible();
}

test("an event is planned, supplied, and told on one sheet", async ({ person }) => {
  const partner = await person("partner");
  await plan(partner);
  await follow(partner, "Fill in the sheet");
  const leaflets = about(partner, "Know the risks");
  await pieces(leaflets, "Brought", "200");
  await pieces(leaflets, "Left over", "40");
  await pieces(leaflets, "Spoiled", "10");
  await leaflets.getByLabel("To participants").fill("120");
  await leaflets.getByText("Passed on, or in public places").click();
  await leaflets.getByLabel("Pieces for people who will pass them on").fill("30");
  await leaflets.getByLabel("How many people").fill("3");
  await leaflets.getByLabel("Who they are").selectOption({ label: "Teachers" });
  await partner.getByLabel("Women").fill("12");
  await partner.getByLabel("Men", { exact: true }).fill("20");
  await partner.getByLabel("Girls under 18").fill("4");
  await partner.getByLabel("Boys under 18").fill("0");
  await partner.getByText("Community", { exact: true }).click();
  await press(partner, "Post the sheet");
  await expect(partner.getByText("The sheet is in the books.")).toBeVisible();
  const main = partner.getByRole("main");
  await expect(main).toContainText("36");
  await expect(main).toContainText("16 women and girls");
  await expect(main.getByRole("table", { name: "What happened" }).first()).toContainText("120");
});

test("a sheet that does not add up comes back with all that was typed", async ({ person }) => {
  const partner = await person("partner");
  await plan(partner);
  await follow(partner, "Fill in the sheet");
  const leaflets = about(partner, "Know the risks");
  await pieces(leaflets, "Brought", "100");
  await pieces(leaflets, "Left over", "90");
  await pieces(leaflets, "Spoiled", "20");
  await partner.getByLabel("Women").fill("7");
  await press(partner, "Post the sheet");
  await expect(partner.getByRole("alert")).toContainText("more than the 100 brought");
  const left = leaflets.getByRole("group", { name: "Left over" });
  await expect(left.getByLabel("Pieces", { exact: true })).toHaveValue("90");
  await expect(partner.getByLabel("Women")).toHaveValue("7");
});

test("a second sheet waits, and a manager says that it is the same", async ({ person }) => {
  const partner = await person("partner");
  await plan(partner);
  const event = partner.url();
  for (const said of ["The sheet is in the books.", "Waits for a decision"]) {
    await partner.goto(`${event.split("?")[0]}/sheet`);
    const leaflets = about(partner, "Know the risks");
    await pieces(leaflets, "Brought", "50");
    await pieces(leaflets, "Left over", "0");
    await leaflets.getByLabel("To participants").fill("50");
    await press(partner, "Post the sheet");
    await expect(partner.getByText(said).first()).toBeVisible();
  }
  const manager = await person("manager");
  await manager.goto(event);
  await follow(manager, "Decide about the sheet");
  await manager.getByText("The same once more").click();
  await press(manager, "Decide");
  await expect(manager.getByText("Decided.")).toBeVisible();
  await expect(manager.getByText("Dropped")).toBeVisible();
});
