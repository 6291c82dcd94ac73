// The address says where one is: what is chosen stands in the query string, a step of Back for each choice.

import { isStandalone } from "./api.js";

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

/** The other language opens the same view. */
function keepOnLanguageChange() {
  const next = document.querySelector("form.language [name=next]");
  if (next !== null) next.value = globalThis.location.pathname + globalThis.location.search;
}
