import { expect, test } from "../../harness/test.ts";
import { ROLES, logIn, signIn } from "../../harness/people.ts";

for (const role of ROLES) {
  test(`the ${role} of the demo signs in and out again`, async ({ page }) => {
    await signIn(page, role);
    await expect(page.getByRole("main")).toBeVisible();
    await page.getByRole("banner").locator("details.menu > summary").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/login/);
    await page.goto("/stock");
    await expect(page).toHaveURL(/\/login/);
  });
}

test("a wrong password is refused, and the name that was typed stays", async ({ page }) => {
  const { login } = logIn("manager");
  await page.goto("/login");
  await page.locator("[name=login]").fill(login);
  await page.locator("[name=password]").fill("not my password");
  await page.locator("main form [type=submit]").first().click();
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByRole("alert")).toBeFocused();
  await expect(page.locator("[name=login]")).toHaveValue(login);
  await expect(page.locator("[name=password]")).toHaveValue("");
});

test("whoever was on the way to a page arrives there after signing in", async ({ page }) => {
  await page.goto("/stock");
  await expect(page).toHaveURL(/\/login/);
  const { login, password } = logIn("manager");
  await page.locator("[name=login]").fill(login);
  await page.locator("[name=password]").fill(password);
  await page.locator("main form [type=submit]").first().click();
  await expect(page).toHaveURL(/\/stock$/);
});

test("two people are signed in beside each other", async ({ person }) => {
  const [manager, partner] = [await person("manager"), await person("partner")];
  await manager.goto("/");
  await partner.goto("/");
  const names = [manager, partner].map((page) => page.getByRole("banner").innerText());
  const [first, second] = await Promise.all(names);
  expect(first).not.toEqual(second);
});
