/* A line with its moment, without a connection: sealed on this phone as it is typed, shown as not
   sent yet, and sent once by the queue. Without a key for it (nothing is kept here) a form stays as
   it is until there is a connection. */
document.addEventListener("DOMContentLoaded", () => {
  "use strict";

  const form = document.querySelector("form[data-line]");
  const queue = typeof eveningQueue === "undefined" ? null : eveningQueue;
  if (!form || !queue || !self.crypto?.subtle) return;
  const field = form.elements.text;
  const list = document.getElementById("waiting-lines");
  const MOST = 10000; // of more the sealed line would not fit in one sending
  let evening = null;

  // The words

  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const text64 = (some) => btoa(Array.from(some, (one) => String.fromCharCode(one)).join(""));
  const lock = async (nonce, id) => {
    const [, raw] = evening.seal.split(":");
    const key = await crypto.subtle.importKey("raw", bytes(raw), "AES-GCM", false, ["encrypt", "decrypt"]);
    return [{ name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(id) }, key];
  };
  const seal = async (text, id) => {
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const box = await crypto.subtle.encrypt(...(await lock(nonce, id)), new TextEncoder().encode(text));
    return `${evening.seal.split(":")[0]}:${text64([...nonce, ...new Uint8Array(box)])}`;
  };
  const open = async (sealed, id) => {
    const box = bytes(sealed.split(":")[1]);
    return new TextDecoder().decode(await crypto.subtle.decrypt(...(await lock(box.slice(0, 12), id)), box.slice(12)));
  };

  // What is being typed outlives an empty battery, until it is written or the names go

  const typing = () => `~${queue.who}`;
  let pausing = 0;
  let sent = false; // as a form, by the page itself
  const keepTyped = async () => {
    clearTimeout(pausing);
    if (!evening || sent) return;
    const { value } = field;
    if (!value) return eveningStore.drop("taps", [typing()]);
    const sealed = await seal(value, typing());
    if (field.value === value) await eveningStore.put("taps", [{ client_id: typing(), who: "", meeting: evening.meeting, sealed }]);
  };
  field.addEventListener("input", () => {
    clearTimeout(pausing);
    pausing = setTimeout(keepTyped, 200);
  });
  addEventListener("pagehide", keepTyped);
  addEventListener("pageshow", () => (sent = false));
  document.addEventListener("visibilitychange", () => document.hidden && keepTyped());
  const typedBefore = async () => {
    const kept = (await eveningStore.all("taps")).find((one) => one.client_id === typing() && one.meeting === evening.meeting);
    if (kept && !field.value) field.value = await open(kept.sealed, typing());
  };

  // Writing

  const fits = () => evening && field.value.length <= MOST;
  let writing = false;
  const write = async () => {
    if (writing) return;
    writing = true;
    const id = form.elements.client_id?.value || crypto.randomUUID();
    const at = new Date(Date.now() + evening.ahead).toISOString();
    try {
      const line = { client_id: id, participant: id, meeting: evening.meeting, at, sealed: await seal(field.value, id) };
      if (!queue.of(evening.meeting, true).some((one) => one.client_id === id)) queue.add([line]);
      if (form.elements.client_id) form.elements.client_id.value = crypto.randomUUID();
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      form.querySelector(":scope > [role=alert]")?.remove();
      queue.flush();
    } finally {
      writing = false;
    }
  };

  form.addEventListener("submit", (event) => {
    if (fits() && (form.method !== "post" || !navigator.onLine || queue.of(evening.meeting, true).length)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      write();
    } else if (evening) {
      sent = true;
      clearTimeout(pausing);
      eveningStore.drop("taps", [typing()]).catch(() => {});
    }
  });
  document.addEventListener("form:unsent", () => {
    if (!sent) return;
    sent = false;
    if (fits()) write();
  });

  // Showing

  const time = (at) => new Intl.DateTimeFormat("nl", { timeZone: "Europe/Amsterdam", hour: "2-digit", minute: "2-digit" }).format(new Date(at));
  const draw = async () => {
    if (!evening) return;
    for (const line of queue.of(evening.meeting, true)) {
      if (document.getElementById(`line-${line.client_id}`)) continue;
      const item = queue.made("li", { id: `line-${line.client_id}` });
      const chip = queue.made("span", { className: "chip chip--waits" });
      chip.append(...queue.icon("clock"), form.dataset.unsent);
      const head = queue.made("p");
      head.append(queue.made("b", { textContent: time(line.at) }), " ", chip);
      item.append(head);
      list.append(item);
      const words = await open(line.sealed, line.client_id).catch(() => "");
      if (words.trim()) item.append(queue.made("p", { className: "lines__text", dir: "auto", textContent: words }));
    }
    list.hidden = !list.children.length;
  };
  document.addEventListener("queue:changed", ({ detail: { answers } }) => {
    const waits = evening ? queue.of(evening.meeting, true).map((one) => `line-${one.client_id}`) : [];
    const done = (answers || []).filter((one) => one.http < 400).map((one) => `line-${one.client_id}`);
    for (const item of list.querySelectorAll("li")) {
      const chip = item.querySelector(".chip");
      if (!chip || waits.includes(item.id)) continue;
      if (done.includes(item.id)) chip.remove();
      else item.remove();
    }
    draw();
  });

  const begin = async (found) => {
    evening = found?.seal ? found : null;
    if (!evening) return;
    form.closest("[hidden]")?.removeAttribute("hidden");
    await queue.ready;
    await typedBefore().catch(() => {});
    draw();
  };
  // On the page without a connection it is known which evening only after the drawing.
  document.addEventListener("line:of", (event) => begin(event.detail));
  if (form.dataset.line) {
    eveningStore.all("evenings").then((kept) => begin(kept.find((one) => one.meeting === form.dataset.line && one.who === queue.who)), () => {});
  }
});
