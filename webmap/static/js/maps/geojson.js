// Shapes by address, drawn on one canvas per pane; tooltips are text, never markup.

import { getJson } from "../shell/api.js";
import { labelsOf, namesOf } from "./labels.js";
import { maskOf } from "./mask.js";
import { STYLES } from "./styles.js";

/**
 * A GeoJSON layer that fills itself; `layer.ready` resolves when its shapes are on the map.
 * `names` says what its shapes are, so that their names are written; `mask` veils what lies outside them.
 */
export function urlGeoJson(url, options) {
  const layer = L.geoJSON(null, {
    interactive: options.interactive,
    style: () => ({ ...STYLES[options.style] }),
  });
  layer.byCode = new Map();
  layer.names = options.names;
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
  layer.on("loaded add", () => layer._map && tell(layer, layer._map, options, layer.data?.features ?? []));
  layer.on("remove", (event) => tell(layer, event.target._map ?? layer.lastMap, options, []));
  layer.ready = url ? getJson(url).then(layer.fill) : Promise.resolve(layer);
  return layer;
}

/** Have names and mask follow what the layer shows now. */
function tell(layer, map, { key, mask }, features) {
  layer.lastMap = map;
  labelsOf(map).write(key, layer.names ? namesOf(features, layer.names) : []);
  if (mask) maskOf(map).clear(mask === true ? features : features.filter((f) => f.properties.code === mask));
}

/** A tooltip that follows the pointer: `write(properties)` gives an element. */
export function showTips(layer, write) {
  layer.bindTooltip((shape) => write(shape.feature.properties), { sticky: true, className: "tip", opacity: 1 });
}
