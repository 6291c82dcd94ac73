// Which columns of a table are seen: as many as fit, or those a person ticked; what they mean, at a click.

import { element, fill } from "./element.js";
import { t } from "./i18n.js";
import { installOpening } from "./opening.js";

let made = 0;

/** Give the chooser of a table's columns; `name` tells the tables of the site apart. */
export function columnChooser(table, name) {
  const state = { table, key: `columns ${document.body.dataset.person ?? ""} ${name}`, chosen: null, seen: new Set() };
  const id = `columns-${made++}`;
  state.list = element("div", { class: "column-list", id });
  state.button = element("button", { type: "button", class: "quiet columns-open", "aria-controls": id, "aria-expanded": "false" });
  const chooser = element("div", { class: "columns" }, state.button, state.list);
  state.chosen = kept(state);
  let width = -1;
  const resized = new ResizeObserver(() => {
    const frame = frameOf(table);
    const grown = state.chosen === null && table.offsetWidth > frame.clientWidth + 1;
    if (frame.clientWidth === width && !grown) return;
    width = frame.clientWidth;
    arrange(state);
  });
  resized.observe(frameOf(table));
  resized.observe(table); // it grows by itself when other rows are shown
  arrange(state);
  installOpening(state.button, state.list);
  return Object.assign(chooser, { arrange: () => arrange(state) });
}

function frameOf(table) {
  return table.closest(".table-frame") ?? table.parentElement;
}

function heads(table) {
  return [...(table.tHead?.rows[0]?.cells ?? [])];
}

function kept({ key, table }) {
  try {
    const { of, off } = JSON.parse(localStorage.getItem(key)) ?? {};
    return of === heads(table).length ? off : null;
  } catch {
    return null; // a browser that keeps nothing
  }
}

function keep({ key, table, chosen }) {
  try {
    if (chosen === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ of: heads(table).length, off: chosen }));
  } catch {
    // a browser that keeps nothing: the choice lasts as long as the page
  }
}

/** Show the ticked columns, or from the left as many as the frame holds; the first always. */
function arrange(state) {
  const { table } = state;
  const n = heads(table).length;
  if (state.chosen !== null) hide(table, state.chosen);
  else fitInto(table, n);
  write(state, n);
}

function fitInto(table, n) {
  hide(table, []);
  const frame = frameOf(table);
  if (frame.clientWidth === 0 || getComputedStyle(table).display !== "table") return;
  const off = [];
  for (let last = n; last > 2 && table.offsetWidth > frame.clientWidth + 1; last--) {
    if (table.querySelector(`tbody tr > :nth-child(${last}) :is(button, summary, input, select)`)) continue; // what is done there stays
    off.unshift(last);
    hide(table, off);
  }
}

/** Columns are numbered from 1, as CSS counts them: what is drawn anew stays hidden by itself. */
function hide(table, off) {
  table.dataset.off = off.join(" ");
}

function write(state, n) {
  const off = new Set((state.table.dataset.off ?? "").split(" ").filter(Boolean).map(Number));
  state.button.textContent = t("Columns {shown}/{all}", { shown: n - off.size, all: n });
  const ticks = heads(state.table).map((head, i) => tick(state, head, i + 1, off));
  const fit = element("button", { type: "button", class: "quiet", text: t("As many as fit"), onclick: () => choose(state, null) });
  const held = state.list.contains(document.activeElement) ? [...state.list.querySelectorAll("input")].indexOf(document.activeElement) : -1;
  fill(state.list, ...ticks.slice(1), fit);
  state.list.querySelectorAll("input")[held]?.focus();
}

function tick(state, head, number, off) {
  const input = element("input", { type: "checkbox" });
  input.checked = !off.has(number);
  input.addEventListener("change", () => {
    if (input.checked) off.delete(number);
    else off.add(number);
    choose(state, [...off].sort((a, b) => a - b));
  });
  return element("label", { class: "tick" }, input, head.dataset.name ?? head.textContent.replace(/\s+/g, " ").trim());
}

function choose(state, off) {
  state.chosen = off;
  keep(state);
  arrange(state);
}
