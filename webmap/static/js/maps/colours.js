// Colour-blind-safe scales, and the pattern for suppressed values.

import { token } from "../shell/tokens.js";

export const SEQUENTIAL = [token("scale-1"), token("scale-2"), token("scale-3"), token("scale-4"), token("scale-5")];
export const NO_DATA = token("no-data");

let hatch = null;

/** A canvas pattern of thin diagonal lines, for values that are suppressed. */
export function hatching() {
  if (hatch === null) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = token("paper");
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = token("hatch");
    pen.lineWidth = 1.4;
    pen.beginPath();
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift - 1, 9);
      pen.lineTo(shift + 9, -1);
    }
    pen.stroke();
    hatch = pen.createPattern(tile, "repeat");
  }
  return hatch;
}

/** The class of a value: the first whose upper bound is not below it. */
export function classOf(value, upperBounds) {
  const found = upperBounds.findIndex((bound) => value <= bound);
  return found === -1 ? upperBounds.length - 1 : found;
}
