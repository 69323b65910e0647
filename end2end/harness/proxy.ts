// What stands between a phone and the server: it passes on, or says that the server is ill.
import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export class Proxy {
  readonly url: string;
  /** Whether the API answers 500. */
  isIll = false;
  /** Whether nothing gets through; the browser's own "offline" does not hold for service workers. */
  isGone = false;
  /** Whether the service worker is of a newer version. */
  isNewer = false;
  /** Files of which the next answer is of an older version. */
  readonly older = new Set<string>();
  /** What was asked of the API: "POST /api/v1/records gzip". */
  readonly asked: string[] = [];
  /** The addresses of what was sent whole, and not "you have it already". */
  readonly whole: string[] = [];
  readonly #server: Server;
  readonly #to: URL;

  private constructor(server: Server, to: URL) {
    this.#server = server;
    this.#to = to;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (asked, answer) => this.#pass(asked, answer));
  }

  static async to(url: string): Promise<Proxy> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Proxy(server, new URL(url));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #pass(asked: IncomingMessage, answer: ServerResponse): void {
    const path = asked.url ?? "/";
    if (this.isGone) {
      asked.socket.destroy();
      return;
    }
    if (path.startsWith("/api/")) {
      const how = asked.headers["content-encoding"] ?? "";
      this.asked.push(`${asked.method} ${path.split("?")[0]} ${how}`.trim());
      if (this.isIll) {
        asked.resume();
        answer.writeHead(500, { "content-type": "text/plain" }).end("ill");
        return;
      }
    }
    const isNewer = this.isNewer && path === "/worker.js";
    const isOlder = this.older.delete(path);
    const headers = isNewer || isOlder ? { ...asked.headers, "accept-encoding": "identity" } : asked.headers;
    const { hostname, port } = this.#to;
    const onward = request({ hostname, port, path, method: asked.method, headers }, (came) => {
      if (came.statusCode === 200) {
        this.whole.push(path);
      }
      if (isNewer) {
        this.#change(came, answer, (text) => text.replace(/lists-[0-9a-f]{16}/, "lists-newer"));
        return;
      }
      if (isOlder) {
        came.headers.etag = '"older"';
        this.#change(came, answer, (text) => text.replace(/data-version="[0-9a-f]{16}"/, 'data-version="older"'));
        return;
      }
      answer.writeHead(came.statusCode ?? 502, came.headers);
      came.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  }

  /** Passes on what is of another version. */
  async #change(came: IncomingMessage, answer: ServerResponse, change: (text: string) => string): Promise<void> {
    const text = Buffer.concat(await came.toArray()).toString();
    const { "content-length": _, ...headers } = came.headers;
    answer.writeHead(came.statusCode ?? 502, headers);
    answer.end(change(text));
  }
}
