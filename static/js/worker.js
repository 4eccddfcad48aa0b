/* Stands between the pages and the network, and answers only when there is none: with a page
   without anybody's name, and the files it needs; a form that was sent stays open. What somebody
   read is never kept here. */
(() => {
  "use strict";

  const { name, shell, files } = self.kept;
  const SHEET = /^\/avonden\/[0-9a-f-]{36}\/(hulp\/)?$/;
  const PATIENCE = 8000; // a connection that answers nothing is none
  const unknown = (url) => new Request(url, { credentials: "omit", cache: "reload" });
  const ours = (url) => caches.match(url, { cacheName: name });

  self.addEventListener("install", (event) => {
    const keep = async () => (await caches.open(name)).addAll([shell, ...files].map(unknown));
    event.waitUntil(keep().then(() => self.skipWaiting()));
  });

  self.addEventListener("activate", (event) => {
    const sweep = async () => {
      for (const other of await caches.keys()) if (other !== name) await caches.delete(other);
      await self.clients.claim();
    };
    event.waitUntil(Promise.all([sweep(), eveningStore.purge().catch(() => {})]));
  });

  const page = async (request, isSheet) => {
    const answer = fetch(request);
    const without = () => ours(shell).then((found) => found || Response.error());
    if (!isSheet) return answer.catch(without);
    const late = new Promise((done) => setTimeout(done, PATIENCE));
    return Promise.race([answer, late.then(without)]).catch(without);
  };

  // Whoever is signed in here by now is no other: what lies here of somebody else goes. And who stays
  // out of somebody since then: what was read before goes first, and is then read anew.
  const tidy = async (answer) => {
    const [who, since] = (answer.headers.get("X-Phone-Of") || "").split(" ");
    await eveningStore.purge(who);
    const old = (await eveningStore.all("evenings")).filter((one) => one.who === who && Date.parse(one.now) < since);
    await eveningStore.drop("evenings", old.map((one) => [who, one.meeting]));
    for (const { meeting } of old) await eveningStore.keep(who, meeting, self.kept.api.replace("*", meeting));
  };

  // A form that cannot be sent: its page stays where it is, with what was typed, and says so.
  const notSent = async () => {
    for (const page of await self.clients.matchAll({ type: "window" })) page.postMessage("not sent");
    return new Response(null, { status: 204 });
  };

  self.addEventListener("fetch", (event) => {
    const { method, mode, url } = event.request;
    const { origin, pathname } = new URL(url);
    if (origin !== self.location.origin) return;
    if (method === "POST" && mode === "navigate") event.respondWith(fetch(event.request).catch(notSent));
    if (method !== "GET") return;
    if (mode === "navigate") {
      const answer = page(event.request, SHEET.test(pathname));
      event.respondWith(answer);
      event.waitUntil(answer.then(tidy).catch(() => {}));
    } else if (files.includes(pathname)) {
      event.respondWith(fetch(event.request).catch(() => ours(pathname).then((found) => found || Response.error())));
    }
  });
})();
