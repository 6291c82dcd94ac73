// A soft veil over the world outside the ground a map is about, so that it is seen where that ends.

import { token } from "../shell/tokens.js";
import { quietPane, WindowCanvas } from "./window_canvas.js";

const PANE = 411; // over ground and statistics, under borders, marks and names
const WORLD = 256; // pixels of the world at zoom 0

const Mask = globalThis.L?.Layer.extend({
  onAdd(map) {
    this.plane = new WindowCanvas(map, quietPane(map, "mask", PANE));
    map.on("moveend viewreset resize", this.draw, this);
    map.on("zoomanim", this.animate, this);
    map.on("zoom", this.follow, this);
  },

  /** Leave these GeoJSON features clear; with none, everything is. */
  clear(features) {
    this.rings = features.flatMap(({ geometry }) => (geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat())).map(flatRing);
    this.draw();
  },

  animate({ center, zoom }) {
    this.plane.follow(center, zoom);
  },

  follow() {
    this.plane.follow(this._map.getCenter(), this._map.getZoom());
  },

  draw() {
    if (!this._map?._loaded) return;
    const pen = this.plane.fit();
    if (!this.rings?.length) return;
    const { origin, size, zoom } = this.plane.view;
    const scale = 2 ** zoom;
    pen.beginPath();
    pen.rect(0, 0, size.x, size.y);
    for (const ring of this.rings) {
      for (let i = 0; i < ring.length; i += 2) pen[i === 0 ? "moveTo" : "lineTo"](ring[i] * scale - origin.x, ring[i + 1] * scale - origin.y);
      pen.closePath();
    }
    pen.fillStyle = token("map-veil");
    pen.fill("evenodd");
  },
});

function flatRing(ring) {
  const flat = new Float64Array(ring.length * 2);
  ring.forEach(([lon, lat], i) => {
    const sine = Math.sin((lat * Math.PI) / 180);
    flat[2 * i] = (lon / 360 + 0.5) * WORLD;
    flat[2 * i + 1] = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
  });
  return flat;
}

/** The mask of a map; it is there from when it is first asked for. */
export function maskOf(map) {
  map.communityGridMask ??= new Mask().addTo(map);
  return map.communityGridMask;
}
