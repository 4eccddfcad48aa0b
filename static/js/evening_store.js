/* What lies on this phone between two pages: names and numbers of today until 04:00, and taps that
   were not sent yet (ids and states, no names). For pages and for the worker between them. */
const eveningStore = (() => {
  "use strict";

  const STORES = { evenings: ["who", "meeting"], taps: "client_id" };
  let opening = null;

  const open = () => {
    opening ||= new Promise((done, failed) => {
      const asked = indexedDB.open("joinus", 1);
      asked.onupgradeneeded = () => {
        for (const [name, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(name, { keyPath });
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => {
          asked.result.close();
          opening = null;
        };
        done(asked.result);
      };
      asked.onerror = () => failed(asked.error);
    });
    return opening;
  };

  const act = async (name, mode, work) => {
    const base = await open();
    return new Promise((done, failed) => {
      const turn = base.transaction(name, mode);
      const asked = work(turn.objectStore(name));
      turn.oncomplete = () => done(asked?.result);
      turn.onerror = turn.onabort = () => failed(turn.error);
    });
  };

  const all = (name) => act(name, "readonly", (store) => store.getAll());
  const put = (name, rows) => act(name, "readwrite", (store) => void rows.forEach((row) => store.put(row)));
  const drop = (name, keys) => act(name, "readwrite", (store) => void keys.forEach((key) => store.delete(key)));

  // The server's clock decides, also on a phone that is a day off.
  const isOver = (evening) => Date.now() + evening.ahead >= evening.until;

  // With an evening goes the line that was being typed.
  const less = async (gone) => {
    await drop("evenings", gone.map((one) => [one.who, one.meeting]));
    await drop("taps", gone.map((one) => `~${one.who}`));
  };

  // What is over goes; and of everybody but `who`, the one who is signed in here by now.
  const purge = async (who = "") => less((await all("evenings")).filter((one) => isOver(one) || (who && one.who !== who)));

  const ask = (url, more = { headers: { "X-By-Itself": "1" } }) => fetch(url, { redirect: "manual", signal: AbortSignal.timeout(10000), ...more });

  // The evening as it is by now, for who is signed in; what is no longer theirs goes.
  const keep = async (who, meeting, url) => {
    const answer = await ask(url);
    if ([403, 404, 409].includes(answer.status)) return less([{ who, meeting }]);
    if (!answer.ok) return;
    const evening = await answer.json();
    if (evening.who !== who) return;
    evening.until = Date.parse(evening.until);
    evening.opens_at = Date.parse(evening.opens_at);
    evening.ahead = Date.parse(evening.now) - Date.now();
    await put("evenings", [evening]);
  };

  return { all, put, drop, less, purge, ask, keep };
})();
