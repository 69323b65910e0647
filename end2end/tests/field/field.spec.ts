// The job of a field worker, days without a network: the page opens from the phone, what is said
// stays on it when the browser dies, and gets into the books once.
import { type BrowserContext, type LaunchOptions, type Page, chromium } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labelVideo } from "../../harness/camera.ts";
import { signIn } from "../../harness/people.ts";
import { expect, test } from "../../harness/test.ts";

/** A phone: a browser with a folder of its own, which is closed and opened again. */
class Phone {
  readonly #folder = mkdtempSync(join(tmpdir(), "phone-"));
  readonly #url: string;
  readonly #launch: LaunchOptions;
  #context: BrowserContext | undefined;

  constructor(url: string, launch: LaunchOptions) {
    this.#url = url;
    this.#launch = launch;
  }

  async open({ offline, camera }: { offline: boolean; camera?: string }): Promise<Page> {
    const scene = camera === undefined ? [] : [`--use-file-for-fake-video-capture=${camera}`];
    const fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];
    this.#context = await chromium.launchPersistentContext(this.#folder, {
      ...this.#launch,
      args: [...(this.#launch.args ?? []), ...fake, ...scene],
      baseURL: this.#url,
      viewport: { width: 360, height: 740 },
      locale: "en-GB",
      timezoneId: "Asia/Kabul",
      offline,
    });
    return this.#context.pages()[0] ?? (await this.#context.newPage());
  }

  async network(there: boolean): Promise<void> {
    await this.#context?.setOffline(!there);
  }

  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }

  async away(): Promise<void> {
    await this.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Somebody's phone, with the page kept on it. */
async function ready(phone: Phone, camera?: string): Promise<Page> {
  const page = await phone.open(camera === undefined ? { offline: false } : { offline: false, camera });
  await signIn(page, "partner");
  await page.goto("/field");
  await expect(page.getByRole("status").first()).toContainText("Everything is sent · last sync");
  await page.evaluate(() => navigator.serviceWorker.ready);
  return page;
}

test("a sheet is told without a network and survives the death of the browser @islands", async ({
  server,
  launchOptions,
}) => {
  const phone = new Phone(server.url, launchOptions);
  const first = await ready(phone);
  const number = await first.locator("a[href^='#sheet']").first().innerText();
  await phone.close();

  // Three days later, in a valley.
  let page = await phone.open({ offline: true });
  await page.goto("/field");
  await page.locator("a[href^='#sheet']").first().click();
  const before = Date.now();
  await page.getByRole("button", { name: "It took place on" }).click();
  for (const [at, [brought, left, spoiled]] of [["50", "20", "۵"], ["100", "0", "0"], ["40", "40", "0"]].entries()) {
    const part = page.locator(".phone-part").nth(at);
    await part.getByLabel("Brought").fill(brought ?? "");
    await part.getByLabel("Left over").fill(left ?? "");
    await part.getByLabel("Spoiled").fill(spoiled ?? "");
  }
  await page.locator(".phone-part").nth(0).getByRole("button", { name: "To participants" }).click();
  await expect(page.locator(".phone-part").nth(0)).toContainText("25 pieces given out");
  await page.locator(".phone-part").nth(1).getByRole("button", { name: "To participants" }).click();
  await page.getByLabel("Women").fill("12");
  await page.getByLabel("Men", { exact: true }).fill("9");
  // What is half typed is there again after the browser died.
  await phone.close();
  page = await phone.open({ offline: true });
  await page.goto("/field");
  await page.locator("a[href^='#sheet']").first().click();
  await expect(page.getByLabel("Women")).toHaveValue("12");
  await page.getByLabel("Girls under 18").fill("0");
  await page.getByLabel("Boys under 18").fill("0");
  expect(await page.locator("main input").count()).toBeLessThanOrEqual(16);
  expect(Date.now() - before).toBeLessThan(90_000);
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  const anyway = page.getByRole("button", { name: "It happened all the same" });
  await expect(anyway.or(page.getByText("Kept on this phone."))).toBeVisible();
  if (await anyway.isVisible()) {
    await anyway.click();
  }
  await expect(page.getByText("Kept on this phone.")).toBeVisible();
  await expect(page.getByRole("status").first()).toContainText("1 waiting");
  await phone.close();

  page = await phone.open({ offline: true });
  await page.goto("/field");
  await expect(page.getByRole("status").first()).toContainText("1 waiting");
  await phone.network(true);
  await page.getByRole("button", { name: "Send now" }).click();
  await expect(page.getByRole("status").first()).toContainText("Everything is sent");
  await expect(page.getByText(number.split("\n")[0] ?? "")).toHaveCount(0);
  const [said, event] = await page.evaluate(async () => {
    const ask = async (path: string) => (await fetch(`/api/v1${path}`)).json();
    const [newest] = (await ask("/records")).items;
    return [newest, (await ask(`/events/${newest.body.event}`)).event];
  });
  expect(said).toMatchObject({ kind: "event_sheet", occurred_on: event.planned_on });
  await page.goto("/events");
  await page.getByRole("link", { name: (number.match(/E-[A-Z0-9-]+/) ?? [""])[0] }).first().click();
  await expect(page.getByRole("main")).toContainText("12 women and girls");
  await phone.away();
});

test("the camera reads a real label, and what was left in a public place counts once @islands", async ({
  server,
  launchOptions,
  person,
}) => {
  const scene = await labelVideo(await person("partner"));
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone, scene.path);
  await phone.network(false);
  await page.goto("/field#scan/drop");
  await expect(page.locator(".phone-card")).toContainText(scene.code, { timeout: 20_000 });
  await page.getByRole("link", { name: "Back", exact: true }).last().click();
  await expect(page.getByRole("main")).toContainText(scene.code);
  await page.getByLabel("Store").selectOption({ label: scene.store });
  await page.getByLabel("Place", { exact: true }).selectOption({ index: 1 });
  await page.getByLabel("Which kind of place?").selectOption({ label: "Clinic" });
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(page.getByRole("status").first()).toContainText("1 waiting");
  await phone.network(true);
  await page.getByRole("button", { name: "Send now" }).click();
  await expect(page.getByRole("status").first()).toContainText("Everything is sent");
  const drops = await page.evaluate(async () => (await fetch("/api/v1/drops")).json());
  expect(drops.items[0]).toMatchObject({ kind: "clinic", pieces: scene.pieces, held: null });
  await phone.away();
  scene.remove();
});
