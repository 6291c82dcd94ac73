// A canvas as large as the map's window and some more around it, that moves and grows with the map.

const PAD = 0.2;

/** Give a pane of this name and height; what lies in it does not answer to the pointer. */
export function quietPane(map, name, zIndex) {
  const pane = map.getPane(name) ?? map.createPane(name);
  Object.assign(pane.style, { zIndex, pointerEvents: "none" });
  return pane;
}

export class WindowCanvas {
  constructor(map, pane) {
    this.map = map;
    this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated", pane);
    this.canvas.style.pointerEvents = "none";
  }

  /** Fit it to the window of now and clear it; gives a pen whose unit is a pixel of the map, from the corner. */
  fit(view = windowOf(this.map)) {
    this.view = view;
    const ratio = globalThis.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: view.size.x * ratio, height: view.size.y * ratio });
    Object.assign(this.canvas.style, { width: `${view.size.x}px`, height: `${view.size.y}px` });
    L.DomUtil.setTransform(this.canvas, view.corner, 1);
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    return pen;
  }

  /** Follow a zoom that goes on, by what was drawn before it. */
  follow(center, zoom) {
    if (!this.view) return;
    const scale = this.map.getZoomScale(zoom, this.view.zoom);
    L.DomUtil.setTransform(this.canvas, this.map._latLngBoundsToNewLayerBounds(this.view.bounds, zoom, center).min, scale);
  }

  remove() {
    this.canvas.remove();
  }
}

/** The window of a map with its surroundings: `corner` in layer pixels, `origin` in pixels of the world at the zoom. */
export function windowOf(map, share = PAD) {
  const size = map.getSize();
  const pad = size.multiplyBy(share).round();
  const corner = map.containerPointToLayerPoint(pad.multiplyBy(-1));
  const whole = size.add(pad.multiplyBy(2));
  const bounds = L.latLngBounds(map.layerPointToLatLng(corner.add([0, whole.y])), map.layerPointToLatLng(corner.add([whole.x, 0])));
  return { corner, size: whole, pad, bounds, zoom: map.getZoom(), origin: corner.add(map.getPixelOrigin()) };
}

/** Whether the window of now lies within one that was drawn. */
export function isWithin(map, view) {
  if (!view || view.zoom !== map.getZoom()) return false;
  const corner = map.containerPointToLayerPoint([0, 0]).subtract(view.corner);
  const end = corner.add(map.getSize());
  return corner.x >= 0 && corner.y >= 0 && end.x <= view.size.x && end.y <= view.size.y;
}
