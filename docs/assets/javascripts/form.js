// Small helps on the service's own pages. Each page works without them.
(() => {
  "use strict";
  const SECOND = 1000;
  const PAUSE_MS = 500; // A screen reader is told after a pause, not at each key.
  const WARN_SECONDS = 120;
  const STAYED_SHOWN_MS = 10000;

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
    let pause;
    area.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(say, PAUSE_MS);
    });
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
  const [warning, stayed, failed, closed] = session.children;
  let end = 0;

  function show(part) {
    for (const each of session.children) each.hidden = each !== part;
  }

  function startClock() {
    end = Date.now() + Number(document.body.dataset.sessionEndsIn) * SECOND;
  }

  async function stay() {
    try {
      const answer = await fetch("/case/stay", {
        method: "POST",
        credentials: "same-origin",
        body: new URLSearchParams({ csrf_token: session.dataset.csrf }),
      });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      startClock();
      show(stayed);
      setTimeout(() => { stayed.hidden = true; }, STAYED_SHOWN_MS);
    } catch {
      failed.hidden = false;
    }
  }

  // A page left open past the end of the session must not go on showing the case.
  // A message in the box stays: the service keeps it as a draft when it is sent.
  function close() {
    const typed = [...document.querySelectorAll("textarea")].some((area) => area.value.trim());
    if (typed) return show(closed);
    document.body.replaceChildren();
    location.replace(location.pathname);
  }

  function look() {
    const left = end - Date.now();
    if (left <= 0) {
      clearInterval(clock);
      close();
    } else if (left <= WARN_SECONDS * SECOND && warning.hidden) {
      show(warning);
    }
  }

  warning.querySelector("button").addEventListener("click", stay);
  startClock();
  const clock = setInterval(look, SECOND);
})();
