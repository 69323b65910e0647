// Accessibility: what a screen reader or a keyboard would stumble over.
import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect } from "@playwright/test";

/** Fails on every finding that axe calls serious or critical, and names where it is. */
export async function expectAccessible(page: Page): Promise<void> {
  await expectNone(page, new AxeBuilder({ page }));
}

/** Only what the colours of the moment decide. */
export async function expectContrast(page: Page): Promise<void> {
  await expectNone(page, new AxeBuilder({ page }).withRules("color-contrast"));
}

async function expectNone(page: Page, axe: AxeBuilder): Promise<void> {
  // No page holds a frame, for which alone Axe would open a page of its own at every look.
  const { violations } = await axe.setLegacyMode().analyze();
  const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const found = bad.map(({ id, help, nodes }) => ({
    rule: `${id}: ${help}`,
    at: nodes.map((node) => node.target.join(" ")),
  }));
  expect(found, `accessibility of ${page.url()}`).toEqual([]);
}
