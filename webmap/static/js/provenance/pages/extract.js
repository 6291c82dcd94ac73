// An extract of OpenStreetMap: look at what is in it, then store all of it.

import { sendForm } from "../../shell/api.js";
import { element, fill } from "../../shell/element.js";
import { grouped, t } from "../../shell/i18n.js";
import { latest } from "../../shell/latest.js";
import { installTables } from "../../shell/page_table.js";
import { groundChanges } from "../ground_changes.js";

const MOST_LISTED = 30;
const form = document.getElementById("extract");
const state = document.getElementById("extract-state");
const place = document.getElementById("extract-report");
const newest = latest();

if (form) begin();

function begin() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(false);
  });
  form.addEventListener("change", () => {
    newest.drop();
    settle();
    place.hidden = true;
  });
  settle();
}

/** Send the file as the form says now; an answer to what was chosen before is not shown. */
function send(commit) {
  const body = new FormData(form);
  if (commit) body.set("commit", "1");
  form.inert = commit;
  for (const button of document.querySelectorAll("#extract button, #extract-report button.primary")) button.disabled = true;
  fill(state, element("p", { class: "muted", text: commit ? t("Storing the rows…") : t("Reading the file…") }), element("progress"));
  return newest((signal) => sendForm(form.dataset.to, body, { signal }), (answer) => {
    if (answer.committed) return void globalThis.location.assign(form.dataset.list);
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

function report({ kinds, notes }) {
  const changes = kinds.reduce((sum, kind) => sum + kind.new + kind.changed, 0);
  const defects = kinds.flatMap((kind) => kind.defects.map((defect) => `${kind.heading} ${defect.row ?? ""}: ${defect.message}`));
  const stopped = kinds.some((kind) => kind.n_defects > 0);
  const store = element("button", { type: "button", class: "primary", disabled: stopped || changes === 0, text: t("Store {n} rows", { n: grouped(changes) }), onclick: () => send(true) });
  fill(place,
    element("h2", { text: t("What becomes of it") }),
    table(kinds),
    groundChanges(new Set(kinds.flatMap((kind) => kind.blocks_out_of_date)).size),
    defects.length ? element("section", {}, element("h2", { text: t("Rows with defects") }), listed(defects)) : null,
    notes.length ? element("details", { class: "notes" }, element("summary", { text: t("How the file was read: {n} remarks", { n: notes.length }) }), listed(notes)) : null,
    element("div", { class: "row steps" }, store),
    element("p", { class: "muted small", text: remark(stopped, changes) }),
  );
  place.hidden = false;
  installTables(place);
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start", behavior: "smooth" });
}

function remark(stopped, changes) {
  if (stopped) return t("Accept the repairs, or choose another extract.");
  return changes === 0 ? t("Everything is stored so already.") : t("What is imported shows in the list of imports.");
}

const COLUMNS = ["rows_read", "rows_good", "new", "changed", "unchanged", "n_defects"];

function table(kinds) {
  const words = { rows_read: t("Rows read"), rows_good: t("Good"), new: t("New"), changed: t("Changed"), unchanged: t("Unchanged"), n_defects: t("Defects") };
  const head = COLUMNS.map((key) => element("th", { scope: "col", class: "number", "data-sort": "number", text: words[key] }));
  const rows = kinds.map((kind) => element("tr", {}, element("th", { scope: "row", text: kind.heading }), ...COLUMNS.map((key) => element("td", { class: "number", "data-value": kind[key], text: grouped(kind[key]) }))));
  return element("div", { class: "table-frame" }, element("table", { "data-table": "extract", "data-file": "extract" }, element("thead", {}, element("tr", {}, element("th", { scope: "col", text: t("Kind") }), ...head)), element("tbody", {}, ...rows)));
}

function listed(texts) {
  return texts.length ? element("ul", {}, ...texts.slice(0, MOST_LISTED).map((text) => element("li", { text }))) : null;
}
