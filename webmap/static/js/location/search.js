// The search box of the top bar: suggestions while typing; choosing one flies there and marks it.

import { getJson } from "../shell/api.js";
import { element, fill } from "../shell/element.js";
import { t } from "../shell/i18n.js";
import { latest } from "../shell/latest.js";
import { token } from "../shell/tokens.js";

const PAUSE_MS = 120;
const BELOW = -100000; // of the targets of a page, which may lie at the same door

/**
 * Bring the box to life. Choosing sends `place-chosen` to the document: a page that shows the result
 * itself prevents the default, which is to fly there and mark it.
 */
export function installSearch(map) {
  const input = document.getElementById("search");
  const list = document.getElementById("search-list");
  if (!input || !list) return;
  const box = { map, input, list, results: [], at: -1, newest: latest(), timer: null, mark: null };
  installOpening(box);
  input.addEventListener("input", () => later(box));
  input.addEventListener("focus", () => box.results.length && open(box));
  input.addEventListener("keydown", (event) => onKey(box, event));
  input.closest(".search").addEventListener("focusout", (event) => {
    if (!event.currentTarget.contains(event.relatedTarget)) close(box);
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(box, Number(option.dataset.at));
  });
}

/** On a phone the box is behind a button, and lies over the top bar when it is open. */
function installOpening({ input }) {
  const [opener, closer] = ["search-open", "search-close"].map((id) => document.getElementById(id));
  const set = (on) => {
    document.body.classList.toggle("searching", on);
    opener.setAttribute("aria-expanded", String(on));
    (on ? input : opener).focus();
  };
  opener.addEventListener("click", () => set(true));
  closer.addEventListener("click", () => set(false));
}

function later(box) {
  clearTimeout(box.timer);
  box.timer = setTimeout(() => suggest(box), PAUSE_MS);
}

function suggest(box) {
  const typed = box.input.value.trim();
  if (!typed) {
    box.newest.drop();
    box.results = [];
    close(box);
    forget(box);
    return;
  }
  box.newest((signal) => getJson(`/api/v1/search?q=${encodeURIComponent(typed)}`, { signal }),
    ({ results }) => show(box, results), (error) => tell(box, error.message));
}

function show(box, results) {
  box.results = results;
  box.at = -1;
  if (results.length === 0) return tell(box, t("Nothing found. Try fewer letters, or only the name of the street."));
  fill(box.list, ...results.map(option));
  return open(box);
}

function option(result, at) {
  return element("li", { id: `search-option-${at}`, role: "option", "aria-selected": "false", "data-at": String(at) },
    element("span", { class: "name", text: shortName(result) }),
    element("span", { class: "kind", text: result.kind_name }),
    element("span", { class: "where", text: where(result) }));
}

function shortName(result) {
  return result.kind === "grid" ? t("Grid {n}", { n: result.code.slice(-3) }) : result.name;
}

/** Where a result lies, in words: community and grid, as far as they say more than its name. */
export function where(result) {
  const parts = [result.kind === "community" ? null : result.community, result.kind === "town" ? null : result.town];
  if (result.grid && result.kind !== "grid") parts.unshift(t("grid {n}", { n: result.grid.slice(-3) }));
  return parts.filter(Boolean).join(" · ");
}

function tell(box, text) {
  box.results = [];
  fill(box.list, element("li", { class: "nothing", role: "option", "aria-disabled": "true", text }));
  open(box);
}

function open(box) {
  box.list.hidden = false;
  box.input.setAttribute("aria-expanded", "true");
}

function close(box) {
  box.list.hidden = true;
  box.input.setAttribute("aria-expanded", "false");
  point(box, -1);
}

function point(box, at) {
  box.at = at;
  for (const [i, item] of [...box.list.children].entries()) item.setAttribute("aria-selected", String(i === at));
  if (at < 0) box.input.removeAttribute("aria-activedescendant");
  else box.input.setAttribute("aria-activedescendant", `search-option-${at}`);
  box.list.children[at]?.scrollIntoView({ block: "nearest" });
}

function onKey(box, event) {
  const last = box.results.length - 1;
  if (event.key === "ArrowDown" && last >= 0) point(box, box.at >= last ? 0 : box.at + 1);
  else if (event.key === "ArrowUp" && last >= 0) point(box, box.at <= 0 ? last : box.at - 1);
  else if (event.key === "Enter" && last >= 0 && !event.isComposing) take(box, Math.max(0, box.at));
  else if (event.key === "Escape") return leave(box);
  else return undefined;
  event.preventDefault();
  if (event.key !== "Enter") open(box);
  return undefined;
}

function leave(box) {
  if (box.list.hidden) {
    box.input.value = "";
    box.results = [];
    forget(box);
  }
  close(box);
}

function take(box, at) {
  const result = box.results[at];
  if (!result) return;
  box.input.value = shortName(result);
  close(box);
  document.body.classList.remove("searching");
  const choice = new CustomEvent("place-chosen", { detail: result, cancelable: true });
  if (document.dispatchEvent(choice)) fly(box, result);
  else forget(box);
}

function forget(box) {
  box.mark?.remove();
  box.mark = null;
}

function fly(box, result) {
  forget(box);
  const [west, south, east, north] = result.bounds;
  const spot = ["address", "place"].includes(result.kind) || (west === east && south === north);
  box.mark = spot ? pin(result) : frame(result);
  box.mark.addTo(box.map);
  box.map.invalidateSize();
  if (spot) box.map.setView([result.lat, result.lon], Math.max(box.map.getZoom(), 17));
  else box.map.fitBounds([[south, west], [north, east]], { maxZoom: 17, padding: [40, 40] });
  box.mark.openTooltip();
}

function pin(result) {
  const holder = element("span", { text: "●" });
  const mark = L.marker([result.lat, result.lon], { icon: L.divIcon({ html: holder, className: "dot found", iconSize: [26, 26] }), keyboard: false, interactive: false, zIndexOffset: BELOW });
  return mark.bindTooltip(words(result), { permanent: true, direction: "top", offset: [0, -26], className: "found-tip" });
}

function frame(result) {
  const [west, south, east, north] = result.bounds;
  const shape = L.rectangle([[south, west], [north, east]], { className: "found-frame", color: token("warn"), weight: 2, dashArray: "6 4", fill: false, interactive: false });
  return shape.bindTooltip(words(result), { permanent: true, direction: "center", className: "found-tip" });
}

function words(result) {
  return element("span", {}, element("b", { text: shortName(result) }), element("span", { class: "where", text: where(result) }));
}
