// Keeps a page up to date while somebody looks at it: when `/live` says that the books have changed,
// the page is read again and what differs is put in its place. Nothing typed is ever lost: where
// somebody works, a line says that there is news.

// Between two looks. Longer after each that brought nothing, because networks are slow and dear, and
// twenty times as long as the last one took, because the server has other work.
const PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
const PART_OF_TIME = 20;
// Everybody hears at the same moment, and does not come at the same moment.
const SPREAD_MS = 1_000;
// After an answer that was none.
const TROUBLE_MS = 60_000;

const line = document.getElementById("changed");
const main = document.getElementById("main");
let { seen } = document.getElementById("live").dataset;
let stream;
let reopening;
let timer;
let isLooking = false;
let pause = PAUSE_MS;
let nextLook = 0;

function listen() {
  stream?.close();
  clearTimeout(reopening);
  // A browser has few connections: only pages that are looked at hold one.
  if (document.hidden) {
    return;
  }
  const opened = new EventSource(`/live?seen=${seen}`);
  opened.addEventListener("changed", (event) => {
    seen = event.lastEventId;
    lookSoon();
  });
  opened.addEventListener("error", () => {
    // What broke is opened again by the browser, what was refused is not.
    if (opened.readyState === EventSource.CLOSED && opened === stream) {
      reopening = setTimeout(listen, TROUBLE_MS);
    }
  });
  stream = opened;
}

function lookSoon(atLeast = 0) {
  const wait = Math.max(atLeast, nextLook - performance.now());
  timer ??= setTimeout(look, wait + Math.random() * SPREAD_MS);
}

async function look() {
  timer = undefined;
  // Whoever comes back looks anyway.
  if (document.hidden || isLooking) {
    return;
  }
  isLooking = true;
  const [begun, heard] = [performance.now(), seen];
  const page = await read().catch(() => undefined);
  const ended = performance.now();
  isLooking = false;
  const isNews = Boolean(page) && take(page);
  pause = isNews ? PAUSE_MS : Math.min(2 * pause, LONGEST_PAUSE_MS);
  nextLook = ended + Math.max(pause, PART_OF_TIME * (ended - begun));
  if (page === undefined) {
    lookSoon(TROUBLE_MS);
  } else if (seen !== heard) {
    lookSoon();
  }
}

// The page as it is now; null where it is gone or somebody has signed out meanwhile.
async function read() {
  const answer = await fetch(location.href, { redirect: "manual" });
  if (answer.status >= 500 || answer.status === 429) {
    return undefined;
  }
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

// Whether there was anything to show.
function take(page) {
  const fresh = page.getElementById("main");
  if (fresh === null || words(fresh) === words(main)) {
    return say(undefined);
  }
  if (isTyped()) {
    return say("typed");
  }
  if (isBusy(fresh) || [main, fresh].some(hasIsland)) {
    return say("read");
  }
  renew(page, fresh);
  say(undefined);
  return true;
}

function hasIsland(root) {
  return root.querySelector("leptos-island") !== null;
}

// What the server said, without what islands have written since.
function words(root) {
  const copy = root.cloneNode(true);
  for (const own of copy.querySelectorAll("leptos-island, output")) {
    own.remove();
  }
  return copy.textContent;
}

function isTyped() {
  // A form that was refused came back with what had been typed.
  const controls = [...main.querySelectorAll("input, select, textarea")];
  return new URLSearchParams(location.search).has("draft") || controls.some(isChanged);
}

function isChanged(control) {
  if (control.type === "checkbox" || control.type === "radio") {
    return control.checked !== control.defaultChecked;
  }
  if (control.options === undefined) {
    return control.value !== control.defaultValue;
  }
  const options = [...control.options];
  const first = options.some((option) => option.defaultSelected) ? undefined : options[0];
  return options.some((option) => option.selected !== (option.defaultSelected || option === first));
}

// Somebody is about to do something, or marks words to copy them.
function isBusy(fresh) {
  const at = document.activeElement;
  const isAt = at !== main && main.contains(at) && !at.matches("a");
  const selection = getSelection();
  const isMarking = !selection.isCollapsed && main.contains(selection.anchorNode);
  const open = (root) => root.querySelectorAll("details[open]").length;
  return isAt || isMarking || open(main) > open(fresh);
}

function renew(page, fresh) {
  const at = document.activeElement;
  put(main, fresh);
  // On paper, the seal below is that of what stands above.
  const [foot, newFoot] = [document, page].map((root) => root.querySelector("body > .printed"));
  if (foot !== null && newFoot !== null) {
    put(foot, newFoot);
  }
  if (!at.isConnected && at.matches("a[href]")) {
    const again = main.querySelector(`a[href="${CSS.escape(at.getAttribute("href"))}"]`);
    again?.focus({ preventScroll: true });
  }
}

// Only what differs is touched, so that the rest keeps its place and the keyboard.
function put(old, fresh) {
  if (old.isEqualNode(fresh)) {
    return;
  }
  if (old.nodeName !== fresh.nodeName || old.nodeType !== Node.ELEMENT_NODE) {
    old.replaceWith(fresh);
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of fresh.attributes) {
    old.setAttribute(name, value);
  }
  const [parts, newParts] = [[...old.childNodes], [...fresh.childNodes]];
  if (parts.length === newParts.length) {
    parts.forEach((part, at) => put(part, newParts[at]));
  } else {
    old.replaceChildren(...newParts);
  }
}

// Shows one of the sentences that wait in the page, or none; gives whether it is another than before.
function say(which) {
  if (line.dataset.says === which) {
    return false;
  }
  line.querySelector("p")?.remove();
  if (which === undefined) {
    delete line.dataset.says;
  } else {
    line.dataset.says = which;
    line.append(line.querySelector(`template.${which}`).content.cloneNode(true));
  }
  return true;
}

line.addEventListener("click", ({ target }) => {
  // They may have begun to type since.
  if (isTyped()) {
    target.target = "_blank";
  }
});
document.addEventListener("visibilitychange", () => {
  listen();
  clearTimeout(timer);
  timer = undefined;
  if (!document.hidden) {
    pause = PAUSE_MS;
    nextLook = 0;
    lookSoon();
  }
});
listen();
