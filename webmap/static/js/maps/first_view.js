// What a map shows: fitted into what panel, legend and cards leave free of it.

import { freePadding } from "../shell/free.js";

const GAP = 10;
const opening = new WeakMap();

/** Show a box as large as it fits into the free part of the map. */
export function fitFree(map, bounds, options = {}) {
  const box = L.latLngBounds(bounds);
  if (box.isValid()) map.fitBounds(box, { ...freePadding(map, { aspect: aspectOf(map, box), gap: GAP }), ...options });
}

function aspectOf(map, box) {
  const [from, to] = [map.project(box.getNorthWest(), 10), map.project(box.getSouthEast(), 10)];
  return Math.max(to.x - from.x, 1e-6) / Math.max(to.y - from.y, 1e-6);
}

/** Take the room there is now, and keep to what is seen: the person has begun to look at something. */
export function settle(map) {
  map.invalidateSize({ animate: false });
  opening.get(map)?.();
}

/** Open at a box, and keep to it while legend and cards come and grow, until the map is moved or worked on. */
export function openAt(map, bounds) {
  let ours = false;
  let before = "";
  const fit = () => {
    const padding = JSON.stringify([freePadding(map, { aspect: aspectOf(map, L.latLngBounds(bounds)), gap: GAP }), map.getSize()]);
    if (padding === before) return;
    before = padding;
    ours = true;
    fitFree(map, bounds, { animate: false });
    ours = false;
  };
  const watcher = new ResizeObserver(fit);
  const moved = () => {
    if (ours) return;
    watcher.disconnect();
    map.off("movestart", moved);
    for (const act of ["pointerdown", "keydown"]) container.removeEventListener(act, touched, true);
    opening.delete(map);
  };
  const touched = (event) => {
    if (!event.target.closest(".leaflet-control")) moved();
  };
  const container = map.getContainer();
  map.on("movestart", moved);
  for (const act of ["pointerdown", "keydown"]) container.addEventListener(act, touched, true);
  opening.set(map, moved);
  for (const part of [container, ...container.querySelectorAll(".leaflet-top, .leaflet-bottom"), ...document.querySelectorAll(".panel")]) watcher.observe(part);
  fit();
}
