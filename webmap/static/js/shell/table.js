// A table that can be sorted, filtered, copied and saved. Values are text nodes, never markup.

import { element, fill } from "./element.js";
import { keepOrder } from "./order.js";
import { noteOf, wholeTable } from "./paper_tables.js";

/** Rows in the order of a column; what is missing comes last either way. */
export function sorted(rows, key, descending) {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [a[key], b[key]];
    if (x === null || x === undefined) return y === null || y === undefined ? 0 : 1;
    if (y === null || y === undefined) return -1;
    return sign * (typeof x === "number" ? x - y : String(x).localeCompare(String(y), undefined, { numeric: true }));
  });
}

/** Text of the table for a clipboard (tab) or a file (comma, quoted; formulas are disarmed). */
export function asText(columns, rows, separator) {
  const cell = (value) => {
    let text = value === null || value === undefined ? "" : typeof value === "number" ? String(Number(value.toPrecision(10))) : String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return separator === "," && /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map((c) => cell(c.label)), ...rows.map((row) => columns.map((c) => cell(row[c.key])))];
  return lines.map((line) => line.join(separator)).join("\n");
}

/** Columns are {key, label, number, write(row)}; `pick(row)` is called when a row is chosen; the address names it. */
export function makeTable(table, { name, columns, sort, descending = true, pick }) {
  const state = { rows: [], sort, descending, filter: "", chosen: null };
  const body = element("tbody");
  fill(table, element("thead", {}, element("tr", {}, ...columns.map(head))), body);

  function head(column) {
    const button = element("button", { class: "sort", type: "button", text: column.label });
    button.addEventListener("click", () => {
      order({ key: column.key, descending: state.sort === column.key ? !state.descending : Boolean(column.number) });
      chosen({ key: state.sort, descending: state.descending });
    });
    return element("th", { scope: "col", "data-key": column.key, class: column.number ? "number" : null }, button);
  }

  function order(wanted) {
    Object.assign(state, { sort: wanted?.key ?? sort, descending: wanted?.descending ?? descending });
    draw();
  }

  const chosen = keepOrder(name, columns.map(({ key }) => key), order);

  function visible() {
    const wanted = state.filter.toLowerCase();
    const rows = wanted ? state.rows.filter((r) => columns.some((c) => String(r[c.key] ?? "").toLowerCase().includes(wanted))) : state.rows;
    return sorted(rows, state.sort, state.descending);
  }

  function draw() {
    for (const th of table.querySelectorAll("th")) {
      if (th.dataset.key === state.sort) th.setAttribute("aria-sort", state.descending ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    }
    fill(body, ...visible().slice(0, 2000).map(line));
  }

  const written = (row, c) => (c.write ? c.write(row) : String(row[c.key] ?? "–"));

  function line(row) {
    const cells = columns.map((c) => element("td", { class: c.number ? "number" : null }, written(row, c)));
    const tr = element("tr", { "data-code": row.code, tabindex: "0", "aria-selected": row.code === state.chosen ? "true" : null }, ...cells);
    tr.addEventListener("click", () => pick?.(row));
    tr.addEventListener("keydown", (event) => { if (event.key === "Enter") pick?.(row); });
    return tr;
  }

  wholeTable(table, () => {
    const rows = visible();
    return { columns, rows: rows.map((row) => columns.map((c) => written(row, c))), note: noteOf(rows.length, state.rows.length) };
  });

  return {
    show(rows) { state.rows = rows; draw(); },
    filter(text) { state.filter = text; draw(); },
    choose(code) {
      state.chosen = code;
      for (const tr of body.children) {
        if (tr.dataset.code === code) tr.setAttribute("aria-selected", "true");
        else tr.removeAttribute("aria-selected");
      }
      body.querySelector("[aria-selected]")?.scrollIntoView({ block: "nearest" });
    },
    /** `about`: further {label, value} that are the same in every row, such as topic and period. */
    text(separator, about = []) {
      const more = about.map(({ label }, i) => ({ key: `about ${i}`, label }));
      const rows = visible().map((row) => ({ ...row, ...Object.fromEntries(about.map(({ value }, i) => [`about ${i}`, value])) }));
      return asText([...columns, ...more], rows, separator);
    },
  };
}
