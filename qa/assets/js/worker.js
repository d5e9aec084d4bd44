// Where Folio can't be reached, an installed page says so instead of showing nothing.
const CACHE = 'folio-1';
const offline = `/folio/offline?${new URL(self.location).searchParams}`;

// The files of a page don't come through here: what ends this worker must not cost a page its style.
const past = ['no-cors', 'cors', 'same-origin'].map((requestMode) => ({ condition: { requestMode }, source: 'network' }));

self.addEventListener('install', (event) => {
  event.waitUntil(event.addRoutes?.(past).catch(() => {}));
  event.waitUntil(caches.open(CACHE)
    .then((cache) => cache.add(new Request(offline, { cache: 'reload' })))
    .then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return;
  event.respondWith(fetch(event.request).catch(() => caches.match(offline)));
});
