// The bar of tools and the line of options under it.

import { element, fill } from "../../shell/element.js";
import { grouped, t } from "../../shell/i18n.js";
import { lowerSheet } from "../../shell/panel.js";
import { TINTS } from "./tints.js";
import { token } from "../../shell/tokens.js";

/** Tie the buttons: `acts` by name; tells which tool is in hand. */
export function installToolbar(desk, acts) {
  const bar = document.getElementById("toolbar");
  for (const button of bar.querySelectorAll("[data-tool]")) button.addEventListener("click", () => takeUp(desk, button.dataset.tool));
  for (const button of bar.querySelectorAll("[data-act]")) button.addEventListener("click", () => acts[button.dataset.act]());
  for (const menu of bar.querySelectorAll(".tool-menu")) tieMenu(menu);
  const options = document.getElementById("tool-options");
  desk.addEventListener("refresh", () => {
    for (const button of bar.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === desk.tool));
    for (const menu of bar.querySelectorAll(".tool-menu")) menu.classList.toggle("in-hand", menu.querySelector(`[data-tool="${desk.tool}"]`) !== null);
    bar.querySelector("[data-act=undo]").disabled = desk.work.position === 0 || desk.work.busy;
    bar.querySelector("[data-act=redo]").disabled = desk.work.position >= desk.work.steps.length || desk.work.busy;
    document.querySelector(".stage-map").className = `stage-map tool-${desk.tool}`;
    writeOptions(options, desk);
  });
}

function takeUp(desk, tool) {
  desk.setTool(tool);
  if (tool !== "select") lowerSheet();
}

function tieMenu(menu) {
  for (const button of menu.querySelectorAll("button")) button.addEventListener("click", () => { menu.open = false; });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/** Write the options of the tool anew only when something in them changed, so that focus stays. */
function writeOptions(box, desk) {
  const { work, scene } = desk;
  const state = JSON.stringify([desk.tool, scene.grid, desk.brush, desk.filter, work.division.numbers().map((n) => work.label(n)), scene.picked, tally(desk)]);
  if (box.dataset.state === state) return;
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.option : null;
  box.dataset.state = state;
  fill(box, ...partsOf(desk).filter(Boolean));
  if (focused) box.querySelector(`[data-option="${focused}"]`)?.focus();
}

function partsOf(desk) {
  const paints = { paint: [intoChoice, brushChoice, filterChoice], lasso: [intoChoice, filterChoice], erase: [brushChoice, filterChoice] }[desk.tool] ?? [];
  const hint = desk.tool === "paint" || desk.tool === "lasso" ? null : element("span", { class: "hint", text: hintOf(desk) });
  return [...paints.map((make) => make(desk)), hint, tally(desk) ? element("span", { class: "tally", text: tally(desk) }) : null];
}

function hintOf(desk) {
  const picked = desk.scene.picked?.map((n) => desk.work.label(n));
  return {
    select: t("Click a block to choose its grid; arrow keys go from block to block."),
    erase: t("Blocks you paint belong to no grid afterwards."),
    border: picked ? t("Border {a}–{b}: drag over the neighbour's blocks; let go to lock it in, Esc leaves.", { a: picked[0], b: picked[1] }) : t("Take a border and drag it over the neighbour's blocks."),
    split: t("Draw a line through a grid, from side to side: drag, or click point by point."),
    merge: desk.scene.grid === null ? t("Click the first grid.") : t("Click the grid that is joined with {grid}.", { grid: desk.work.label(desk.scene.grid) }),
    move: picked && desk.tool === "move" ? t("Draw where the border {a}–{b} should run.", { a: picked[0], b: picked[1] }) : t("Click a border, then draw where it should run."),
    cut: t("Draw a line through one block, from side to side; it may not cross a building."),
  }[desk.tool] ?? "";
}

/** Households of the grids a stroke touches, while it lasts. */
function tally(desk) {
  if (desk.work.stroke === null || desk.touched.length === 0) return "";
  return desk.touched.slice(0, 3).map((n) => `${desk.work.label(n)}: ${grouped(desk.work.division.weightOf(n))}`).join(" · ");
}

function intoChoice(desk) {
  const { work, scene } = desk;
  const select = element("select", { "data-option": "into" }, element("option", { value: "", text: t("choose…") }),
    ...work.division.numbers().map((n) => element("option", { value: String(n), text: `${work.label(n)} (${grouped(work.division.weightOf(n))})` })));
  if (scene.grid !== null && !work.division.grids.has(scene.grid)) select.append(element("option", { value: String(scene.grid), text: t("new grid") }));
  else select.append(element("option", { value: "new", text: t("new grid") }));
  select.value = scene.grid === null ? "" : String(scene.grid);
  select.addEventListener("change", () => (select.value === "new" ? desk.newGrid() : desk.choose(select.value === "" ? null : Number(select.value))));
  const swatch = element("span", { class: "tool-swatch", style: `background:${TINTS[scene.tints.get(scene.grid)] ?? token("paper")}` });
  return element("label", {}, t("Into grid"), swatch, select);
}

function brushChoice(desk) {
  const names = [t("one block"), t("small brush"), t("large brush")];
  const buttons = names.map((name, i) => {
    const button = element("button", { type: "button", "data-option": `brush-${i}`, "aria-pressed": String(desk.brush === i), title: `${name} (${i + 1})`, text: name });
    button.addEventListener("click", () => desk.setBrush(i));
    return button;
  });
  return element("span", { class: "choices", role: "group", "aria-label": t("Size of the brush") }, ...buttons);
}

function filterChoice(desk) {
  const select = element("select", { "data-option": "filter" }, element("option", { value: "all", text: t("any block") }),
    desk.tool === "erase" ? null : element("option", { value: "unassigned", text: t("only blocks in no grid") }),
    ...desk.work.division.numbers().map((n) => element("option", { value: String(n), text: t("only from grid {grid}", { grid: desk.work.label(n) }) })));
  select.value = desk.filter;
  if (select.value === "") select.value = desk.filter = "all";
  select.addEventListener("change", () => desk.setFilter(select.value));
  return element("label", {}, t("Take"), select);
}
