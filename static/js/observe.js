/* Takes a row away in the page itself; those below it move up. Without this file the server does. */
(() => {
  "use strict";
  const form = document.getElementById("observe");
  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=drop]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    const fields = [...row.parentElement.querySelectorAll("textarea")];
    const first = fields.indexOf(row.querySelector("textarea"));
    for (let n = first; n < fields.length; n++) fields[n].value = fields[n + 1]?.value ?? "";
    changed(fields[first]);
    fields[first].focus();
  });
  if (form.hasAttribute("data-carried")) addEventListener("load", () => changed(form.elements.behaviour));
})();
