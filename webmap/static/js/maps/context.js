// The ground of the map: drawn by protomaps-leaflet onto two canvases, one below what the map tells and one above.

import { groundRules } from "./ground_style.js";
import { labelsOf } from "./labels.js";
import { TownSource } from "./ground_town.js";
import { isWithin, quietPane, WindowCanvas, windowOf } from "./window_canvas.js";

const FIRST_ZOOM = 8;
const LAST_TILE = 17; // nearer than that its tiles are drawn larger
const LEVELS_UP = 2; // a tile of level z is shown at zoom z + 2, so few of them fill a window
const TILE_PIXELS = 256 << LEVELS_UP;
const NAMED = ["roads", "water_lines"];
const DOORS = "/tiles/doors/{z}/{x}/{y}.mvt";
const FIRST_DOORS = 17;
const ABOVE = 410; // over fills (400, 405), under borders (412), marks and names

/** Tiles from the server, or from the town that lies in the file. */
function viewOf(url) {
  const { TileCache, View, ZxySource } = globalThis.protomapsL;
  const packed = globalThis.communityGridData?.[url];
  const source = packed ? new TownSource(packed) : new ZxySource(url, true);
  return new View(new TileCache(source, TILE_PIXELS), LAST_TILE, LEVELS_UP);
}

const Ground = globalThis.L?.Layer.extend({
  initialize(url) {
    this.url = url;
    this.names = [];
    this.doors = [];
    this.asked = 0;
  },

  onAdd(map) {
    this.view ??= viewOf(this.url);
    this.doorView ??= globalThis.communityGridData ? null : viewOf(DOORS); // a file of its own has none
    this.rules ??= groundRules(globalThis.protomapsL);
    this.below = new WindowCanvas(map, map.getPane("tilePane"));
    this.above = new WindowCanvas(map, quietPane(map, "ground-above", ABOVE));
    map.on("moveend viewreset resize", this.draw, this);
    map.on("move", this.keepUp, this);
    map.on("zoomanim", this.animate, this);
    map.on("zoom", this.follow, this);
    this.draw();
  },

  onRemove(map) {
    map.off("moveend viewreset resize", this.draw, this);
    map.off("move", this.keepUp, this);
    map.off("zoomanim", this.animate, this);
    map.off("zoom", this.follow, this);
    this.asked++;
    labelsOf(map).ground = null;
    labelsOf(map).draw();
    for (const plane of [this.below, this.above]) plane.remove();
  },

  /** Whether what the window shows now is still on its way. */
  isLoading() {
    return this.done !== this.asked;
  },

  animate({ center, zoom }) {
    for (const plane of [this.below, this.above]) plane.follow(center, zoom);
  },

  follow() {
    this.animate({ center: this._map.getCenter(), zoom: this._map.getZoom() });
  },

  /** While the map is drawn along: draw again before an edge comes into sight. */
  keepUp() {
    if (this.below.view?.zoom === this._map.getZoom() && !isWithin(this._map, this.below.view)) this.draw();
  },

  /** Draw what the window shows, once all its tiles are there; an older answer is never drawn. */
  async draw() {
    if (!this._map?._loaded) return;
    const turn = ++this.asked;
    await null; // a page that is still being put together may move its map yet
    if (turn !== this.asked || !this._map) return;
    const shown = windowOf(this._map);
    const [tiles, doors] = await Promise.all([tilesOf(this.view, shown, FIRST_ZOOM), tilesOf(this.doorView, shown, FIRST_DOORS)]);
    if (turn !== this.asked || !this._map) return;
    const { fields, edges, below, outlines, above } = this.rules;
    const land = this.below.fit(shown);
    paint(land, shown, tiles, fields);
    paint(land, shown, tiles, edges, { cut: true });
    paint(land, shown, tiles, below);
    const pen = this.above.fit(shown);
    paint(pen, shown, tiles, outlines, { cut: true });
    paint(pen, shown, tiles, above);
    this.names = tiles.flatMap(namesOf);
    this.doors = doors.flatMap(doorsOf);
    this.drawn = shown;
    this.done = turn;
    labelsOf(this._map).ground = this;
    labelsOf(this._map).draw();
    this.fire("load");
  },
});

/** The tiles of what is shown; one that could not be had is empty. */
function tilesOf(view, { zoom, origin, size }, first) {
  if (view === null || zoom < first) return [];
  const box = { minX: origin.x, minY: origin.y, maxX: origin.x + size.x, maxY: origin.y + size.y };
  const wanted = view.dataTilesForBounds(zoom, box).filter(({ dataTile: { y, z } }) => y >= 0 && y < 2 ** z);
  return Promise.all(wanted.map(async (place) => {
    const data = await view.tileCache.get(place.dataTile).catch(() => new Map());
    return { ...place, data, z: zoom };
  }));
}

function paint(pen, { zoom, origin, size }, tiles, rules, { cut = false } = {}) {
  const box = { minX: origin.x, minY: origin.y, maxX: origin.x + size.x, maxY: origin.y + size.y };
  globalThis.protomapsL.paint(pen, zoom, new Map([["", tiles]]), null, rules, box, origin, cut);
}

/** The named lines of a tile, in pixels of the world at the zoom that is shown. */
function namesOf({ data, scale, origin }) {
  const named = [];
  for (const layer of NAMED) {
    for (const { props, geom } of data.get(layer) ?? []) {
      if (!props.name) continue;
      for (const line of geom) named.push({ name: props.name, kind: props.kind ?? "river", line: line.map(({ x, y }) => ({ x: x * scale + origin.x, y: y * scale + origin.y })) });
    }
  }
  return named;
}

/** What is written on the houses of a tile, in pixels of the world at the zoom that is shown. */
function doorsOf({ data, scale, origin }) {
  return (data.get("doors") ?? []).map(({ props, geom: [[at]] }) => ({ ...props, x: at.x * scale + origin.x, y: at.y * scale + origin.y }));
}

/** The ground as a layer. */
export function contextLayer(url) {
  return new Ground(url);
}
