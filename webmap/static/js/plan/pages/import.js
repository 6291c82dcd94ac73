// An existing division taken over: send the file, show what it changes, make the draft.

import { sendForm } from "../../shell/api.js";
import { element, fill } from "../../shell/element.js";
import { grouped, t } from "../../shell/i18n.js";
import { latest } from "../../shell/latest.js";
import { fitFree } from "../../maps/first_view.js";
import { showTips } from "../../maps/geojson.js";
import { labelsOf, namesOf } from "../../maps/labels.js";
import { installTables } from "../../shell/page_table.js";
import { token } from "../../shell/tokens.js";

const LAYERS = {
  grids: { fill: true, fillColor: token("paper"), fillOpacity: 0.01, color: token("map-community-line"), weight: 2, opacity: 0.9 },
  repaired: { fillColor: token("import-repaired"), fillOpacity: 0.55, color: token("import-repaired-line"), weight: 0.6 },
  cut: { fillColor: token("import-cut"), fillOpacity: 0.6, color: token("import-cut-line"), weight: 0.6 },
  gaps: { fillColor: token("import-gaps"), fillOpacity: 0.65, color: token("import-gaps-line"), weight: 1 },
  overlaps: { fillColor: token("import-overlaps"), fillOpacity: 0.65, color: token("import-overlaps-line"), weight: 1 },
  file: { fill: false, color: token("import-file"), weight: 1.4, dashArray: "5 4", interactive: false },
};
const LAYER_OF = { cut: "cut", gap: "gaps", overlap: "overlaps", repaired: "repaired", exclusive: "repaired" };

export async function start(map, layers, data) {
  const form = document.getElementById("import");
  await layers.communities.ready;
  layers.communities.byCode.get(data.community)?.setStyle({ weight: 4 });
  map.getContainer().dataset.drawn = String(Math.round(performance.now()));
  if (form === null) return;
  const page = { map, data, form, shown: [], newest: latest() };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(page, false);
  });
  form.addEventListener("change", () => {
    page.newest.drop();
    fill(document.getElementById("import-state"));
    form.querySelector("button").disabled = false;
    clear(page);
  });
  form.querySelector("button").disabled = false;
}

/** Send the file as the form says now; an answer to what was chosen before is not shown. */
function send(page, commit) {
  const state = document.getElementById("import-state");
  const body = new FormData(page.form);
  if (commit) body.set("commit", "1");
  page.form.inert = commit;
  for (const button of document.querySelectorAll("#import button, #report button.primary")) button.disabled = true;
  fill(state, element("p", { class: "muted", text: commit ? t("Making the draft…") : t("Reading the file…") }), element("progress"));
  return page.newest((signal) => sendForm(`/api/v1/communities/${page.data.community}/divisions`, body, { signal }), (answer) => {
    if (commit) {
      globalThis.location.assign(`/planner/community/${page.data.community}?plan=${answer.plan_id}`);
      return;
    }
    fill(state);
    report(page, answer);
    page.form.querySelector("button").disabled = false;
  }, (error) => {
    page.form.inert = false;
    fill(state, element("p", { class: "alert", text: error.message }), listed(error.body?.defects));
    page.form.querySelector("button").disabled = false;
  });
}

function listed(defects) {
  if (!defects?.length) return "";
  return element("ul", {}, ...defects.slice(0, 30).map((text) => element("li", { text })));
}

function clear(page) {
  for (const layer of page.shown) layer.remove();
  page.shown = [];
  labelsOf(page.map).write("drawn", []);
  document.getElementById("report").hidden = true;
}

function report(page, answer) {
  clear(page);
  draw(page, answer);
  const place = document.getElementById("report");
  const stopped = (answer.counts.not_repaired ?? 0) > 0 || (answer.defects.length > 0 && !page.form.elements.good_rows.checked);
  const make = element("button", { type: "button", class: "primary", disabled: stopped, text: t("Make a draft of {n} grids", { n: answer.grids.length }), onclick: () => send(page, true) });
  fill(place,
    element("h2", { text: t("What becomes of it") }),
    figures(answer),
    counts(answer),
    answer.notes.length ? notes(answer) : "",
    answer.defects.length ? defectTable(answer) : "",
    answer.findings.length ? findingTable(answer) : element("p", { class: "note", text: t("Every block is in one grid of the file, whole. Nothing had to be changed.") }),
    gridTable(answer),
    element("div", { class: "row steps" }, make),
    element("p", { class: "muted small", text: stopped ? t("Mend the file and send it again, or go on without the rows that have defects.") : t("The draft can be redrawn before it is submitted.") }),
  );
  place.hidden = false;
  installTables(place);
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start", behavior: "smooth" });
}

