// Small helps on the service's own pages. Each page works without them.
(() => {
  "use strict";
  const SECOND = 1000;
  const WARN_SECONDS = 120;

  const errors = document.querySelector(".hub-errors");
  if (errors) errors.focus();

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });

  // How many characters are left, counted as the server counts them.
  document.querySelectorAll("textarea[data-limit]").forEach((area) => {
    const said = document.getElementById(`${area.id}-count`);
    const limit = Number(area.dataset.limit);
    const say = () => {
      const left = limit - [...area.value].length;
      const count = Math.abs(left).toLocaleString("en-GB");
      const unit = Math.abs(left) === 1 ? "character" : "characters";
      said.textContent = left < 0 ? `${count} ${unit} too many` : `${count} ${unit} left`;
      said.classList.toggle("hub-error", left < 0);
    };
    area.addEventListener("input", say);
    say();
  });

  // Dots instead of letters by style alone: a password field would make the browser offer to keep the code.
  document.querySelectorAll("[data-hide-typing]").forEach((button) => {
    if (!CSS.supports("-webkit-text-security", "disc")) return;
    const field = document.getElementById(button.getAttribute("aria-controls"));
    const [hide, show] = [button.textContent, button.dataset.hideTyping];
    button.hidden = false;
    button.addEventListener("click", () => {
      const masked = field.classList.toggle("hub-masked");
      button.textContent = masked ? show : hide;
    });
  });

  const session = document.querySelector("[data-session]");
  if (!session) return;
  const [warning, stayed, failed] = session.children;
  let end = 0;

  function startClock(seconds) {
    end = Date.now() + seconds * SECOND;
    warning.hidden = true;
  }

  async function stay() {
    try {
      const answer = await fetch("/case/stay", {
        method: "POST",
        credentials: "same-origin",
        body: new URLSearchParams({ csrf_token: session.dataset.csrf }),
      });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      startClock(Number(document.body.dataset.sessionEndsIn));
      stayed.hidden = false;
    } catch {
      failed.hidden = false;
    }
  }

  // A page left open past the end of the session must not go on showing the case.
  // A half-written message stays: sending it brings it back after the case is opened again.
  function close() {
    const typed = [...document.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);
    if (typed) return;
    document.body.replaceChildren();
    location.replace(location.href);
  }

  function look() {
    const left = end - Date.now();
    if (left <= 0) return close();
    if (left <= WARN_SECONDS * SECOND) {
      warning.hidden = false;
      stayed.hidden = true;
    }
  }

  warning.querySelector("button").addEventListener("click", stay);
  startClock(Number(document.body.dataset.sessionEndsIn));
  setInterval(look, SECOND);
})();
