/* Taps and lines (`sealed`) not sent yet: kept under whose they are, sent once there is a connection. */
const eveningQueue = (() => {
  "use strict";

  const place = document.querySelector("[data-queue]");
  if (!place) return null;
  const words = JSON.parse(place.dataset.words);
  const NOBODY = "00000000-0000-0000-0000-000000000000";
  const FIRST = 3000;
  const LONGEST = 60000;
  const UNSEEN = 1500; // so long a tap may be under way before the page speaks of it

  let who = place.dataset.who;
  let taps = []; // in the order of the tapping
  let why = ""; // why they wait: network, server, out (signed out), other (somebody else is in)
  let check = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  let wait = FIRST;
  let timer = 0;
  let sending = false;
  let last = 0;
  const busy = new Set(); // on their way from the page itself
  const coming = new Set(); // known here, not on the phone yet
  const going = new Set(); // done with here, still on the phone
  const channel = "BroadcastChannel" in self ? new BroadcastChannel("joinus-queue") : null;

  const api = (meeting, what = "attendance") => place.dataset.api.replace(NOBODY, meeting) + what;
  const tell = (told = {}) => document.dispatchEvent(new CustomEvent("queue:changed", { detail: told }));
  const said = (word, n) => (n === 1 ? words[`${word}_one`] : words[word]).replace("{n}", n);

  let tail = Promise.resolve();
  const stored = (work) => {
    tail = tail.then(work).catch(() => {});
    return tail;
  };
  const keptEvenings = async () => (await stored(() => eveningStore.all("evenings"))) || [];
  const others = () => channel?.postMessage("changed");

  const read = () =>
    stored(async () => {
      const all = await eveningStore.all("taps");
      const kept = all.filter((tap) => tap.who === who && !coming.has(tap.client_id) && !going.has(tap.client_id));
      const mine = taps.filter((tap) => coming.has(tap.client_id));
      taps = [...kept, ...mine].sort((a, b) => a.n - b.n);
    });

  const add = (some, { isSent = false } = {}) => {
    const rows = some.map((tap) => {
      last = Math.max(Date.now(), last + 1, (taps.at(-1)?.n || 0) + 1);
      return { n: last, who, tried: isSent, ...tap };
    });
    taps.push(...rows);
    for (const tap of rows) {
      coming.add(tap.client_id);
      if (isSent) busy.add(tap.client_id);
    }
    stored(async () => {
      await eveningStore.put("taps", rows);
      for (const tap of rows) coming.delete(tap.client_id);
    }).then(others);
    tell();
    setTimeout(tell, UNSEEN + 50);
    return rows;
  };

  const change = (some) => stored(() => eveningStore.put("taps", some)).then(others);

  const forget = (some) => {
    const ids = some.map((tap) => tap.client_id);
    taps = taps.filter((tap) => !ids.includes(tap.client_id));
    for (const id of ids) {
      busy.delete(id);
      coming.delete(id);
      going.add(id);
    }
    if (!taps.length) {
      why = "";
      wait = FIRST;
    }
    return stored(async () => {
      await eveningStore.drop("taps", ids);
      for (const id of ids) going.delete(id);
    }).then(others);
  };

  const ofRow = (meeting, participant) => taps.filter((tap) => tap.meeting === meeting && tap.participant === participant);

  // Sending

  const { ask } = eveningStore;
  const isOut = (answer) => answer.status === 401 || answer.type === "opaqueredirect";

  const checkAgain = async () => {
    const answer = await ask(place.dataset.check);
    if (isOut(answer)) return "out";
    if (!answer.ok) return "server";
    const now = await answer.json();
    if (now.who !== who) return "other";
    check = now.check;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = check;
    return "";
  };

  const post = (meeting, some) =>
    ask(api(meeting, some[0].sealed && "lines"), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": check, "X-Queue-Of": who },
      body: JSON.stringify(
        some.map(({ client_id, participant, status, base_version, act, sealed, at }) => ({ client_id, participant, status, base_version, act, sealed, at })),
      ),
    });

  const settle = (meeting, some, answers) => {
    // What was tapped on top of what was not done was tapped on something that never was.
    forget(answers.flatMap((answer, at) => (["saved", "already"].includes(answer.outcome) ? some[at] : ofRow(meeting, answer.participant))));
    tell({ meeting, answers });
    report(meeting, answers);
  };

  const isFree = (tap) => !ofRow(tap.meeting, tap.participant).some((one) => busy.has(one.client_id));

  const send = async () => {
    await read();
    for (let again = true; ; ) {
      const first = taps.find(isFree);
      if (!first) return "";
      const { meeting } = first;
      const some = first.sealed ? [first] : taps.filter((tap) => tap.meeting === meeting && !tap.sealed && isFree(tap)).slice(0, 100);
      for (const tap of some) tap.tried = true;
      await change(some);
      if (!check) {
        const found = await checkAgain();
        if (found) return found;
      }
      const answer = await post(meeting, some);
      if (answer.ok) {
        settle(meeting, some, await answer.json());
        again = true;
      } else if (isOut(answer)) {
        return "out";
      } else if (answer.status >= 500 || answer.status === 429) {
        return "server";
      } else if (answer.status === 409) {
        words.early = (await answer.json()).detail; // its sheet is not open yet: later it is
        return "early";
      } else {
        const no = await answer.json().catch(() => ({}));
        if (no.code === "check" || no.code === "somebody_else") {
          if (!again) return "other";
          again = false;
          const found = await checkAgain();
          if (found) return found;
        } else {
          forget(some);
          tell({ meeting, answers: [] });
          speak(words.refused.replace("{why}", no.detail || answer.status), "needs", meeting);
        }
      }
    }
  };

  const plan = () => {
    clearTimeout(timer);
    if (!taps.length) return;
    timer = setTimeout(flush, wait);
    wait = Math.min(LONGEST, wait * 2);
  };

  const waits = (reason) => {
    why = reason;
    tell();
    if (["network", "server", "early"].includes(reason)) plan();
  };

  const flush = async () => {
    if (sending || !taps.some(isFree)) return;
    if (!navigator.onLine) return waits("network");
    sending = true;
    let reason = "";
    try {
      reason = navigator.locks ? await navigator.locks.request("joinus-queue", send) : await send();
    } catch {
      reason = "network";
    }
    sending = false;
    waits(reason);
    if (!reason && taps.some(isFree)) flush();
  };

  const now = () => {
    wait = FIRST;
    flush();
  };

  const shown = () => taps.filter((tap) => why || Date.now() - tap.n > UNSEEN).length;

  const made = (tag, more) => Object.assign(document.createElement(tag), more);

  const line = () => {
    const n = shown();
    if (!n) return null;
    const box = made("p", { className: "unsent" });
    box.setAttribute("role", "status");
    const chip = made("span", { className: "chip chip--waits" });
    chip.append(...icon("wifi-off"), said("waiting", n));
    const href = `${place.dataset.login}?next=${encodeURIComponent(location.pathname)}`;
    box.append(chip, " ", why === "out" ? made("a", { href, textContent: words.out }) : words[why || "soon"]);
    return box;
  };

  const icon = (name) => {
    const kept = place.querySelector(`template[data-icon="${name}"]`);
    return kept ? [kept.content.cloneNode(true), " "] : [];
  };

  const speak = (text, tone, meeting) => {
    const messages = document.getElementById("messages") || document.querySelector("main");
    const box = made("div", { className: `message message--${tone}` });
    const said = made("p", { textContent: text });
    if (meeting && !location.pathname.includes(meeting)) {
      said.append(" ", made("a", { href: `/avonden/${meeting}/`, textContent: words.look }));
    }
    box.append(said);
    messages.append(box);
    return box;
  };

  const report = (meeting, answers) => {
    const late = answers.filter((answer) => answer.recorded_late).length;
    if (late) speak(said("late", late), "info", meeting);
    if (location.pathname.includes(meeting)) return; // the rows say it themselves
    const not = answers.filter((answer) => answer.http >= 400).length;
    if (not) speak(said("not_saved", not), "waits", meeting);
  };

  document.addEventListener("queue:changed", () => {
    if (!taps.length) document.querySelector("[data-leaving]")?.remove();
    if (document.querySelector("#evening:not([hidden]) .evening-foot")) return;
    const messages = document.getElementById("messages");
    document.querySelector("#messages > .unsent")?.remove();
    const found = line();
    if (found) messages?.prepend(found);
  });

  // Signing out

  const empty = async () => {
    await forget([...taps]);
    const evenings = await keptEvenings();
    await stored(() => eveningStore.less([...evenings, { who, meeting: "" }]));
  };

  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      const leaves = form.getAttribute("action")?.split("?")[0] === place.dataset.out || event.submitter?.matches("[data-signs-out]");
      if (!leaves || form.dataset.emptied) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      await ready;
      if (taps.length) await Promise.race([flush(), new Promise((done) => setTimeout(done, 3000))]);
      if (taps.length && !form.dataset.warned) {
        form.dataset.warned = "1";
        const box = speak(said("leaving", taps.length), "needs");
        box.setAttribute("role", "alert");
        box.setAttribute("data-leaving", "");
        box.scrollIntoView({ block: "center" });
        return;
      }
      await empty();
      form.dataset.emptied = "1";
      form.requestSubmit(event.submitter);
    },
    true,
  );

  const keep = (meeting) => eveningStore.keep(who, meeting, api(meeting));

  const keepToday = async () => {
    const here = location.pathname.match(/^\/avonden\/([0-9a-f-]{36})\/$/)?.[1];
    // Of another day, or cancelled: nothing of it lies here.
    if (here) return document.querySelector("[data-now]") ? keep(here) : stored(() => eveningStore.less([{ who, meeting: here }]));
    const asked = JSON.parse(sessionStorage.getItem("joinus-asked") || "[]");
    const found = [...document.querySelectorAll('main a[data-tonight="1"]')].map((link) => link.pathname.split("/")[2]);
    const known = (await keptEvenings()).map((one) => one.meeting);
    const fresh = found.filter((one) => !known.includes(one) && !asked.includes(one));
    sessionStorage.setItem("joinus-asked", JSON.stringify([...asked, ...fresh].slice(-50)));
    for (const meeting of fresh) await keep(meeting);
  };

  const ready = (async () => {
    await stored(() => eveningStore.purge(who));
    if (!who) {
      const known = [...(await keptEvenings()), ...((await stored(() => eveningStore.all("taps"))) || [])];
      who = known[0]?.who || "";
    }
    if (who) await read();
  })();

  ready.then(() => {
    tell();
    if (!who) return;
    channel?.postMessage("here");
    flush();
    if (place.dataset.who) keepToday().catch(() => {});
  });
  if (place.dataset.worker) navigator.serviceWorker?.register(place.dataset.worker).catch(() => {});
  if (channel) {
    channel.onmessage = async ({ data }) => {
      if (!busy.size) await read();
      tell();
      if (data === "here" && (why === "out" || why === "other")) now();
    };
  }
  // A form not sent: its page stayed.
  let unsent = null;
  navigator.serviceWorker?.addEventListener("message", () => {
    const form = document.querySelector("form[data-sent]");
    if (!form) return;
    unsent?.remove();
    unsent = form.appendChild(speak(words.unsent, "waits"));
    unsent.setAttribute("role", "alert");
    document.dispatchEvent(new Event("form:unsent"));
  });
  addEventListener("online", now);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") now();
  });

  return {
    ready,
    add,
    change,
    forget,
    flush,
    line,
    newId: () => crypto.randomUUID(),
    ofRow,
    waits,
    icon,
    speak,
    made,
    free: (tap) => busy.delete(tap.client_id),
    of: (meeting, sealed) => taps.filter((tap) => tap.meeting === meeting && !tap.sealed === !sealed),
    words,
    login: place.dataset.login,
    get who() {
      return who;
    },
  };
})();