function figures(answer) {
  const f = answer.figures;
  const share = f.share_in_band === null ? "–" : `${Math.round(f.share_in_band * 100)}%`;
  const pairs = [
    [t("Grids"), grouped(f.grids)],
    [t("In band"), share],
    [t("Smallest"), grouped(f.smallest)],
    [t("Largest"), grouped(f.largest)],
    [t("Compactness"), f.compactness === null ? "–" : grouped(f.compactness, 2)],
    [t("Along barriers"), f.barrier_share === null ? "–" : `${Math.round(f.barrier_share * 100)}%`],
  ];
  return element("dl", { class: "figures" }, ...pairs.map(([name, value]) => element("div", {}, element("dt", { text: name }), element("dd", { text: value }))));
}

function counts(answer) {
  const rows = Object.entries(answer.counts).map(([rule, n]) => element("li", {}, element("b", { text: grouped(n) }), element("span", { class: `swatch ${LAYER_OF[rule] ?? "none"}` }), element("span", { text: answer.names[rule] })));
  if (answer.shapes.file) rows.push(element("li", {}, element("b", { text: grouped(answer.rows) }), element("span", { class: "swatch file" }), element("span", { text: t("outlines in the file") })));
  return element("ul", { class: "counts" }, ...rows);
}

function table(name, columns, rows) {
  const head = columns.map(([label, key]) => element("th", { scope: "col", "data-sort": isNumber(key) ? "number" : "text", class: isNumber(key) ? "number" : null, text: label }));
  const body = rows.map((row) => element("tr", {}, ...columns.map(([, key]) => cell(row, key))));
  return element("div", { class: "table-frame short" }, element("table", { "data-table": name, "data-file": name }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body)));
}

const NUMBERS = new Set(["row", "block", "households", "blocks", "area_m2", "share", "other_share"]);

function isNumber(key) {
  return NUMBERS.has(key);
}

function cell(row, key) {
  const value = row[key];
  if (!isNumber(key)) return element("td", { text: value ?? "–" });
  const shown = key.endsWith("share") && value !== null ? `${Math.round(value * 100)}%` : grouped(value);
  const plain = key === "row" || key === "block" ? String(value ?? "–") : shown;
  return element("td", { class: "number", "data-value": value ?? "", text: plain });
}

function findingTable(answer) {
  const rows = answer.findings.map((f) => ({ ...f, what: answer.names[f.rule], other: answer.names[f.other] ?? f.other }));
  const columns = [[t("Finding"), "what"], [t("Row"), "row"], [t("Block"), "block"], [t("Grid"), "grid"], [t("Other grid"), "other"], [t("Share"), "share"], [t("Other share"), "other_share"], [t("Households"), "households"], [t("Area, m²"), "area_m2"]];
  const used = columns.filter(([, key]) => rows.some((row) => row[key] !== null && row[key] !== undefined));
  return element("section", {}, element("h2", { text: t("What is not as in the file") }), table("findings", used, rows));
}

function notes(answer) {
  const rows = answer.notes.slice(0, 30).map((text) => element("li", { text }));
  return element("details", { class: "notes" }, element("summary", { text: t("How the file was read: {n} remarks", { n: answer.notes.length }) }), element("ul", {}, ...rows));
}

function defectTable(answer) {
  const columns = [[t("Row"), "row"], [t("Field"), "field"], [t("What is wrong and how to mend it"), "message"]];
  return element("section", {}, element("h2", { text: t("Rows with defects") }), table("defects", columns, answer.defects));
}

function gridTable(answer) {
  const rows = answer.grids.map((g) => ({ ...g, band: g.in_band ? "" : t("out of band") }));
  const columns = [[t("In the file"), "label"], [t("Code"), "code"], [t("Households"), "households"], [t("Blocks"), "blocks"], [t("Remarks"), "band"]];
  return element("section", {}, element("h2", { text: t("Grids") }), table("grids", columns, rows));
}

function draw(page, answer) {
  for (const [name, style] of Object.entries(LAYERS)) {
    const shapes = answer.shapes[name];
    if (!shapes?.features.length) continue;
    const layer = L.geoJSON(shapes, { style: () => ({ fill: true, opacity: 0.9, ...style }), interactive: style.interactive !== false }).addTo(page.map);
    if (name === "cut" || name === "grids") showTips(layer, (p) => element("div", { text: tip(name, p) }));
    page.shown.push(layer);
  }
  labelsOf(page.map).write("drawn", namesOf(answer.shapes.grids?.features ?? [], "grid"));
  const bounds = L.latLngBounds(page.shown[0].getBounds());
  if (bounds.isValid()) fitFree(page.map, bounds);
}

function tip(name, p) {
  if (name === "grids") return t("Grid {code}", { code: p.code.slice(-3) });
  const share = Math.round(p.share * 100);
  return p.other ? t("{share}% in {grid}, the rest in {other}", { share, grid: p.grid, other: p.other }) : t("{share}% in {grid}, the rest in no grid", { share, grid: p.grid });
}
