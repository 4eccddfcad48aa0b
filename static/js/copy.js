/* A button that copies a ready text: [data-copy] names the field, [data-copied] what it then says. */
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!field) continue;
    const word = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        document.execCommand("copy"); // no clipboard without https, or it was refused
      }
      button.textContent = button.dataset.copied;
      setTimeout(() => (button.textContent = word), 3000);
    });
  }
})();
