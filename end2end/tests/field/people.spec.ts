// One phone for several people, days without a network: each opens it with a PIN and sees only what
// is his, and all that was said gets into the books in the right names.
import { type Page } from "@playwright/test";
import { expectAccessible } from "../../harness/axe.ts";
import { readable } from "../../harness/kept.ts";
import { type Named, type Who, logIn, signIn } from "../../harness/people.ts";
import { Phone, allSent, dropsOf, go, leave, line, ready } from "../../harness/phone.ts";
import { expect, test } from "../../harness/test.ts";

/** The one who is at the screens sets a PIN. */
async function setPin(page: Page, pin: string, again = pin): Promise<void> {
  await go(page, "pin");
  await page.getByLabel("New PIN").fill(pin);
  await page.getByLabel("The same once more").fill(again);
  await page.getByRole("button", { name: "Set the PIN" }).click();
}

async function withPin(page: Page, pin: string): Promise<void> {
  await setPin(page, pin);
  await expect(page.getByText("The PIN is set.")).toBeVisible();
}

/** Somebody else takes the phone and logs in on it. */
async function logInAs(page: Page, who: Who | Named): Promise<void> {
  await page.context().clearCookies();
  await signIn(page, who);
  await page.goto("/field");
  // The line still tells of the last sync of the one before.
  await expect(page.getByRole("link", { name: "Scan" })).toBeVisible();
  await expect(line(page)).not.toContainText("Sending");
  await allSent(page);
}

async function type(page: Page, pin: string): Promise<void> {
  await page.getByLabel("PIN of").fill(pin);
  await page.getByRole("button", { name: "Open", exact: true }).click();
}

async function openAs(page: Page, name: string, pin: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  await type(page, pin);
  await expect(page.getByRole("link", { name: "Scan" })).toBeVisible();
}

/** The page is out of sight for so long. */
async function away(page: Page, long: string): Promise<void> {
  const become = (state: string) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, state);
  await become("hidden");
  await page.clock.fastForward(long);
  await become("visible");
}

/** What this account is called. */
async function nameOf(page: Page): Promise<string> {
  return (await (await page.request.get("/api/v1/field")).json()).name;
}

