// What a heading or figure means, behind a "?" that can be clicked, tapped and reached by the keyboard.

import { element } from "./element.js";
import { t } from "./i18n.js";

/** Give everything with a `title` inside a "?" that tells it; the hovering text goes. */
export function installMeanings(root = document) {
  for (const named of root.querySelectorAll("th[title], dt[title]")) {
    const name = named.textContent.replace(/\s+/g, " ").trim();
    named.dataset.name = name;
    named.append(" ", meaning(name, named.title));
    named.removeAttribute("title");
  }
}

function meaning(name, text) {
  const button = element("button", { type: "button", class: "meaning", "aria-label": t("What does “{name}” mean?", { name }), "aria-expanded": "false" }, "?");
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    show(button, text);
  });
  return button;
}

/** One note for the whole page; the browser closes it by Esc or a click elsewhere. */
function note() {
  return document.getElementById("meaning") ?? document.body.appendChild(element("div", { id: "meaning", class: "meaning-note", popover: "auto", role: "note" }));
}

function show(button, text) {
  const box = note();
  box.textContent = text;
  showBeside(box, button);
  button.setAttribute("aria-expanded", "true");
  box.addEventListener("toggle", () => button.setAttribute("aria-expanded", "false"), { once: true });
}

/** Show a note below what it speaks of, or above it where there is no room. */
export function showBeside(box, spokenOf) {
  box.showPopover();
  const at = spokenOf.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - box.offsetWidth - 8));
  const below = at.bottom + 6 + box.offsetHeight < document.documentElement.clientHeight;
  box.style.left = `${left}px`;
  box.style.top = `${below ? at.bottom + 6 : at.top - 6 - box.offsetHeight}px`;
}
