// Leaving the page: a click on "Exit this page", or Shift three times within 5 seconds.
// Without this file the link still works: it ends the session and goes to the neutral site.
(() => {
  "use strict";
  const PRESSES = 3;
  const WINDOW_MS = 5000;
  const exit = document.querySelector("[data-exit]");
  const isPrivate = () => document.body.hasAttribute("data-private");
  let left = false;

  const empty = () => document.body.replaceChildren();

  function leave() {
    if (left) return;
    left = true;
    const neutral = exit.dataset.exit;
    empty();
    document.title = "\u00a0";
    try {
      // The empty form gives the request the content type that the service takes; the page it
      // would lead to is not fetched, since that one sets a cookie again.
      const form = { body: new URLSearchParams(), redirect: "manual" };
      fetch("/case/leave", { method: "POST", keepalive: true, credentials: "same-origin", ...form }).catch(() => {});
    } finally {
      location.replace(neutral);
    }
  }

  // The browser may keep a page in memory and show it on Back: keep it empty there, and ask the server again.
  addEventListener("pagehide", () => {
    if (isPrivate()) empty();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted && (isPrivate() || left)) location.reload();
  });

  if (!exit) return;

  document.addEventListener("click", (event) => {
    const link = event.target.closest('[data-exit], .hub-skip[href="/case/exit"]');
    if (!link) return;
    event.preventDefault();
    leave();
  });

  const status = document.createElement("span");
  status.className = "hub-visually-hidden";
  status.setAttribute("aria-live", "assertive");
  exit.after(status);

  let presses = 0;
  let alone = false;
  let timer;

  function forget() {
    presses = 0;
    delete exit.dataset.presses;
    status.textContent = "Exit this page: too slow, start again.";
  }

  function press() {
    presses += 1;
    if (presses === PRESSES) return leave();
    if (presses === 1) timer = setTimeout(forget, WINDOW_MS);
    const more = PRESSES - presses;
    exit.dataset.presses = presses;
    status.textContent = `Shift, press ${more} more ${more === 1 ? "time" : "times"} to exit.`;
  }

  // Only a Shift pressed and let go by itself counts, so typing capital letters or a shortcut never leaves.
  document.addEventListener("keydown", (event) => {
    alone = event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey;
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift" && alone) press();
    alone = false;
  });
})();
