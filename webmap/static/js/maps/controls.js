// Controls on the map: the grouped list of layers, the scale, the attribution.

import { element } from "../shell/element.js";
import { t } from "../shell/i18n.js";
import { followSize, installPanel } from "../shell/panel.js";
import { openAt } from "./first_view.js";

/** List layers by group, [group, title] in order, a tick each; it is closed on small screens. */
export function layerControl(map, entries, titles) {
  if (entries.length === 0) return;
  const box = element("details", { class: "layers map-card" }, element("summary", { text: t("Layers") }));
  const roomy = () => map.getContainer().clientWidth > 760;
  box.open = roomy();
  map.on("resize", () => { box.open &&= roomy(); });
  for (const [group, title] of titles) {
    const members = entries.filter((e) => e.group === group);
    if (members.length === 0) continue;
    const set = element("fieldset", {}, element("legend", { text: title }));
    box.append(set);
    set.append(...members.map((entry) => tick(map, entry)));
  }
  place(map, box, "topright");
}

function tick(map, { key, label, layer }) {
  const input = element("input", { type: "checkbox", "data-layer": key });
  input.checked = map.hasLayer(layer);
  input.addEventListener("change", () => (input.checked ? map.addLayer(layer) : map.removeLayer(layer)));
  map.on("layeradd layerremove", (event) => {
    if (event.layer === layer) input.checked = map.hasLayer(layer);
  });
  return element("label", {}, input, label);
}

/** Put an element on the map as a control that swallows clicks and wheels. */
export function place(map, content, position) {
  const control = L.control({ position });
  control.onAdd = () => content;
  control.addTo(map);
  L.DomEvent.disableClickPropagation(content);
  L.DomEvent.disableScrollPropagation(content);
  return control;
}

/** What every map has: scale, attribution without a link outside, a name for the keyboard, and the box it opens at. */
export function finishMap(map, attributions, corners) {
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  const credit = L.control.attribution({ prefix: false, position: "bottomleft" }).addTo(map);
  for (const line of attributions) credit.addAttribution(plain(line));
  for (const over of map.getContainer().querySelectorAll(".leaflet-control-scale, .leaflet-control-attribution")) over.dataset.overMap = "";
  map.getContainer().setAttribute("aria-label", t("Map"));
  map.getContainer().dataset.ready = "1";
  globalThis.communityGridMap = map;
  installPanel();
  followSize(map);
  openAt(map, corners);
}

function plain(text) {
  return element("span", { text }).innerHTML;
}
