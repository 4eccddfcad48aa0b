/* Beside the tap itself: what other phones did appears by itself, guests are counted, arrow keys
   walk the list. Without it every button works; a reload shows the rest. */
(() => {
  "use strict";

  const EVERY = 7000;
  const LONGEST = 60000;
  const STILL = 900; // after a finger was lifted nothing moves for so long
  let wait = EVERY;
  let timer = 0;
  let touched = 0;
  let held = false;
  let asking = null;

  const evening = () => document.getElementById("evening");
  const UNSENT = ".attendance__state--unsent";
  const MINE = `[aria-busy='true'], .htmx-request, ${UNSENT}`;
  const busy = (row) => row.matches(MINE) || row.querySelector(MINE) !== null;
  const inHand = () => held || performance.now() - touched < STILL;

  // What others did

  const later = (ms) => {
    clearTimeout(timer);
    if (!document.hidden && evening()?.dataset.now) timer = setTimeout(ask, ms);
  };

  const ask = async () => {
    const now = evening();
    if (!now?.dataset.now || document.hidden || asking) return;
    if (inHand() || document.querySelector(".htmx-request")) return later(STILL);
    asking = new AbortController();
    try {
      const answer = await fetch(`${now.dataset.now}?v=${now.dataset.v}`, {
        headers: { "X-By-Itself": "1" },
        redirect: "manual",
        signal: asking.signal,
      });
      if (answer.status === 204) wait = EVERY;
      else if (answer.status === 200) {
        const came = await answer.text();
        wait = EVERY;
        // Somebody tapped meanwhile: what was drawn before that is old.
        if (!inHand() && !document.querySelector(".htmx-request")) show(came);
      } else if ([401, 403, 404].includes(answer.status) || answer.type === "opaqueredirect") {
        asking = null; // signed out, or not ours any more: the next tap says so
        return;
      } else wait = Math.min(LONGEST, wait * 2);
    } catch {
      wait = Math.min(LONGEST, wait * 2);
    }
    asking = null;
    later(wait);
  };

  const put = (old, fresh) => {
    const at = document.activeElement?.id;
    const inside = old.contains(document.activeElement);
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
    if (inside && at) document.getElementById(at)?.focus({ preventScroll: true });
  };

  const show = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const list = document.getElementById("people");
    const came = page.getElementById("people");
    const now = evening();
    const fresh = page.getElementById("evening");
    if (!fresh || !now) return;
    if (!list || !came) {
      if (!document.querySelector(UNSENT)) put(now, fresh);
      return;
    }
    // The row in the middle of the screen stays where it is.
    const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("#people > li");
    const before = middle?.getBoundingClientRect().top;
    let left = 0;
    for (const row of [...came.children]) {
      const old = row.id && document.getElementById(row.id);
      if (!old) {
        const end = document.getElementById(row.id.startsWith("row-") ? list.querySelector("[id^='visitor-']")?.id || "guests" : "guests");
        if (end) end.before(row);
        else list.append(row);
        window.htmx?.process(row);
      } else if (row.dataset.v && old.dataset.v && old.dataset.v !== row.dataset.v) {
        // Without a mark: something stands open in it, or it says what somebody else wrote.
        if (busy(old)) left += 1;
        else {
          if (old.querySelector("a") && !row.querySelector("a")) location.reload(); // stays out: the number leaves this phone
          put(old, row);
          row.classList.add("is-fresh");
        }
      }
    }
    for (const gone of list.querySelectorAll(":scope > [id^='visitor-']")) {
      if (!came.querySelector(`[id="${gone.id}"]`)) gone.remove();
    }
    for (const gone of list.querySelectorAll(":scope > [id^='row-']")) {
      if (came.querySelector(`[id="${gone.id}"]`) || busy(gone)) continue;
      gone.inert = true; // no longer of this evening: it stays until the page is read anew
      gone.classList.add("is-gone");
    }
    const counted = page.getElementById("guest-count");
    if (counted && !document.querySelector("[data-counts].htmx-request")) document.getElementById("guest-count")?.replaceChildren(counted.textContent);
    if (!list.querySelector(UNSENT)) {
      for (const id of ["counts", "foot"]) {
        const old = document.getElementById(id);
        const piece = page.getElementById(id);
        if (old && piece && Number(piece.dataset.savedAt) >= Number(old.dataset.savedAt)) put(old, piece);
      }
    }
    const closing = document.getElementById("closing");
    const closes = page.getElementById("closing");
    if (closing && closes && closing.textContent.trim() !== closes.textContent.trim()) put(closing, closes);
    const away = page.getElementById("away");
    if (away) document.getElementById("away")?.replaceChildren(...away.childNodes);
    now.dataset.v = left ? "" : fresh.dataset.v;
    const same = middle && document.getElementById(middle.id);
    if (same) scrollBy(0, same.getBoundingClientRect().top - before);
    rove();
  };

  document.addEventListener("pointerdown", () => ((held = true), (touched = performance.now())), true);
  for (const kind of ["pointerup", "pointercancel", "scroll"]) {
    document.addEventListener(kind, () => ((held = false), (touched = performance.now())), { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) return asking?.abort();
    wait = EVERY;
    later(200);
  });
  addEventListener("online", () => later(200));

  // Guests: each tap of a finger is one

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.closest?.("[data-counts]")) event.detail.parameters.client_id = crypto.randomUUID();
  });

  // Arrow keys: the list is one stop of the Tab key

  const stops = (row) => [...row.querySelectorAll("a[href], button")];
  const rows = () => [...document.querySelectorAll("#people > li")].filter((row) => !row.inert && stops(row).length);
  let current = "";

  const main = (row) => row.querySelector("button.attendance__state, a.attendance__state") || stops(row).at(-1);
  const rove = () => {
    const all = rows();
    const here = all.find((row) => row.id === current) || all[0];
    for (const row of all) {
      for (const stop of stops(row)) stop.tabIndex = row === here && stop === main(row) ? 0 : -1;
    }
  };

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("#people > li");
    if (!row || row.id === current) return;
    current = row.id;
    rove();
  });

  document.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("#people > li");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = rows();
    const at = all.indexOf(row);
    const within = stops(row);
    const column = within.indexOf(event.target);
    const to = {
      ArrowDown: () => all[at + 1],
      ArrowUp: () => all[at - 1],
      Home: () => all[0],
      End: () => all.at(-1),
    }[event.key];
    const next = to ? to() && (event.target === main(row) ? main(to()) : stops(to())[column] || main(to())) : { ArrowRight: within[column + 1], ArrowLeft: within[column - 1] }[event.key];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  document.addEventListener("htmx:afterSettle", rove);
  document.addEventListener("DOMContentLoaded", () => {
    rove();
    later(EVERY);
  });

  // *Bel* unfolds the row and dials at once; the number stays there as a link.
  document.addEventListener("htmx:afterSettle", (event) => {
    const unfolded = event.target.querySelector?.(".attendance__call-out");
    if (!unfolded || unfolded.dataset.seen) return;
    unfolded.dataset.seen = "1";
    const dial = unfolded.querySelector("[data-dial]");
    unfolded.querySelector("a, button")?.focus({ preventScroll: true });
    if (dial && window.matchMedia("(pointer: coarse)").matches) window.location.href = dial.href;
  });
})();
