// Colour-blind-safe scales, and the pattern for suppressed values.

export const SEQUENTIAL = ["#fff3d6", "#fdd596", "#f7a862", "#d9652f", "#8f2a10"];
export const NO_DATA = "#c9ced1";

let hatch = null;

/** A canvas pattern of thin diagonal lines, for values that are suppressed. */
export function hatching() {
  if (hatch === null) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = "#6b7780";
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
