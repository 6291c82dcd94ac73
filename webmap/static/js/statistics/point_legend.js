// What density and circles of incidents mean: their unit, their scale, how far a place counts.

import { element } from "../shell/element.js";
import { grouped, t } from "../shell/i18n.js";

const METRES_PER_PIXEL = 156543.03392804097; // at zoom 0 on the equator

/** The keys of the layers of incidents that are on; nothing where none is. */
export function pointKeys({ map, layers, points }) {
  if (!points?.length) return [];
  const parts = [];
  if (map.hasLayer(layers.density)) parts.push(densityKey(map, layers.density, points));
  if (map.hasLayer(layers.clusters)) parts.push(clusterKey());
  return parts;
}

function densityKey(map, { options: { gradient, radius, blur } }, points) {
  const stops = Object.entries(gradient).map(([at, colour]) => `${colour} ${Number(at) * 100}%`);
  const most = points.reduce((n, row) => Math.max(n, row[2]), 1);
  const perPixel = (METRES_PER_PIXEL * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom();
  const scale = element("div", { class: "scale" }, element("span", { text: "1" }), element("span", { class: "ramp", style: `background:linear-gradient(to right, ${stops.join(", ")})` }), element("span", { text: `≥ ${grouped(most)}` }));
  return element("div", { class: "legend point-key" }, element("h2", { text: t("Event density") }),
    element("p", { class: "unit", text: t("incidents within {reach} at this zoom", { reach: distance((radius + blur) * perPixel) }) }), scale);
}

function clusterKey() {
  const sample = element("span", { class: "cluster key" }, element("span", { text: "n" }));
  return element("div", { class: "legend point-key" }, element("h2", { text: t("Incidents at their blocks") }),
    element("p", { class: "unit" }, sample, t("number of incidents; circles near one another are one")));
}

function distance(metres) {
  const step = 10 ** Math.floor(Math.log10(metres));
  const round = Math.round(metres / step) * step;
  return round >= 1000 ? `${grouped(round / 1000)} km` : `${grouped(round)} m`;
}
