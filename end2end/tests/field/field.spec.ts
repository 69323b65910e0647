// The job of a field worker, days without a network: the page opens from the phone, what is said
// stays on it when the browser dies, and gets into the books once.
import { labelVideo } from "../../harness/camera.ts";
import { Phone, drops, keep, ready } from "../../harness/phone.ts";
import { expect, test } from "../../harness/test.ts";

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
  await keep(page);
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
  await ready(phone);
  await phone.close();
  const page = await phone.open({ offline: true, camera: scene.path });
  await page.goto("/field#scan/drop");
  await expect(page.locator(".phone-card")).toContainText(scene.code, { timeout: 20_000 });
  await page.getByRole("link", { name: "Back", exact: true }).last().click();
  await expect(page.getByRole("main")).toContainText(scene.code);
  await page.getByLabel("Store").selectOption({ label: scene.store });
  await page.getByLabel("Place", { exact: true }).selectOption({ index: 1 });
  await page.getByLabel("Which kind of place?").selectOption({ label: "Clinic" });
  // The carton may be one that somebody has to look for: then the books know of fewer pieces.
  await keep(page);
  await expect(page.getByRole("status").first()).toContainText("1 waiting");
  await phone.network(true);
  await page.getByRole("button", { name: "Send now" }).click();
  await expect(page.getByRole("status").first()).toContainText("Everything is sent");
  expect((await drops(page))[0]).toMatchObject({ kind: "clinic", pieces: scene.pieces, held: null });
  await phone.away();
  scene.remove();
});
