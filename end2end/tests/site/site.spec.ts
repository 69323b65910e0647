import { expect, test } from "../../harness/test.ts";

test("the program says that it is alive and ready", async ({ request }) => {
  expect((await request.get("/healthz")).ok()).toBe(true);
  expect((await request.get("/readyz")).ok()).toBe(true);
});

test("client, styles and fonts are served as what they are", async ({ request }) => {
  const types = {
    "/pkg/tawzi.css": "text/css; charset=utf-8",
    "/pkg/tawzi.js": "text/javascript; charset=utf-8",
    "/pkg/tawzi_bg.wasm": "application/wasm",
    "/live.js": "text/javascript; charset=utf-8",
  };
  for (const [path, type] of Object.entries(types)) {
    const answer = await request.get(path);
    expect(answer.status(), path).toBe(200);
    expect(answer.headers()["content-type"], path).toBe(type);
    const etag = answer.headers().etag ?? "";
    const again = await request.get(path, { headers: { "if-none-match": etag } });
    expect(again.status(), `${path}, asked for again`).toBe(304);
  }
});

test("a path that is nobody's answers with the page for it", async ({ page }) => {
  const answer = await page.goto("/no/such/page");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("main")).toBeVisible();
});

test("a page without islands loads no client", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto("/login", { waitUntil: "networkidle" });
  expect(asked).toContain("/pkg/tawzi.css");
  expect(asked.filter((path) => path.startsWith("/pkg/tawzi_bg"))).toEqual([]);
});

test("@islands the client starts, and every island of the page is in it", async ({ page }) => {
  await page.goto("/codes");
  const missing = await page.evaluate(async () => {
    const client: Record<string, unknown> = await import(location.origin + "/pkg/tawzi.js");
    const islands = [...document.querySelectorAll<HTMLElement>("leptos-island")];
    const names = islands.map((island) => island.dataset.component ?? "");
    return [...names, "hydrate"].filter((name) => typeof client[name] !== "function");
  });
  expect(missing).toEqual([]);
  await page.waitForFunction(() => "__hydrateIsland" in window);
});
