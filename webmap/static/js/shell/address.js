// The address says where one is: what is chosen stands in the query string, a step of Back for each choice.

import { isStandalone } from "./api.js";
import { element } from "./element.js";

/** What the address says of these names; what it does not say is empty text. */
export function readAddress(names) {
  const query = new URLSearchParams(globalThis.location.search);
  return Object.fromEntries(names.map((name) => [name, query.get(name) ?? ""]));
}

/**
 * Write choices into the address; an empty one is left out. Where something differs it is a new step
 * for Back, unless `step` is false: what a page puts right by itself is no choice of the person.
 */
export function writeAddress(choices, { step = true } = {}) {
  if (isStandalone()) return;
  const { location, history } = globalThis;
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(choices)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const written = query.size > 0 ? `?${query}` : "";
  if (written === location.search) return;
  if (step) document.getElementById("gone")?.remove();
  history[step ? "pushState" : "replaceState"](history.state, "", `${location.pathname}${written}`);
  keepOnLanguageChange();
}

/** Call `follow` with what the address says of these names whenever Back or Forward changed it. */
export function followAddress(names, follow) {
  if (isStandalone()) return;
  globalThis.addEventListener("popstate", () => {
    keepOnLanguageChange();
    follow(readAddress(names));
  });
}

/**
 * What the address names is not there, or not there any more: leave these names out of it and say so
 * in the page, until the person chooses something or goes back.
 */
export function tellGone(names, sentence) {
  writeAddress(Object.fromEntries(names.map((name) => [name, ""])), { step: false });
  document.getElementById("gone")?.remove();
  const note = element("p", { id: "gone", class: "note warn", role: "alert", text: sentence });
  (document.getElementById("panel-body") ?? document.getElementById("content")).prepend(note);
  globalThis.addEventListener("popstate", () => note.remove(), { once: true, capture: true });
}

/** The other language opens the same view. */
function keepOnLanguageChange() {
  const next = document.querySelector("form.language [name=next]");
  if (next !== null) next.value = globalThis.location.pathname + globalThis.location.search;
}
