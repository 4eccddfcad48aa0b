/* A tapped example stands in the field without a new page. What somebody wrote is never replaced. */
(() => {
  "use strict";

  const field = document.getElementById("id_text");
  const folded = document.querySelector("[data-examples]");
  if (!field || !folded) return;
  let placed = "";

  folded.addEventListener("click", (event) => {
    const link = event.target.closest("[data-example]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const own = field.value.trim();
    const words = link.textContent.trim();
    field.value = own && own !== placed ? `${own} ${words}` : words;
    placed = field.value === words ? words : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    folded.open = false;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
})();
