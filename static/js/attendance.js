/* The evening sheet: shows a tap at once, before the server answers. Without it the page works too. */
(() => {
  "use strict";

  const waiting = new Map(); // row id -> taps on the state button while one was on its way

  const show = (row, state) => {
    const button = row.querySelector(".attendance__state");
    if (!button) return;
    button.className = `attendance__state attendance__state--${state}`;
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest("[data-row]");
    const offline = document.querySelector("[data-offline]");
    if (offline) offline.hidden = true;
    if (!form) return;
    form.setAttribute("aria-busy", "true");
    const pressed = event.detail.requestConfig.triggeringEvent?.submitter;
    if (pressed) show(form, pressed.value);
  });

  // A quick second tap on a row that is being saved is made again on the row that comes back.
  document.addEventListener(
    "click",
    (event) => {
      const form = event.target.closest("[data-row][aria-busy='true']");
      const button = event.target.closest("button");
      if (!form || !button) return;
      event.preventDefault();
      event.stopPropagation();
      waiting.set(button.id, (waiting.get(button.id) || 0) + 1);
    },
    true,
  );

  // Somebody else was first: 409 brings their value, and it is shown.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // Two taps may be answered in the other order: what was counted earlier never covers what came later.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const comes = event.detail.fragment.firstElementChild;
    if (Number(comes?.dataset.savedAt) < Number(event.detail.target.dataset.savedAt)) {
      event.detail.shouldSwap = false;
    }
  });

  document.addEventListener("htmx:afterSettle", () => {
    for (const [id, times] of waiting) {
      const button = document.getElementById(id);
      if (!button || button.closest("[aria-busy='true']")) continue;
      if (times > 1) waiting.set(id, times - 1);
      else waiting.delete(id);
      button.click();
    }
  });

  // A tap that came after the time-out goes once more, with its own id: the page after it says how.
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("[data-resend]")?.requestSubmit();
  });

  const failed = (event) => {
    const form = event.target.closest("[data-row]");
    if (form) {
      form.removeAttribute("aria-busy");
      show(form, form.dataset.state);
    }
    waiting.clear();
    const offline = document.querySelector("[data-offline]");
    if (offline) offline.hidden = false;
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
})();
