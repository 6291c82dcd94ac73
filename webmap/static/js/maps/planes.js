// Shapes on two planes: their fills under the roads and waters of the ground, their lines over them.
// A line that is `cased` has a white one below it, so that it is seen on any ground.

import { token } from "../shell/tokens.js";
import { quietPane } from "./window_canvas.js";

const LINES = 412; // over the ground's upper plane (410), under marks and names

const TwoPlanes = globalThis.L?.Canvas.extend({
  _initContainer() {
    L.Canvas.prototype._initContainer.call(this);
    this._lines = L.DomUtil.create("canvas", "leaflet-zoom-animated");
    this._pens = { fill: this._ctx, line: this._lines.getContext("2d") };
  },

  onAdd(map) {
    L.Canvas.prototype.onAdd.call(this, map);
    quietPane(map, "lines", LINES).append(this._lines);
    this._updatePaths();
  },

  onRemove() {
    this._lines.remove();
    L.Canvas.prototype.onRemove.call(this);
  },

  _updatePaths() {
    const { width, height, style } = this._container;
    Object.assign(this._lines, { width, height });
    Object.assign(this._lines.style, { width: style.width, height: style.height });
    L.DomUtil.setPosition(this._lines, this._bounds.min);
    this._pens.line.setTransform(this._pens.fill.getTransform());
    L.Canvas.prototype._updatePaths.call(this);
  },

  _updateTransform(center, zoom) {
    L.Canvas.prototype._updateTransform.call(this, center, zoom);
    this._lines.style.transform = this._container.style.transform;
  },

  _clear() {
    this.onBoth(L.Canvas.prototype._clear);
  },

  _draw() {
    this.onBoth(L.Canvas.prototype._draw);
  },

  onBoth(work) {
    for (const part of ["line", "fill"]) {
      this._ctx = this._pens[part];
      work.call(this);
    }
  },

  _fillStroke(pen, { options }) {
    if (pen === this._pens.fill) fill(pen, options);
    else stroke(pen, options);
  },
});

function fill(pen, options) {
  if (!options.fill) return;
  pen.globalAlpha = options.fillOpacity;
  pen.fillStyle = options.fillColor || options.color;
  pen.fill(options.fillRule || "evenodd");
}

function stroke(pen, options) {
  if (!options.stroke || !options.weight) return;
  if (options.cased) line(pen, { ...options, color: token("paper"), weight: options.weight + 3.5, _dashArray: null });
  line(pen, options);
}

function line(pen, options) {
  pen.setLineDash(options._dashArray ?? []);
  pen.globalAlpha = options.opacity;
  pen.lineWidth = options.weight;
  pen.strokeStyle = options.color;
  pen.lineCap = options.lineCap;
  pen.lineJoin = options.lineJoin;
  pen.stroke();
}

/** Let a map draw its shapes on two planes; call it before the first is added. */
export function twoPlanes(map) {
  map.options.renderer = new TwoPlanes();
}
