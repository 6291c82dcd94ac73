// What is written on the map: codes of grids, badges out of band, padlocks, arrows of who changes grid.

import { token } from "../../shell/tokens.js";

const INK = token("accent-strong");
const WARN = token("warn");

/** Draw the marks of a scene; `view` says where things are on the screen. Gives the boxes that names of grids take. */
export function drawMarks(pen, scene, view) {
  Object.assign(pen, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
  if (scene.showsArrows) for (const arrow of scene.arrows()) drawArrow(pen, arrow, view);
  for (const row of scene.lockedRows()) drawPadlock(pen, ...view.toScreen(scene.shapes.inner[row]), 0.8);
  const taken = [];
  for (const label of scene.labels()) drawLabel(pen, label, view, taken, scene.grid === label.number);
  return taken;
}

function drawLabel(pen, label, view, taken, chosen) {
  const [x, y] = view.toScreen(label.at);
  if (x < 0 || y < 0 || x > view.width || y > view.height) return;
  const face = "system-ui, 'Noto Sans CJK SC', sans-serif";
  pen.font = `700 13px ${face}`;
  const half = Math.max(pen.measureText(label.name).width, label.badge ? 40 : 0) / 2 + 6;
  const box = [x - half, y - 10, x + half, y + (label.badge ? 24 : 10)];
  if (!chosen && taken.some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1])) return;
  taken.push(box);
  pen.strokeStyle = token("map-halo-strong");
  pen.lineWidth = 4;
  pen.strokeText(label.name, x, y);
  pen.fillStyle = chosen ? token("map-selected-strong") : INK;
  pen.fillText(label.name, x, y);
  if (label.locked) drawPadlock(pen, x + half + 3, y - 1, 0.9);
  if (label.badge) drawBadge(pen, label.badge, x, y + 16, face);
}

function drawBadge(pen, text, x, y, face) {
  pen.font = `600 11px ${face}`;
  const half = pen.measureText(text).width / 2 + 5;
  pen.fillStyle = token("badge-paper");
  pen.strokeStyle = WARN;
  pen.lineWidth = 1.2;
  pen.beginPath();
  pen.roundRect(x - half, y - 8, 2 * half, 16, 8);
  pen.fill();
  pen.stroke();
  pen.fillStyle = WARN;
  pen.fillText(text, x, y);
}

function drawPadlock(pen, x, y, size) {
  pen.save();
  pen.translate(x, y);
  pen.scale(size, size);
  pen.strokeStyle = token("paper");
  pen.lineWidth = 5;
  pen.strokeRect(-5, -1, 10, 8);
  pen.strokeStyle = INK;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(0, -1.5, 3.2, Math.PI, 0);
  pen.stroke();
  pen.fillStyle = INK;
  pen.fillRect(-5, -1, 10, 8);
  pen.restore();
}

/** From grid to grid, as wide as the households that go. */
function drawArrow(pen, { from, to, households, most }, view) {
  const [ax, ay] = view.toScreen(from);
  const [bx, by] = view.toScreen(to);
  const length = Math.hypot(bx - ax, by - ay);
  if (length < 12) return;
  const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
  const width = 2 + 6 * Math.sqrt(households / Math.max(most, 1));
  const head = 9 + width;
  const end = [bx - ux * 14, by - uy * 14];
  const neck = [end[0] - ux * head, end[1] - uy * head];
  for (const [colour, extra] of [[token("paper"), 3], [token("redraw-arrow"), 0]]) {
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = width + extra;
    pen.beginPath();
    pen.moveTo(ax + ux * 14, ay + uy * 14);
    pen.lineTo(...neck);
    pen.stroke();
    pen.beginPath();
    pen.moveTo(...end);
    pen.lineTo(neck[0] - uy * (head / 2 + extra), neck[1] + ux * (head / 2 + extra));
    pen.lineTo(neck[0] + uy * (head / 2 + extra), neck[1] - ux * (head / 2 + extra));
    pen.closePath();
    pen.fill();
  }
  pen.font = "600 11px system-ui, 'Noto Sans CJK SC', sans-serif";
  const [mx, my] = [(ax + bx) / 2 - uy * 12, (ay + by) / 2 + ux * 12];
  pen.strokeStyle = token("paper");
  pen.lineWidth = 4;
  pen.strokeText(String(households), mx, my);
  pen.fillStyle = token("redraw-arrow-text");
  pen.fillText(String(households), mx, my);
}
