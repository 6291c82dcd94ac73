// Tables as they go on paper: whole, though only a part of them may stand on the screen; text only.

import { t } from "./i18n.js";

const whole = new WeakMap();
const offers = [];

/** Say what all of a table of the page is: `read()` gives {columns: [{label, number}], rows: [[text]], note}. */
export function wholeTable(table, read) {
  whole.set(table, read);
}

/** Offer a table that stands nowhere on the page: `read()` gives it with a title, or a promise of it. */
export function offerOnPaper(read) {
  offers.push(read);
}

/** All tables of a part of the page in their order, then those offered, of which some are promises. */
export function tablesOf(root) {
  const standing = [...root.querySelectorAll("table")].filter((table) => !table.closest("[hidden], dialog, [data-not-on-paper]"));
  return [...standing.map((table) => ({ title: titleOf(table, root), ...(whole.get(table) ?? (() => readTable(table)))() })), ...offers.map((read) => read())];
}

/** Read a table that stands whole in the page; rows that a filter hides are left out, and it says so. */
export function readTable(table) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const all = [...table.tBodies].flatMap((body) => [...body.rows]);
  const shown = all.filter((row) => !row.hidden);
  const texts = shown.map((row) => [...row.cells].map(textOf));
  const kept = heads.map((_, i) => i).filter((i) => texts.some((row) => row[i]));
  const columns = kept.map((i) => ({ label: textOf(heads[i], { keep: "button" }), number: heads[i].classList.contains("number"), about: heads[i].title }));
  return { columns, rows: texts.map((row) => kept.map((i) => row[i] ?? "")), note: noteOf(shown.length, all.length) };
}

export function noteOf(shown, all) {
  return shown === all ? "" : t("{n} of {all} rows: those that the filter leaves.", { n: shown, all });
}

function textOf(cell, { keep = "" } = {}) {
  const copy = cell.cloneNode(true);
  for (const part of copy.querySelectorAll("button, input, select, [aria-hidden=true], .bar")) {
    if (!keep || !part.matches(keep)) part.remove();
  }
  for (const part of copy.querySelectorAll("br, summary, p, .visually-hidden")) part.after(part.matches(".visually-hidden") ? "" : " ");
  return copy.textContent.replace(/\s+/g, " ").trim();
}

/** Its caption, what it is labelled by, or the nearest heading above it. */
function titleOf(table, root) {
  const named = table.caption ?? document.getElementById(table.closest("[aria-labelledby]")?.getAttribute("aria-labelledby"));
  if (named) return textOf(named);
  const heads = [...root.querySelectorAll("h2, summary")].filter((head) => head.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING);
  return heads.length > 0 ? textOf(heads.at(-1)) : "";
}
