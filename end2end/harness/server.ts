// A running `tawzi serve` of its own for each test file.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type Books, PROGRAM } from "./program.ts";

const PATIENCE_MS = 30_000;

export class Server {
  readonly url: string;
  readonly #books: Books;
  readonly #process: ChildProcess;
  #log = "";

  private constructor(url: string, books: Books, child: ChildProcess) {
    this.url = url;
    this.#books = books;
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text) => (this.#log += text));
    }
  }

  /** Starts the program on these books, which then belong to it and go with it. */
  static async start(books: Books): Promise<Server> {
    const listen = `127.0.0.1:${await freePort()}`;
    const url = `http://${listen}`;
    const flags = ["--listen", listen, "--public-url", url, ...books.flags];
    const child = spawn(PROGRAM, ["serve", ...flags], { stdio: ["ignore", "pipe", "pipe"] });
    const server = new Server(url, books, child);
    await server.#ready();
    return server;
  }

  /** What the program has said since its start. */
  get log(): string {
    return this.#log;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const stopped = once(this.#process, "exit");
      this.#process.kill("SIGTERM");
      const stubborn = setTimeout(() => this.#process.kill("SIGKILL"), 5_000);
      await stopped;
      clearTimeout(stubborn);
    }
    await this.#books.remove();
  }

  async #ready(): Promise<void> {
    const start = Date.now();
    while (Date.now() - start < PATIENCE_MS) {
      if (this.#process.exitCode !== null) {
        break;
      }
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) {
        return;
      }
      await pause(20);
    }
    await this.stop();
    throw new Error(`the server is not ready:\n${this.#log}`);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") {
    throw new Error("no port is free");
  }
  return address.port;
}
