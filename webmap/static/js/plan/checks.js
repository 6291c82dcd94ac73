// The list of checks of a plan: asked for when it is opened; a broken rule leads to its place.

import { getJson } from "../shell/api.js";
import { element, fill } from "../shell/element.js";
import { t } from "../shell/i18n.js";

/** Fill the list when it is opened, if the page has one; lead to the buildings that were kept whole. */
export function installChecks(map) {
  for (const button of document.querySelectorAll("[data-box]")) {
    const [west, south, east, north] = button.dataset.box.split(",").map(Number);
    button.addEventListener("click", () => go(map, L.latLngBounds([south, west], [north, east])));
    button.disabled = false;
  }
  const box = document.getElementById("checks");
  if (box === null) return;
  box.addEventListener("toggle", () => ask(box, map));
}

async function ask(box, map) {
  if (!box.open || box.dataset.asked === "yes") return;
  box.dataset.asked = "yes";
  const state = box.querySelector(".state");
  fill(state, element("p", { class: "muted", text: t("Checking the plan…") }), element("progress"));
  try {
    const { checks } = await getJson(`/api/v1/plans/${box.dataset.plan}/checks`);
    fill(box.querySelector("tbody"), ...checks.map((check) => row(check, map)));
    box.querySelector("table").dispatchEvent(new Event("rows-came"));
    box.querySelector(".table-frame").hidden = false;
    fill(state, element("p", { text: sumUp(checks) }));
  } catch (error) {
    box.dataset.asked = "";
    fill(state, element("p", { class: "alert", text: error.message }));
  }
}

function sumUp(checks) {
  const broken = checks.filter((check) => check.holds === false && check.must_hold).length;
  const odd = checks.filter((check) => check.holds === false && !check.must_hold).length;
  if (broken > 0) return t("{n} rules are broken that every plan must keep.", { n: broken });
  return odd > 0 ? t("Every rule that a plan must keep holds; {n} findings are worth a look.", { n: odd }) : t("Every rule holds.");
}

function row(check, map) {
  const cell = (label, content, extra = {}) => element("td", { "data-label": label, ...extra }, content);
  const value = check.figure === null ? "" : String(check.figure);
  return element("tr", {},
    element("th", { scope: "row", text: check.name }),
    cell(t("Grid"), check.grid === null ? "–" : check.grid.slice(-3)),
    cell(t("Result"), badge(check)),
    cell(t("Found"), check.found || "–", { class: "number", "data-value": value }),
    cell(t("Allowed"), check.allowed, { class: "number" }),
    cell(t("Place"), check.place === null ? "" : show(check, map)));
}

function badge({ holds, must_hold: must }) {
  if (holds === null) return element("span", { class: "badge", text: t("not judged") });
  if (holds) return element("span", { class: "badge good", text: t("holds") });
  return element("span", { class: must ? "badge bad" : "badge warn", text: must ? t("broken") : t("odd") });
}

function show({ place: [west, south, east, north], name }, map) {
  const button = element("button", { type: "button", class: "quiet small", text: t("Show"), "aria-label": `${t("Show")}: ${name}` });
  button.addEventListener("click", () => go(map, L.latLngBounds([south, west], [north, east])));
  return button;
}

function go(map, bounds) {
  map.fitBounds(bounds, { maxZoom: 18, padding: [40, 40] });
  mark(map, bounds);
}

let marked = null;

/** Frame the place until another is shown. */
function mark(map, bounds) {
  marked?.remove();
  marked = L.rectangle(bounds, { renderer: L.svg(), className: "check-place", interactive: false, fill: false, weight: 3, dashArray: "8 5" }).addTo(map);
}
