// Names on the map: communities, grids and streets, at the zooms where they help, never overlapping.

import { token } from "../shell/tokens.js";

const KINDS = {
  town: { from: 8, to: 11.9, font: "650 14px", colour: token("map-community-line"), halo: 4 },
  community: { from: 11.5, to: 15.4, font: "650 13px", colour: token("map-community-line"), halo: 4 },
  grid: { from: 13.5, to: 19, font: "600 12px", colour: token("accent-strong"), halo: 3.5 },
  street: { from: 15, to: 19, font: "11px", colour: token("label-street"), halo: 3 },
  river: { from: 13, to: 19, font: "italic 11px", colour: token("label-river"), halo: 3 },
};
const ORDER = ["town", "community", "grid", "river", "street"];
const FACE = token("face") || "sans-serif";

/** Boxes that are taken; a new one is refused when it touches any. */
export function makeRoom() {
  const taken = [];
  return (left, top, right, bottom) => {
    const free = taken.every((b) => right < b[0] || left > b[2] || bottom < b[1] || top > b[3]);
    if (free) taken.push([left, top, right, bottom]);
    return free;
  };
}

/** Where on a line a name of this length fits: the middle of its longest straight stretch, or null. */
export function placeOnLine(points, length) {
  let best = null;
  for (let start = 0; start < points.length - 1; start++) {
    for (let end = start + 1; end < points.length; end++) {
      const [a, b] = [points[start], points[end]];
      const chord = Math.hypot(b.x - a.x, b.y - a.y);
      if (bend(points, start, end) > 0.12 * chord + 2) break;
      if (chord > length && (best === null || chord > best.chord)) {
        best = { chord, x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, angle: upright(Math.atan2(b.y - a.y, b.x - a.x)) };
      }
    }
  }
  return best;
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

/** The last three digits of each grid's code, at the point inside it that the server gives. */
export function gridNames(grids) {
  const names = [];
  grids.eachLayer(({ feature: { properties: p } }) => names.push({ kind: "grid", name: p.code.slice(-3), lon: p.lon, lat: p.lat }));
  return names;
}

/** A layer of names. `points()` gives {kind, name, lon, lat}; `ground` is the context layer. */
export const Labels = globalThis.L?.Layer.extend({
  initialize({ points, ground }) {
    this.points = points;
    this.ground = ground;
  },

  onAdd(map) {
    this._canvas = L.DomUtil.create("canvas", "labels leaflet-zoom-hide");
    this._canvas.style.pointerEvents = "none";
    const pane = map.getPane("labels") ?? map.createPane("labels");
    pane.style.zIndex = 450;
    pane.style.pointerEvents = "none";
    pane.append(this._canvas);
    map.on("moveend viewreset resize", this.draw, this);
    this.ground?.on("load", this.draw, this);
    this.draw();
  },

  onRemove(map) {
    map.off("moveend viewreset resize", this.draw, this);
    this.ground?.off("load", this.draw, this);
    this._canvas.remove();
  },

  draw() {
    const map = this._map;
    if (!map) return;
    const size = map.getSize();
    const ratio = globalThis.devicePixelRatio || 1;
    L.DomUtil.setPosition(this._canvas, map.containerPointToLayerPoint([0, 0]));
    Object.assign(this._canvas, { width: size.x * ratio, height: size.y * ratio });
    Object.assign(this._canvas.style, { width: `${size.x}px`, height: `${size.y}px` });
    const pen = this._canvas.getContext("2d");
    pen.scale(ratio, ratio);
    Object.assign(pen, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
    const free = makeRoom();
    const zoom = map.getZoom();
    for (const kind of ORDER) {
      const style = KINDS[kind];
      if (zoom < style.from || zoom > style.to) continue;
      pen.font = `${style.font} ${FACE}`;
      if (kind === "street" || kind === "river") this.drawLines(pen, style, kind, free);
      else this.drawPoints(pen, style, kind, free, size);
    }
  },

  drawPoints(pen, style, kind, free, size) {
    for (const { name, lon, lat } of this.points().filter((p) => p.kind === kind)) {
      const at = this._map.latLngToContainerPoint([lat, lon]);
      if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y) continue;
      const half = pen.measureText(name).width / 2 + 4;
      if (free(at.x - half, at.y - 9, at.x + half, at.y + 9)) write(pen, style, name, at.x, at.y, 0);
    }
  },

  drawLines(pen, style, kind, free) {
    const said = [];
    const candidates = this.namedLines(kind).map((line) => ({ ...line, width: pen.measureText(line.name).width }));
    for (const { name, points, width } of candidates) {
      const spot = placeOnLine(points, width + 8);
      if (spot === null) continue;
      if (said.some((s) => s.name === name && Math.hypot(s.x - spot.x, s.y - spot.y) < 380)) continue;
      const wide = (Math.abs(Math.cos(spot.angle)) * width + 14) / 2;
      const high = (Math.abs(Math.sin(spot.angle)) * width + 14) / 2;
      if (!free(spot.x - wide, spot.y - high, spot.x + wide, spot.y + high)) continue;
      said.push({ name, x: spot.x, y: spot.y });
      write(pen, style, name, spot.x, spot.y, spot.angle);
    }
  },

  namedLines(kind) {
    const map = this._map;
    if (!this.ground?._map) return [];
    const found = [];
    for (const { coords, named } of this.ground.names.values()) {
      if (coords.z !== Math.round(map.getZoom())) continue;
      const scale = map.getZoomScale(map.getZoom(), coords.z);
      const origin = map.getPixelOrigin();
      const shift = map.layerPointToContainerPoint([0, 0]);
      for (const { name, kind: lineKind, line, extent } of named) {
        if ((lineKind === "river") !== (kind === "river")) continue;
        const points = line.map((p) => ({
          x: (coords.x + p.x / extent) * 256 * scale - origin.x + shift.x,
          y: (coords.y + p.y / extent) * 256 * scale - origin.y + shift.y,
        }));
        found.push({ name, points, rank: points.length });
      }
    }
    return found.sort((a, b) => b.rank - a.rank).slice(0, 600);
  },
});

function write(pen, style, text, x, y, angle) {
  pen.save();
  pen.translate(x, y);
  pen.rotate(angle);
  pen.strokeStyle = token("map-halo");
  pen.lineWidth = style.halo;
  pen.strokeText(text, 0, 0);
  pen.fillStyle = style.colour;
  pen.fillText(text, 0, 0);
  pen.restore();
}
