// Incidents: counts at blocks, clustered by nearness, or as event density.

import { TARGET } from "./entrances.js";

export function clusterIcon(cluster) {
  const count = cluster.getAllChildMarkers().reduce((sum, m) => sum + m.options.count, 0);
  return countIcon(count);
}

function countIcon(count) {
  const size = Math.min(24 + Math.round(Math.log10(Math.max(count, 1)) * 11), 52);
  const holder = document.createElement("span");
  holder.textContent = count.toLocaleString("en-US");
  Object.assign(holder.style, { width: `${size}px`, height: `${size}px` });
  const side = Math.max(size, TARGET.height);
  return L.divIcon({ html: holder, className: "cluster", iconSize: [side, side] });
}

/** Fill the clusters from rows of [lon, lat, count]. */
export function fillClusters(layer, rows) {
  layer.clearLayers();
  layer.addLayers(rows.map(([lon, lat, count]) =>
    L.marker([lat, lon], { count, icon: countIcon(count), keyboard: false, interactive: true })));
}

/** Fill the density from rows of [lon, lat, count]. */
export function fillDensity(layer, rows) {
  const most = rows.reduce((max, row) => Math.max(max, row[2]), 1);
  layer.setOptions?.({ max: most });
  layer.setLatLngs(rows.map(([lon, lat, count]) => [lat, lon, count / most]));
}
