/* What is ticked counts along: in the words of the act, in the total and in the row of marks. */
(() => {
  "use strict";

  const form = document.querySelector("form.year");
  const act = form && form.querySelector("[data-plan-act]");
  const total = document.querySelector("[data-plan-total]");
  if (!act || !total) return;

  const filled = (words, n) => words.replace("{n}", n);

  const count = () => {
    let n = form.elements.other && form.elements.other.value ? 1 : 0;
    for (const box of form.querySelectorAll("[data-plan-day]")) {
      if (box.checked) n += 1;
      const place = document.querySelector(`[data-plan-mark="${CSS.escape(box.value)}"]`);
      if (!place) continue;
      const kind = box.checked ? "proposed" : "free";
      place.firstElementChild.className = `mark mark--${kind}`;
    }
    const { one, many, none } = act.dataset;
    act.textContent = n === 0 ? none : n === 1 ? one : filled(many, n);
    total.textContent = filled(total.dataset.words, Number(total.dataset.stands) + n);
  };

  form.addEventListener("change", count);
  window.addEventListener("pageshow", count);
  count();
})();
