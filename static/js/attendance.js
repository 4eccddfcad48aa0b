/* The sheet: a tap shows at once, as not sent yet, until the server has it. Works without too. */
document.addEventListener("DOMContentLoaded", () => {
  "use strict";

  const place = document.querySelector("[data-evening]");
  const queue = typeof eveningQueue === "undefined" ? null : eveningQueue;
  if (!place) return;
  const words = JSON.parse(place.dataset.words);
  const meeting = () => place.dataset.evening;
  const KINDS = { present: "done", absent_with_notice: "waits", absent_without_notice: "needs", not_recorded: "neutral" };
  const sent = new Map(); // form of a row -> its tap that is under way
  const before = new WeakMap(); // element -> how the server drew it
  const notes = new Map(); // row -> what has to be said in it

  const unsent = () => (queue ? queue.of(meeting()) : []);
  const rowOf = (form) => form.closest("li").id.replace("row-", "");
  const ofRow = (participant) => (queue ? queue.ofRow(meeting(), participant) : []);
  const forms = () => [...document.querySelectorAll("#evening [data-row]")];
  const stateOf = (form) => (form.dataset.state === "proposed" ? "not_recorded" : form.dataset.state);
  const shownIn = (form) => ofRow(rowOf(form)).at(-1)?.status || stateOf(form);
  const quickFrom = (status) =>
    status === "not_recorded" || status === "present" ? "absent_without_notice" : "present";
  // What this button makes of the row as it is shown, also before it was drawn anew.
  const wishOf = (form, button) => {
    const earlier = ofRow(rowOf(form)).at(-1);
    if (!earlier) return button.value;
    return button.id.startsWith("quick-") ? quickFrom(earlier.status) : words.next[earlier.status];
  };
  const nameIn = (form) => form.querySelector("[id^=tap-] .visually-hidden").textContent.replace(/: ?$/, "");

  const hidden = (textContent) => queue.made("span", { className: "visually-hidden", textContent });
  const silent = (textContent) => queue.made("span", { ariaHidden: "true", textContent });
  const keepDrawn = (element) => {
    if (!before.has(element)) before.set(element, [element.className, element.innerHTML, element.value]);
  };
  const drawAgain = (element) => {
    if (!before.has(element)) return;
    const [name, inner, value] = before.get(element);
    before.delete(element);
    element.className = name;
    element.innerHTML = inner;
    if (value !== undefined) element.value = value;
  };

  const drawRow = (form) => {
    const row = form.closest("li");
    const tap = ofRow(rowOf(form)).at(-1);
    const [quick, main] = ["quick", "tap"].map((kind) => form.querySelector(`[id^=${kind}-]`));
    if (!quick || !main) return;
    const isDrawn = main.classList.contains("attendance__state--unsent");
    if (row.dataset.unsent === (tap?.client_id || "") && isDrawn === Boolean(tap)) return;
    if (!tap) {
      drawAgain(quick);
      drawAgain(main);
      row.dataset.unsent = "";
      return;
    }
    keepDrawn(quick);
    keepDrawn(main);
    const name = nameIn(form);
    const { status } = tap;
    const next = words.next[status];
    const other = quickFrom(status);
    main.className = `attendance__state attendance__state--${status} attendance__state--unsent`;
    main.value = next;
    const word = status === "not_recorded" ? [silent("?"), hidden(words.states[status])] : [words.states[status]];
    main.replaceChildren(
      hidden(`${name}: `),
      ...(queue?.icon("clock") || []),
      ...word,
      hidden(`, ${words.unsent}. ${words.then}: ${words.states[next]}`),
    );
    quick.value = other;
    quick.replaceChildren(silent(other === "present" ? "✓" : "✕"), hidden(`${name}: ${words.states[other]}`));
    row.dataset.unsent = tap.client_id;
  };

  const drawNote = (row) => {
    const told = notes.get(row.id.replace("row-", ""));
    const has = row.querySelector("[data-note]");
    if (has?.dataset.note === told?.text) return;
    has?.remove();
    row.classList.toggle("attendance--clash", Boolean(told));
    if (!told) return;
    const note = queue.made("p", { className: "attendance__clash", textContent: told.text });
    note.setAttribute("role", "alert");
    note.dataset.note = told.text;
    if (told.link) note.append(" ", queue.made("a", { href: told.link, textContent: words.look }));
    row.append(note);
  };

  const inNumber = (text, n) => text.replace(/\d+/, n);

  const drawCounts = () => {
    const counts = document.getElementById("counts");
    const all = document.getElementById("everyone");
    if (!counts) return;
    if (!unsent().length) {
      if (before.has(counts) && all) {
        drawAgain(all);
        all.form.hidden = false;
      }
      return drawAgain(counts);
    }
    keepDrawn(counts);
    const n = {};
    for (const form of forms()) n[shownIn(form)] = (n[shownIn(form)] || 0) + 1;
    for (const [state, tone] of Object.entries(KINDS)) {
      let chip = counts.querySelector(`.chip--${tone}`);
      const many = n[state] || 0;
      if (!chip && !many) continue;
      if (!chip) {
        chip = queue.made("span", { className: `chip chip--${tone}`, textContent: words.counts[state].replace("{n}", "0") });
        counts.append(chip);
      }
      if (chip.textContent.match(/\d+/)?.[0] !== String(many)) chip.innerHTML = inNumber(chip.innerHTML, many);
      chip.hidden = !many && state !== "present";
    }
    if (!all) return;
    keepDrawn(all);
    const open = n.not_recorded || 0;
    if (all.textContent.match(/\d+/)?.[0] !== String(open)) all.textContent = inNumber(all.textContent, open);
    all.form.hidden = !open;
  };

  const drawFoot = () => {
    const foot = document.querySelector("#evening:not([hidden]) .evening-foot");
    if (!foot || !queue) return;
    const line = queue.line();
    const had = foot.querySelector(".unsent");
    if (line?.textContent !== had?.textContent) {
      had?.remove();
      if (line) foot.append(line);
    }
    foot.querySelector("#saved").hidden = Boolean(line);
    let back = document.getElementById("undo-unsent");
    if (document.getElementById("undo") || !unsent().length) back?.closest("form").remove();
    else if (!back) {
      back = queue.made("button", { id: "undo-unsent", type: "button", className: "button button--quiet button--wide", textContent: words.undo });
      back.addEventListener("click", takeBack);
      const form = queue.made("form");
      form.append(back);
      foot.querySelector(".evening-foot__acts")?.append(form);
    }
  };

  const watched = document.querySelector("main");
  const watcher = new MutationObserver(() => draw());
  let drawing = 0;
  const drawSoon = () => {
    clearTimeout(drawing);
    drawing = setTimeout(draw);
  };
  const draw = () => {
    for (const form of forms()) drawRow(form);
    for (const row of document.querySelectorAll("#evening li[id^=row-]")) drawNote(row);
    drawCounts();
    drawFoot();
    watcher.takeRecords();
    remember();
  };

  let remembering = 0;
  const remember = () => {
    clearTimeout(remembering);
    remembering = setTimeout(async () => {
      if (!queue?.who || typeof eveningStore === "undefined") return;
      const found = (await eveningStore.all("evenings").catch(() => [])).find(
        (one) => one.meeting === meeting() && one.who === queue.who,
      );
      if (!found) return;
      const seen = new Map(forms().map((form) => [rowOf(form), form]));
      for (const row of found.rows) {
        const form = seen.get(row.participant);
        if (!form) continue;
        row.status = stateOf(form);
        row.version = Number(form.elements.version.value);
        row.proposed = form.dataset.state === "proposed";
      }
      await eveningStore.put("evenings", [found]).catch(() => {});
    }, 300);
  };

  // Taps

  const tapOf = (form, status, more = {}) => {
    const participant = rowOf(form);
    const earlier = ofRow(participant).at(-1);
    return {
      meeting: meeting(),
      participant,
      status,
      prev: shownIn(form),
      base_version: earlier ? earlier.base_version + 1 : Number(form.elements.version.value),
      client_id: queue.newId(),
      ...more,
    };
  };

  const isLater = (form) => !self.htmx || !navigator.onLine || unsent().some((tap) => !sentNow(tap)) || sent.has(form);
  const sentNow = (tap) => [...sent.values()].some((one) => one.client_id === tap.client_id);

  const everyone = (act) => {
    const open = forms().filter((form) => shownIn(form) === "not_recorded");
    const told = (form) => form.dataset.state === "proposed" && !ofRow(rowOf(form)).length;
    queue.add(open.map((form) => tapOf(form, told(form) ? "absent_with_notice" : "present", { act })));
  };

  const takeBack = () => {
    const mine = unsent().filter((tap) => !tap.undone);
    const last = mine.at(-1);
    if (!last) return;
    const act = mine.filter((tap) => (tap.act || tap.client_id) === (last.act || last.client_id)).reverse();
    queue.forget(act.filter((tap) => !tap.tried));
    const tried = act.filter((tap) => tap.tried);
    for (const tap of tried) tap.undone = true;
    queue.change(tried);
    const again = queue.newId();
    const rows = new Map(forms().map((form) => [rowOf(form), form]));
    const back = tried.filter((tap) => rows.has(tap.participant));
    queue.add(back.map((tap) => tapOf(rows.get(tap.participant), tap.prev, { act: again, undone: true })));
    drawSoon();
    queue.flush();
  };

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!queue) return;
      const stop = () => {
        event.preventDefault();
        event.stopImmediatePropagation();
      };
      say("");
      if (form.matches("[data-row]") && event.submitter) {
        notes.delete(rowOf(form));
        if (isLater(form)) {
          stop();
          queue.add([tapOf(form, wishOf(form, event.submitter))]);
        } else {
          const own = { client_id: form.elements.client_id.value };
          const [tap] = queue.add([tapOf(form, event.submitter.value, own)], { isSent: true });
          sent.set(form, tap);
          form.setAttribute("aria-busy", "true");
          return;
        }
      } else if (form.querySelector("#everyone") && (!self.htmx || !navigator.onLine || unsent().length)) {
        stop();
        everyone(queue.newId());
      } else if (form.querySelector("#undo") && unsent().length) {
        stop();
        takeBack();
      } else if (form.querySelector("#undo") && (!self.htmx || !navigator.onLine)) {
        stop();
        say(words.undo_later);
      } else {
        return;
      }
      drawSoon();
      queue.flush();
    },
    true,
  );

  const say = (text) => {
    const line = document.querySelector("[data-offline]");
    if (!line) return;
    line.hidden = !text;
    if (text) line.textContent = text;
  };

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.closest?.("#evening")) event.detail.timeout = 10000;
  });

  // Somebody else was first: 409 brings their value, and it is shown.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // Two taps may be answered in the other order: what was counted earlier never covers what came later.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const comes = event.detail.fragment.firstElementChild;
    if (Number(comes?.dataset.savedAt) < Number(event.detail.target.dataset.savedAt)) {
      event.detail.shouldSwap = false;
    }
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, xhr } = event.detail;
    const form = elt.closest?.("#evening form, #evening a");
    if (form) xhr.addEventListener("loadend", () => answered(form, xhr));
  });

  const answered = (form, xhr) => {
    const tap = sent.get(form);
    const fault = xhr.status >= 500 || xhr.status === 429 ? "server" : xhr.status ? "" : "network";
    const goes = xhr.status ? xhr.getResponseHeader("HX-Redirect") : "";
    sent.delete(form);
    form.removeAttribute("aria-busy");
    if (!queue || (!tap && !form.querySelector("#everyone"))) {
      say(fault && words[`${form.href ? "no" : "not"}_${fault}`]);
      return;
    }
    if (!tap) {
      if (!fault) return;
      everyone(form.elements.client_id.value);
      queue.waits(fault);
      return;
    }
    queue.free(tap);
    if (fault) queue.waits(fault);
    else if (goes?.startsWith(queue.login)) return;
    else if (xhr.status === 409) queue.forget(ofRow(tap.participant));
    else if (xhr.status < 400) queue.forget([tap]);
    else if (xhr.status !== 403) {
      queue.forget([tap]);
      say(words.refused);
    }
    drawSoon();
    queue.flush();
  };

  // What the queue was answered

  const sentence = (answer) =>
    words.clash
      .replace("{who}", answer.by)
      .replace("{state}", words.states[answer.status])
      .replace("{at}", answer.at ? answer.at.slice(11, 16) : "");

  document.addEventListener("queue:changed", async (event) => {
    const { answers } = event.detail;
    if (answers && event.detail.meeting === meeting()) {
      for (const answer of answers) {
        if (answer.http < 400) continue;
        const late = answer.outcome === "late";
        notes.set(answer.participant, {
          text: answer.outcome === "stale" ? sentence(answer) : answer.detail,
          link: late ? `/avonden/${meeting()}/${answer.participant}/` : "",
        });
      }
      if (self.htmx) await htmx.ajax("GET", location.pathname, { target: "#evening", select: "#evening", swap: "outerHTML" });
    }
    drawSoon();
  });

  document.addEventListener("htmx:afterSettle", drawSoon);

  // A tap that came after the time-out goes once more, with its own id: the page after it says how.
  document.querySelector("[data-resend]")?.requestSubmit();
  watcher.observe(watched, { childList: true, subtree: true });
  queue?.ready.then(draw);
  document.addEventListener("evening:drawn", draw);
});
