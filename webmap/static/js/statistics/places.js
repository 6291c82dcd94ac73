// Choosing a place: from the map, the table, the search box or the breadcrumb.

import { fitFree } from "../maps/first_view.js";
import { STYLES } from "../maps/styles.js";
import { tellGone, writeAddress } from "../shell/address.js";
import { isStandalone } from "../shell/api.js";
import { element, fill } from "../shell/element.js";
import { t } from "../shell/i18n.js";
import { named } from "./rows.js";

export function crumbs(page, code) {
  const places = new Map(page.data.places.map((p) => [p.code, p]));
  const county = page.data.places.filter((p) => p.level === "county");
  const chain = code
    ? [`${code.slice(0, 6)}000000`, `${code.slice(0, 9)}000`, code.slice(0, 12)].map((c) => places.get(c)).filter(Boolean)
    : county.length === 1 ? county : [];
  const items = [...new Set(chain)].map((p) => crumb(page, named(p), p.code));
  if (code?.length === 15) items.push(crumb(page, code.slice(12), code));
  const place = document.getElementById("crumbs");
  if (place !== null) fill(place, ...items);
}

function crumb(page, text, code) {
  const button = element("button", { type: "button", text });
  button.addEventListener("click", () => goTo(page, code));
  return element("li", {}, button);
}

/** Show a place of any level: its own shape when the level is on the map, else its grids together. */
export function goTo(page, code, { step = true } = {}) {
  if (!code || page.layers.choropleth.byCode.has(code)) return choose(page, code, { step });
  writeAddress({ place: code }, { step });
  const prefix = code.replace(/0+$/, "").padEnd(6, "0");
  const inside = [...page.layers.choropleth.byCode].filter(([c]) => c.startsWith(prefix)).map(([, shape]) => shape);
  if (inside.length === 0) return isKnown(page, code) ? undefined : tellGone(["place"], t("The place that the link names is not there any more, or lies outside your area. Choose another on the map or in the table."));
  fitFree(page.map, inside.reduce((box, s) => box.extend(s.getBounds()), L.latLngBounds([])));
  return crumbs(page, code);
}

/** Is it a place or grid of this person's area, on the map or not? */
function isKnown({ data, names }, code) {
  return data.places.some((place) => place.code === code) || names.some((name) => name.code === code);
}

export function choose(page, code, { step = true } = {}) {
  writeAddress({ place: code }, { step });
  const shape = page.layers.choropleth.byCode.get(code);
  if (page.selection) page.selection.remove();
  page.selection = null;
  if (shape) {
    page.selection = L.geoJSON(shape.feature, { interactive: false, style: { ...STYLES.selected, fill: false } }).addTo(page.map);
    fitFree(page.map, shape.getBounds(), { maxZoom: 16 });
  }
  page.table.choose(code);
  crumbs(page, code);
}

export function offerPlaces(page) {
  const list = document.getElementById("search-places");
  if (!list) return;
  const rows = [...page.data.places.map((p) => [named(p), p.code]), ...page.names.filter((n) => n.kind === "grid").map((n) => [n.code, n.code])];
  fill(list, ...rows.map(([label, code]) => element("option", { value: label, "data-code": code })));
}

/** Divisions and grids that the search box finds are shown with their figures. */
export function installSearch(page) {
  document.addEventListener("place-chosen", (event) => {
    const { kind, code } = event.detail;
    if (!["county", "town", "community", "grid"].includes(kind)) return;
    event.preventDefault();
    goTo(page, code);
  });
  const input = isStandalone() ? document.getElementById("search") : null;
  input?.addEventListener("change", () => {
    const hit = [...document.getElementById("search-places").options].find((o) => o.value === input.value);
    if (hit) goTo(page, hit.dataset.code);
  });
}
