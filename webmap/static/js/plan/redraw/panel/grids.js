// All grids in a table: the way to them without the map.

import { element, fill } from "../../../shell/element.js";
import { grouped, t } from "../../../shell/i18n.js";
import { keepOrder } from "../../../shell/order.js";
import { badge, chip, isWhole } from "./cards.js";

const COLUMNS = () => [
  { key: "label", label: t("Grid") },
  { key: "households", label: t("Households"), number: true },
  { key: "deviation", label: t("Off the band"), number: true },
  { key: "workload", label: t("Workload"), number: true },
  { key: "compactness", label: t("Compactness"), number: true },
];

const FIRST = { key: "label", descending: false };
const sorting = { ...FIRST };
let chosen = null;

/** Take the order of the table from the address, and Back and Forward. */
export function installGrids(desk) {
  chosen = keepOrder("grids", COLUMNS().map(({ key }) => key), (order) => {
    Object.assign(sorting, order ?? FIRST);
    desk.refresh();
  });
}

export function writeGrids(desk, acts) {
  const box = document.getElementById("part-grids");
  const { work } = desk;
  const rows = work.division.numbers().map((number) => ({ ...work.measure(number), label: work.label(number) }));
  rows.sort((a, b) => (sorting.descending ? -1 : 1) * (typeof a[sorting.key] === "number" ? a[sorting.key] - b[sorting.key] : a[sorting.key].localeCompare(b[sorting.key])));
  const focused = document.activeElement?.closest?.("#part-grids tr[data-grid]")?.dataset.grid;
  const { totals } = work.effect;
  fill(box,
    element("p", { class: "muted small", text: t("{n} grids, {out} out of band; {households} households.", { n: totals.grids, out: totals.out_of_band, households: grouped(totals.households) }) }),
    element("div", { class: "table-frame tall" }, element("table", {}, element("thead", {}, heads(desk, acts)), element("tbody", {}, ...rows.map((row) => line(desk, row))))));
  if (focused) box.querySelector(`tr[data-grid="${focused}"]`)?.focus();
}

function heads(desk, acts) {
  return element("tr", {}, ...COLUMNS().map((column) => {
    const sort = element("button", { type: "button", class: "sort", text: column.label, onclick: () => {
      Object.assign(sorting, { descending: sorting.key === column.key ? !sorting.descending : Boolean(column.number), key: column.key });
      chosen(sorting);
      writeGrids(desk, acts);
    } });
    return element("th", { scope: "col", class: column.number ? "number" : null, "aria-sort": sorting.key === column.key ? (sorting.descending ? "descending" : "ascending") : null }, sort);
  }), element("th", { scope: "col", text: t("Lock") }));
}

function line(desk, row) {
  const { work, scene } = desk;
  const word = `grid:${row.number}`;
  const locked = work.locks.has(word);
  const lock = element("button", { type: "button", class: "lock-toggle", "aria-pressed": String(locked), "aria-label": t("Lock grid {grid}", { grid: row.label }), text: locked ? t("Locked") : t("Lock"), onclick: (event) => {
    event.stopPropagation();
    desk.toggleLock(word);
  } });
  const off = Math.round(row.deviation);
  const tr = element("tr", { "data-grid": String(row.number), tabindex: "0", "aria-selected": scene.grid === row.number ? "true" : null },
    element("th", { scope: "row" }, chip(scene, row.number), " ", row.label, isWhole(row) ? null : badge(t("not contiguous"), "bad")),
    element("td", { class: "number", text: grouped(row.households) }),
    element("td", { class: `number${off ? " off" : ""}`, text: off === 0 ? "–" : `${off < 0 ? "▼ −" : "▲ +"}${grouped(Math.abs(off))}` }),
    element("td", { class: "number", text: grouped(row.workload) }),
    element("td", { class: "number", text: grouped(row.compactness, 2) }), element("td", {}, lock));
  const choose = () => desk.choose(row.number, { zoom: true });
  tr.addEventListener("click", choose);
  tr.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === tr) choose();
  });
  return tr;
}
