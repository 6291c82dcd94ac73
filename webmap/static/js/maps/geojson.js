// Shapes by address, drawn on one canvas per pane; tooltips are text, never markup.

import { getJson } from "../shell/api.js";
import { STYLES } from "./styles.js";

/** A GeoJSON layer that fills itself; `layer.ready` resolves when its shapes are on the map. */
export function urlGeoJson(url, options) {
  const layer = L.geoJSON(null, {
    interactive: options.interactive,
    style: () => ({ ...STYLES[options.style] }),
  });
  layer.byCode = new Map();
  layer.on("layeradd", (event) => {
    const code = event.layer.feature?.properties?.code;
    if (code !== undefined) layer.byCode.set(code, event.layer);
  });
  layer.fill = (data) => {
    layer.clearLayers();
    layer.byCode.clear();
    layer.addData(data);
    layer.data = data;
    layer.fire("loaded");
    return layer;
  };
  layer.ready = url ? getJson(url).then(layer.fill) : Promise.resolve(layer);
  return layer;
}

/** A tooltip that follows the pointer: `write(properties)` gives an element. */
export function showTips(layer, write) {
  layer.bindTooltip((shape) => write(shape.feature.properties), { sticky: true, className: "tip", opacity: 1 });
}
