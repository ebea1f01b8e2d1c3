// The worker: opens the console without the network and holds nothing but the
// files of one version of it. It never sees, keeps or answers anything that the
// server owns (the API, the light pages).
"use strict";

const version = "@@version@@";
const shell = new Set("@@shell@@".split(" "));
const serverPaths = "@@server_paths@@".split(" ");
const cacheName = `keystead-${version}`;

// One file missing fails the install: half a shell is worse than the old one.
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([...shell])));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOtherVersions().then(() => self.clients.claim()));
});

// A new version waits until the person takes it: never under a form half filled.
self.addEventListener("message", (event) => {
  if (event.data === "activate") self.skipWaiting();
  if (event.data === "claim") event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || serverOwns(pathname)) return;
  if (shell.has(pathname) && pathname !== "/") {
    event.respondWith(fromCache(pathname, request));
  } else if (request.mode === "navigate" && !hasExtension(pathname)) {
    event.respondWith(fromCache("/", request));
  }
});

// The browser may evict the cache; then the network is as good.
async function fromCache(path, request) {
  const cache = await caches.open(cacheName);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}

async function dropOtherVersions() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
}

function serverOwns(pathname) {
  return serverPaths.some((own) => pathname === own || pathname.startsWith(own + "/"));
}

function hasExtension(pathname) {
  return pathname.slice(pathname.lastIndexOf("/")).includes(".");
}
