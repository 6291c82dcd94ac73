// Tables that come with the page: any <table data-table> can be sorted, filtered, copied and saved.
// A cell with data-value is sorted and exported by it.

import { columnChooser } from "./columns.js";
import { element, fill } from "./element.js";
import { t } from "./i18n.js";
import { installMeanings } from "./meaning.js";
import { keepOrder } from "./order.js";
import { asText } from "./table.js";

/** Equip every table of the page. */
export function installTables(root = document) {
  for (const table of root.querySelectorAll("table[data-table]")) installTable(table);
}

function installTable(table) {
  installMeanings(table);
  makeSortable(table);
  (table.closest(".table-frame") ?? table).before(toolbar(table));
}

/** Columns are known to the address by their places, from 1. */
function makeSortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const keys = heads.flatMap((head, column) => (head.dataset.sort ? [String(column + 1)] : []));
  let given = null;
  let order = null;
  const show = (wanted) => {
    given ??= [...table.tBodies[0].rows];
    order = wanted;
    for (const head of heads) head.removeAttribute("aria-sort");
    if (order === null) table.tBodies[0].append(...given);
    else sortBy(table, Number(order.key) - 1, order.descending);
  };
  const choose = keepOrder(table.dataset.table, keys, show);
  table.addEventListener("rows-came", () => {
    given = null;
    show(order);
  });
  for (const key of keys) {
    const head = heads[Number(key) - 1];
    tieHead(head, () => {
      const before = head.getAttribute("aria-sort");
      show({ key, descending: before === "ascending" || (before === null && head.dataset.sort === "number") });
      choose(order);
    });
  }
}

function tieHead(head, act) {
  const button = element("button", { type: "button", class: "sort" });
  const meaning = head.querySelector(".meaning");
  meaning?.remove();
  button.append(...head.childNodes);
  fill(head, button, meaning);
  button.addEventListener("click", act);
}

function sortBy(table, column, descending) {
  table.tHead.rows[0].cells[column].setAttribute("aria-sort", descending ? "descending" : "ascending");
  const rows = [...table.tBodies[0].rows];
  rows.sort((a, b) => compare(sortValueOf(a.cells[column]), sortValueOf(b.cells[column]), descending));
  table.tBodies[0].append(...rows);
}

/** Order two values; what is missing comes last either way. */
export function compare(a, b, descending) {
  if (a === null || b === null) return (a === null) - (b === null);
  const order = typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true });
  return descending ? -order : order;
}

function sortValueOf(cell) {
  if (!cell) return null;
  if (cell.dataset.value === "") return null;
  return cell.dataset.value === undefined ? wordsOf(cell) : Number(cell.dataset.value);
}

function wordsOf(cell) {
  return cell.textContent.replace(/\s+/g, " ").trim();
}

function toolbar(table) {
  const bar = element("div", { class: "table-tools" });
  if (table.tBodies[0].rows.length > 6) {
    const box = element("input", { type: "search", placeholder: t("Filter"), "aria-label": t("Filter the table") });
    box.addEventListener("input", () => filterRows(table, box.value));
    bar.append(box);
  }
  const copy = element("button", { type: "button", class: "quiet", text: t("Copy") });
  copy.addEventListener("click", async () => {
    await copyText(textOf(table, "\t"));
    copy.textContent = t("Copied");
    setTimeout(() => { copy.textContent = t("Copy"); }, 1500);
  });
  const save = element("button", { type: "button", class: "quiet", text: t("Save as CSV") });
  save.addEventListener("click", () => saveFile(`${table.dataset.file ?? table.dataset.table}.csv`, textOf(table, ",")));
  const columns = table.tHead.rows[0].cells.length > 3 ? [columnChooser(table, table.dataset.table)] : [];
  bar.append(element("span", { class: "spacer" }), ...columns, copy, save);
  return bar;
}

function filterRows(table, wanted) {
  const words = wanted.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  for (const row of table.tBodies[0].rows) {
    const text = row.textContent.toLocaleLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
}

function textOf(table, separator) {
  const columns = [...table.tHead.rows[0].cells].map((head, key) => ({ key, label: head.dataset.name ?? wordsOf(head) }));
  const visible = [...table.tBodies[0].rows].filter((row) => !row.hidden);
  return asText(columns, visible.map((row) => [...row.cells].map(sortValueOf)), separator);
}

async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = element("textarea", { class: "visually-hidden" });
  box.value = text;
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
  return undefined;
}

function saveFile(name, text) {
  const link = element("a", { download: name });
  link.href = URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/csv;charset=utf-8" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
