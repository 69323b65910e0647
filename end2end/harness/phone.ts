// A field worker's phone, and what is done on it in many tests.
import { type BrowserContext, type CDPSession, type LaunchOptions, type Page, chromium, expect } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Named, type Who, signIn } from "./people.ts";

/** A browser with a folder of its own, which is closed and opened again. */
export class Phone {
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
    return this.#context.pages()[0] ?? (await this.tab());
  }

  /** Another tab of the same browser. */
  async tab(): Promise<Page> {
    return this.#open.newPage();
  }

  /** The browser's own tools, on one of its pages. */
  async tools(page: Page): Promise<CDPSession> {
    return this.#open.newCDPSession(page);
  }

  async network(there: boolean): Promise<void> {
    await this.#open.setOffline(!there);
  }

  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }

  async away(): Promise<void> {
    await this.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #open(): BrowserContext {
    if (this.#context === undefined) {
      throw new Error("the phone is not open");
    }
    return this.#context;
  }
}

/** Somebody's phone, with the page kept on it. `before` happens to its pages before they open. */
export async function ready(
  phone: Phone,
  { camera, who = "partner", before }: Wishes = {},
): Promise<Page> {
  const page = await phone.open(camera === undefined ? { offline: false } : { offline: false, camera });
  await signIn(page, who);
  await before?.(page);
  await page.goto("/field");
  await allSent(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  return page;
}

interface Wishes {
  readonly camera?: string;
  readonly who?: Who | Named;
  readonly before?: (page: Page) => Promise<unknown>;
}

/** The line at the top. */
export function line(page: Page) {
  return page.getByRole("status").first();
}

export async function allSent(page: Page): Promise<void> {
  // A busy machine takes its time to load the program the first time.
  await expect(line(page)).toContainText("Everything is sent · last sync", { timeout: 30_000 });
}

export async function sendNow(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Send now" }).click();
  await allSent(page);
}

/** Opens one of the phone's screens. */
export async function go(page: Page, screen: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), screen);
}

/** Fills in where something was left; how much is still to say. */
export async function inClinic(page: Page): Promise<void> {
  await expect(page.getByLabel("Place", { exact: true })).toBeVisible();
  const store = page.getByLabel("Store");
  if ((await store.count()) > 0) {
    await store.selectOption({ index: 1 });
  }
  await page.getByLabel("Place", { exact: true }).selectOption({ index: 1 });
  await page.getByLabel("Which kind of place?").selectOption({ label: "Clinic" });
}

/** Pieces of the first material are left in a clinic; nobody has sent it when this returns. */
export async function leave(page: Page, pieces: number): Promise<void> {
  await go(page, "drop");
  await inClinic(page);
  await page.locator(".phone-row input").first().fill(String(pieces));
  await keep(page);
}

/** Keeps what was filled in, whatever the books seem to say. */
export async function keep(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  const [anyway, kept] = [page.getByRole("button", { name: "It happened all the same" }), page.getByText("Kept on this phone.")];
  await expect(anyway.or(kept)).toBeVisible();
  // What another tab has said meanwhile is asked about anew.
  await expect(async () => {
    if (await anyway.isVisible()) {
      await anyway.click();
    }
    await expect(kept).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 10_000 });
}

export interface Drop {
  readonly kind: string;
  readonly pieces: number;
  readonly held: unknown;
}

/** The drops that the books have, as this page's person sees them. */
export async function drops(page: Page): Promise<Drop[]> {
  return (await (await page.request.get("/api/v1/drops")).json()).items;
}

/** How many drops of so many pieces are in the books. */
export async function dropsOf(page: Page, pieces: number): Promise<number> {
  return (await drops(page)).filter((drop) => drop.pieces === pieces).length;
}
