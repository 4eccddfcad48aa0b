/* The page without a connection: today's names, states and numbers out of this phone's own store. */
document.addEventListener("DOMContentLoaded", () => {
  "use strict";

  const evening = document.getElementById("evening");
  const words = JSON.parse(evening.dataset.words);
  const show = (id) => {
    document.getElementById(id).hidden = false;
  };
  const make = (name, more = {}, ...inside) => {
    const made = Object.assign(document.createElement(name), more);
    made.append(...inside);
    return made;
  };
  const hidden = (text) => make("span", { className: "visually-hidden" }, text);
  const silent = (text) => {
    const made = make("span", {}, text);
    made.setAttribute("aria-hidden", "true");
    return made;
  };

  const word = (row) => {
    if (row.proposed) return [`${words.states.absent_with_notice}?`];
    if (row.status === "present") return [silent("✓ "), words.states.present];
    if (row.status !== "not_recorded") return [words.states[row.status]];
    return [silent("?"), hidden(words.states[row.status])];
  };

  const buttons = (form, row) => {
    const kind = row.proposed ? "proposed" : row.status;
    const next = row.proposed ? "absent_with_notice" : words.next[row.status];
    const away = (row.status === "not_recorded" || row.status === "present") && !row.proposed;
    const quick = away ? "absent_without_notice" : "present";
    form.dataset.row = "";
    form.dataset.state = kind;
    form.replaceChildren(
      make("input", { type: "hidden", name: "version", value: row.version }),
      make(
        "button",
        { className: "attendance__quick", id: `quick-${row.participant}`, name: "state", value: quick },
        silent(quick === "present" ? "✓" : "✕"),
        hidden(`${row.name}: ${words.states[quick]}`),
      ),
      make(
        "button",
        {
          className: `attendance__state attendance__state--${kind}`,
          id: `tap-${row.participant}`,
          name: "state",
          value: next,
        },
        hidden(`${row.name}: `),
        ...word(row),
        hidden(`. ${words.then}: ${words.states[next]}`),
      ),
    );
  };

  const line = (row, opened) => {
    const early = Date.now() + opened.ahead < opened.opens_at;
    const face = make("span", { className: "avatar avatar--neutral" }, [...row.name].slice(0, 2).join("").toUpperCase());
    face.setAttribute("aria-hidden", "true");
    const form = make("form", { className: "attendance__taps" });
    buttons(form, row);
    const name = make("span", { className: "attendance__name" }, row.name);
    const inside = early ? [face, name] : [face, name, form];
    return make("li", { className: "attendance", id: `row-${row.participant}` }, ...inside);
  };

  const number = (one) => {
    const link = make("a", { href: `tel:${one.number.replace(/[^+\d]/g, "")}` }, one.number);
    return make("li", {}, make("strong", {}, one.whose), one.name ? ` · ${one.name}` : "", " ", link);
  };

  const when = (told) => {
    const language = document.documentElement.lang;
    const zone = { timeZone: "Europe/Amsterdam" };
    const day = new Intl.DateTimeFormat(language, { ...zone, weekday: "short", day: "numeric", month: "short" });
    return `${day.format(new Date(told))} · ${told.slice(11, 16)}`;
  };

  const draw = async () => {
    await eveningStore.purge();
    const kept = await eveningStore.all("evenings");
    const here = kept.find((one) => location.pathname === `/avonden/${one.meeting}/`);
    const helps = kept.filter((one) => location.pathname === `/avonden/${one.meeting}/hulp/`);
    // Whom to ring stands on every page, on the help card of an evening on top.
    const near = here ? [here] : helps.length ? helps : kept;
    const numbers = near.flatMap((one) => one.numbers);
    document.getElementById("numbers").append(...numbers.map(number));
    if (numbers.length) show("ring");
    if (kept.length) show("until");
    if (near.length === 1) document.dispatchEvent(new CustomEvent("line:of", { detail: near[0] }));
    if (helps.length) {
      const help = document.getElementById("help");
      help.parentElement.prepend(help);
      document.getElementById("nothing").hidden = true;
      const [which, heading] = [document.getElementById("which"), document.querySelector("h1")];
      which.textContent = heading.textContent;
      heading.textContent = which.dataset.help;
      document.title = `${which.dataset.help} - Join Us`;
    }
    if (!here) {
      for (const one of kept) {
        const link = make("a", { href: `/avonden/${one.meeting}/` }, `${one.group} · ${when(one.starts_at)}`);
        document.getElementById("sheets").append(make("li", {}, link));
      }
      if (kept.length) ["others", "sheets"].forEach(show);
      return kept;
    }
    const which = document.getElementById("which");
    const heading = document.querySelector("h1");
    which.textContent = `${heading.textContent} · ${here.group} · ${when(here.starts_at)}`;
    heading.textContent = which.dataset.sheet;
    document.title = `${which.dataset.sheet} - Join Us`;
    document.getElementById("nothing").hidden = true;
    evening.dataset.evening = here.meeting;
    document.getElementById("people").append(...here.rows.map((row) => line(row, here)));
    const n = { present: 0 };
    for (const row of here.rows) n[row.status] = (n[row.status] || 0) + 1;
    const tones = { present: "done", absent_with_notice: "waits", absent_without_notice: "needs", not_recorded: "neutral" };
    for (const [state, many] of Object.entries(n)) {
      const chip = make("span", { className: `chip chip--${tones[state]}` }, words.counts[state].replace("{n}", many));
      document.getElementById("counts").append(chip);
    }
    const foot = document.getElementById("foot");
    foot.hidden = Date.now() + here.ahead < here.opens_at;
    document.getElementById("early").hidden = !foot.hidden;
    const all = document.getElementById("everyone");
    all.textContent = all.textContent.replace(/\d+/, n.not_recorded || 0);
    all.form.hidden = !n.not_recorded;
    show("evening");
    document.dispatchEvent(new CustomEvent("evening:drawn"));
    return [here];
  };

  const over = (kept) => {
    const first = Math.min(...kept.map((one) => one.until - one.ahead));
    // The names go at 04:00 by the clock of the server, also from a page that stands open.
    if (kept.length) setTimeout(() => location.reload(), Math.min(first - Date.now(), 2 ** 31 - 1));
  };

  // With a connection the page itself is better than this one, as soon as nothing waits.
  const back = () => {
    if (navigator.onLine && !document.querySelector(".unsent") && !document.querySelector("[data-line] textarea").value) location.reload();
  };

  draw().then(over, () => {}); // a browser that keeps nothing shows the help lines
  addEventListener("online", () => setTimeout(back, 300));
  document.addEventListener("queue:changed", (event) => event.detail.answers && setTimeout(back, 300));
});
