/* The evening sheet: *Bel* unfolds the row and dials at once; the number stays there as a link. */
(() => {
  "use strict";

  document.addEventListener("htmx:afterSettle", (event) => {
    const unfolded = event.target.querySelector?.(".attendance__call-out");
    if (!unfolded || unfolded.dataset.seen) return;
    unfolded.dataset.seen = "1";
    const dial = unfolded.querySelector("[data-dial]");
    unfolded.querySelector("a, button")?.focus({ preventScroll: true });
    if (dial && window.matchMedia("(pointer: coarse)").matches) window.location.href = dial.href;
  });
})();
