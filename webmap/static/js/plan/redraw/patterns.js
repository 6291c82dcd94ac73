// Canvas patterns: what must not be told by colour alone.

import { token } from "../../shell/tokens.js";

const kept = new Map();

function tile(name, side, draw) {
  if (!kept.has(name)) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    draw(canvas.getContext("2d"), side);
    kept.set(name, canvas);
  }
  return kept.get(name);
}

function stripes(pen, side, width, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - 1, side + 1);
    pen.lineTo(shift + side + 1, -1);
  }
  pen.stroke();
}

const TILES = {
  /** In no grid: grey cross-hatching. */
  none: () => tile("none", 10, (pen, side) => {
    pen.fillStyle = token("paper");
    pen.fillRect(0, 0, side, side);
    stripes(pen, side, 1.6, token("hatch-bold"));
    pen.scale(-1, 1);
    pen.translate(-side, 0);
    stripes(pen, side, 1.6, token("hatch-bold"));
  }),
  /** Changed since saved: fine dots. */
  changed: () => tile("changed", 8, (pen) => {
    pen.fillStyle = token("redraw-changed");
    for (const [x, y] of [[2, 2], [6, 6]]) {
      pen.beginPath();
      pen.arc(x, y, 1, 0, 7);
      pen.fill();
    }
  }),
  /** Proposed, not yet accepted: bold stripes. */
  proposed: () => tile("proposed", 12, (pen, side) => stripes(pen, side, 4, token("redraw-proposed"))),
};

/** A pattern that keeps its size on the screen whatever the scale of the drawing. */
export function pattern(pen, name, scale) {
  const made = pen.createPattern(TILES[name](), "repeat");
  made.setTransform(new DOMMatrix().scale(1 / scale));
  return made;
}
