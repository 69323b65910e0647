// The people of the demo, with the log-ins that `tawzi demo` printed.
import { type Page, expect } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { folder } from "./template.ts";

export const ROLES = ["administrator", "logistics", "partner", "manager", "viewer"] as const;

/** Someone with this role; the first that the demo lists. */
export type Who = (typeof ROLES)[number];

/** People of the demo who are not the first of their role. */
export type Named = "logistics2" | "partner2" | "balkh" | "kandahar" | "kabul";

export interface LogIn {
  readonly login: string;
  readonly password: string;
}

/** The log-in of a person of the demo, by role or by log-in name: lines of role, name, password. */
export function logIn(who: Who | Named): LogIn {
  const said = readFileSync(join(folder(), "log-ins.txt"), "utf8");
  const words = said.split("\n").map((line) => line.trim().split(/\s+/));
  const found = words.find(([role]) => role === who) ?? words.find(([, name]) => name === who);
  const [, login, password] = found ?? [];
  if (login === undefined || password === undefined) {
    throw new Error(`the demo lists no ${who}:\n${said}`);
  }
  return { login, password };
}

export async function signIn(page: Page, who: Who | Named): Promise<void> {
  const { login, password } = logIn(who);
  await page.goto("/login");
  await page.locator("[name=login]").fill(login);
  await page.locator("[name=password]").fill(password);
  await page.locator("main form [type=submit]").first().click();
  await expect(page).toHaveURL((url) => !url.pathname.startsWith("/login"));
}
