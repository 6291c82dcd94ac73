// The single incidents, at their blocks.

import { fillClusters, fillDensity } from "../maps/incidents.js";
import { getJson } from "../shell/api.js";
import { writeLegend } from "./legend_words.js";
import { report } from "./trouble.js";

/** The incidents of what the map shows, when one of their layers is on; of sensitive topics none. */
export function loadPoints(page) {
  const { map, layers, value } = page;
  if (value === null || (!map.hasLayer(layers.clusters) && !map.hasLayer(layers.density))) return undefined;
  if (value.sensitive) {
    page.newestPoints.drop();
    return showPoints(page, []);
  }
  if (page.points !== null) return undefined;
  const address = `/api/v1/maps/incidents?topic=${encodeURIComponent(value.topic)}&period=${value.period}`;
  return page.newestPoints((signal) => getJson(address, { signal }), ({ rows }) => showPoints(page, rows), report);
}

function showPoints(page, rows) {
  page.points = rows;
  fillClusters(page.layers.clusters, rows);
  fillDensity(page.layers.density, rows);
  writeLegend(page);
}
