// Keeps the phone's page, with all that it is made of, for where there is no network. Each version
// keeps a whole set of its own, so that the parts of two builds never meet.
const CACHE = "lists-{version}";
const FILES = {files};
const COVERS = "lists-pictures";
const PAGE = "/field";

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate") {
    if (pathname === PAGE) event.respondWith(kept(PAGE, event.request));
  } else if (FILES.includes(pathname) || pathname.startsWith("/attachments/")) {
    event.respondWith(forThePage(event, pathname));
  }
});
// A newer version waits until nothing waits on the phone, or somebody wants it.
addEventListener("message", (event) => {
  if (event.data === "go") skipWaiting();
});

async function install() {
  const cache = await caches.open(CACHE);
  const keep = async (file) => {
    const answer = await fetch(file, { cache: "reload" });
    if (!answer.ok || answer.redirected) throw new Error(file);
    await cache.put(file, answer);
  };
  await Promise.all(FILES.map(keep));
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

// The pages for the desk get what the server has now.
async function forThePage(event, pathname) {
  const client = await clients.get(event.clientId);
  if (!client || new URL(client.url).pathname !== PAGE) return fetch(event.request);
  if (FILES.includes(pathname)) return kept(pathname, event.request);
  const cache = await caches.open(COVERS);
  const picture = await cache.match(pathname);
  if (picture) return picture;
  const answer = await fetch(event.request);
  if (answer.ok) await cache.put(pathname, answer.clone());
  return answer;
}
