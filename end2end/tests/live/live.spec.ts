// Pages that somebody looks at show what others have written meanwhile.
import { type Locator, type Page } from "@playwright/test";
import { choose, press } from "../../harness/forms.ts";
import { expect, test } from "../../harness/test.ts";

async function plan(partner: Page): Promise<void> {
  await partner.goto("/events/new");
  await choose(partner, "Kind of event", "Community-based");
  await choose(partner, "Store", "OFRD Kabul");
  await choose(partner, "Place", "Paghman");
  await partner.getByLabel("Planned for").fill("2026-11-24");
  await press(partner, "Save");
  await expect(partner.getByText("The event is planned.")).toBeVisible();
}

function inPaghman(page: Page): Locator {
  return page.getByRole("main").getByRole("row", { name: "Paghman" });
}

test("@islands a list shows what was planned meanwhile, and what is typed stays", async ({
  person,
}) => {
  const [manager, partner] = [await person("manager"), await person("partner")];
  await manager.goto("/events");
  const before = await inPaghman(manager).count();
  const typing = await partner.context().newPage();
  await typing.goto("/events");
  const month = typing.getByRole("main").getByLabel("Month");
  await month.fill("2017-06");
  await plan(partner);
  await expect(inPaghman(manager)).toHaveCount(before + 1);
  await expect(manager.getByRole("status")).toBeEmpty();

  const line = typing.getByRole("status");
  await expect(line).toContainText("What you have typed is still here");
  expect(await inPaghman(typing).count()).toBe(before);
  const beside = typing.waitForEvent("popup");
  await line.getByRole("link").click();
  await expect(inPaghman(await beside)).toHaveCount(before + 1);
  await expect(month).toHaveValue("2017-06");
});
