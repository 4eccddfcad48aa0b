/* How many signs are left on the card. Without it the page works too. */
(() => {
  "use strict";
  for (const line of document.querySelectorAll("[data-count-for]")) {
    const field = document.getElementById(line.dataset.countFor);
    if (!field || field.maxLength < 0) continue;
    const show = () => {
      const left = field.maxLength - field.value.length;
      line.textContent = line.dataset.countWords.replace("{n}", left);
      line.hidden = field.value.length === 0;
    };
    field.addEventListener("input", show);
    show();
  }
})();
