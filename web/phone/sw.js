/** The phone's service worker: keeps the shell, so that the page opens without a network. It touches
 * nothing of the API: what is noted and held lies in the page's own database. The build fills in the
 * constants (vite.config.ts). */
const SHELL = ["__SHELL__"];
// What shows forms: large, and fetched once the page says that there are any.
const FORMS = ["__FORMS__"];
const CACHE = "littoral-phone-__VERSION__";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE)
      .then((cache) => cache.addAll(SHELL.map((url) => new Request(url, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((n) => n.startsWith("littoral-phone-") && n !== CACHE).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data !== "forms") return;
  event.waitUntil(
    caches.open(CACHE).then(async (cache) => {
      const there = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
      const missing = FORMS.filter((url) => !there.has(url));
      if (missing.length > 0) await cache.addAll(missing.map((url) => new Request(url, { cache: "reload" })));
    }),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || url.pathname.startsWith("/api/")) return;
  const isPage = event.request.mode === "navigate" && url.pathname.startsWith("/phone") && url.pathname !== FORMS[0];
  const key = isPage ? "/phone/" : url.pathname;
  if (!SHELL.includes(key) && !FORMS.includes(key)) return;
  // The shell of one version is whole: a page and its parts never come from two.
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(key)).then((found) => found ?? fetch(event.request)));
});
