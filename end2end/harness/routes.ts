// The program's own list of routes, and an address of something real for each of its pages.
import { type APIRequestContext, request } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { type Named, type Who, ROLES, logIn } from "./people.ts";
import { PROGRAM } from "./program.ts";

export interface Route {
  readonly path: string;
  readonly feature: string;
  readonly kind: "page" | "file" | "action";
  readonly public: boolean;
  readonly roles: readonly Who[];
}

/** Every page, as the router has it. */
export function pageRoutes(): Route[] {
  const listed: Route[] = JSON.parse(execFileSync(PROGRAM, ["routes"], { encoding: "utf8" }));
  return listed.filter(({ kind }) => kind === "page");
}

/** Everybody of whom some page is there for nobody else: the last two have counted a delivery. */
const PEOPLE = [...ROLES.map((role) => ({ who: role, role })), ...keepers("kandahar", "balkh")];

function keepers(...names: Named[]): { who: Named; role: Who }[] {
  return names.map((who) => ({ who, role: "logistics" }));
}

/** Somebody who may come to a page, and its address. */
export interface Example {
  readonly who: Who | Named;
  readonly url: string;
}

export type Session = Awaited<ReturnType<APIRequestContext["storageState"]>>;

/** What the links of everybody's pages lead to. */
export interface Examples {
  readonly sessions: ReadonlyMap<Who | Named, Session>;
  readonly of: ReadonlyMap<string, Example>;
}

/** Months of the demo's case, with orders and with events: the present one may have neither. */
const EVENTFUL = ["/reconcile?month=2017-04", "/reconcile?month=2017-06", "/bulletin?month=2017-06"];

/** How many pages of one kind are read for links to others. */
const READ_OF_A_KIND = 6;

/** Signs everybody in and follows the links from their front pages. */
export async function findExamples(baseURL: string): Promise<Examples> {
  const sessions = new Map<Who | Named, Session>();
  const found = new Map<string, Example>();
  const routes = pageRoutes();
  for (const { who, role } of PEOPLE) {
    const browser = await request.newContext({ baseURL });
    const answer = await browser.post("/login", { form: { ...logIn(who) }, maxRedirects: 0 });
    if (answer.status() !== 303) {
      throw new Error(`${who} cannot sign in: ${answer.status()}`);
    }
    sessions.set(who, await browser.storageState());
    const mine = routes.filter((route) => route.public || route.roles.includes(role));
    await follow(browser, who, mine, found);
    await browser.dispose();
  }
  return { sessions, of: found };
}

async function follow(
  browser: APIRequestContext,
  who: Who | Named,
  routes: readonly Route[],
  found: Map<string, Example>,
): Promise<void> {
  const queue = routes.map(({ path }) => path).filter((path) => !path.includes("{"));
  queue.push(...EVENTFUL);
  const read = new Map<string, Set<string>>();
  for (let url = queue.shift(); url !== undefined; url = queue.shift()) {
    const [path = ""] = url.split(/[?#]/);
    const [route] = routes.filter((route) => fits(route.path, path)).sort(bySpecificity);
    if (route === undefined) {
      continue;
    }
    const known = read.get(route.path) ?? new Set();
    read.set(route.path, known);
    if (known.size >= READ_OF_A_KIND || known.has(url)) {
      continue;
    }
    known.add(url);
    const answer = await browser.get(url, { maxRedirects: 0 });
    const leads = answer.headers().location;
    // Some pages only lead on: a code to what it stands on.
    const isThere = answer.status() === 200 || (leads !== undefined && !leads.startsWith("/login"));
    if (!isThere) {
      continue;
    }
    if (!found.has(route.path)) {
      found.set(route.path, { who, url });
    }
    queue.push(...(leads === undefined ? links(await answer.text()) : [leads]));
  }
}

/** Of the routes that fit an address the router takes the one with the fewest parameters. */
function bySpecificity(one: Route, other: Route): number {
  return one.path.split("{").length - other.path.split("{").length;
}

/** Whether an address has the shape of a route. */
function fits(pattern: string, path: string): boolean {
  const [wanted, parts] = [pattern.split("/"), path.split("/")];
  const same = (want: string, part: string) => want === part || (want.startsWith("{") && part !== "");
  return wanted.length === parts.length && wanted.every((want, n) => same(want, parts[n] ?? ""));
}

function links(html: string): string[] {
  return [...html.matchAll(/href="(\/[^"]*)"/g)].map(([, link]) => (link ?? "").replaceAll("&amp;", "&"));
}
