// Blocks in a list: of the chosen grid or of what is looked for; ticked ones are moved without the map.

import { element, fill } from "../../../shell/element.js";
import { grouped, t } from "../../../shell/i18n.js";
import { SEARCHES } from "../find.js";
import { badge } from "./cards.js";

const MOST_ROWS = 300;

/** Looking for something: `groups` of rows, one of them shown. */
export function makeFinder(desk) {
  const finder = { search: "", groups: [], place: -1 };
  finder.look = (search) => {
    Object.assign(finder, { search, place: -1 });
    finder.update();
    if (search) finder.step(1);
    else desk.refresh();
  };
  finder.update = () => {
    finder.groups = finder.search ? SEARCHES[finder.search](desk.work) : [];
  };
  finder.step = (by) => {
    if (!finder.search) return;
    finder.update();
    if (finder.groups.length === 0) return desk.refresh();
    finder.place = (finder.place + by + finder.groups.length) % finder.groups.length;
    const rows = finder.groups[finder.place];
    desk.point(rows.map((row) => desk.work.ground.id[row]));
    return desk.stand(rows[0]);
  };
  return finder;
}

function names() {
  return {
    "": t("Blocks of the chosen grid"),
    unassigned: t("Blocks in no grid"),
    out_of_band: t("Grids out of band"),
    not_contiguous: t("Loose parts of grids"),
    shut_in: t("Ground shut in by a grid"),
    no_households: t("Grids without households"),
    changed: t("Changed since saved"),
    changed_in_force: t("Changed against the plan in force"),
    locked: t("Locked blocks"),
  };
}

export function writeBlocks(desk, finder) {
  finder.update();
  const box = document.getElementById("part-blocks");
  const kept = new Set([...box.querySelectorAll("input[data-row]:checked")].map((tick) => Number(tick.dataset.row)));
  const focused = document.activeElement?.dataset?.key;
  const rows = finder.search ? finder.groups[Math.max(finder.place, 0)] ?? [] : desk.scene.grid === null ? [] : desk.work.division.rowsOf(desk.scene.grid);
  fill(box, findLine(finder), moveLine(desk, box), table(desk, rows, kept));
  if (focused) box.querySelector(`[data-key="${focused}"]`)?.focus();
}

function findLine(finder) {
  const choice = element("select", { "data-key": "search" }, ...Object.entries(names()).map(([value, text]) => element("option", { value, text })));
  choice.value = finder.search;
  choice.addEventListener("change", () => finder.look(choice.value));
  const at = finder.groups.length === 0 ? (finder.search ? t("none") : "") : `${finder.place + 1} / ${finder.groups.length}`;
  const go = (text, label, by) => element("button", { type: "button", "data-key": `go${by}`, "aria-label": label, text, disabled: finder.groups.length === 0, onclick: () => finder.step(by) });
  return element("div", { class: "find-line" }, element("label", { text: t("Look for") }, choice), go("‹", t("Previous"), -1), element("span", { role: "status", text: at }), go("›", t("Next"), 1));
}

function moveLine(desk, box) {
  const into = element("select", { "data-key": "into" }, ...desk.work.division.numbers().map((n) => element("option", { value: String(n), text: `${desk.work.label(n)} (${grouped(desk.work.division.weightOf(n))})` })),
    element("option", { value: "new", text: t("new grid") }), element("option", { value: "0", text: t("no grid") }));
  if (desk.moveInto !== undefined) into.value = desk.moveInto;
  into.addEventListener("change", () => { desk.moveInto = into.value; });
  const move = element("button", { type: "button", "data-key": "move", text: t("Move ticked blocks"), onclick: () => {
    const target = into.value === "new" ? desk.work.nextNumber : Number(into.value);
    const rows = [...box.querySelectorAll("input[data-row]:checked")].map((tick) => Number(tick.dataset.row));
    const { held } = desk.work.take(into.value === "new" ? "new_grid" : "paint", new Map(rows.map((row) => [row, target])));
    desk.tellHeld(held);
  } });
  return element("div", { class: "block-tools" }, element("label", { text: t("Into grid") }, into), move);
}

function table(desk, rows, kept) {
  const { work, scene } = desk;
  if (rows.length === 0) return element("p", { class: "muted", text: t("No blocks to list: choose a grid, or look for something.") });
  const line = (row) => {
    const tick = element("input", { type: "checkbox", "data-row": String(row), "data-key": `tick${row}`, "aria-label": t("Block {block}", { block: work.ground.id[row] }) });
    tick.checked = kept.has(row);
    const tr = element("tr", { tabindex: "0", "data-key": `row${row}`, "aria-selected": scene.row === row ? "true" : null },
      element("th", { scope: "row" }, tick, " ", String(work.ground.id[row]), work.locks.has(`block:${work.ground.id[row]}`) ? badge(t("Locked"), "warn") : ""),
      element("td", { text: work.label(work.division.number[row]) }), element("td", { text: work.label(work.saved[row]) }),
      element("td", { class: "number", text: grouped(work.ground.loads[0][row]) }), element("td", { class: "number", text: grouped(work.ground.loads[1][row]) }));
    tr.addEventListener("click", (event) => {
      if (event.target !== tick) desk.stand(row, { show: event.detail > 1 });
    });
    tr.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === tr) desk.stand(row, { show: true });
    });
    return tr;
  };
  const heads = [t("Block"), t("Grid"), t("Saved"), t("Households"), t("People")];
  return element("div", {}, element("div", { class: "table-frame tall" }, element("table", {},
    element("thead", {}, element("tr", {}, ...heads.map((head, i) => element("th", { scope: "col", class: i > 2 ? "number" : null, text: head })))),
    element("tbody", {}, ...rows.slice(0, MOST_ROWS).map(line)))),
  rows.length > MOST_ROWS ? element("p", { class: "muted small", text: t("and {n} more", { n: rows.length - MOST_ROWS }) }) : null);
}
