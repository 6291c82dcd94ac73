// Names on the map: places by rank, grids, rivers, roads and streets, at the zooms where they help, never one over another.

import { language } from "../shell/i18n.js";
import { token } from "../shell/tokens.js";
import { peopledPart, widestPoint } from "./label_point.js";
import { joinLines } from "./lines_joined.js";
import { quietPane, WindowCanvas, windowOf } from "./window_canvas.js";

const INK = token("map-community-line");
const KINDS = {
  county: { from: 6, to: 10.49, font: "700 15px", colour: INK, halo: 4 },
  town: { from: 8, to: 12.99, font: "650 14px", colour: INK, halo: 4 },
  community: { from: 9.5, to: 17.49, font: "650 13px", colour: INK, halo: 4 },
  grid: { from: 12, to: 19, font: "600 12px", colour: token("accent-strong"), halo: 3.5, fits: true },
  main_road: { from: 10, to: 19, font: "600 11px", colour: token("label-street"), halo: 3, apart: 420 },
  river: { from: 10, to: 19, font: "italic 11px", colour: token("label-river"), halo: 3, apart: 420 },
  building: { from: 17, to: 19, font: "600 11px", colour: token("label-street"), halo: 3 },
  number: { from: 17, to: 19, font: "10.5px", colour: token("label-street"), halo: 2.5 },
  stairwell: { from: 18.25, to: 19, font: "10.5px", colour: token("label-street"), halo: 2.5 },
  street: { from: 14.5, to: 19, font: "11px", colour: token("label-street"), halo: 3, apart: 320 },
};
const DOORS = ["building", "number", "stairwell"];
const POINTS = ["county", "town", "community", "grid"];
const LINES = ["main_road", "river", "street"];
const KIND_OF_LINE = { river: "river", motorway: "main_road", main_road: "main_road" };
const FACE = token("face") || "sans-serif";
const PANE = 450;
const MOST_BENT = 5; // so far, and half a stroke more, a name may lie beside its line, however long that is
const STEP = 14; // a slanted name is kept clear by squares of this size

/** Boxes [left, top, right, bottom] that are taken; what touches any is refused, all its boxes or none are taken. */
export function makeRoom() {
  const taken = [];
  const isFree = (box) => taken.every((b) => box[2] < b[0] || box[0] > b[2] || box[3] < b[1] || box[1] > b[3]);
  const free = (...box) => free.all([box]);
  free.all = (boxes) => {
    const fits = boxes.every(isFree);
    if (fits) taken.push(...boxes);
    return fits;
  };
  return free;
}

/** Where on a line a name of this length fits: the middle of its longest straight stretch, or null. */
export function placeOnLine(points, length) {
  let best = null;
  for (let start = 0; start < points.length - 1; start++) {
    for (let end = start + 1; end < points.length; end++) {
      const [a, b] = [points[start], points[end]];
      const chord = Math.hypot(b.x - a.x, b.y - a.y);
      if (bend(points, start, end) > Math.min(0.03 * chord, MOST_BENT) + 2) break;
      if (chord > length && (best === null || chord > best.chord)) {
        best = { chord, x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, angle: upright(Math.atan2(b.y - a.y, b.x - a.x)) };
      }
      if (chord > 3 * length) break;
    }
  }
  return best;
}

/** Places for a name of this length on a straight stretch: its middle first, then towards its ends. */
function alongChord({ x, y, angle, chord }, length) {
  return [0, 0.5, -0.5, 1, -1].map((share) => {
    const off = (share * (chord - length)) / 2;
    return { x: x + Math.cos(angle) * off, y: y + Math.sin(angle) * off, angle };
  });
}

function bend(points, start, end) {
  const [a, b] = [points[start], points[end]];
  const chord = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  let most = 0;
  for (let i = start + 1; i < end; i++) {
    const off = Math.abs((b.x - a.x) * (a.y - points[i].y) - (a.x - points[i].x) * (b.y - a.y)) / chord;
    most = Math.max(most, off);
  }
  return most;
}

