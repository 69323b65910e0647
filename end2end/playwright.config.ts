// Every desk page works with JavaScript off, so every test runs twice; a test of something that
// only islands can do is tagged @islands and runs once.
import { defineConfig } from "@playwright/test";
import { existsSync } from "node:fs";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const chromium = process.env.CHROMIUM ?? places.find((place) => existsSync(place));
if (chromium === undefined) {
  throw new Error("no Chromium: install it, or set CHROMIUM to where it lies");
}

export default defineConfig({
  globalSetup: "./harness/template.ts",
  outputDir: "test-results",
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/report.json" }]],
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "Asia/Kabul",
    viewport: { width: 1280, height: 800 },
    actionTimeout: 10_000,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-first-run",
      ],
    },
  },
  projects: [
    { name: "with JavaScript", testDir: "tests" },
    {
      name: "without JavaScript",
      testDir: "tests",
      grepInvert: /@islands/,
      use: { javaScriptEnabled: false },
    },
  ],
});
