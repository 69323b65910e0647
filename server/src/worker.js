// Keeps the phone's page, with all that it is made of, for where there is no network. Each version
// keeps a whole set of its own, so that the parts of two builds never meet.
const CACHE = "lists-{version}";
const FILES = {files};
const COVERS = "lists-pictures";
const PAGE = "/field";
const RECORDS = "/api/v1/records";
const LANGUAGE = "/language";

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin) return;
  if (method === "POST") {
    if (pathname === RECORDS) event.respondWith(event.request.text().then(send));
    if (pathname === LANGUAGE) event.respondWith(switched(event.request));
  } else if (method !== "GET") {
    return;
  } else if (mode === "navigate") {
    if (pathname === PAGE) event.respondWith(kept(PAGE, event.request));
  } else if (pathname in FILES || pathname.startsWith("/attachments/")) {
    event.respondWith(forThePage(event, pathname));
  }
});
// A newer version waits until nothing waits on the phone, or somebody wants it.
addEventListener("message", (event) => {
  if (event.data === "go") skipWaiting();
});
addEventListener("sync", (event) => {
  if (event.tag === "records") event.waitUntil(sendWaiting());
});

// What the page has loaded a moment ago is not sent again, if it is of this version.
async function install() {
  const isFirst = (await caches.keys()).length === 0;
  const cache = await caches.open(CACHE);
  const keep = async (file) => {
    const answer = (isFirst && (await loaded(file, "force-cache"))) || (await loaded(file, "no-cache"));
    if (!answer) throw new Error(file);
    await cache.put(file, answer);
  };
  await Promise.all(Object.keys(FILES).map(keep));
}

// The file, unless it is of another version: the server may be replaced at any moment. Where a proxy
// takes out what tells, nobody knows.
async function loaded(file, cache) {
  const answer = await fetch(file, { cache });
  if (!answer.ok || answer.redirected) return null;
  const tells = file === PAGE ? await answer.clone().text() : answer.headers.get("etag");
  return !tells || tells.includes(FILES[file]) ? answer : null;
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("lists-") && name !== CACHE && name !== COVERS);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

async function kept(name, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(name)) ?? fetch(request);
}

// Another language: the page is kept in it from now on, unless the server has a newer one already;
// that comes whole. Without a network it stays as it is.
async function switched(request) {
  const here = new URL(request.referrer || PAGE, location.origin).pathname === PAGE;
  try {
    const answer = await fetch(request);
    const script = await fetch("/worker.js", { cache: "no-store" });
    const page = await fetch(PAGE, { cache: "reload" });
    if ((await script.text()).includes(CACHE) && page.ok && !page.redirected) {
      await (await caches.open(CACHE)).put(PAGE, page);
    }
    return answer;
  } catch (error) {
    if (here) return Response.redirect(`${PAGE}#no-language`, 303);
    throw error;
  }
}

// The pages for the desk get what the server has now.
async function forThePage(event, pathname) {
  const client = await clients.get(event.clientId);
  if (!client || new URL(client.url).pathname !== PAGE) return fetch(event.request);
  if (pathname in FILES) return kept(pathname, event.request);
  const cache = await caches.open(COVERS);
  const picture = await cache.match(pathname);
  if (picture) return picture;
  const answer = await fetch(event.request);
  if (answer.ok) await cache.put(pathname, answer.clone());
  return answer;
}

// Records go out compressed, where the browser can.
async function send(records) {
  const headers = { "content-type": "application/json" };
  if (!("CompressionStream" in self)) {
    return fetch(RECORDS, { method: "POST", headers, body: records });
  }
  const packed = new Blob([records]).stream().pipeThrough(new CompressionStream("gzip"));
  const body = await new Response(packed).arrayBuffer();
  return fetch(RECORDS, { method: "POST", headers: { ...headers, "content-encoding": "gzip" }, body });
}

// While nobody looks at the page: sends what waits of the person who is logged in, and of nobody
// else. What the books answer is left to the page: it sends the same once more and hears of it.
async function sendWaiting() {
  const open = await clients.matchAll({ type: "window" });
  const isPage = (client) => new URL(client.url).pathname === PAGE;
  if (open.some((client) => isPage(client) && client.visibilityState === "visible")) return;
  const me = await fetch("/api/v1/me");
  if (me.status >= 500) throw new Error("try again");
  if (!me.ok) return;
  const waiting = await frozen((await me.json()).id);
  for (let at = 0; at < waiting.length; at += 50) {
    const sent_at = new Date().toISOString();
    const records = waiting.slice(at, at + 50).map(({ record }) => ({ ...record, sent_at }));
    // The browser tries again later.
    if (!(await send(JSON.stringify(records))).ok) throw new Error("try again");
  }
}

// What waits of one person, in its order; from now on it is never changed (domain::field::outbox).
// Rows are sealed as the page seals them (safe.rs), but for older ones and where it has no key.
async function frozen(by) {
  const db = await ended(indexedDB.open("lists", 1));
  try {
    const key = await ended(db.transaction("things").objectStore("things").get("key"));
    const tx = db.transaction("outbox", "readwrite");
    const store = tx.objectStore("outbox");
    const read = (row) => (typeof row === "string" ? JSON.parse(row) : row);
    const all = (await ended(store.getAll())).map(read);
    const waiting = all.filter((kept) => kept.by === by && ["here", "sent"].includes(kept.state));
    for (const kept of waiting) {
      const row = { ...kept, state: "sent" };
      store.put(kept.sealed ? row : JSON.stringify(row), kept.id);
    }
    await new Promise((done, failed) => Object.assign(tx, { oncomplete: done, onabort: failed }));
    waiting.sort((one, other) => one.sequence - other.sequence);
    const opened = await Promise.all(waiting.map((kept) => (kept.sealed ? open(key, kept) : kept)));
    return opened.filter((kept) => kept !== null);
  } finally {
    db.close();
  }
}

// What cannot be opened is said on the page.
async function open(key, { id, iv, sealed }) {
  try {
    const how = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) };
    const text = await crypto.subtle.decrypt(how, key, sealed);
    return JSON.parse(new TextDecoder().decode(text));
  } catch {
    return null;
  }
}

function ended(request) {
  return new Promise((done, failed) => {
    // Without the page's own store there is nothing to send.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}
