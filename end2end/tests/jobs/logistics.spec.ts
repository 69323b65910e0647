// The job of logistics: a print run arrives, its cartons get labels, and some of them go to a
// province, where another person counts them.
import { readFile } from "node:fs/promises";
import { choose, follow, press } from "../../harness/forms.ts";
import { expect, test } from "../../harness/test.ts";

test("a print run is received, labelled, sent to Balkh and counted there", async ({ person }) => {
  const logistics = await person("logistics");
  await logistics.goto("/runs/new");
  await choose(logistics, "Printer", "Kabul Printing House");
  await choose(logistics, "Material", "The journey");
  await logistics.getByLabel("Ordered", { exact: true }).fill("۱٬۲۰۰");
  await logistics.getByLabel("Tolerance").fill("5");
  await logistics.getByLabel("Ordered on").fill("2026-01-05");
  await logistics.getByLabel("Due on").fill("2026-02-05");
  await press(logistics, "Save");
  await expect(logistics.getByRole("main")).toContainText("1,200");

  await follow(logistics, "Receive a delivery");
  await choose(logistics, "Store", "Central store");
  await logistics.getByLabel("Sealed cartons", { exact: true }).fill("11");
  await logistics.getByLabel("Pieces marked on each").fill("100");
  await logistics.getByLabel("Open carton 1").fill("95");
  await logistics.getByLabel("Wet").fill("3");
  await logistics.getByLabel("Torn").fill("2");
  await logistics.getByLabel("Misprinted or faulty").fill("1");
  await logistics.getByLabel("Damaged otherwise").fill("1");
  await logistics.getByLabel("What the printer's paper says").fill("1,210");
  await logistics.getByText("A sample was opened and counted").click();
  await logistics.getByText("Make new carton labels now").click();
  await press(logistics, "Receive");
  await expect(logistics.getByText("Received. Print the labels")).toBeVisible();
  await expect(logistics.getByRole("main")).toContainText("1,202 of 1,200 ordered pieces");

  // Even with a line for everything that may be wrong, the note is one sheet.
  await follow(logistics, "Print the note");
  const note = await logistics.pdf({ preferCSSPageSize: true });
  expect(note.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
  await logistics.goBack();

  await follow(logistics, "Print labels");
  await expect(logistics.getByRole("heading", { level: 1 })).toHaveText("Labels");
  const downloading = logistics.waitForEvent("download");
  await logistics.getByRole("button", { name: "Download PDF" }).click();
  const pdf = await readFile(await (await downloading).path());
  expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");

  await logistics.goto("/consignments/new");
  await choose(logistics, "From", "Central store");
  await choose(logistics, "To", "Balkh store");
  await logistics.getByLabel("Vehicle").fill("KBL 4711");
  await press(logistics, "Begin");
  await choose(logistics, "Material", "The journey");
  await logistics.getByLabel("Pieces", { exact: true }).fill("300");
  await logistics.getByRole("button", { name: "Add", exact: true }).nth(1).click();
  await expect(logistics.getByText("300").first()).toBeVisible();
  const [, number] = (await logistics.title()).match(/([A-Z]+-\d+)/) ?? [];
  await follow(logistics, "Dispatch …");
  await press(logistics, "It has left");
  await expect(logistics.getByText("Dispatched").first()).toBeVisible();
  await follow(logistics, "Print waybills");
  await expect(logistics.getByText(number ?? "no number").first()).toBeVisible();

  const keeper = await person("balkh");
  await keeper.goto("/");
  await follow(keeper, `Open: Count what arrives: ${number}`);
  await follow(keeper, "Count what came");
  // Blind: nothing on the page says how many were sent.
  await expect(keeper.getByRole("main")).not.toContainText("300");
  await keeper.getByLabel("Full cartons").fill("2");
  await keeper.getByLabel("Loose pieces").fill("95");
  await keeper.getByText("No, this was all").click();
  await press(keeper, "Record the count");
  await expect(keeper.getByRole("main")).toContainText("Sent 300, received 295");

  await logistics.goto("/");
  await follow(logistics, `Open: Explain what was missing or extra: ${number}`);
  await expect(logistics.getByRole("main")).toContainText("5 pieces missing");
});
