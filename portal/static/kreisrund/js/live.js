// Keeps a running meeting fresh: the server rings (web socket) when there is a newer version, or is asked every few
// seconds; what is new comes by HTTP, judged for this viewer. A part in which somebody types is never replaced.
//   data-live="<socket>" data-version="<shown>" data-fragment="<page part>" data-poll="<version>" on the root,
//   data-part and an id on each part below it; [data-live-lost] holds the warning, [data-live-time] its time.
//   Whoever has just written something asks for news at once by the event "live:ask".
const root = document.querySelector("[data-live]");
const warning = document.querySelector("[data-live-lost]");

const NO_RIGHT = 4403;
const STALE = 15_000; // without word for so long, the screen may be out of date: say so
const SILENT = 25_000; // the heart has missed three beats: the line is dead, whatever the browser thinks
const POLL = 5_000;
const PATIENCE = 10_000;
const FIELDS = "textarea, select, input:not([type=hidden], [type=submit], [type=button])";

const now = () => performance.now();
const parts = (tree) => [...tree.querySelectorAll("[data-part][id]")];
// Tokens of forms are drawn anew for every page and say nothing about it.
const essence = (part) => part.outerHTML.replace(/(csrfmiddlewaretoken" value=")[^"]*/g, "$1");

let shown = Number(root?.dataset.version); // on the screen
let known = shown; // heard of
let word = now(); // when the server last spoke
let fresh = now(); // when the screen was last known to be up to date
let clock = new Date();
let last = Date.now();
let asked = now();
let tries = 0;
let pulling = false, gone = false;
let socket, retry;
const received = new Map();

function settle() {
  if (known > shown) return;
  [fresh, clock] = [now(), new Date()];
  warn();
}

function warn() {
  if (!warning) return;
  const lost = now() - fresh > STALE;
  if (warning.hidden === !lost) return;
  warning.querySelector("[data-live-time]").textContent = clock.toTimeString().slice(0, 5);
  warning.hidden = !lost;
}

function hear(version) {
  word = now();
  known = Math.max(known, version);
  settle();
  if (known > shown) pull();
}

// The right to see this has ended: hide it at once and let the server say what there is instead.
function leave() {
  gone = true;
  root.hidden = true;
  socket?.close();
  setTimeout(() => location.reload(), Math.max(0, PATIENCE - now()));
}

async function get(address) {
  const answer = await fetch(address, {
    cache: "no-store",
    headers: { ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}"), "HX-Request": "true" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const isSentAway = answer.redirected || answer.headers.has("HX-Redirect");
  if (isSentAway || [401, 403, 404].includes(answer.status)) leave();
  if (gone || !answer.ok) throw new Error("no answer");
  return answer;
}

async function pull(again = false) {
  if (pulling || gone) return;
  pulling = true;
  try {
    while (known > shown || again) {
      again = false;
      const wanted = known;
      const answer = await get(root.dataset.fragment);
      const tree = new DOMParser().parseFromString(await answer.text(), "text/html");
      show(tree);
      shown = Math.max(wanted, Number(tree.querySelector("[data-version]").dataset.version));
      known = Math.max(known, shown);
    }
    settle();
  } catch {
    // Still behind: the next tick tries again, and warns when that takes too long.
  } finally {
    pulling = false;
  }
}

function isEdited(part) {
  return [...part.querySelectorAll(FIELDS)].some((field) => {
    if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
    return field === document.activeElement || ("defaultValue" in field && field.value !== field.defaultValue);
  });
}

function show(tree) {
  const there = new Set();
  let before = null;
  for (const part of parts(tree)) {
    there.add(part.id);
    place(part, document.getElementById(part.id), before);
    before = document.getElementById(part.id);
  }
  // What this viewer may not see any more goes, whatever is being typed there: editors keep their text themselves.
  for (const old of parts(root)) if (!there.has(old.id)) old.remove();
}

function place(part, old, before) {
  const text = essence(part);
  const same = old && received.get(part.id) === text;
  const held = Boolean(old && !same && isEdited(old));
  old?.toggleAttribute("data-held", held);
  if (same || held) return;
  received.set(part.id, text);
  if (old) window.htmx.swap(old, part.outerHTML, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
  else if (before) before.after(part);
  else root.prepend(part);
  if (!old) window.htmx.process(part);
}

function connect() {
  clearTimeout(retry);
  if (gone) return;
  const address = new URL(root.dataset.live, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const mine = new WebSocket(address);
  socket = mine;
  mine.addEventListener("message", (event) => {
    tries = 0;
    hear(JSON.parse(event.data).version);
  });
  mine.addEventListener("close", (event) => {
    if (event.code === NO_RIGHT && !gone) leave();
    if (mine !== socket || gone) return;
    socket = null;
    tries += 1;
    // Not all at once: those cut off together come back one by one.
    retry = setTimeout(connect, (0.5 + Math.random()) * Math.min(PATIENCE, 250 * 2 ** tries));
  });
}

function reconnect() {
  const old = socket;
  socket = null;
  old?.close();
  word = now();
  connect();
  ask();
}

async function ask() {
  asked = now();
  try {
    hear((await (await get(root.dataset.poll)).json()).version);
  } catch {
    // No answer is no word.
  }
}

// After sleep or a long time in the background nothing on the screen can be trusted.
function wake() {
  fresh = Math.min(fresh, now() - STALE + 2_000);
  reconnect();
}

function tick() {
  if (gone) return;
  const jump = Math.abs(Date.now() - last - 1_000) > POLL && !document.hidden;
  last = Date.now();
  const silence = now() - word;
  if (jump) wake();
  else if (silence > SILENT) reconnect();
  else if ((silence > STALE || socket?.readyState !== WebSocket.OPEN) && now() - asked > POLL) ask();
  if (known > shown) pull();
  warn();
}

if (root) {
  for (const part of parts(root)) received.set(part.id, essence(part));
  connect();
  setInterval(tick, 1_000);
  addEventListener("online", wake);
  document.addEventListener("live:ask", ask);
  addEventListener("pageshow", (event) => event.persisted && wake());
  document.addEventListener("visibilitychange", () => {
    last = Date.now();
    if (!document.hidden && now() - word > PATIENCE) wake();
  });
  // What was held back is shown as soon as nobody types in it any more.
  root.addEventListener("focusout", () => setTimeout(() => root.querySelector("[data-held]") && pull(true)));
}
