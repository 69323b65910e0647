// The browser's own detector, as phones have it: what lies before the camera is said by the test.
import type { Page } from "@playwright/test";

interface Seen {
  seen: string;
  looks: number;
}

/** Before the page opens. */
export async function withDetector(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const state = Object.assign(window as unknown as Seen, { seen: "", looks: 0 });
    class BarcodeDetector {
      static async getSupportedFormats() {
        return ["qr_code"];
      }
      async detect() {
        state.looks += 1;
        return state.seen === "" ? [] : [{ rawValue: state.seen }];
      }
    }
    Object.assign(window, { BarcodeDetector });
  });
}

/** Holds something before the camera. */
export async function hold(page: Page, text: string): Promise<void> {
  await page.evaluate((text) => ((window as unknown as Seen).seen = text), text);
}

/** Takes it away for so long that it is news when it comes again. */
export async function takeAway(page: Page): Promise<void> {
  const before = await page.evaluate(() => {
    const state = window as unknown as Seen;
    state.seen = "";
    return state.looks;
  });
  await page.waitForFunction((before) => (window as unknown as Seen).looks > before + 9, before);
}
