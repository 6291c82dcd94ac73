// A small dense centre inside big land: one click leads to it, where it is too small to be read.

import { element } from "../shell/element.js";
import { t } from "../shell/i18n.js";
import { place } from "./controls.js";
import { fitFree } from "./first_view.js";

const FEWEST = 8; // areas; of fewer none is a crowd
const SMALL = 0.3; // of the width and height of all

/** The box [west, south, east, north] where the small ones of these boxes crowd together; null where none do. */
export function denseCentre(boxes) {
  if (boxes.length < FEWEST) return null;
  const size = ([west, south, east, north]) => (east - west) * (north - south);
  const small = [...boxes].sort((a, b) => size(a) - size(b)).slice(0, Math.ceil(boxes.length / 2));
  const middle = [0, 1].map((axis) => median(small.map((b) => (b[axis] + b[axis + 2]) / 2)));
  const away = (b) => Math.hypot((b[0] + b[2]) / 2 - middle[0], (b[1] + b[3]) / 2 - middle[1]);
  const crowd = whole([...small].sort((a, b) => away(a) - away(b)).slice(0, Math.ceil(small.length / 2)));
  const all = whole(boxes);
  const share = Math.max((crowd[2] - crowd[0]) / (all[2] - all[0]), (crowd[3] - crowd[1]) / (all[3] - all[1]));
  return share < SMALL ? crowd : null;
}

function whole(boxes) {
  return [Math.min, Math.min, Math.max, Math.max].map((pick, i) => pick(...boxes.map((b) => b[i])));
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** Offer the way to the dense centre of a layer's shapes for as long as it is small on the map. */
export function offerCentre(map, layer) {
  const button = element("button", { type: "button", class: "map-card to-centre", hidden: true, text: t("Zoom to the dense centre") });
  let box = null;
  const show = () => {
    button.hidden = box === null || !map.getBounds().contains(box) || tooLarge(map, box);
  };
  button.addEventListener("click", () => fitFree(map, box));
  place(map, button, "bottomright");
  layer.on("loaded", () => {
    const found = denseCentre(layer.getLayers().map((shape) => shape.getBounds()).map((b) => [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]));
    box = found && L.latLngBounds([found[1], found[0]], [found[3], found[2]]);
    show();
  });
  map.on("moveend", show);
}

function tooLarge(map, box) {
  const [a, b] = [map.latLngToContainerPoint(box.getNorthWest()), map.latLngToContainerPoint(box.getSouthEast())];
  const size = map.getSize();
  return Math.max((b.x - a.x) / size.x, (b.y - a.y) / size.y) > SMALL;
}
