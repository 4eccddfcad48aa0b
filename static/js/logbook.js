/* The logbook, and the preparation of a meeting, saves each card one second after typing, shows what colleagues write within ten
   seconds, and says "saved" only after the server did. What it did not save yet lies sealed on this
   phone: only a page that was opened by whoever typed it has the key. Without this file each card has
   its button. */
(() => {
  "use strict";

  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  const page = document.getElementById("logbook");
  if (!page) return;

  const AFTER = 1000; // of quiet
  const LONGEST = 5000; // while somebody goes on typing
  const ASKS = 5000; // for what colleagues wrote
  const words = page.dataset;
  const saved = document.querySelector("[data-saved]");
  const cards = new Map(); // name -> what we know of it
  let stamp = words.stamp;

  // Of what was not saved yet: one sealed lump for each logbook and person, for a week.
  const PLACE = `logbook:${words.place}`;
  const A_WEEK = 7 * 24 * 3600 * 1000;
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const text = (found) => btoa(String.fromCharCode(...new Uint8Array(found)));
  let key = null;
  let sealing = 0;
  let turn = Promise.resolve();

  const seal = async () => {
    const unsaved = {};
    for (const card of cards.values()) {
      if (isDirty(card)) unsaved[card.name] = { ticket: card.held || card.ticket.value, values: values(card.form) };
    }
    try {
      if (!Object.keys(unsaved).length) return localStorage.removeItem(PLACE);
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const told = new TextEncoder().encode(JSON.stringify(unsaved));
      const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, told));
      let lump = "";
      for (const one of sealed) lump += String.fromCharCode(one);
      localStorage.setItem(PLACE, JSON.stringify({ at: Date.now(), iv: text(iv), lump: btoa(lump) }));
    } catch {
      key = null; // this phone keeps nothing: the page says so again
    }
  };
  const lie = (wait) => {
    if (!key) return;
    clearTimeout(sealing);
    sealing = setTimeout(() => (turn = turn.then(seal)), wait);
  };

  const opened = async () => {
    if (!words.key || !self.crypto?.subtle) return;
    key = await crypto.subtle.importKey("raw", bytes(words.key), "AES-GCM", false, ["encrypt", "decrypt"]);
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("logbook:") && !(Date.now() - JSON.parse(localStorage.getItem(name)).at < A_WEEK)) localStorage.removeItem(name);
    }
    const lies = JSON.parse(localStorage.getItem(PLACE));
    if (!lies) return;
    const told = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(lies.iv) }, key, bytes(lies.lump));
    for (const [name, one] of Object.entries(JSON.parse(new TextDecoder().decode(told)))) {
      const card = cards.get(name);
      if (!card || isDirty(card)) continue; // its words came back from the server, or somebody types
      card.ticket.value = one.ticket; // with what stood there then: a colleague's words stay
      for (const [field, value] of Object.entries(one.values)) put(card.form, field, value);
      for (const field of card.form.querySelectorAll("textarea")) {
        if (field.value) field.closest("[data-own]")?.removeAttribute("hidden");
        if (field.value) field.closest(".logbook__talk")?.removeAttribute("hidden");
        if (field.value) field.closest("details")?.setAttribute("open", "");
      }
      save(card);
    }
    lie(0);
  };

  const say = (text, waits) => {
    if (saved.textContent !== text) saved.textContent = text;
    saved.parentElement.classList.toggle("logbook__saved--waits", Boolean(waits));
  };

  const values = (form) => {
    const found = {};
    for (const field of form.elements) {
      const { name, type } = field;
      if (!name || type === "hidden" || type === "submit" || type === "fieldset") continue;
      if (type !== "radio" && type !== "checkbox") found[name] = [field.value];
      else {
        found[name] = found[name] || [];
        if (field.checked) found[name].push(field.value);
      }
    }
    return found;
  };
  const alike = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  const put = (form, name, told) => {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = told.includes(field.value);
      else if (field.value !== (told[0] ?? "")) {
        const at = field.selectionStart;
        field.value = told[0] ?? "";
        if (field === document.activeElement) field.setSelectionRange(at, at);
      }
    }
  };

  const isDirty = (card) => !alike(values(card.form), card.base);

  // Of one card: what nobody types in here becomes what stands; what is being typed stays.
  const take = (card, told, sent) => {
    const here = values(card.form);
    const clean = sent ? alike(here, sent) : alike(here, card.base);
    if (!clean && !sent) return; // merged when it is saved
    const was = sent || card.base;
    for (const [name, now] of Object.entries(told.fields)) {
      if (name in here && alike(here[name], was[name])) put(card.form, name, now);
    }
    const kept = {};
    for (const name of Object.keys(here)) kept[name] = told.fields[name] ?? here[name];
    card.base = normal(kept);
    card.ticket.value = told.ticket;
  };
  const normal = (told) => Object.fromEntries(Object.entries(told).map(([k, v]) => [k, [...v]]));

  const show = (told, own, sent) => {
    stamp = told.stamp;
    for (const [name, one] of Object.entries(told.cards)) {
      const card = cards.get(name);
      if (!card) continue;
      if (!card.held) take(card, one, name === own ? sent : null);
      const line = card.form.querySelector("[data-writer]");
      if (line) {
        if (line.textContent !== one.writes) line.textContent = one.writes;
        line.hidden = !one.writes;
        clearTimeout(card.writes);
        if (one.writes) card.writes = setTimeout(() => { line.hidden = true; line.textContent = ""; }, 20000);
      }
    }
    for (const [stay, one] of Object.entries(told.people)) person(stay, one, told.lines[stay] || []);
    const count = page.querySelector("[data-count]");
    if (!count) return;
    count.textContent = told.count;
    count.className = `chip ${told.enough ? "chip--done" : "chip--waits"}`;
    const few = page.querySelector("[data-few]");
    few.hidden = told.enough;
    few.lastElementChild.textContent = told.few;
    const why = page.querySelector("[data-why]");
    why.hidden = !told.why;
    why.lastElementChild.textContent = told.why;
  };

  const person = (stay, one, lines) => {
    const chip = page.querySelector(`.logbook__name[value="${stay}"]`);
    const row = document.getElementById(`with-${stay}`);
    if (!chip || !row) return;
    chip.setAttribute("aria-pressed", String(one.mine));
    chip.name = one.mine ? "not_talked" : "talked";
    chip.toggleAttribute("data-talked", one.any);
    chip.classList.toggle("logbook__name--waits", one.waits);
    const typed = row.querySelector("textarea");
    const own = one.mine || (typed && document.activeElement === typed);
    row.querySelector("[data-own]").hidden = !own;
    row.hidden = !own && !lines.length;
    const place = row.querySelector("[data-lines]");
    if (place.textContent !== lines.join("")) {
      place.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    }
  };

  const token = () => page.querySelector("[name=csrfmiddlewaretoken]").value;

  // Signed in again in another tab: this page gets that session's check, if it is the same person's.
  const checkAgain = async (card) => {
    if (!card.ticket.dataset.url) return false;
    const answer = await fetch(card.ticket.dataset.url, { redirect: "manual" });
    if (!answer.ok) return false;
    const now = await answer.json();
    if (now.who !== card.ticket.dataset.who) return false;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = now.check;
    return true;
  };

  const body = (card, more = {}) => {
    const found = new URLSearchParams();
    for (const [name, value] of new FormData(card.form)) found.append(name, value);
    if (card.wasOut) found.append("was_out", "1");
    for (const [name, value] of Object.entries(more)) found.set(name, value);
    return found;
  };

  const send = (card, told, leaving) =>
    fetch(card.form.action, {
      method: "POST",
      headers: { "X-CSRFToken": token(), "X-Logbook": words.pass, Accept: "application/json" },
      body: told,
      keepalive: Boolean(leaving) && String(told).length < 60000,
      redirect: "manual",
    });

  const later = (card, wait) => {
    clearTimeout(card.timer);
    card.timer = setTimeout(() => save(card), wait);
  };

  const save = async (card, { leaving = false, again = true } = {}) => {
    clearTimeout(card.timer);
    if (card.held) return keep(card, leaving);
    if (card.busy && !leaving) {
      card.more = true;
      return card.busy;
    }
    const sent = values(card.form);
    if (alike(sent, card.base)) return;
    card.since = 0;
    say(words.saves, true);
    const sending = (async () => {
      const answer = await send(card, body(card), leaving);
      if (answer.ok) {
        const told = await answer.json();
        card.wait = 0;
        card.wasOut = false;
        wrong(card, {});
        show(told, card.name, sent);
        if (![...cards.values()].some(isDirty)) say(told.saved);
      } else if (answer.status === 409) {
        const told = await answer.json();
        card.held = card.ticket.value;
        card.ticket.value = told.ticket;
        choose(card, told.both);
        say(words.waits, true);
      } else if (answer.status === 422) {
        wrong(card, (await answer.json()).wrong);
        say(words.waits, true);
      } else if (answer.status === 423) {
        say((await answer.json()).refused, true);
      } else if (answer.status === 403 || answer.status === 401 || answer.type === "opaqueredirect") {
        card.wasOut = true;
        if (again && (await checkAgain(card))) {
          card.busy = null;
          return save(card, { leaving, again: false });
        }
        say(words.out, true);
        later(card, 5000);
      } else if (answer.status === 404) {
        say(words.closed, true);
      } else throw new Error(String(answer.status));
    })().catch((error) => {
      card.wait = Math.min(30000, (card.wait || 1000) * 2);
      const network = key ? words.kept : words.network;
      say(/^\d+$/.test(error.message) ? words.server : network, true);
      later(card, card.wait);
    });
    card.busy = sending;
    await sending;
    lie(0);
    if (card.busy === sending) card.busy = null;
    if (card.more || (!card.wait && !card.held && card.since)) {
      card.more = false;
      later(card, AFTER);
    }
  };

  // Until somebody chose between two texts, the own one is kept where drafts are.
  const keep = (card, leaving) => {
    if (!card.ticket.dataset.url) return undefined;
    card.turn = Math.max(Date.now(), card.turn + 1);
    const told = body(card, { draft_turn: card.turn });
    return fetch(card.ticket.dataset.url, {
      method: "POST",
      headers: { "X-CSRFToken": token() },
      body: told,
      keepalive: Boolean(leaving) && String(told).length < 60000,
      redirect: "manual",
    }).catch(() => later(card, 2000));
  };

  const element = (tag, text, className) => Object.assign(document.createElement(tag), { textContent: text, className });

  const choose = (card, both) => {
    let left = Object.keys(both).length;
    for (const [name, theirs] of Object.entries(both)) {
      const field = card.form.querySelector(`[name="${CSS.escape(name)}"]`);
      const place = field.closest(".field, fieldset");
      const box = element("div", "", "beside");
      box.setAttribute("role", "group");
      box.append(element("p", words.wrote.replace("{name}", theirs.who || "–"), "beside__who"), element("blockquote", theirs.text || "–", ""));
      const acts = element("div", "", "cluster");
      const settle = (told) => {
        if (told) put(card.form, name, told);
        box.remove();
        left -= 1;
        if (left) return;
        card.held = "";
        save(card);
      };
      const act = (label, told) => {
        const button = element("button", label, "button button--quiet button--small");
        button.type = "button";
        button.addEventListener("click", () => settle(told()));
        acts.append(button);
      };
      const sent = Object.values(JSON.parse(theirs.sent))[0] || [];
      act(words.theirs, () => sent);
      if (field.tagName === "TEXTAREA") act(words.both, () => [[sent[0], field.value].filter(Boolean).join("\n")]);
      act(words.mine, () => null);
      box.append(acts);
      place.after(box);
    }
    card.form.querySelector(".beside button").focus();
  };

  const wrong = (card, told) => {
    for (const old of card.form.querySelectorAll("[data-wrong]")) old.remove();
    for (const [name, errors] of Object.entries(told)) {
      const field = card.form.querySelector(`[name="${CSS.escape(name)}"]`);
      const line = element("p", errors.join(" "), "field__error");
      line.dataset.wrong = "";
      line.setAttribute("role", "alert");
      if (field) field.closest(".field, fieldset").append(line);
    }
  };

  const noted = (event) => {
    const form = event.target.form || event.target.closest("form");
    const card = form && cards.get(form.dataset.card);
    if (!card || event.target.type === "hidden") return;
    const now = Date.now();
    card.since = card.since || now;
    card.wait = 0;
    if (isDirty(card)) say(words.waits, true);
    lie(200);
    later(card, Math.max(0, Math.min(event.type === "change" ? 50 : AFTER, card.since + LONGEST - now)));
  };

  // A tap on a name is saved at once; it is shown as the server has it.
  const tap = async (card, chip) => {
    if (chip.getAttribute("aria-busy") === "true") return;
    chip.setAttribute("aria-busy", "true");
    const told = new URLSearchParams({ card: "talks", [chip.name]: chip.value });
    const wanted = chip.name === "talked";
    say(words.saves, true);
    try {
      let answer = await send(card, told);
      if (answer.status === 403 && (await checkAgain(card))) answer = await send(card, told);
      if (answer.ok) {
        const now = await answer.json();
        show(now);
        say([...cards.values()].some(isDirty) ? words.waits : now.saved, [...cards.values()].some(isDirty));
        const row = document.getElementById(`with-${chip.value}`);
        if (wanted && row) row.querySelector("textarea").focus({ preventScroll: true });
      } else if (answer.status === 423) say((await answer.json()).refused, true);
      else say(answer.status >= 500 ? words.server : answer.status === 404 ? words.closed : words.out, true);
    } catch {
      say(words.network, true);
    }
    chip.removeAttribute("aria-busy");
  };

  for (const form of page.querySelectorAll("form[data-card]")) {
    const ticket = form.querySelector("[data-ticket]");
    if (!ticket) continue;
    const card = { name: form.dataset.card, form, ticket, turn: 0, base: values(form) };
    cards.set(card.name, card);
    const cameBack = form.querySelector(".draft:not(:has(a)), .field__error, .beside");
    form.querySelector("[data-save]").hidden = !cameBack;
    if (cameBack) {
      // Words that came back are saved by who looks at them first, with the button.
      cards.delete(card.name);
      continue;
    }
    form.addEventListener("submit", (event) => {
      if (event.submitter?.dataset.tap !== undefined) {
        card.base = values(form); // the words go along with the tap
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.submitter && event.submitter.classList.contains("logbook__name")) tap(card, event.submitter);
      else save(card);
    });
  }
  document.addEventListener("input", noted);
  document.addEventListener("change", noted);

  const flush = () => {
    for (const card of cards.values()) if (isDirty(card)) save(card, { leaving: true });
  };
  window.addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
  });
  window.addEventListener("online", () => {
    for (const card of cards.values()) if (isDirty(card)) later(card, 0);
  });

  // Done: what is typed goes first; when it cannot be saved the page stays and says so.
  page.querySelector("[data-done]").addEventListener("click", async (event) => {
    const dirty = [...cards.values()].filter(isDirty);
    if (!dirty.length) return;
    event.preventDefault();
    const to = event.currentTarget.href;
    await Promise.all(dirty.map((card) => save(card)));
    if (![...cards.values()].some((card) => card.held || isDirty(card))) window.location.assign(to);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!key && [...cards.values()].some((card) => card.wait && isDirty(card))) event.preventDefault();
  });

  const ask = async () => {
    if (document.visibilityState === "hidden") return;
    const answer = await fetch(`${words.now}?since=${encodeURIComponent(stamp)}`, {
      headers: { "X-By-Itself": "1", "X-Logbook": words.pass }, // it keeps nobody signed in
      redirect: "manual",
    }).catch(() => null);
    if (!answer || answer.status !== 200) return;
    const told = await answer.json();
    show(told);
    if (![...cards.values()].some(isDirty)) say(told.saved);
  };
  opened().catch(() => {}); // torn, or not ours
  setInterval(ask, ASKS);
  for (const line of page.querySelectorAll("[data-writer]:not([hidden])")) setTimeout(() => { line.hidden = true; }, 20000);
})();
