// Keys for everything: tools, acts, walking from block to block, accepting and leaving.

import { element } from "../../shell/element.js";
import { t } from "../../shell/i18n.js";

const TOOL_KEYS = { v: "select", b: "paint", l: "lasso", d: "border", e: "erase", s: "split", j: "merge", m: "move", x: "cut" };
const ACT_KEYS = { h: "halves", n: "new", r: "rebalance", c: "contiguous", f: "enclaves", a: "unassigned", A: "assignNow", p: "propose", k: "lockGrid", K: "lockBlock", L: "lockAll", U: "unlockAll", i: "take", "?": "help", ".": "next", ",": "previous", g: "grids" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function installKeys(desk, acts, { toolOf, pointer }) {
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey) return void withControl(event, acts);
    if (event.altKey || isTyping(event.target)) return;
    if (event.key === "Escape") return void leave(desk, toolOf, pointer);
    if (event.key === "Enter" && !event.target.closest("button, a, summary, tr, select")) return void enter(desk, toolOf, event);
    if (event.target.closest(".leaflet-container, body") && onMap(event, desk, pointer)) return;
    if (TOOL_KEYS[event.key]) desk.setTool(TOOL_KEYS[event.key]);
    else if (ACT_KEYS[event.key]) acts[ACT_KEYS[event.key]]();
    else if (["1", "2", "3"].includes(event.key)) desk.setBrush(Number(event.key) - 1);
    else return;
    event.preventDefault();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === " ") pointer.space(false);
  });
}

function isTyping(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), textarea, select") !== null;
}

function withControl(event, acts) {
  const act = { z: event.shiftKey ? "redo" : "undo", Z: "redo", y: "redo", s: "save" }[event.key];
  if (!act || (isTyping(event.target) && act !== "save")) return;
  event.preventDefault();
  acts[act]();
}

/** Esc: the stroke, then the proposal, then the tool, then the chosen grid. */
function leave(desk, toolOf, pointer) {
  if (pointer.isDown() || toolOf().holds?.() || desk.scene.sketch) {
    pointer.stop();
    toolOf().cancel?.();
  } else if (desk.proposal) {
    desk.dropProposal(t("The proposal was refused; nothing has changed."));
  } else if (desk.tool !== "select") {
    desk.setTool("select");
  } else {
    desk.scene.marked = new Set();
    desk.stand(-1);
    desk.choose(null);
    desk.view.drawAll();
  }
}

/** Enter: ends a line, accepts a proposal, else does with the block what the tool would do with a click. */
function enter(desk, toolOf, event) {
  event.preventDefault();
  if (desk.scene.sketch) toolOf().enter?.();
  else if (desk.proposal) desk.accept();
  else if (desk.scene.row >= 0 && ["paint", "lasso", "erase"].includes(desk.tool)) desk.paint([desk.scene.row]);
  else if (desk.scene.row >= 0) toolOf().click?.(desk.scene.shapes.inner[desk.scene.row]);
}

function onMap(event, desk, pointer) {
  if (event.key === " " && !event.target.closest("button, summary, a, tr")) {
    pointer.space(true);
    event.preventDefault();
    return true;
  }
  const way = ARROWS[event.key];
  if (!way || event.target.closest(".panel, .toolbar, .tool-options")) return false;
  event.preventDefault();
  if (event.shiftKey) desk.map.panBy(way.map((step) => step * 120), { animate: false });
  else walk(desk, way);
  return true;
}

/** Go to the neighbouring block in a direction; begin in the middle of the map. */
function walk(desk, [dx, dy]) {
  const { scene, view, map } = desk;
  if (scene.row < 0) {
    const size = map.getContainer().getBoundingClientRect();
    const middle = view.toGround({ clientX: size.left + size.width / 2, clientY: size.top + size.height / 2 });
    const row = scene.shapes.at(middle);
    desk.stand(row >= 0 ? row : 0);
  } else {
    const next = scene.shapes.towards(scene.row, dx, dy);
    if (next >= 0) desk.stand(next);
  }
  const [lon, lat] = scene.shapes.toLonLat(scene.shapes.inner[scene.row]);
  map.panInside([lat, lon], { padding: [80, 80], animate: false });
}

const KEYS = () => [
  ["V", t("Select: look at blocks and grids")],
  ["B · 1 2 3", t("Brush, and its three sizes")],
  ["L", t("Lasso: blocks inside a drawn line")],
  ["D", t("Drag a border over the neighbour's blocks")],
  ["E", t("Erase: blocks into no grid")],
  ["S · H", t("Split the grid by a line · in halves")],
  ["J · N", t("Join with a neighbour · new grid")],
  ["M", t("Move a border by a drawn line")],
  ["X", t("Cut a block by a line")],
  ["R · C · F · A · P", t("Rebalance · make contiguous · open what is shut in · assign blocks in no grid · propose the plan")],
  ["Shift+A", t("Give blocks in no grid to the nearest grid, at once")],
  ["K · Shift+K", t("Lock or release the chosen grid · the block")],
  ["Shift+L · Shift+U", t("Lock all grids · release all locks")],
  ["I", t("Choose the grid of the block under the keyboard mark")],
  ["← → ↑ ↓", t("Go from block to block (map in focus); with Shift the map moves")],
  ["Enter", t("Paint the block, end a line, accept a proposal")],
  ["Esc", t("Leave: the stroke, the proposal, the tool, the choice")],
  [". ,", t("Next and previous of what is looked for")],
  ["Ctrl+Z · Ctrl+Shift+Z", t("Undo · redo")],
  ["Ctrl+S", t("Save")],
  [t("Space, middle button"), t("Move the map while a tool is in hand")],
];

export function showHelp() {
  const close = element("button", { type: "button", class: "primary", text: t("Close") });
  const rows = KEYS().map(([keys, text]) => element("tr", {}, element("td", {}, ...keys.split(" · ").flatMap((key, i) => [i ? " · " : "", element("kbd", { text: key })])), element("td", { text })));
  const dialog = element("dialog", { class: "keys", "aria-label": t("Keyboard and tools") }, element("h2", { text: t("Keyboard and tools") }),
    element("p", { class: "muted small", text: t("With a pen or finger: one paints, two move the map. Once a pen is used, fingers only move the map.") }),
    element("table", { class: "keys-table" }, element("tbody", {}, ...rows)), element("div", { class: "row answers" }, close));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
