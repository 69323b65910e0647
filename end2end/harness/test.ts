// What every test file imports instead of Playwright's own `test`.
import { type Page, test as base } from "@playwright/test";
import { makeBooks } from "./program.ts";
import { type Named, type Who, signIn } from "./people.ts";
import { type Examples, findExamples } from "./routes.ts";
import { Server } from "./server.ts";
import { folder, template } from "./template.ts";

export { expect } from "@playwright/test";

/** Which books a file's server begins with. */
type Begin = "demo" | "empty";

interface Options {
  begin: Begin;
}

interface Each {
  /** The file's own server; its books last as long as the file. */
  server: Server;
  /** A browser of another person, signed in: two people are two contexts. */
  person: (who: Who | Named) => Promise<Page>;
  /** What the links of this server's pages lead to, and everybody's session. */
  examples: Examples;
  /** Fails the test when a page throws, logs an error or lacks an island. */
  calm: void;
}

interface Shared {
  servers: Servers;
}

/** At most one server a worker: the one of the file it is in. */
class Servers {
  #current: { key: string; server: Server; examples?: Promise<Examples> } | undefined;
  #started = 0;
  readonly #worker: number;

  constructor(worker: number) {
    this.#worker = worker;
  }

  async of(file: string, begin: Begin): Promise<Server> {
    const key = `${file} ${begin}`;
    if (this.#current?.key !== key) {
      await this.stop();
      this.#started += 1;
      const name = `tawzi_end2end_${process.pid}_${this.#worker}_${this.#started}`;
      const empty = begin === "empty";
      const books = empty ? await makeBooks(folder(), name) : await template().copy(name);
      this.#current = { key, server: await Server.start(books) };
    }
    return this.#current.server;
  }

  /** Found once a server: the books of a file change with its tests. */
  examples(): Promise<Examples> {
    const current = this.#current;
    if (current === undefined) {
      throw new Error("no server is running");
    }
    current.examples ??= findExamples(current.server.url);
    return current.examples;
  }

  async stop(): Promise<void> {
    await this.#current?.server.stop();
    this.#current = undefined;
  }
}

export const test = base.extend<Each & Options, Shared>({
  begin: ["demo", { option: true }],
  servers: [
    async ({}, use, worker) => {
      const servers = new Servers(worker.workerIndex);
      await use(servers);
      await servers.stop();
    },
    { scope: "worker" },
  ],
  server: async ({ servers, begin }, use, info) => {
    const server = await servers.of(`${info.project.name} ${info.file}`, begin);
    const before = server.log.length;
    await use(server);
    if (info.status !== info.expectedStatus) {
      await info.attach("server log", { body: server.log.slice(before) });
    }
  },
  baseURL: async ({ server }, use) => use(server.url),
  // The server must run before its pages can be followed. The first test that asks waits until all
  // of them were read for everybody, in a debug build: that is not its own time.
  examples: [
    async ({ server: _, servers }, use) => use(await servers.examples()),
    { timeout: 240_000 },
  ],
  person: async ({ browser, contextOptions, baseURL, javaScriptEnabled, locale }, use) => {
    const contexts: { close(): Promise<void> }[] = [];
    await use(async (who) => {
      const options = { ...contextOptions, javaScriptEnabled, baseURL: baseURL ?? "" };
      const context = await browser.newContext({ ...options, locale: locale ?? "en-GB" });
      contexts.push(context);
      const page = await context.newPage();
      await signIn(page, who);
      return page;
    });
    for (const context of contexts) {
      await context.close();
    }
  },
  calm: [
    async ({ page }, use) => {
      const troubles: string[] = [];
      page.on("pageerror", (error) => troubles.push(String(error)));
      page.on("console", (message) => {
        // A refused form answers 4xx, which Chromium writes into the console too.
        const expected = message.text().startsWith("Failed to load resource: the server responded");
        const isTrouble = message.type() === "error" || message.text().includes("WASM function");
        if (isTrouble && !expected) {
          troubles.push(message.text());
        }
      });
      await use();
      base.expect(troubles, "what the page's scripts complained about").toEqual([]);
    },
    { auto: true },
  ],
});