test("two people use one phone without a network, and each sees only what is his @islands", async ({
  server,
  launchOptions,
  person,
}) => {
  test.slow();
  const phone = new Phone(server.url, launchOptions);
  let page = await ready(phone);
  const first = await nameOf(page);
  await withPin(page, "4071");
  await logInAs(page, "partner2");
  const second = await nameOf(page);
  expect(second).not.toBe(first);
  // Digits of another script are the same digits.
  await withPin(page, "۲۵۸۰۶");
  await phone.close();

  // In a valley. The page asks who it is.
  page = await phone.open({ offline: true });
  await page.goto("/field");
  await expect(page.getByText("Who is it?")).toBeVisible();
  await expect(page.getByRole("link", { name: "Scan" })).toHaveCount(0);
  await openAs(page, second, "25806");
  await leave(page, 103);
  await page.getByRole("button", { name: "Hide" }).click();
  await expect(page.getByText("Who is it?")).toBeVisible();
  await expect(page).toHaveURL(/\/field#?$/);
  // Neither does the way back show what was there.
  await page.goBack();
  await expect(page.getByText("Who is it?")).toBeVisible();

  await page.getByRole("button", { name: first, exact: true }).click();
  await type(page, "25806");
  await expect(page.getByText("That is not the PIN.")).toBeVisible();
  await type(page, "4071");
  await expect(page.getByRole("link", { name: "Scan" })).toBeVisible();
  await leave(page, 107);
  await go(page, "records");
  const mine = page.locator(".phone-record").filter({ hasText: "107 pieces" });
  await expect(mine).toHaveCount(1);
  // Of the other one: who and when, and not what.
  const theirs = page.locator(".phone-record").filter({ hasText: `Entered by ${second}` });
  await expect(theirs).toContainText("on this phone");
  await expect(page.getByRole("main")).not.toContainText("103");
  await expect(theirs.getByRole("button")).toHaveCount(0);
  const found = await readable(page);
  for (const secret of [first, second, "4071", "25806", "rounds"]) {
    expect(found, secret).not.toContain(secret);
  }

  // Hidden, and sent all the same: with the session of the second, who was the last to log in.
  await page.getByRole("button", { name: "Hide" }).click();
  await expect(line(page)).toContainText("2 waiting");
  await phone.network(true);
  await allSent(page);
  await expect(page.getByText("Who is it?")).toBeVisible();
  const desk = await person("partner");
  expect([await dropsOf(desk, 103), await dropsOf(desk, 107)]).toEqual([1, 1]);
  // The newest first: that of the other one came after, with the second's session. A record is listed
  // once it is sealed.
  await expect(async () => {
    await desk.goto("/records");
    const [carried, own] = await desk.locator("main tbody tr").allInnerTexts();
    expect(carried).toContain(`${first} · Partner`);
    expect(carried).toContain(`sent by ${second}`);
    expect(own).toContain(`${second} · Partner`);
    expect(own).not.toContain("sent by");
  }).toPass();
  await phone.away();
});

test("wrong tries are slowed down, a clock that is set does not help, and a password does @islands", async ({
  server,
  launchOptions,
}) => {
  test.slow();
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone);
  for (const [pin, again, why] of [
    ["407", "407", "four to eight digits"],
    ["1234", "1234", "what anybody tries first"],
    ["4071", "4072", "The two are not the same."],
  ] as const) {
    await setPin(page, pin, again);
    await expect(page.getByText(why).last()).toBeVisible();
    await expect(page.getByLabel("New PIN")).toHaveValue(pin);
  }
  await withPin(page, "4071");
  await phone.network(false);
  await page.clock.install();
  await page.reload();
  // Nobody else has been on this phone, so it is he.
  for (const wrong of ["4072", "4073", "4074"]) {
    await type(page, wrong);
    await expect(page.getByLabel("PIN of")).toHaveValue("");
  }
  const wait = (left: string) => page.getByText(`Wait ${left} with this page open`);
  await expect(wait("0:30")).toBeVisible();
  await expect(page.getByRole("button", { name: "Open", exact: true })).toBeDisabled();
  await page.clock.runFor(1_000);
  await expect(wait("0:29")).toBeVisible();
  // Started again, with a clock that is years ahead, and then years behind.
  await page.clock.setSystemTime(Date.now() + 10 * 365 * 86_400_000);
  await page.reload();
  await expect(wait("0:29")).toBeVisible();
  await page.clock.runFor(1_000);
  await expect(wait("0:27")).toBeVisible();
  await page.clock.setSystemTime(0);
  await page.reload();
  await page.clock.runFor(1_000);
  await expect(wait("0:27")).toBeVisible();
  const waited = async (seconds: number) => {
    for (let left = seconds; left > 0; left -= 1) {
      await page.clock.runFor(1_000);
      await expect(wait(`0:${String(left).padStart(2, "0")}`)).toBeVisible();
    }
    await page.clock.runFor(1_000);
    await expect(page.getByRole("button", { name: "Open", exact: true })).toBeEnabled();
  };
  await waited(26);
  await type(page, "4075");
  await expect(wait("1:00")).toBeVisible();

  // He has forgotten it. His session does not open the phone, his password does.
  await phone.network(true);
  await page.reload();
  await page.getByRole("button", { name: "Send now" }).click();
  await allSent(page);
  await expect(page.getByLabel("PIN of")).toBeVisible();
  await page.getByRole("link", { name: "Log in" }).click();
  const { login, password } = logIn("partner");
  await page.context().clearCookies();
  await page.goto("/login?next=%2Ffield");
  await page.locator("[name=login]").fill(login);
  await page.locator("[name=password]").fill(password);
  await page.locator("main form [type=submit]").first().click();
  await expect(page.getByRole("link", { name: "Scan" })).toBeVisible();
  await withPin(page, "8302");
  await go(page, "pin");
  await expect(page.getByRole("button", { name: "Remove the PIN" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Hide" }).click();
  await expect(page.getByLabel("PIN of")).toBeVisible();
  await expectAccessible(page);
  await type(page, "8302");
  await expect(page.getByRole("link", { name: "Scan" })).toBeVisible();
  // A phone that was put away asks again, one that was only looked away from does not.
  await away(page, "04:00");
  await expect(page.getByRole("link", { name: "Scan" })).toBeVisible();
  await away(page, "06:00");
  await type(page, "8302");
  await expect(page.getByRole("link", { name: "Scan" })).toBeVisible();
  // Whoever holds the open phone neither changes the PIN without it nor takes it away.
  await setPin(page, "5093");
  await expect(page.getByText("A PIN has four to eight digits and nothing else.")).toBeVisible();
  const set = page.getByRole("button", { name: "Set the PIN" });
  const remove = page.getByRole("button", { name: "Remove the PIN" });
  for (const [wrong, button] of [["5093", set], ["4071", remove], ["4072", set]] as const) {
    await page.getByLabel("PIN of").fill(wrong);
    await button.click();
    await expect(page.getByLabel("PIN of")).toHaveValue("");
    await expect(page.getByText("That is not the PIN.")).toBeVisible();
  }
  // After three he waits, as before the hidden screens.
  await page.getByLabel("PIN of").fill("8302");
  await remove.click();
  await expect(wait("0:30")).toBeVisible();
  await waited(29);
  await type(page, "8302");
  await expect(page.getByRole("link", { name: "Scan" })).toBeVisible();
  // Without a PIN again.
  await go(page, "pin");
  await expectAccessible(page);
  await page.getByLabel("PIN of").fill("8302");
  await remove.click();
  await expect(page.getByText("The PIN is removed.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("link", { name: "Scan" })).toBeVisible();
  await phone.away();
});

test("one tap hides everything, also where nobody has a PIN @islands", async ({ server, launchOptions }) => {
  const phone = new Phone(server.url, launchOptions);
  const page = await ready(phone);
  const event = page.locator("a[href^='#sheet']").first();
  const place = await event.locator("strong").innerText();
  const other = await phone.tab();
  await other.goto("/field");
  await expect(other.getByText(place).first()).toBeVisible();
  await page.bringToFront();
  await event.click();
  await page.getByLabel("Women").fill("12");
  await page.getByRole("button", { name: "Hide" }).click();
  await expect(other.getByText("anybody can: set one under")).toBeVisible();
  await expect(page.getByText("anybody can: set one under")).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText(place);
  await expect(page.locator(".phone-screens input")).toHaveCount(0);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.locator("a[href^='#sheet']").first().click();
  await expect(page.getByLabel("Women")).toHaveValue("12");
  await phone.away();
});
