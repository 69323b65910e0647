// The job of a manager: see that the month adds up, explain what does not, read the bulletin.
import { choose, follow, press } from "../../harness/forms.ts";
import { expect, test } from "../../harness/test.ts";

test("the month adds up, and each figure opens what is behind it", async ({ person }) => {
  const manager = await person("manager");
  await manager.goto("/reconcile?month=2017-06");
  const main = manager.getByRole("main");
  await expect(main).toContainText("The statement adds up");
  const statement = main.getByRole("table", { name: /^Opening \+ in/ });
  await statement.locator("a.num").first().click();
  await expect(main).toContainText("These movements sum to the figure.");
});

test("the bulletin of June 2017 says what IOM's said, and what a reader asks", async ({ person }) => {
  const manager = await person("manager");
  await manager.goto("/bulletin?month=2017-06");
  const main = manager.getByRole("main");
  for (const words of [
    "11 events",
    "359 people took part, 90 of them female (25.1 %)",
    "25,000 leaflets",
    "25,000 stickers",
    "2,500 cartoon magazines",
    "community representatives",
    "local government and non-government stakeholders",
    "socio-cultural and religious leaders",
    "146.2 pieces",
    "Exactly 10 kits",
  ]) {
    await expect(main).toContainText(words);
  }
  for (const province of ["Balkh", "Kandahar", "Helmand", "Nuristan", "Kabul"]) {
    await expect(main).toContainText(province);
  }
});

test("what is unexplained is explained by a manager", async ({ person }) => {
  const manager = await person("manager");
  await manager.goto("/unexplained");
  await follow(manager, "Explain");
  const main = manager.getByRole("main");
  await main.getByText("The printer delivered more than was recorded").click();
  await choose(manager, "Why did the books not know?", "Not recorded at the time");
  await press(manager, "Explain them");
  await expect(main).toContainText("Explained.");
});

test("who counted does not approve; a second person does", async ({ person }) => {
  const keeper = await person("balkh");
  await keeper.goto("/counts");
  const row = keeper.getByRole("row", { name: "Waits for approval" });
  await row.getByRole("link").first().click();
  await keeper.waitForURL(/\/counts\/[0-9a-f-]+$/);
  await expect(keeper.getByText("Whoever counted does not approve.")).toBeVisible();
  const count = keeper.url();
  const manager = await person("manager");
  await manager.goto(count);
  await choose(manager, "Why do the books and the shelf differ?", "Counted wrong");
  await press(manager, "Approve the count");
  await expect(manager.getByText("Approved", { exact: true }).first()).toBeVisible();
});
