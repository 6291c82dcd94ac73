// A file of records: look at it, tick the repairs of outlines where there are, store it.

import { sendForm } from "../../shell/api.js";
import { element, fill } from "../../shell/element.js";
import { grouped, t } from "../../shell/i18n.js";
import { latest } from "../../shell/latest.js";
import { installTables } from "../../shell/page_table.js";
import { groundChanges } from "../ground_changes.js";

const form = document.getElementById("import");
const state = document.getElementById("import-state");
const place = document.getElementById("report");
const newest = latest();

if (form) begin();

function begin() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(false);
  });
  form.addEventListener("change", () => {
    newest.drop();
    fill(state);
    place.hidden = true;
    form.querySelector("button").disabled = false;
  });
  form.querySelector("button").disabled = false;
}

/** Send the file as the form says now; an answer to what was chosen before is not shown. */
function send(commit) {
  const body = new FormData(form);
  if (commit) body.set("commit", "1");
  form.inert = commit;
  for (const button of document.querySelectorAll("#import button, #report button.primary")) button.disabled = true;
  fill(state, element("p", { class: "muted", text: commit ? t("Storing the rows…") : t("Reading the file…") }), element("progress"));
  return newest((signal) => sendForm(form.dataset.to, body, { signal }), (answer) => {
    if (answer.state === "committed") {
      globalThis.location.assign(answer.batch === null ? form.dataset.list : `${form.dataset.list}/${answer.batch}`);
      return;
    }
    settle();
    report(answer);
  }, (error) => {
    settle();
    fill(state, element("p", { class: "alert", text: error.message }), listed(error.body?.defects ?? []));
  });
}

function settle() {
  form.inert = false;
  form.querySelector("button").disabled = false;
  fill(state);
}

function listed(texts) {
  return texts.length ? element("ul", {}, ...texts.slice(0, 30).map((text) => element("li", { text }))) : null;
}

function report(answer) {
  const mayGoOn = form.elements.good_rows;
  const stopped = answer.rows_good === 0 || (answer.n_defects > 0 && !mayGoOn.checked);
  const nothing = answer.new + answer.changed === 0;
  const store = element("button", { type: "button", class: "primary", disabled: stopped || nothing, text: t("Store {n} rows", { n: grouped(answer.new + answer.changed) }), onclick: () => send(true) });
  fill(place,
    element("h2", { text: t("What becomes of it") }),
    element("p", { class: "muted", text: t("{read} rows read, {good} can be stored", { read: grouped(answer.rows_read), good: grouped(answer.rows_good) }) }),
    element("p", { text: t("{new} new, {changed} changed, {unchanged} unchanged", { new: grouped(answer.new), changed: grouped(answer.changed), unchanged: grouped(answer.unchanged) }) }),
    ...beside(answer).map((text) => element("p", { class: "note", text })),
    groundChanges(answer.blocks_out_of_date.length),
    adopted(answer.settled),
    answer.repairs.length ? repairs(answer.repairs) : null,
    answer.defects.length ? defects(answer.defects, answer.n_defects) : null,
    answer.notes.length ? element("details", { class: "notes" }, element("summary", { text: t("How the file was read: {n} remarks", { n: answer.notes.length }) }), listed(answer.notes)) : null,
    element("div", { class: "row steps" }, store),
    element("p", { class: "muted small", text: remark(stopped, nothing) }),
  );
  place.hidden = false;
  installTables(place);
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start", behavior: "smooth" });
}

function remark(stopped, nothing) {
  if (stopped) return t("Accept the repairs, mend the file, or go on without the rows that have defects.");
  return nothing ? t("Everything is stored so already.") : t("What is imported shows in the list of imports.");
}

/** Say what else becomes of the rows, and of what is stored and not in the file. */
function beside(answer) {
  const told = [];
  if (answer.repeated) told.push(t("{n} rows repeat another row in everything and are stored once", { n: grouped(answer.repeated) }));
  if (answer.missing) told.push(t("{n} stored rows of the same deliveries are not in this file; they stay", { n: grouped(answer.missing) }));
  if (answer.waiting.community) told.push(t("{n} rows lie in no community yet", { n: grouped(answer.waiting.community) }));
  if (answer.waiting.household) told.push(t("{n} residents wait for their household", { n: grouped(answer.waiting.household) }));
  return told;
}

/** Say what was stored before its community and would belong to these. */
function adopted(settled) {
  const names = { buildings: t("buildings"), compounds: t("compounds"), addresses: t("addresses"), blocks: t("blocks"), residents: t("residents") };
  const told = Object.entries(settled).filter(([, n]) => n > 0).map(([kind, n]) => `${names[kind] ?? kind} ${grouped(n)}`);
  return told.length ? element("p", { class: "note", text: t("Stored already, and part of these from now on: {what}", { what: told.join(", ") }) }) : null;
}

function repairs(rows) {
  const columns = [[t("Row"), "row"], [t("Community"), "community"], [t("What is found"), "what"], [t("Area, m²"), "area_m2"], [t("Width, m"), "width_m"], [t("Repair"), "repair"]];
  const asked = rows.filter((r) => r.state === "asked");
  const section = element("section", {}, element("h2", { text: t("Outlines that do not fit") }), table("repairs", columns, rows.map(worded)));
  if (asked.length || form.elements.accept_repairs.checked) section.append(tick(asked));
  return section;
}

function worded(r) {
  const what = r.other === null ? t("gap") : t("overlaps {other}", { other: r.other });
  return { ...r, what, repair: outcome(r) };
}

function outcome(r) {
  if (r.state === "too_wide") return t("too wide; mend the file");
  const to = r.other ?? r.community;
  return r.state === "mended" ? t("the ground goes to {community}", { community: to }) : t("not accepted; the ground would go to {community}", { community: to });
}

/** The answer of a person: what is accepted is looked at again, and stored only then. */
function tick(asked) {
  const box = element("input", { type: "checkbox", checked: form.elements.accept_repairs.checked });
  box.addEventListener("change", () => {
    form.elements.accept_repairs.checked = box.checked;
    send(false);
  });
  const moved = asked.reduce((sum, r) => sum + r.area_m2, 0);
  const words = asked.length ? t("Accept these repairs: {area} m² change hands", { area: grouped(moved, 1) }) : t("The repairs are accepted");
  return element("label", { class: "tick" }, box, ` ${words}`);
}

function defects(rows, all) {
  const columns = [[t("Row"), "row"], [t("Field"), "field"], [t("What is wrong and how to mend it"), "message"]];
  const first = all > rows.length ? element("p", { class: "muted small", text: t("The first {n} of {all} are listed.", { n: grouped(rows.length), all: grouped(all) }) }) : null;
  return element("section", {}, ...[element("h2", { text: t("Rows with defects") }), first, table("defects", columns, rows)].filter(Boolean));
}

const DIGITS = { row: 0, area_m2: 1, width_m: 2 };

function table(name, columns, rows) {
  const head = columns.map(([label, key]) => element("th", { scope: "col", "data-sort": key in DIGITS ? "number" : "text", class: key in DIGITS ? "number" : null, text: label }));
  const body = rows.map((row) => element("tr", {}, ...columns.map(([, key]) => cell(row[key], key))));
  return element("div", { class: "table-frame short" }, element("table", { "data-table": name, "data-file": name }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body)));
}

function cell(value, key) {
  if (!(key in DIGITS)) return element("td", { text: value ?? "–" });
  return element("td", { class: "number", "data-value": value ?? "", text: value === null ? "–" : grouped(value, DIGITS[key]) });
}
