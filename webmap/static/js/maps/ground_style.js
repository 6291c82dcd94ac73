// How the ground looks on every map: land, water, buildings, roads by rank, in quiet tints.
// `BELOW` lies under what a map tells, `ABOVE` over it, so that a place can be known under statistics.

import { token } from "../shell/tokens.js";

/** Widths in pixels at zoom 9, 12, 14, 16 and 18; between them they grow evenly. */
const STOPS = [9, 12, 14, 16, 18];
const WIDTHS = {
  motorway: [1.6, 2.8, 5, 9, 18],
  main_road: [1, 2, 4, 8, 16],
  minor_road: [0.3, 0.8, 1.8, 5, 12],
  path: [0, 0.4, 0.8, 1.4, 3],
  river: [0.8, 1.2, 1.8, 3, 6],
  rail: [0.7, 1.1, 1.6, 2.2, 4],
  wall: [0, 0, 0.5, 1, 2],
};

export function widthAt(kind, zoom) {
  const widths = WIDTHS[kind] ?? WIDTHS.minor_road;
  const after = STOPS.findIndex((stop) => stop > zoom);
  if (after === 0) return widths[0];
  if (after === -1) return widths.at(-1);
  const share = (zoom - STOPS[after - 1]) / (STOPS[after] - STOPS[after - 1]);
  return widths[after - 1] + (widths[after] - widths[after - 1]) * share;
}

const ROADS = ["path", "minor_road", "main_road", "motorway"];
const casing = (kind, zoom) => widthAt(kind, zoom) + (zoom < 14 ? 0.7 : 1.6);

/** Rules of protomaps-leaflet below and above the statistics, in the order of drawing; outlines are cut at the edge of their tile. */
export function groundRules({ LineSymbolizer, PolygonSymbolizer }) {
  const cover = (kind, fill) => ({ dataLayer: "land_cover", filter: (_, f) => f.props.kind === kind, symbolizer: new PolygonSymbolizer({ fill }) });
  const line = (dataLayer, look, more = {}) => ({ dataLayer, symbolizer: new LineSymbolizer({ lineCap: "round", lineJoin: "round", ...look }), ...more });
  const road = (kind, look, more = {}) => line("roads", look, { filter: (_, f) => f.props.kind === kind, ...more });
  const fields = [cover("farmland", token("ground-farmland"))];
  const edges = [line("land_cover", { color: token("ground-field-line"), width: (z) => (z < 15 ? 0.6 : 1) }, { minzoom: 13, filter: (_, f) => f.props.kind === "farmland" })];
  const below = [
    cover("built_up", token("ground-built-up")),
    cover("green", token("ground-green")),
    cover("water", token("map-water")),
    road("minor_road", { color: token("road-minor-far"), width: (z) => widthAt("minor_road", z) }, { maxzoom: 12.999 }),
    { dataLayer: "buildings", minzoom: 13.5, symbolizer: new PolygonSymbolizer({ fill: token("ground-building") }) },
  ];
  const outlines = [{ dataLayer: "buildings", minzoom: 15.5, symbolizer: new LineSymbolizer({ color: token("ground-building-line"), width: 0.7 }) }];
  const above = [
    cover("water", token("map-water")),
    line("water_lines", { color: token("ground-water-line"), width: (z) => widthAt("river", z) }),
    line("walls", { color: token("ground-wall"), width: (z) => widthAt("wall", z), dash: [4, 2], lineCap: "butt" }, { minzoom: 15 }),
    road("path", { color: token("road-path"), width: (z) => widthAt("path", z), dash: [3, 3], lineCap: "butt" }, { minzoom: 13.5 }),
    road("minor_road", { color: token("road-casing-far"), width: (z) => casing("minor_road", z) }, { minzoom: 13, maxzoom: 13.999 }),
    road("minor_road", { color: token("road-casing"), width: (z) => casing("minor_road", z) }, { minzoom: 14 }),
    ...["main_road", "motorway"].map((kind) => road(kind, { color: token("road-casing"), width: (z) => casing(kind, z) })),
    road("minor_road", { color: token("road-minor"), width: (z) => widthAt("minor_road", z) }, { minzoom: 13 }),
    road("main_road", { color: token("road-main"), width: (z) => widthAt("main_road", z) }),
    road("motorway", { color: token("road-motorway"), width: (z) => widthAt("motorway", z) }),
    line("rails", { color: token("ground-rail"), width: (z) => widthAt("rail", z), lineCap: "butt" }),
    line("rails", { color: token("road-minor"), width: (z) => Math.max(widthAt("rail", z) - 1, 0.4), dash: [6, 6], lineCap: "butt" }, { minzoom: 12 }),
  ];
  return { fields, edges, below, outlines, above };
}

/** How high a kind of line stands, for its name: the highest first. */
export const RANKS = [...ROADS].reverse();
