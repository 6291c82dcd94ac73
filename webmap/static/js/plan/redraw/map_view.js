// The blocks on the map: tints of grids below, lines above, names on top. Only what is seen is drawn,
// and after an edit only the ground around the blocks that changed.

import { labelsOf } from "../../maps/labels.js";
import { pattern } from "./patterns.js";
import { drawMarks } from "./marks.js";
import { ZOOM } from "./shapes.js";
import { NO_GRID, TINTS } from "./tints.js";
import { token } from "../../shell/tokens.js";

const PAD = 0.2;
const INK = token("map-community-line");
const CHOSEN = token("map-selected");
const AMBER = token("redraw-off");
const FORCE = token("redraw-force");
const EVERYTHING = [-Infinity, -Infinity, Infinity, Infinity];

/** A layer that draws `scene`; see `Scene` for what it asks. */
export const MapView = globalThis.L?.Layer.extend({
  initialize(scene) {
    this.scene = scene;
  },

  onAdd(map) {
    this.canvas = {};
    for (const [name, index, blend] of [["fills", 405, "multiply"], ["lines", 415, null], ["marks", 460, null]]) {
      const pane = map.getPane(`redraw-${name}`) ?? map.createPane(`redraw-${name}`);
      Object.assign(pane.style, { zIndex: index, pointerEvents: "none" });
      if (blend) pane.style.mixBlendMode = blend;
      this.canvas[name] = L.DomUtil.create("canvas", "leaflet-zoom-animated", pane);
    }
    map.on("moveend viewreset resize", this.drawAll, this);
    if (map.options.zoomAnimation) map.on("zoomanim", this.animate, this);
    this.setScene(this.scene);
  },

  onRemove(map) {
    map.off("moveend viewreset resize", this.drawAll, this);
    map.off("zoomanim", this.animate, this);
    for (const canvas of Object.values(this.canvas)) canvas.remove();
  },

  setScene(scene) {
    this.scene = scene;
    this.paths = scene.shapes.rings.map(pathOf);
    this.drawAll();
  },

  animate(event) {
    const scale = this._map.getZoomScale(event.zoom, this.zoom);
    const corner = this._map._latLngBoundsToNewLayerBounds(this.bounds, event.zoom, event.center).min;
    for (const canvas of Object.values(this.canvas)) L.DomUtil.setTransform(canvas, corner, scale);
  },

  /** Fit the canvases to the window and draw everything seen. */
  drawAll() {
    const map = this._map;
    if (!map) return;
    const size = map.getSize();
    const pad = size.multiplyBy(PAD).round();
    this.corner = map.containerPointToLayerPoint(pad.multiplyBy(-1));
    this.size = size.add(pad.multiplyBy(2));
    this.zoom = map.getZoom();
    this.bounds = L.latLngBounds(map.layerPointToLatLng(this.corner.add([0, this.size.y])), map.layerPointToLatLng(this.corner.add([this.size.x, 0])));
    this.ratio = globalThis.devicePixelRatio || 1;
    for (const canvas of Object.values(this.canvas)) {
      Object.assign(canvas, { width: this.size.x * this.ratio, height: this.size.y * this.ratio });
      Object.assign(canvas.style, { width: `${this.size.x}px`, height: `${this.size.y}px` });
      L.DomUtil.setTransform(canvas, this.corner, 1);
    }
    this.scale = 2 ** (this.zoom - ZOOM);
    const [lon, lat] = this.scene.shapes.toLonLat([0, 0]);
    // Whole pixels of Leaflet's rounding are taken out, so that canvas and tiles meet.
    this.shift = map.project([lat, lon], this.zoom).subtract(map.getPixelOrigin()).subtract(this.corner);
    this.draw(EVERYTHING);
  },

  /** Draw again what lies around some rows. */
  drawRows(rows) {
    if (!this._map || rows.length === 0) return;
    if (rows.length > 400) {
      this.draw(EVERYTHING);
      return;
    }
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const row of rows) {
      const own = this.scene.shapes.box[row];
      if (own === null) continue;
      box[0] = Math.min(box[0], own[0]);
      box[1] = Math.min(box[1], own[1]);
      box[2] = Math.max(box[2], own[2]);
      box[3] = Math.max(box[3], own[3]);
    }
    const margin = 8 / this.scale;
    this.draw([box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin]);
  },

  draw(box) {
    const seen = [-this.shift.x / this.scale, -this.shift.y / this.scale, (this.size.x - this.shift.x) / this.scale, (this.size.y - this.shift.y) / this.scale];
    const part = [Math.max(box[0], seen[0]), Math.max(box[1], seen[1]), Math.min(box[2], seen[2]), Math.min(box[3], seen[3])];
    if (part[0] < part[2] && part[1] < part[3]) {
      const rows = this.scene.shapes.within(part);
      this.onto("fills", part, (pen) => this.drawFills(pen, rows));
      this.onto("lines", part, (pen) => this.drawLines(pen, part, rows));
    }
    this.drawMarks();
  },

  onto(name, [left, top, right, bottom], draw) {
    const pen = this.canvas[name].getContext("2d");
    pen.save();
    const k = this.scale * this.ratio;
    pen.setTransform(k, 0, 0, k, this.shift.x * this.ratio, this.shift.y * this.ratio);
    pen.beginPath();
    pen.rect(left, top, right - left, bottom - top);
    pen.clip();
    pen.clearRect(left, top, right - left, bottom - top);
    draw(pen);
    pen.restore();
  },

  drawFills(pen, rows) {
    const { scene } = this;
    const hatch = pattern(pen, "none", this.scale);
    const byTint = new Map();
    for (const row of rows) {
      const tint = scene.tintOf(row);
      if (!byTint.has(tint)) byTint.set(tint, new Path2D());
      byTint.get(tint).addPath(this.paths[row]);
    }
    for (const [tint, path] of byTint) {
      pen.fillStyle = tint === null ? hatch : TINTS[tint] ?? NO_GRID;
      pen.fill(path, "evenodd");
    }
  },

  drawLines(pen, part, rows) {
    const px = 1 / this.scale;
    this.overlay(pen, rows, (row) => this.scene.isChanged(row), "changed");
    this.overlay(pen, rows, (row) => this.scene.isProposed(row), "proposed");
    if (this.scene.hovered) {
      pen.fillStyle = token("map-hover-veil");
      for (const row of this.scene.hovered) pen.fill(this.paths[row], "evenodd");
    }
    const lines = this.sortEdges(part, rows);
    if (this.scale >= 2 ** -3.2) stroke(pen, lines.inner, { colour: INK, width: 0.6 * px, alpha: 0.4 });
    stroke(pen, lines.border, { colour: token("paper"), width: 5.2 * px, alpha: 0.75 });
    stroke(pen, lines.border, { colour: INK, width: 2.2 * px });
    stroke(pen, lines.off, { colour: AMBER, width: 3.4 * px });
    stroke(pen, lines.off, { colour: INK, width: 3.4 * px, dash: [5 * px, 6 * px] });
    stroke(pen, lines.force, { colour: FORCE, width: 2 * px, dash: [2 * px, 4 * px] });
    stroke(pen, lines.locked, { colour: token("paper"), width: 1.2 * px });
    stroke(pen, this.outerLine(), { colour: INK, width: 3.4 * px });
    stroke(pen, lines.chosen, { colour: token("paper"), width: 7 * px, alpha: 0.9 });
    stroke(pen, lines.chosen, { colour: CHOSEN, width: 4.2 * px });
    stroke(pen, lines.picked, { colour: token("paper"), width: 8 * px });
    stroke(pen, lines.picked, { colour: token("accent"), width: 5 * px });
    this.drawCursor(pen, px);
    this.drawSketch(pen, px);
  },

  overlay(pen, rows, wanted, name) {
    const some = rows.filter(wanted);
    if (some.length === 0) return;
    const path = new Path2D();
    for (const row of some) path.addPath(this.paths[row]);
    pen.fillStyle = pattern(pen, name, this.scale);
    pen.fill(path, "evenodd");
  },

  /** The lines between blocks by what they are now: inside a grid, border, out of band, locked, chosen. */
  sortEdges(part, rows) {
    const { scene } = this;
    const lines = { inner: new Path2D(), border: new Path2D(), off: new Path2D(), force: new Path2D(), locked: new Path2D(), chosen: new Path2D(), picked: new Path2D() };
    const { shared, sharedBox, ground } = scene.shapes;
    for (let e = 0; e < ground.m; e++) {
      const box = sharedBox[e];
      if (box === null || box[0] > part[2] || box[2] < part[0] || box[1] > part[3] || box[3] < part[1]) continue;
      for (const name of scene.lineKinds(e)) trace(lines[name], shared[e]);
    }
    for (const row of rows) {
      const number = scene.numberOf(row);
      if (number > 0 && number === scene.grid) trace(lines.chosen, scene.shapes.outer[row]);
    }
    return lines;
  },

  outerLine() {
    if (this.outerOf !== this.scene.shapes) {
      this.outerOf = this.scene.shapes;
      this.outer = new Path2D();
      for (const line of this.scene.shapes.outer) trace(this.outer, line);
    }
    return this.outer;
  },

  drawCursor(pen, px) {
    for (const row of this.scene.marked) stroke(pen, this.paths[row], { colour: CHOSEN, width: 2.4 * px });
    if (this.scene.row < 0) return;
    stroke(pen, this.paths[this.scene.row], { colour: token("paper"), width: 5 * px });
    stroke(pen, this.paths[this.scene.row], { colour: CHOSEN, width: 2.6 * px, dash: [6 * px, 3 * px] });
  },

  /** A line or lasso being drawn. */
  drawSketch(pen, px) {
    const { sketch } = this.scene;
    if (!sketch || sketch.points.length === 0) return;
    const path = new Path2D();
    for (const [i, [x, y]] of sketch.points.entries()) path[i === 0 ? "moveTo" : "lineTo"](x, y);
    if (sketch.closed) {
      path.closePath();
      pen.fillStyle = token("map-selected-veil");
      pen.fill(path);
    }
    stroke(pen, path, { colour: token("paper"), width: 5 * px });
    stroke(pen, path, { colour: CHOSEN, width: 2.6 * px, dash: [8 * px, 5 * px] });
  },

  drawMarks() {
    const pen = this.canvas.marks.getContext("2d");
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.size.x, this.size.y);
    const toScreen = ([x, y]) => [x * this.scale + this.shift.x, y * this.scale + this.shift.y];
    this.keepClear(drawMarks(pen, this.scene, { toScreen, scale: this.scale, width: this.size.x, height: this.size.y }));
  },

  /** Names of the ground give way to those of the grids; they are written anew only where these changed. */
  keepClear(boxes) {
    const [before, now] = [this.taken, boxes.join(";")];
    const labels = labelsOf(this._map);
    const off = this._map.layerPointToContainerPoint(this.corner);
    labels.reserved = () => boxes.map(([left, top, right, bottom]) => [left + off.x, top + off.y, right + off.x, bottom + off.y]);
    this.taken = now;
    if (now !== before) labels.draw();
  },

  /** Where on the ground a place in the window is. */
  toGround(event) {
    const box = this._map.getContainer().getBoundingClientRect();
    const layer = this._map.containerPointToLayerPoint([event.clientX - box.left, event.clientY - box.top]);
    return [(layer.x - this.corner.x - this.shift.x) / this.scale, (layer.y - this.corner.y - this.shift.y) / this.scale];
  },

  /** Bring rows into view. */
  show(rows, { maxZoom = 17 } = {}) {
    const bounds = L.latLngBounds([]);
    for (const row of rows) {
      const box = this.scene.shapes.box[row];
      if (box === null) continue;
      for (const corner of [[box[0], box[1]], [box[2], box[3]]]) {
        const [lon, lat] = this.scene.shapes.toLonLat(corner);
        bounds.extend([lat, lon]);
      }
    }
    if (bounds.isValid()) this._map.fitBounds(bounds, { maxZoom, padding: [60, 60], animate: false });
  },
});

function pathOf(rings) {
  const path = new Path2D();
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      if (i === 0) path.moveTo(ring[0], ring[1]);
      else path.lineTo(ring[i], ring[i + 1]);
    }
    path.closePath();
  }
  return path;
}

function trace(path, line) {
  for (let i = 0; i < line.length; i += 4) {
    if (i === 0 || line[i] !== line[i - 2] || line[i + 1] !== line[i - 1]) path.moveTo(line[i], line[i + 1]);
    path.lineTo(line[i + 2], line[i + 3]);
  }
}

function stroke(pen, path, { colour, width, alpha = 1, dash = [] }) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.globalAlpha = alpha;
  pen.lineJoin = pen.lineCap = dash.length > 0 ? "butt" : "round";
  if (dash.length > 0) pen.lineJoin = "round";
  pen.setLineDash(dash);
  pen.stroke(path);
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}
