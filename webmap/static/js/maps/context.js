// The ground of the map: land cover, water, buildings, roads by rank, rails, in quiet tints.

import { token } from "../shell/tokens.js";

const FILL = (fillColor, more = {}) => ({ fill: true, fillColor, fillOpacity: 1, stroke: false, ...more });

const COVER = {
  green: FILL(token("ground-green")),
  farmland: FILL(token("ground-farmland")),
  built_up: FILL(token("ground-built-up")),
  water: FILL(token("map-water")),
};

// Widths in pixels at zoom 12, 14, 16, 18.
const WIDTHS = {
  motorway: [2.6, 5, 9, 18],
  main_road: [1.8, 4, 8, 16],
  minor_road: [0.7, 1.8, 5, 12],
  path: [0, 0.7, 1.4, 3],
  river: [1, 1.8, 3, 6],
  rail: [1, 1.4, 2.2, 4],
  wall: [0, 0.5, 1, 2],
};

export function widthAt(kind, zoom) {
  const widths = WIDTHS[kind] ?? WIDTHS.minor_road;
  const place = Math.min(Math.max((zoom - 12) / 2, 0), 2.999);
  const low = Math.floor(place);
  return widths[low] + (widths[low + 1] - widths[low]) * (place - low);
}

const LINE = (color, weight, more = {}) =>
  weight < 0.3 ? [] : { stroke: true, fill: false, color, weight, opacity: 1, lineCap: "round", lineJoin: "round", ...more };

const ROAD_FILL = { motorway: token("road-motorway"), main_road: token("road-main"), minor_road: token("road-minor"), path: token("road-path") };

export const CONTEXT_STYLES = {
  land_cover: (p) => COVER[p.kind] ?? [],
  water_lines: (_, z) => LINE(token("ground-water-line"), widthAt("river", z)),
  buildings: (_, z) => (z < 14 ? [] : FILL(token("ground-building"), { stroke: z >= 16, color: token("ground-building-line"), weight: 0.6, opacity: 1 })),
  walls: (_, z) => LINE(token("ground-wall"), widthAt("wall", z), { dashArray: "4 2" }),
  casings: (p, z) =>
    p.kind === "path" ? [] : LINE(z < 14 && p.kind === "minor_road" ? token("road-casing-far") : token("road-casing"), widthAt(p.kind, z) + (z < 14 ? 0.6 : 1.6)),
  roads: (p, z) =>
    p.kind === "path"
      ? LINE(ROAD_FILL.path, widthAt("path", z), { dashArray: "3 3", lineCap: "butt" })
      : LINE(z < 13 && p.kind === "minor_road" ? token("road-minor-far") : ROAD_FILL[p.kind], widthAt(p.kind, z)),
  rails: (_, z) => [
    LINE(token("ground-rail"), widthAt("rail", z), { lineCap: "butt" }),
    LINE(token("road-minor"), Math.max(widthAt("rail", z) - 1, 0.4), { dashArray: "6 6", lineCap: "butt" }),
  ],
};

const ORDER = ["land_cover", "water_lines", "buildings", "walls", "casings", "roads", "rails"];
const NAMED = ["roads", "water_lines"];

/** Put the layers of a tile in drawing order; roads come twice, first as casings. */
function ordered(tile) {
  const layers = {};
  for (const name of ORDER) {
    const source = tile.layers[name === "casings" ? "roads" : name];
    if (source && source.length > 0) layers[name] = drawable(source);
  }
  return { layers };
}

function drawable(layer) {
  if (layer.features) return layer;
  const features = [];
  for (let i = 0; i < layer.length; i++) {
    const feature = layer.feature(i);
    features.push({ type: feature.type, properties: feature.properties, geometry: feature.loadGeometry() });
  }
  return { features, extent: layer.extent, length: features.length };
}

/** Keep the named lines of every tile on show, in map coordinates, for the labels. */
function collectNames(layer, tile, coords) {
  const named = [];
  for (const name of NAMED) {
    const part = tile.layers[name];
    if (!part) continue;
    for (const feature of part.features) {
      if (!feature.properties.name) continue;
      for (const line of feature.geometry) {
        named.push({ name: feature.properties.name, kind: feature.properties.kind ?? "river", line, extent: part.extent });
      }
    }
  }
  layer.names.set(`${coords.z}/${coords.x}/${coords.y}`, { coords, named });
}

/** Features of an embedded town that touch a tile, in the tile's own coordinates. */
function cutTile(town, coords) {
  const extent = 4096;
  const scale = extent * 2 ** coords.z;
  const margin = 0.02;
  const layers = {};
  for (const [name, features] of Object.entries(town)) {
    const inside = [];
    for (const feature of features) {
      const [west, north, east, south] = feature.box;
      const size = 2 ** coords.z;
      if (east * size < coords.x - margin || west * size > coords.x + 1 + margin) continue;
      if (south * size < coords.y - margin || north * size > coords.y + 1 + margin) continue;
      const geometry = feature.rings.map((ring) =>
        ring.map(([x, y]) => ({ x: x * scale - coords.x * extent, y: y * scale - coords.y * extent })));
      inside.push({ type: feature.type, properties: feature.properties, geometry });
    }
    layers[name] = { features: inside, extent, length: inside.length };
  }
  return { layers };
}

/** Unpack an embedded town: each line is [west, south, dx, dy, ...] in 1e-5 degrees. */
export function unpackTown(packed) {
  const town = {};
  for (const [name, features] of Object.entries(packed)) {
    town[name] = features.map(([type, properties, lines]) => {
      const rings = lines.map(unpackLine);
      const xs = rings.flatMap((ring) => ring.map((p) => p[0]));
      const ys = rings.flatMap((ring) => ring.map((p) => p[1]));
      return { type, properties, rings, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] };
    });
  }
  return town;
}

function unpackLine(numbers) {
  const line = [];
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    lon += numbers[i];
    lat += numbers[i + 1];
    const sine = Math.sin((lat / 1e5) * (Math.PI / 180));
    line.push([lon / 1e5 / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)]);
  }
  return line;
}

/** The ground as a layer of vector tiles, from the server or from data in the file. */
export function contextLayer(url, options) {
  const packed = globalThis.communityGridData?.[url];
  const town = packed ? unpackTown(packed) : null;
  const Ground = L.VectorGrid.Protobuf.extend({
    _getVectorTilePromise(coords) {
      const tile = town
        ? Promise.resolve(cutTile(town, coords))
        : L.VectorGrid.Protobuf.prototype._getVectorTilePromise.call(this, coords);
      return tile.then((raw) => {
        const ready = ordered(raw);
        collectNames(this, ready, coords);
        return ready;
      });
    },
  });
  const layer = new Ground(url, {
    rendererFactory: L.canvas.tile,
    vectorTileLayerStyles: CONTEXT_STYLES,
    interactive: false,
    minZoom: 8,
    maxZoom: 19,
    updateWhenZooming: false,
    keepBuffer: 1,
    pane: "tilePane",
    ...options,
  });
  layer.names = new Map();
  layer.on("tileunload", (event) => layer.names.delete(`${event.coords.z}/${event.coords.x}/${event.coords.y}`));
  return layer;
}
