// The camera with the browser's own detector, and what it says of squares that are not ours.
import { hold, takeAway, withDetector } from "../../harness/detector.ts";
import { Phone, drops, go, inClinic, keep, ready, sendNow } from "../../harness/phone.ts";
import { expect, test } from "../../harness/test.ts";

test("a label that is read again is asked about, and counted as said @islands", async ({
  server,
  launchOptions,
}) => {
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone, { before: withDetector });
  const known = await (await page.request.get("/api/v1/field")).json();
  const [batch] = known.batches.items;
  const label = `${server.url.toUpperCase()}/B/${batch.code}`;
  await phone.network(false);
  await go(page, "scan/drop");
  const card = page.locator(".phone-card");
  await hold(page, label);
  await expect(card).toContainText("A batch");
  await expect(card).not.toContainText("was read before");
  await takeAway(page);
  await hold(page, label);
  await expect(card).toContainText("was read before");
  // By keyboard.
  await page.getByRole("button", { name: "Read by mistake" }).focus();
  await page.keyboard.press("Enter");
  await expect(card).toHaveCount(0);
  await takeAway(page);
  await hold(page, label);
  await page.getByRole("button", { name: "Again: one carton more" }).click();
  await page.getByRole("link", { name: "Back", exact: true }).last().click();
  await expect(page.getByLabel("Cartons")).toHaveValue("2");
  await inClinic(page);
  await keep(page);
  await phone.network(true);
  await sendNow(page);
  const material = known.materials.items.find((one: { id: string }) => one.id === batch.material);
  const carton = material.packing.per_bundle * material.packing.bundles_per_carton;
  expect((await drops(page))[0]).toMatchObject({ pieces: 2 * carton, held: null });
  await phone.away();
});

test("what was read is shown by its picture, also without a network @islands", async ({
  server,
  launchOptions,
}) => {
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone, { before: withDetector });
  const known = await (await page.request.get("/api/v1/field")).json();
  const covers = new Map(known.materials.items.map((one: { id: string; cover: string | null }) => [one.id, one.cover]));
  const batch = known.batches.items.find((one: { material: string }) => covers.get(one.material));
  const kept = (cover: string) =>
    page.evaluate(async (cover) => Boolean(await caches.match(`/attachments/${cover}`)), cover);
  // The first visit is dear enough without pictures that are not on the screen.
  await page.reload();
  for (const cover of covers.values()) {
    if (cover !== null) {
      await expect.poll(() => kept(cover as string)).toBe(true);
    }
  }
  await phone.network(false);
  await go(page, "scan");
  await hold(page, `${server.url.toUpperCase()}/B/${batch.code}`);
  const picture = page.locator(".phone-card img");
  await expect(picture).toHaveAttribute("src", `/attachments/${covers.get(batch.material)}`);
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await phone.away();
});

test("squares that are not ours are told apart, and the lamp can be lit @islands", async ({
  server,
  launchOptions,
}) => {
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone, {
    before: async (page) => {
      await withDetector(page);
      await page.addInitScript(() => {
        const track = MediaStreamTrack.prototype;
        Object.assign(track, { getCapabilities: () => ({ torch: true }) });
        track.applyConstraints = async (wish) => {
          document.title = JSON.stringify(wish);
        };
      });
    },
  });
  await go(page, "scan");
  const trouble = page.locator(".phone-trouble");
  await hold(page, "https://pay.example/invoice?n=1");
  await expect(trouble).toContainText("This is not one of our codes.");
  await hold(page, "HTTPS://STOCK.ELSEWHERE.EXAMPLE/P/000000001A5");
  await expect(trouble).toContainText("of another programme: it names STOCK.ELSEWHERE.EXAMPLE");
  await expect(page.locator(".phone-card")).toHaveCount(0);
  await hold(page, "HTTPS://STOCK.ELSEWHERE.EXAMPLE/P/000000001A6");
  await expect(trouble).toContainText("one character was misread");
  const lamp = page.getByRole("button", { name: "Light" });
  await lamp.click();
  await expect(lamp).toHaveAttribute("aria-pressed", "true");
  await expect(page).toHaveTitle('{"advanced":[{"torch":true}]}');
  await phone.away();
});

for (const [name, words] of [
  ["NotAllowedError", "The camera may not be used, or another app has it."],
  ["NotFoundError", "There is no camera here."],
] as const) {
  test(`codes are typed where the camera answers ${name} @islands`, async ({ server, launchOptions }) => {
    const phone = new Phone(server.url, launchOptions);
    const page = await ready(phone, {
      before: (page) =>
        page.addInitScript((name) => {
          navigator.mediaDevices.getUserMedia = async () => {
            throw new DOMException("", name);
          };
        }, name),
    });
    await go(page, "scan");
    await expect(page.locator(".phone-trouble")).toContainText(words);
    await page.getByLabel("Typed code").fill("0000-0000-1a5");
    await page.getByRole("button", { name: "Look it up" }).click();
    await expect(page.locator(".phone-card")).toContainText("never heard of 0000-0000-1A5");
    await phone.away();
  });
}
