/* The search field: "/" goes there, arrows and Enter choose, Esc closes. Without this it is a form. */
(() => {
  "use strict";

  const field = () => document.querySelector("[data-finder]");
  const box = () => document.getElementById("finder-hits");
  const hits = () => [...box().querySelectorAll("a.hit")];
  const isPanel = () => field().dataset.finder === "panel";
  const close = () => {
    htmx.trigger(field(), "htmx:abort");
    box().replaceChildren();
  };
  const types = (at) => at.closest("input, select, textarea, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (!field() || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "/" && !types(at)) {
      event.preventDefault();
      if (field().offsetParent) field().select();
      else document.querySelector(".finder__way").click();
      return;
    }
    const here = hits().indexOf(at.closest("a.hit"));
    if (at !== field() && here < 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const to = here + (event.key === "ArrowDown" ? 1 : -1);
      const next = to < 0 ? field() : hits()[to];
      if (next) {
        event.preventDefault();
        next.focus();
      }
    } else if (event.key === "Escape" && isPanel()) {
      event.preventDefault();
      if (!box().childElementCount) field().value = "";
      close();
      field().focus();
    } else if (event.key === "Enter" && at === field() && isPanel() && !("stale" in box().dataset) && hits()[0]) {
      event.preventDefault();
      hits()[0].click();
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target === field()) box().dataset.stale = "";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== box()) return;
    delete box().dataset.stale;
    for (const pages of document.querySelectorAll(".hits--page + .pages")) pages.remove();
  });
  const leaves = (event) => {
    if (field() && isPanel() && !event.target.closest(".finder, .hits")) close();
  };
  document.addEventListener("click", leaves);
  document.addEventListener("focusin", leaves);
})();
