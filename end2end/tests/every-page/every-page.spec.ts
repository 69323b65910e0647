// Every page of the router's own list: it opens for whoever may see it, is fit for a screen reader
// and a keyboard, and fits a phone. A route without an address here fails.
import { type BrowserContext, type Page, type TestInfo } from "@playwright/test";
import { join } from "node:path";
import { expectAccessible, expectContrast } from "../../harness/axe.ts";
import { type Example, type Examples, pageRoutes } from "../../harness/routes.ts";
import { expect, test } from "../../harness/test.ts";

/** Opened once, from what the log or an administrator says: their own stories tell the rest. */
const SECRET: Record<string, string> = {
  "/setup/{token}": "/setup/no-such-token",
  "/invitation/{token}": "/invitation/no-such-token",
  "/l/{token}": "/l/no-such-token",
  "/L/{token}": "/L/no-such-token",
};

/** The code on a paper; no link leads there, since a phone's camera does. */
const ON_PAPER: Record<string, string> = {
  "/c/{code}": "/consignments/{id}/waybill",
  "/e/{code}": "/events/{id}/form",
};

// As the server writes them: a phone's page that its worker keeps stays in the language in which it
// was kept (tests/field/worker.spec.ts).
test.use({ serviceWorkers: "block" });

for (const { path } of pageRoutes()) {
  test(`${path} opens, can be heard, and fits a phone`, async ({
    page,
    context,
    baseURL,
    examples,
    javaScriptEnabled,
  }, info) => {
    const secret = SECRET[path];
    const url = secret ?? (await address(path, examples, context));
    const answer = await page.goto(url);
    expect(answer?.status(), url).toBe(secret === undefined ? 200 : 404);
    await expect(page.locator("h1").first()).toBeVisible();
    await picture(page, info, "desk");
    await page.emulateMedia({ colorScheme: "dark" });
    // Axe itself needs scripts. Contrast is looked at in the dark too.
    if (javaScriptEnabled) {
      await expectContrast(page);
      await page.emulateMedia({ colorScheme: "light" });
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNothingSideways(page);
    await picture(page, info, "phone");
    await context.addCookies([{ name: "lang", value: "fa-AF", url: baseURL ?? "" }]);
    await page.reload();
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    await expectNothingSideways(page);
    await picture(page, info, "phone from right to left");
  });
}

async function expectNothingSideways(page: Page): Promise<void> {
  const tooWide = await page.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth - root.clientWidth;
  });
  expect(tooWide, `${page.url()} scrolls sideways on a phone`).toBeLessThanOrEqual(0);
}

/** Kept where somebody wants to look at every page: `PICTURES=folder`. */
async function picture(page: Page, info: TestInfo, look: string): Promise<void> {
  const folder = process.env.PICTURES;
  if (folder !== undefined) {
    const name = info.title.split(" ")[0]?.replaceAll(/\W+/g, "_") ?? "";
    await page.screenshot({ path: join(folder, `${name} ${look}.png`), fullPage: true });
  }
}

/** Signs the right person in and says where the page is. */
async function address(path: string, examples: Examples, context: BrowserContext): Promise<string> {
  const lower = path.toLowerCase();
  const known = examples.of.get(path) ?? examples.of.get(lower);
  const paper = examples.of.get(ON_PAPER[lower] ?? "");
  const example = known ?? paper;
  expect(example, `an address for ${path}: link to it, or say here how to come there`).toBeDefined();
  const { who, url } = example as Example;
  await context.addCookies(examples.sessions.get(who)?.cookies ?? []);
  if (known !== undefined) {
    // Codes are printed in upper case; a phone may ask for either.
    return path === lower ? url : url.toUpperCase();
  }
  const text = await (await context.request.get(url)).text();
  const [code] = text.match(/\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\b/) ?? [""];
  return path.replace("{code}", code.replaceAll("-", ""));
}
