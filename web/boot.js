// Starts the console: asks whether anyone is signed in, loads the WASM with its
// progress, hands both over, and stays to tell of updates and of a crash.
"use strict";

const version = "@@version@@";
const wasmURL = "@@app.wasm@@";
const wasmSize = Number("@@wasm_size@@");
const serverPaths = "@@server_paths@@".split(" ");

// What go-app expects of its page. It replaces the two functions once it runs; until
// then they leave a note.
var goappUpdatedBeforeWasmLoaded = false;
var goappAppInstallChangedBeforeWasmLoaded = false;
var goappOnUpdate = () => { goappUpdatedBeforeWasmLoaded = true; };
var goappOnAppInstallChange = () => { goappAppInstallChangedBeforeWasmLoaded = true; };

const environment = {
  GOAPP_VERSION: version,
  GOAPP_STATIC_RESOURCES_URL: "/web",
  GOAPP_ROOT_PREFIX: "",
  GOAPP_INTERNAL_URLS: JSON.stringify(serverPaths.map((path) => location.origin + path)),
};

function goappGetenv(name) {
  return environment[name] ?? "";
}

// The session. keysteadSession is the server's answer as text, for the console to
// read once; empty where the server was not reached.
var keysteadSession = "";

// What the console asks first is asked here, while its program loads: path → question.
// Each is taken once, with its failure, in place of the console's own request, and
// dropped when it grows older than a request may take.
const asked = new Map();
const patience = 15000; // the console's own

// ask asks. A question's coming is the promise of its answer, came the answer: a
// response and its text.
function ask(path, headers) {
  const question = { came: null };
  question.coming = fetch(path, {
    headers: { Accept: "application/json", ...headers },
    cache: "no-store", redirect: "error", signal: AbortSignal.timeout(patience),
  }).then(async (response) => (question.came = { response, text: await response.text() }));
  question.coming.catch(() => {}); // the console hears it; a page that stops before that need not
  asked.set(path, question);
  setTimeout(() => asked.delete(path), patience);
  return question.coming;
}

function keysteadTake(path) {
  const question = asked.get(path);
  asked.delete(path);
  return question ?? null;
}

// What askAhead is at: a promise that is kept once nothing more is on its way.
var keysteadAhead = null;

// keysteadCame takes an answer that is there, so that its rows can be in the first
// drawing; a question that has none yet stays to be taken.
function keysteadCame(path) {
  return asked.get(path)?.came && keysteadTake(path).came;
}

// askAhead asks who the person is, and for the list of keys where the address leads to
// it as it comes: without a search or a filter. The organization is the one that the
// console will choose.
async function askAhead() {
  const me = await ask("/v1/me", { "X-Keystead-Background": "1" });
  const wanted = new URLSearchParams(location.search);
  const lists = ["/", "/settings/secrets-keys", "/settings/user-management/api-keys"];
  if (!me.response.ok || !lists.includes(location.pathname) || ![...wanted.keys()].every((name) => name === "org")) return;
  const { organizations } = JSON.parse(me.text);
  const name = wanted.get("org")?.toLowerCase();
  const org = name ? organizations.find(({ short_name }) => short_name.toLowerCase() === name) : organizations[0];
  if (org) await ask(`/v1/organizations/${org.id}/api-keys?limit=25&order=asc&page=1&sort=name`);
}

// askSession reports whether to go on here. A server that does not answer is no
// reason to leave: the console then opens with what it knows.
async function askSession() {
  let answer, text;
  try {
    answer = await fetch("/v1/session", {
      headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(8000),
    });
    text = await answer.text();
  } catch {
    return true;
  }
  if (answer.ok) keysteadSession = text;
  if (answer.status !== 401) return true;
  if (problemCode(text) !== "session_idle") await wipe();
  const here = location.pathname + location.search;
  location.replace(here === "/" ? "/sign-in" : "/sign-in?next=" + encodeURIComponent(here));
  return false;
}

// Whoever signed out in another tab, which then says so, did it for this one too.
new BroadcastChannel("keystead-session").addEventListener("message", askSession);

function problemCode(text) {
  try {
    return JSON.parse(text).code;
  } catch {
    return "";
  }
}

// wipe drops the lists that were kept for offline use: whoever comes next may be
// someone else.
async function wipe() {
  const databases = (await globalThis.indexedDB?.databases?.().catch(() => [])) ?? [];
  await Promise.all(databases.map(({ name }) => new Promise((done) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = done;
  })));
}

// The WASM. From the worker's cache the answer goes in untouched, which lets the
// browser reuse the code that it compiled before; from the network it is counted
// on its way. Its declared length is that of the compressed bytes, so the whole
// size comes from the packer.
function counted(answer) {
  const bar = document.getElementById("boot-progress");
  let arrived = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      arrived += chunk.byteLength;
      bar.value = Math.min(100, (100 * arrived) / wasmSize);
      controller.enqueue(chunk);
    },
  });
  return new Response(answer.body.pipeThrough(counter), { headers: answer.headers });
}

async function load(go, fromWorker) {
  const answer = await fetch(wasmURL);
  if (!answer.ok) throw new Error(`the console's program answered ${answer.status}`);
  return WebAssembly.instantiateStreaming(fromWorker ? answer : counted(answer), go.importObject);
}

