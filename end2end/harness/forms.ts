// Forms as people fill them in: by the words that they read.
import { type Page } from "@playwright/test";

/** Chooses the entry of a list that holds these words. */
export async function choose(page: Page, label: string, words: string): Promise<void> {
  const field = page.getByRole("main").getByLabel(label, { exact: true });
  const entry = field.locator("option", { hasText: words }).first();
  await field.selectOption((await entry.getAttribute("value")) ?? "");
}

/** Sends the form that holds this button. */
export async function press(page: Page, button: string): Promise<void> {
  await page.getByRole("main").getByRole("button", { name: button, exact: true }).click();
  await page.waitForLoadState();
}

/** Follows a link of the page. */
export async function follow(page: Page, link: string): Promise<void> {
  await page.getByRole("main").getByRole("link", { name: link, exact: true }).first().click();
  await page.waitForLoadState();
}
