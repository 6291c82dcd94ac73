// Which grid was a place in on a day: asked by a click on the map or by its degrees.

import { getJson } from "../shell/api.js";
import { element, fill } from "../shell/element.js";
import { t } from "../shell/i18n.js";
import { latest } from "../shell/latest.js";
import { token } from "../shell/tokens.js";

/** Tie the form to the map and its grids; it asks while its box is open. */
export function installPlaceGrid(map, grids) {
  const box = document.getElementById("place-box");
  if (box === null) return;
  const form = document.getElementById("place-form");
  const mark = L.circleMarker([0, 0], { radius: 7, color: token("map-selected"), weight: 3, fillColor: token("paper"), fillOpacity: 0.9, interactive: false });
  form.querySelector("button").disabled = false;
  const click = ({ latlng }) => {
    if (!box.open) return;
    form.elements.lon.value = latlng.lng.toFixed(6);
    form.elements.lat.value = latlng.lat.toFixed(6);
    form.requestSubmit();
  };
  map.on("click", click);
  grids?.on("click", click);
  box.addEventListener("toggle", () => !box.open && mark.remove());
  const newest = latest();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { lon, lat, on } = form.elements;
    mark.setLatLng([Number(lat.value), Number(lon.value)]).addTo(map);
    const answer = document.getElementById("place-answer");
    newest((signal) => getJson(`/api/v1/grids/at?lon=${lon.value}&lat=${lat.value}&on=${on.value}`, { signal }),
      (found) => fill(answer, ...told(found)),
      (error) => fill(answer, element("p", { class: "alert", text: error.message })));
  });
}

function told({ on, grid, history }) {
  const first = grid === null
    ? element("p", { class: "note", text: t("On {day} no plan was in force here.", { day: on }) })
    : element("p", {}, element("b", { text: t("On {day}: grid {code}", { day: on, code: grid.grid_code }) }),
      ` ${grid.community} · ${grid.plan_name} · ${grid.worker ?? t("vacant")}`);
  if (history.length === 0) return [first];
  const rows = history.map((g) => element("tr", {}, element("td", { text: g.effective_from }), element("td", { text: g.effective_to ?? "…" }), element("td", { text: g.grid_code.slice(-3) }), element("td", { text: g.plan_name })));
  const head = element("tr", {}, ...[t("From"), t("To"), t("Grid"), t("Plan")].map((text) => element("th", { scope: "col", text })));
  return [first, element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows))];
}
