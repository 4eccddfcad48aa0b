/* A tap on an answer sends it and brings the next question. Keys only choose: then "Next" sends,
   so nobody is carried away while moving through the answers. Without this file "Next" does it all. */
(() => {
  "use strict";

  const form = document.querySelector("[data-question]");
  if (!form) return;
  const next = form.querySelector("[data-next]");
  let tapped = false;

  if (!next.hasAttribute("data-given")) next.classList.add("until-needed");
  document.addEventListener("pointerdown", () => (tapped = true), true);
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Shift" || event.key === "Control" || event.key === "Alt") return;
      tapped = false;
      next.classList.remove("until-needed");
    },
    true,
  );
  form.addEventListener("click", (event) => {
    if (event.target.type !== "radio") return;
    if (tapped) form.requestSubmit(next);
    else next.classList.remove("until-needed");
  });
})();
