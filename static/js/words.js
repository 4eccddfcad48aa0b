/* What somebody types who is not signed in stays in this tab: through Back, reload, an error, another
   language. Nothing of it is sent. It goes with the tab, after half an hour without typing,
   with the thank-you page ([data-words-done]), and with "leegmaken". Never a code, a password or a
   file, nor what [data-words-not] marks. `data-words` of a form is the name its words lie under. */
(() => {
  "use strict";
  const PREFIX = "words:", KEPT = 30 * 60 * 1000;
  const NEVER = ["hidden", "password", "file", "submit", "button", "reset", "image"];
  let store;
  try {
    store = window.sessionStorage;
    store.getItem(PREFIX);
  } catch {
    return; // a browser that keeps nothing: the page works as without this
  }
  const forms = () => document.querySelectorAll("form[data-words]");
  const place = (form) => PREFIX + form.dataset.words;

  const forget = () => {
    for (const key of Object.keys(store)) if (key.startsWith(PREFIX)) store.removeItem(key);
  };

  const kept = (form) => {
    try {
      const found = JSON.parse(store.getItem(place(form)));
      if (found && Date.now() - found.at < KEPT) return found.words;
    } catch {
      // not ours, or torn
    }
    store.removeItem(place(form));
    return null;
  };

  const fields = (form) =>
    [...form.elements].filter(
      (field) =>
        field.name &&
        field.tagName !== "FIELDSET" &&
        !NEVER.includes(field.type) &&
        field.autocomplete !== "one-time-code" &&
        !field.hasAttribute("data-words-not"),
    );
  const ticked = (field) => field.type === "radio" || field.type === "checkbox";
  const posted = (form) => form.dataset.posted === "POST"; // the page is the answer to what was sent
  const name = (field) => (ticked(field) ? `${field.name}=${field.value}` : field.name);
  const value = (field) => (ticked(field) ? field.checked : field.value);
  const given = (field) => {
    if (ticked(field)) return field.defaultChecked;
    if (field.tagName !== "SELECT") return field.defaultValue;
    const chosen = [...field.options].find((option) => option.defaultSelected) || field.options[0];
    return chosen ? chosen.value : "";
  };

  // With each word stands what the page itself had put there: where it gives something else now
  // (another postcode was looked up), the page's own counts.
  // Says to the server that the words are here: it may lead on to a page of its own.
  const inTheTab = () =>
    Object.assign(document.createElement("input"), { type: "hidden", name: "in-de-tab", value: "1" });

  const keep = (form) => {
    const before = kept(form) || {}, words = {};
    let typed = false;
    for (const field of fields(form)) {
      const was = before[name(field)];
      const base = posted(form) ? (was ? was[1] : ticked(field) ? false : "") : given(field);
      words[name(field)] = [value(field), base];
      typed ||= value(field) !== base;
    }
    if (typed) store.setItem(place(form), JSON.stringify({ at: Date.now(), words }));
    else store.removeItem(place(form));
  };

  const bring = (form) => {
    const words = kept(form);
    if (!words) return;
    let back = false;
    for (const field of fields(form)) {
      const [word, base] = words[name(field)] || [];
      const own = given(field);
      if (word === undefined || word === value(field) || (own && own !== base)) continue;
      if (ticked(field)) field.checked = word;
      else field.value = word;
      back = true;
      const folded = field.closest("details");
      if (folded) folded.open = true;
    }
    const said = back && document.querySelector("[data-words-back]");
    if (said) said.hidden = false;
  };

  if (document.querySelector("[data-words-done]")) forget();
  for (const form of forms()) {
    if (posted(form)) {
      history.replaceState(null, "", location.href); // from now on Back and reload ask for the page
      keep(form);
    } else {
      bring(form);
    }
  }
  for (const kind of ["input", "change", "submit"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.form || event.target;
      if (!form.matches || !form.matches("form[data-words]")) return;
      keep(form);
      if (kind === "submit" && !form.elements["in-de-tab"]) form.append(inTheTab());
    });
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-words-clear]")) return;
    forget();
    location.replace(location.href);
  });
  // Shown again out of the browser's memory after the words were given away, or cleared elsewhere.
  // Browsers also fill in by themselves what stood in a page that Back asks for anew.
  window.addEventListener("pageshow", (event) => {
    for (const form of forms())
      if ((event.persisted || !posted(form)) && !kept(form)) form.reset();
  });
})();