function upright(angle) {
  if (angle > Math.PI / 2) return angle - Math.PI;
  return angle < -Math.PI / 2 ? angle + Math.PI : angle;
}

/** What a shape is called: the name in the language of the page, or the last three digits of a grid's code. */
export function calledBy({ name, name_en: english, code }, kind) {
  if (kind === "grid") return name || code.slice(-3);
  return (language() === "en" && english) || name || code;
}

/** The names of GeoJSON features, each at the widest point of its most peopled part. */
export function namesOf(features, kind) {
  return features.filter((f) => f.geometry && f.geometry.coordinates.length > 0).map(({ geometry, properties: p }) => {
    let found = null;
    const spot = () => {
      found ??= spotIn(geometry, p.lon === undefined ? null : [p.lon, p.lat]);
      return found;
    };
    return { kind, code: p.code, name: calledBy(p, kind), spot };
  });
}

function spotIn(geometry, at) {
  const rings = peopledPart(geometry, at);
  const squeeze = Math.cos((rings[0][0][1] * Math.PI) / 180);
  const [lon, lat, reach] = widestPoint(rings, squeeze);
  return { lon, lat, reach };
}

const Labels = globalThis.L?.Layer.extend({
  initialize() {
    this.sets = new Map();
    this.ground = null;
    this.reserved = () => [];
    this.drawn = [];
  },

  onAdd(map) {
    this.plane = new WindowCanvas(map, quietPane(map, "labels", PANE));
    L.DomUtil.addClass(this.plane.canvas, "leaflet-zoom-hide");
    map.on("moveend viewreset resize", this.draw, this);
    this.draw();
  },

  onRemove(map) {
    map.off("moveend viewreset resize", this.draw, this);
    this.plane.remove();
  },

  /** Write a set of names [{kind, name, spot}] in place of the one of that key before. */
  write(key, names) {
    this.sets.set(key, names);
    this.draw();
  },

  /** Draw before the next frame, however often it is asked for until then. */
  draw() {
    this.asked ??= requestAnimationFrame(() => {
      this.asked = null;
      if (this._map?._loaded) this.drawNow();
    });
  },

  drawNow() {
    const view = windowOf(this._map, 0);
    const pen = this.plane.fit(view);
    Object.assign(pen, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
    this.drawn = [];
    const page = { pen, view, free: makeRoom() };
    for (const box of this.reserved()) page.free(...box);
    const points = [...this.sets.values()].flat();
    const lines = this.linesIn(view);
    for (const kind of POINTS) if (isShown(kind, view.zoom)) this.drawPoints(page, kind, points.filter((p) => p.kind === kind));
    for (const kind of LINES) if (isShown(kind, view.zoom)) this.drawLines(page, kind, lines.filter((p) => p.kind === kind));
    for (const kind of DOORS) if (isShown(kind, view.zoom)) this.drawDoors(page, kind);
    this.fire("drawn");
  },

  drawPoints({ pen, view, free }, kind, names) {
    const style = KINDS[kind];
    pen.font = `${style.font} ${FACE}`;
    const degree = (256 * 2 ** view.zoom) / 360;
    const near = names.map((label) => ({ label, ...this.onScreen(label.spot()) })).filter(({ x, y }) => x > 0 && y > 0 && x < view.size.x && y < view.size.y);
    near.sort((a, b) => b.label.spot().reach - a.label.spot().reach);
    for (const { label, x, y } of near) {
      const { lat, reach } = label.spot();
      const half = pen.measureText(label.name).width / 2;
      if (style.fits && (reach * degree) / Math.cos((lat * Math.PI) / 180) < Math.hypot(half, 6)) continue;
      this.put({ pen, free }, style, { kind, name: label.name, code: label.code, x, y, angle: 0, half });
    }
  },

  onScreen({ lon, lat }) {
    return this._map.latLngToContainerPoint([lat, lon]);
  },

  drawLines({ pen, free }, kind, lines) {
    const style = KINDS[kind];
    const said = [];
    pen.font = `${style.font} ${FACE}`;
    for (const { name, line } of lines) {
      const width = pen.measureText(name).width;
      const spot = placeOnLine(line, width + 8);
      if (spot === null || said.some((s) => s.name === name && Math.hypot(s.x - spot.x, s.y - spot.y) < style.apart)) continue;
      const written = alongChord(spot, width + 8).find((at) => this.put({ pen, free }, style, { kind, name, ...at, half: width / 2 }));
      if (written) said.push({ name, ...written });
    }
  },

  drawDoors({ pen, view: { origin, zoom, size }, free }, kind) {
    if (this.ground?.drawn?.zoom !== zoom) return;
    const style = KINDS[kind];
    pen.font = `${style.font} ${FACE}`;
    for (const door of this.ground.doors) {
      const [x, y] = [door.x - origin.x, door.y - origin.y];
      if (door.kind !== kind || x < 0 || y < 0 || x > size.x || y > size.y) continue;
      this.put({ pen, free }, style, { kind, name: door.name, x, y, angle: 0, half: pen.measureText(door.name).width / 2 });
    }
  },

  /** Write one name where nothing is written yet. */
  put({ pen, free }, style, label) {
    const boxes = boxesOf(label);
    if (!free.all(boxes)) return false;
    this.drawn.push({ ...label, boxes });
    write(pen, style, label);
    return true;
  },

  /** The named lines in the window, joined, in its pixels; the longest first. */
  linesIn({ origin, zoom, size }) {
    if (!this.ground?.drawn || this.ground.drawn.zoom !== zoom) return [];
    const inWindow = this.ground.names.map(({ name, kind, line }) => ({ name, kind: KIND_OF_LINE[kind] ?? "street", line: line.map(({ x, y }) => ({ x: x - origin.x, y: y - origin.y })) }))
      .filter(({ kind, line }) => isShown(kind, zoom) && line.some(({ x, y }) => x > 0 && y > 0 && x < size.x && y < size.y));
    const joined = joinLines(inWindow).map((one) => ({ ...one, line: clipped(one.line, size) }));
    return joined.filter(({ line }) => line.length > 1).map((one) => ({ ...one, length: lengthOf(one.line) })).sort((a, b) => b.length - a.length);
  },
});

function isShown(kind, zoom) {
  return zoom >= KINDS[kind].from && zoom <= KINDS[kind].to;
}

function lengthOf(line) {
  return line.slice(1).reduce((sum, p, i) => sum + Math.hypot(p.x - line[i].x, p.y - line[i].y), 0);
}

/** The stretch of a line within the window, so that its name is written where it is seen. */
function clipped(line, { x: width, y: height }) {
  const seen = line.map((p) => p.x >= 0 && p.y >= 0 && p.x <= width && p.y <= height);
  const [first, last] = [seen.indexOf(true), seen.lastIndexOf(true)];
  return first === -1 ? [] : line.slice(first, last + 1);
}

/** The boxes a name needs: one where it is level, else squares along it. */
function boxesOf({ x, y, angle, half }) {
  if (Math.abs(angle) < 0.05) return [[x - half - 4, y - 8, x + half + 4, y + 8]];
  const n = Math.max(1, Math.ceil((2 * half) / STEP));
  return Array.from({ length: n + 1 }, (_, i) => {
    const along = -half + (2 * half * i) / n;
    const [px, py] = [x + Math.cos(angle) * along, y + Math.sin(angle) * along];
    return [px - 8, py - 8, px + 8, py + 8];
  });
}

function write(pen, style, { name, x, y, angle }) {
  pen.save();
  pen.translate(x, y);
  pen.rotate(angle);
  pen.strokeStyle = token("map-halo");
  pen.lineWidth = style.halo;
  pen.strokeText(name, 0, 0);
  pen.fillStyle = style.colour;
  pen.fillText(name, 0, 0);
  pen.restore();
}

/** The names of a map; they are there from when they are first asked for. */
export function labelsOf(map) {
  map.communityGridLabels ??= new Labels().addTo(map);
  return map.communityGridLabels;
}
