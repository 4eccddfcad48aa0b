/* Keeps what is typed one second later, and says so only after the server did. Without this file a
   form is kept when it comes in after a time-out. */
(() => {
  "use strict";

  const AFTER = 1000; // of quiet
  const LONGEST = 5000; // while somebody goes on typing
  const watched = new Map(); // form -> what we know of it
  const clock = new Intl.DateTimeFormat("nl", { hour: "2-digit", minute: "2-digit" });

  const say = (mine, word) => {
    if (!mine.line) {
      mine.line = document.createElement("p");
      mine.line.className = "draft-state quiet";
      mine.line.setAttribute("role", "status");
      const actions = mine.form.querySelector(".actions");
      if (actions) actions.before(mine.line);
      else mine.form.append(mine.line);
    }
    if (mine.line.textContent !== word) mine.line.textContent = word;
  };

  const typed = (form) => {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const kind = form.elements.namedItem(name)?.type;
      if (typeof value === "string" && kind !== "password") body.append(name, value);
    }
    return body;
  };

  const later = (mine, wait) => {
    clearTimeout(mine.timer);
    mine.timer = setTimeout(() => keep(mine), wait);
  };

  // Signed in again in another tab: this page gets that session's check, if it is the same person's.
  const checkAgain = async (mine) => {
    const answer = await fetch(mine.ticket.dataset.url, { redirect: "manual" });
    if (!answer.ok) return false;
    const now = await answer.json();
    if (now.who !== mine.ticket.dataset.who) return false;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = now.check;
    return true;
  };

  const keep = async (mine, { leaving = false, again = true } = {}) => {
    clearTimeout(mine.timer);
    if (!mine.dirty || (mine.sent && !leaving)) return;
    if (mine.busy && !leaving) return mine.busy;
    mine.dirty = false;
    mine.since = 0;
    mine.turn = Math.max(Date.now(), mine.turn + 1);
    const body = typed(mine.form);
    body.set("draft_turn", mine.turn);
    const token = mine.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const sending = (async () => {
      const answer = await fetch(mine.ticket.dataset.url, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        body,
        keepalive: leaving && String(body).length < 60000,
        redirect: "manual",
      });
      if (answer.status === 409 && mine.sent) return; // its form came in first: saved is saved
      if (answer.status === 409 && again) {
        const own = await answer.json();
        mine.ticket.value = own.ticket;
        mine.ticket.dataset.draft = own.draft;
        mine.dirty = true;
        mine.busy = null;
        return keep(mine, { leaving, again: false });
      }
      if (answer.ok) {
        mine.kept = true;
        mine.wait = 0;
        if (!mine.dirty) say(mine, `${mine.ticket.dataset.kept}, ${clock.format()}`);
      } else if (answer.status === 413) {
        say(mine, mine.ticket.dataset.large);
      } else if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") {
        mine.dirty = true;
        if (answer.status === 403 && again && (await checkAgain(mine))) {
          mine.busy = null;
          return keep(mine, { leaving, again: false });
        }
        say(mine, mine.ticket.dataset.out);
      } else throw new Error(String(answer.status));
    })().catch(() => {
      mine.dirty = true;
      mine.wait = Math.min(30000, (mine.wait || 1000) * 2);
      say(mine, mine.ticket.dataset.waits);
      later(mine, mine.wait);
    });
    mine.busy = sending;
    await sending;
    if (mine.busy === sending) mine.busy = null;
    if (mine.dirty && !mine.wait && mine.since) later(mine, AFTER);
  };

  const noted = (event) => {
    const form = event.target.form || event.target.closest("form");
    const mine = watched.get(form);
    if (!mine || event.target.type === "password" || event.target.type === "file") return;
    const now = Date.now();
    mine.dirty = true;
    mine.sent = false;
    mine.since = mine.since || now;
    mine.wait = 0;
    if (mine.kept) say(mine, mine.ticket.dataset.waits);
    later(mine, Math.max(0, Math.min(AFTER, mine.since + LONGEST - now)));
  };

  const keepAll = () => {
    for (const mine of watched.values()) if (mine.dirty) keep(mine, { leaving: true });
  };

  // Another form of the page is sent: first keep this one, then let it go, and let it come back.
  document.addEventListener(
    "submit",
    async (event) => {
      const sent = event.target;
      const own = watched.get(sent);
      if (own) {
        own.sent = true;
        keep(own, { leaving: true });
      }
      const others = [...watched.values()].filter((mine) => mine.form !== sent && (mine.dirty || mine.kept));
      if (!others.length || sent.dataset.beside || sent.method !== "post" || sent.hasAttribute("hx-post")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      sent.dataset.beside = "1";
      const waited = new Promise((done) => setTimeout(done, 3000));
      await Promise.race([Promise.all(others.map((mine) => keep(mine))), waited]);
      for (const mine of others) {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = "draft_beside";
        field.value = mine.ticket.dataset.draft;
        sent.append(field);
      }
      sent.requestSubmit(event.submitter);
      delete sent.dataset.beside;
    },
    true,
  );
  document.addEventListener("input", noted);
  document.addEventListener("change", noted);
  document.addEventListener("form:unsent", () => {
    for (const mine of watched.values()) mine.sent = false;
  });
  window.addEventListener("online", () => {
    for (const mine of watched.values()) if (mine.dirty) later(mine, 0);
  });
  window.addEventListener("pagehide", keepAll);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keepAll();
  });

  // Both wrote: what the colleague wrote comes into the field; nothing is saved before somebody presses.
  const take = (button) => {
    let first = null;
    for (const [name, told] of Object.entries(JSON.parse(button.dataset.theirs))) {
      for (const field of button.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = told.includes(field.value);
        else field.value = told[0] ?? "";
        if (!first || field.checked) first = field;
      }
    }
    if (!first) return;
    first.dispatchEvent(new Event("change", { bubbles: true }));
    first.focus();
  };
  for (const button of document.querySelectorAll("[data-theirs]")) {
    button.hidden = false;
    button.addEventListener("click", () => take(button));
  }

  for (const ticket of document.querySelectorAll("input[name=draft][data-draft]")) {
    watched.set(ticket.form, { form: ticket.form, ticket, turn: 0, kept: false, dirty: false });
  }
})();
