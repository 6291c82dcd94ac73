// What the border of a chosen grid follows: coloured and patterned lines by kind of barrier.

import { getJson } from "../shell/api.js";
import { token } from "../shell/tokens.js";

/** Line styles by kind; the same colours stand in tokens.css as --kind-…. Told by pattern too. */
export const KIND_STYLES = {
  river: { color: token("kind-river"), dashArray: null },
  rail: { color: token("kind-rail"), dashArray: "10 4" },
  motorway: { color: token("kind-motorway"), dashArray: null },
  main_road: { color: token("kind-main_road"), dashArray: null },
  wall: { color: token("kind-wall"), dashArray: "3 4" },
  minor_road: { color: token("kind-minor_road"), dashArray: null },
  path: { color: token("kind-path"), dashArray: "6 5" },
  open: { color: token("kind-open-line"), dashArray: "1 6" },
};

/** The pieces of a grid's border, and the metres of each kind, longest first. */
export function bordersOf(features, code) {
  const pieces = features.filter(({ properties: p }) => p.a === code || p.b === code);
  const metres = new Map();
  for (const { properties: p } of pieces) metres.set(p.kind || "open", (metres.get(p.kind || "open") ?? 0) + p.length_m);
  return { pieces, metres: [...metres].sort((a, b) => b[1] - a[1]) };
}

/** A layer that shows one grid's border at a time; shapes are fetched when the first is asked for. */
export class BorderLayer {
  constructor(map, url) {
    this.map = map;
    this.url = url;
    this.wanted = null;
    this.ground = L.geoJSON(null, { interactive: false, style: { color: token("paper"), weight: 8, opacity: 0.95, lineCap: "butt" } }).addTo(map);
    this.shapes = L.geoJSON(null, { interactive: false, style: (feature) => styleOf(feature.properties.kind) }).addTo(map);
  }

  /** Show the border of a grid (null: of none); gives the metres by kind. */
  async show(code) {
    this.wanted = code;
    for (const layer of [this.ground, this.shapes]) layer.clearLayers();
    if (code === null) return [];
    this.data ??= getJson(this.url);
    const { features } = await this.data;
    if (this.wanted !== code) return null;
    const { pieces, metres } = bordersOf(features, code);
    for (const layer of [this.ground, this.shapes]) {
      layer.addData({ type: "FeatureCollection", features: pieces });
      layer.bringToFront();
    }
    return metres;
  }
}

function styleOf(kind) {
  return { weight: 5, opacity: 1, lineCap: "butt", ...KIND_STYLES[kind || "open"] };
}
