// Small helps on the service's own pages. Each page works without them, and what only a script
// can do is made by it: a text browser would show a hidden button and a hidden warning.
(() => {
  "use strict";
  const SECOND = 1000;
  const PAUSE_MS = 500; // A screen reader is told after a pause, not at each key.
  const WARN_SECONDS = 120;
  const STAYED_SHOWN_MS = 10000;

  const errors = document.querySelector(".hub-errors");
  if (errors) errors.focus();

  function newButton(text, style, onClick) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `hub-button ${style}`;
    button.textContent = text;
    button.addEventListener("click", onClick);
    return button;
  }

  document.querySelectorAll("[data-print]").forEach((place) => {
    place.replaceWith(newButton(place.dataset.print, "hub-button--plain", () => print()));
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
  document.querySelectorAll("[data-hide-typing]").forEach((place) => {
    if (!CSS.supports("-webkit-text-security", "disc")) return;
    const { hideTyping: hide, showTyping: show, field } = place.dataset;
    const button = newButton(hide, "hub-button--plain", () => {
      const masked = document.getElementById(field).classList.toggle("hub-masked");
      button.textContent = masked ? show : hide;
    });
    button.setAttribute("aria-controls", field);
    place.replaceWith(button);
  });

  const session = document.querySelector("[data-session]");
  if (!session) return;
  const says = session.dataset;
  let end = 0;
  let warned = false;

  function say(text, ...buttons) {
    const words = document.createElement("p");
    words.textContent = text;
    session.replaceChildren(words, ...buttons);
  }

  function warn(text) {
    warned = true;
    say(text, newButton(says.stay, "", stay));
  }

  function startClock(seconds) {
    end = Date.now() + seconds * SECOND;
    warned = false;
  }

  // The service says for how long: near the two hours in all it is less than before.
  async function stay() {
    try {
      const answer = await fetch("/case/stay", {
        method: "POST",
        credentials: "same-origin",
        body: new URLSearchParams({ csrf_token: says.csrf }),
      });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      startClock(Number(await answer.text()));
      say(says.stayed);
      setTimeout(() => { if (!warned) session.replaceChildren(); }, STAYED_SHOWN_MS);
    } catch {
      warn(says.failed);
    }
  }

  // A page left open past the end of the session must not go on showing the case.
  // A message in the box stays: the service keeps it as a draft when it is sent.
  function close() {
    const typed = [...document.querySelectorAll("textarea")].some((area) => area.value.trim());
    if (typed) return say(says.closed);
    document.body.replaceChildren();
    location.replace(location.pathname);
  }

  function look() {
    const left = end - Date.now();
    if (left <= 0) {
      clearInterval(clock);
      close();
    } else if (left <= WARN_SECONDS * SECOND && !warned) {
      warn(says.warning);
    }
  }

  startClock(Number(document.body.dataset.sessionEndsIn));
  const clock = setInterval(look, SECOND);
})();
