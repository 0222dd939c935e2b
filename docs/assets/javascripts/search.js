// Search, on its own page. What is typed stays there: it is in no address, is not stored, and
// goes when the page does.
(() => {
  "use strict";
  const place = document.querySelector("[data-search]");
  if (!place || !window.Worker) return;

  const make = (name, given, ...children) => {
    const made = Object.assign(document.createElement(name), given);
    made.append(...children);
    return made;
  };

  // What the page offers where there are no scripts is offered again where nothing is found.
  const elsewhere = [...place.querySelectorAll("li")];
  const field = make("input", { id: "search", className: "hub-input", type: "search", autocomplete: "off" });
  const said = make("p", { className: "hub-hint" });
  const found = make("ul", { className: "hub-pages" });
  const form = make("form", { className: "hub-form" },
    make("div", { className: "hub-field" },
      make("label", { htmlFor: "search" }, "What are you looking for?"), field),
    make("button", { className: "hub-button", type: "submit" }, "Search"));
  form.setAttribute("role", "search");
  said.setAttribute("role", "status");
  place.replaceChildren(form, said, found);

  const say = (words, ...lines) => {
    said.textContent = words;
    found.replaceChildren(...lines);
  };
  const line = ({ location, title, description }) => make("li", {},
    make("a", { href: `/${location}` }, title), make("p", {}, description));
  const broken = () => say("Search does not work just now. Try these:", ...elsewhere);

  const worker = new Worker(place.dataset.search);
  worker.addEventListener("error", broken);
  worker.addEventListener("message", ({ data }) => {
    if (data.failed) return broken();
    const count = data.found.length;
    if (!count) return say("Nothing found. Try another word, or one of these:", ...elsewhere);
    say(count === 1 ? "1 page found." : `${count} pages found.`, ...data.found.map(line));
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = field.value.trim();
    if (!words) {
      say("Type one or two words, for example: bail.");
      return field.focus();
    }
    say("Searching …");
    worker.postMessage(words);
  });
  addEventListener("pagehide", () => {
    field.value = "";
    say("");
  });
})();