// openCalendars has the browser read what it knows of dates, which takes it a while the
// first time: now, while the page waits, and not with the first rows.
function openCalendars() {
  new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });
  new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
}

async function start() {
  const go = new Go();
  // The garbage of a start is small: to collect it would hold up the first page.
  go.env.GOGC = "400";
  const fromWorker = Boolean(navigator.serviceWorker?.controller);
  const session = askSession();
  // Who works here has a worker, as a rule, and a session.
  if (fromWorker) keysteadAhead = askAhead().catch(() => {});
  // Behind the worker this costs no network, so it need not wait for the session.
  const early = fromWorker ? load(go, fromWorker) : null;
  early?.catch(() => {});
  if (!(await session)) return;
  if (keysteadSession && !fromWorker) keysteadAhead = askAhead().catch(() => {});
  openCalendars();

  let program;
  try {
    program = await (early ?? load(go, fromWorker));
  } catch (error) {
    console.warn("The console did not load:", error);
    crash("The console could not be loaded.", "Check the connection to the server, then reload.");
    return;
  }
  // Only now: the worker finds the WASM in the HTTP cache and fetches it no second time.
  keysteadPage.registerWorker().then(watchForUpdates);
  try {
    await go.run(program.instance);
  } catch (error) {
    console.warn("The console stopped:", error);
  }
  keysteadCrash(); // the program never ends by itself
}

// The crash screen. It takes the place of everything, so that nothing that was
// shown stays behind.
function crash(title, text) {
  const box = document.createElement("main");
  box.className = "centre";
  const card = document.createElement("div");
  card.className = "light card pad";
  card.setAttribute("role", "alert");
  const heading = document.createElement("h1");
  heading.textContent = title;
  const words = document.createElement("p");
  words.textContent = text;
  const reload = document.createElement("button");
  reload.className = "btn primary";
  reload.textContent = "Reload";
  reload.addEventListener("click", () => location.reload());
  card.append(heading, words, reload);
  box.append(card);
  box.id = "crash";
  document.body.replaceChildren(box);
  reload.focus();
}

// For the console itself, where it finds that it cannot go on.
function keysteadCrash() {
  crash("The console stopped.", "What the server confirmed is safe. Reload to go on.");
}

// Updates. A tab that stays open for days asks again when it is looked at, at most
// every ten minutes.
const updatePause = 10 * 60 * 1000;
let registration = null;
let lastCheck = Date.now();

function watchForUpdates(found) {
  registration = found;
  if (!registration) return;
  // A page that was on its way while the worker took charge was not there to be claimed.
  if (registration.active && !navigator.serviceWorker.controller) registration.active.postMessage("claim");
  if (registration.waiting && navigator.serviceWorker.controller) goappOnUpdate();
  registration.addEventListener("updatefound", () => {
    const next = registration.installing;
    next?.addEventListener("statechange", () => {
      if (next.state === "installed" && navigator.serviceWorker.controller) goappOnUpdate();
    });
  });
}

function goappTryUpdate() {
  lastCheck = Date.now();
  registration?.update().catch(() => {}); // offline: the next look asks again
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && Date.now() - lastCheck >= updatePause) goappTryUpdate();
});

// keysteadUpdate takes the new version: the waiting worker becomes the one in
// charge, and the page starts anew under it. Another tab may have done that before.
function keysteadUpdate() {
  if (!registration?.waiting) {
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage("activate");
}

// Going back. When the browser would take the old place on a page again, the console has
// not drawn it yet. So the place is kept with the entry of the history when something is
// clicked, and taken as soon as the page is as high, until the person does something else.
window.addEventListener("click", () => {
  if ((history.state?.place ?? 0) !== scrollY) history.replaceState({ place: scrollY }, "");
}, { capture: true });

window.addEventListener("popstate", ({ state }) => {
  const place = state?.place;
  if (!place) return;
  const done = new AbortController();
  const { signal } = done;
  const take = () => {
    if (Math.abs(scrollY - place) >= 1 && document.documentElement.scrollHeight + 1 >= place + innerHeight) scrollTo(0, place);
  };
  const growth = new ResizeObserver(take);
  growth.observe(document.body);
  signal.addEventListener("abort", () => growth.disconnect());
  window.addEventListener("scroll", take, { signal }); // the console goes to the top of every page
  for (const act of ["wheel", "pointerdown", "keydown", "popstate"]) {
    window.addEventListener(act, () => done.abort(), { signal, capture: true });
  }
  setTimeout(() => done.abort(), patience);
});

// Installing. The browser's offer is kept until the person asks for it.
let installOffer = null;

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installOffer = event;
  goappOnAppInstallChange();
});

window.addEventListener("appinstalled", () => {
  installOffer = null;
  goappOnAppInstallChange();
});

function goappIsAppInstallable() {
  return installOffer !== null;
}

function goappIsAppleBrowser() {
  return navigator.standalone !== undefined;
}

async function goappShowInstallPrompt() {
  const offer = installOffer;
  installOffer = null; // an offer is good for one prompt
  await offer?.prompt();
  goappOnAppInstallChange();
}

start();
