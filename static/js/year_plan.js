/* What is ticked counts along: in the words of the act, in the total and in the row of marks. */
(() => {
  "use strict";

  const form = document.querySelector("form.year");
  const act = form && form.querySelector("[data-plan-act]");
  const total = document.querySelector("[data-plan-total]");
  if (!act || !total) return;

  const filled = (words, n) => words.replace("{n}", n);

  const marks = document.querySelector(".year__marks");
  const say = (kind, n) => {
    const line = document.querySelector(`[data-plan-legend="${kind}"] span span`);
    if (line) line.textContent = n;
  };
  const passedOver = marks ? marks.querySelectorAll("li:not([data-plan-mark]) .mark--free").length : 0;

  const count = () => {
    const other = form.elements.other && form.elements.other.value ? 1 : 0;
    let ticked = 0;
    let left = passedOver;
    for (const box of form.querySelectorAll("[data-plan-day]")) {
      if (box.checked) ticked += 1;
      else left += 1;
      const place = marks && marks.querySelector(`[data-plan-mark="${CSS.escape(box.value)}"]`);
      if (!place) continue;
      const kind = box.checked ? "proposed" : "free";
      place.querySelector(".mark").className = `mark mark--${kind}`;
      place.querySelector("span span").textContent = marks.dataset[kind];
    }
    say("proposed", ticked);
    say("free", left);
    const n = ticked + other;
    const { one, many, none } = act.dataset;
    act.textContent = n === 0 ? none : n === 1 ? one : filled(many, n);
    total.textContent = filled(total.dataset.words, Number(total.dataset.stands) + n);
  };

  form.addEventListener("change", count);
  window.addEventListener("pageshow", count);
  count();
})();
