// The review desk: one doubtful address at a time, its candidates on the map, one key to settle it.

import { followAddress, readAddress, tellGone, writeAddress } from "../../shell/address.js";
import { getJson, sendJson } from "../../shell/api.js";
import { ask } from "../../shell/ask.js";
import { element, fill } from "../../shell/element.js";
import { fitFree } from "../../maps/first_view.js";
import { grouped, t } from "../../shell/i18n.js";
import { latest } from "../../shell/latest.js";
import { offerOnPaper } from "../../shell/paper_tables.js";
import { installBulk, offer, tick } from "../review_bulk.js";
import { targetsLayer } from "../../maps/targets.js";
import { token } from "../../shell/tokens.js";

const MOST_ON_PAPER = 2000;
const MOST_NUMBERS = 4;
const FILTERS = ["kind", "status", "reason", "community"];
const ABOVE_TARGETS = 200000;
const byId = (id) => document.getElementById(id);
const state = { rows: [], total: 0, next: null, chosen: -1, candidates: [], pin: null, placing: false, decision: null, kinds: {} };
const newest = { rows: latest(), candidates: latest() };
let map = null;
let marks = null;
let targets = null;

export async function start(theMap, _layers, data) {
  map = theMap;
  state.kinds = data.kinds;
  marks = L.layerGroup().addTo(map);
  targets = targetsLayer({ describe, open: take }).addTo(map);
  state.decision = byId("undo").dataset.decision ?? null;
  installBulk({ filters: wantedFilters, shown: () => state.rows, done: afterBulk });
  byId("undo").addEventListener("click", undo);
  byId("ties")?.addEventListener("click", offerTies);
  byId("more").addEventListener("click", () => load(true));
  byId("filters")?.addEventListener("change", () => {
    writeAddress({ ...Object.fromEntries(new FormData(byId("filters"))), record: "" });
    load(false);
  });
  followAddress([...FILTERS, "record"], follow);
  document.addEventListener("keydown", onKey);
  map.on("click", (event) => state.placing && dropPin(event.latlng));
  if (byId("total")) {
    offerOnPaper(onPaper);
    await load(false, { linked: true });
  } else if (saidRecord()) tellSettled();
  map.getContainer().dataset.drawn = String(Math.round(performance.now()));
}

function saidRecord() {
  return readAddress(["record"]).record;
}

function tellSettled() {
  tellGone(["record"], t("The record that the link names does not wait here: it is settled, put aside, or lies outside your area."));
}

/** Back and Forward: the record that was chosen, in the list as it was filtered. */
function follow({ record, ...said }) {
  if (!byId("filters")) return;
  const { elements } = byId("filters");
  const same = FILTERS.every((name) => elements[name].value === said[name]);
  for (const name of FILTERS) elements[name].value = said[name];
  const index = state.rows.findIndex(({ id }) => id === record);
  if (same && index >= 0) choose(index, { step: false });
  else load(false, { linked: true });
}

function wantedFilters() {
  const form = byId("filters");
  return form ? Object.fromEntries([...new FormData(form)].filter(([, value]) => value)) : {};
}

function query(after) {
  const wanted = new URLSearchParams(wantedFilters());
  byId("export").href = `/api/v1/review/waiting.csv?${wanted}`;
  if (after) wanted.set("after", after);
  return `/api/v1/review/waiting?${wanted}`;
}

/** Read the list, or what follows in it. The record that the address names is chosen; `linked` says where it is gone. */
function load(further, { linked = false } = {}) {
  const address = query(further ? state.next : null);
  return newest.rows((signal) => fetchRows(address, further ? "" : saidRecord(), signal), ({ total, rows, next, named }) => {
    const known = new Set(state.rows.map(({ id }) => id));
    state.rows = further ? [...state.rows, ...rows.filter(({ id }) => !known.has(id))] : rows;
    state.next = next;
    state.total = total;
    showRows();
    if (further) return;
    if (linked && named === null) tellSettled();
    const index = state.rows.findIndex(({ id }) => id === named);
    choose(index >= 0 ? index : state.rows.length ? 0 : -1, { scroll: index > 0, step: false });
  }, (error) => say(error.message));
}

/** Rows of the list with the record wished for, if it waits: further down in the list it is put first. Its id is `named`. */
async function fetchRows(address, wished, signal) {
  const page = await getJson(address, { signal });
  if (!wished) return { ...page, named: "" };
  if (page.rows.some(({ id }) => id === wished)) return { ...page, named: wished };
  const { rows } = await getJson(`/api/v1/review/waiting?${new URLSearchParams({ record: wished })}`, { signal });
  return { ...page, rows: [...rows, ...page.rows], named: rows[0]?.id ?? null };
}

/** All that waits under the filter, also what the list has not read yet. */
async function onPaper() {
  const rows = [...state.rows];
  for (let after = state.next; after !== null && rows.length < MOST_ON_PAPER;) {
    const found = await getJson(`/api/v1/review/waiting?${new URLSearchParams({ ...wantedFilters(), after })}`);
    rows.push(...found.rows);
    after = found.next;
  }
  const columns = [t("Kind"), t("Address"), t("Record"), t("Day"), t("Community"), t("Reason")].map((label) => ({ label }));
  const kind = (row) => (row.n_same > 1 ? `${state.kinds[row.subject]} ×${row.n_same}` : state.kinds[row.subject]);
  const texts = rows.map((row) => [kind(row), row.text ?? t("no address"), row.title, row.when, row.community, row.reason].map((text) => text ?? ""));
  const note = rows.length < state.total ? t("The first {n} of {all}; all of them are in the file that the page saves.", { n: grouped(rows.length), all: grouped(state.total) }) : "";
  return { title: t("What waits"), columns, rows: texts, note };
}

function showRows() {
  byId("total").textContent = grouped(state.total);
  byId("more").hidden = state.next === null;
  fill(byId("waiting"), ...state.rows.map(entry));
  if (state.rows.length === 0) byId("waiting").append(element("li", { class: "empty", text: t("Nothing matches. Change the filter to see the rest.") }));
}

function entry(row, index) {
  const head = element("button", { type: "button", class: "waiting-head", "aria-expanded": "false", onclick: () => choose(index) },
    element("span", { class: "where", text: row.text ?? t("no address") }),
    element("span", { class: "badge", text: row.n_same > 1 ? `${state.kinds[row.subject]} ×${row.n_same}` : state.kinds[row.subject] }),
    element("span", { class: "why", text: [row.title, row.when, row.community, row.reason].filter(Boolean).join(" · ") }));
  return element("li", { "data-id": row.id }, tick(row), head);
}

function choose(index, { scroll = true, step = true } = {}) {
  newest.candidates.drop();
  byId("waiting").querySelector("[data-open]")?.remove();
  byId("waiting").querySelector("[aria-expanded=true]")?.setAttribute("aria-expanded", "false");
  marks.clearLayers();
  targets.choose(null);
  targets.show([]);
  Object.assign(state, { chosen: index, candidates: [], pin: null });
  stopPlacing();
  const row = state.rows[index];
  writeAddress({ record: row?.id }, { step });
  if (!row) return undefined;
  const item = byId("waiting").children[index];
  item.querySelector("button").setAttribute("aria-expanded", "true");
  const box = element("div", { class: "candidates", "data-open": "1" }, element("p", { class: "muted", text: t("Looking for candidates…") }));
  item.append(box);
  if (scroll) item.scrollIntoView({ block: "nearest" });
  const address = `/api/v1/review/${row.subject}/${row.id}/candidates`;
  return newest.candidates((signal) => getJson(address, { signal }), ({ candidates, read }) => {
    state.candidates = [...candidates.filter((c) => c.lon !== null), ...asGiven(row)];
    row.read = read;
    fill(box, ...offers(row));
    showMarks(row);
  }, (error) => fill(box, element("p", { class: "alert", role: "alert", text: error.message })));
}

/** The coordinates that came with the record are a candidate too. */
function asGiven(row) {
  if (row.given === null) return [];
  return [{ address_id: null, label: t("the coordinates as given"), lon: row.given[0], lat: row.given[1], score: null, reason: "" }];
}

function parts(row) {
  if (!row.read?.length) return null;
  return element("dl", { class: "read", "aria-label": t("Read as") }, ...row.read.map(([label, value]) =>
    element("div", {}, element("dt", { text: label }), element("dd", { text: value }))));
}

/** One decision for every waiting record of the same text. */
function forAll(row) {
  if (!(row.n_same > 1) || !row.text || !state.candidates.some((c) => c.score !== null)) return null;
  const meant = { filters: { ...wantedFilters(), text: row.text } };
  return element("button", { type: "button", "data-do": "all", text: t("Accept 1 for all {n} of this text…", { n: row.n_same }), onclick: () => offer("accept", meant, afterBulk) });
}

async function afterBulk(bulk, text) {
  if (bulk === null) return say(text);
  state.decision = `bulk/${bulk}`;
  await load(false);
  say(text, true);
  return undefined;
}

function offers(row) {
  const list = element("ol", { class: "offers" }, ...state.candidates.map((candidate, i) =>
    element("li", {}, element("button", { type: "button", class: "offer", onclick: () => accept(i), onfocus: () => targets.choose(String(i)), onmouseenter: () => targets.choose(String(i)) },
      element("b", { text: String(i + 1) }),
      element("span", { class: "label", text: candidate.label || t("a place on the street") }),
      element("span", { class: "score", text: candidate.score === null ? "" : `${Math.round(candidate.score * 100)}%` }),
      element("span", { class: "why", text: candidate.reason })))));
  const buttons = element("div", { class: "row" }, forAll(row) ?? "",
    element("button", { type: "button", "data-do": "pin", text: t("Place by hand"), onclick: startPlacing }),
    element("button", { type: "button", "data-do": "dismiss", text: t("Put aside"), onclick: dismiss }));
  const none = state.candidates.length ? null : element("p", { class: "muted", text: t("The register has nothing like it. Place it by hand, or put it aside.") });
  const problem = element("p", { class: "alert", role: "alert", hidden: true, "data-problem": "1" });
  return [parts(row), none, list, buttons, problem].filter(Boolean);
}

/** Candidates as targets, those that lie together as one. */
function showMarks(row) {
  targets.show(state.candidates.map((candidate, i) => ({ key: String(i), lon: candidate.lon, lat: candidate.lat, records: [candidate] })));
  const points = state.candidates.map((c) => [c.lat, c.lon]);
  if (row.lon !== null && row.lat !== null) {
    L.circleMarker([row.lat, row.lon], { radius: 7, color: token("warn"), fillOpacity: 0.2, interactive: false }).addTo(marks);
    points.push([row.lat, row.lon]);
  }
  if (points.length) fitFree(map, L.latLngBounds(points).pad(0.2), { maxZoom: 17 });
}

/** The candidates of a target, by their places in the list. */
function placesOf({ entrances }) {
  return entrances.map(({ key }) => Number(key)).sort((a, b) => a - b);
}

/** The numbers of the candidates of a target, and how well a single one fits. */
function describe(target) {
  const at = placesOf(target);
  const numbers = at.slice(0, MOST_NUMBERS).map((i) => i + 1).join("·");
  const { score } = state.candidates[at[0]];
  return {
    name: at.length > MOST_NUMBERS ? `${numbers}…` : numbers,
    count: at.length > 1 || score === null ? "" : `${Math.round(score * 100)}%`,
    label: at.map((i) => `${i + 1}: ${state.candidates[i].label || t("a place on the street")}`).join(t("; ")),
  };
}

/** Accept the candidate of a target; of several the person chooses in the list. */
function take(target) {
  const at = placesOf(target);
  if (at.length === 1) return accept(at[0]);
  const offered = [...byId("waiting").querySelectorAll(".offer")];
  for (const [i, button] of offered.entries()) button.classList.toggle("together", at.includes(i));
  offered[at[0]].focus();
  return undefined;
}

function accept(i) {
  const candidate = state.candidates[i];
  if (!candidate) return undefined;
  if (candidate.address_id === null) return decide("pin", { lon: candidate.lon, lat: candidate.lat });
  return decide("accept", { address_id: candidate.address_id });
}

function startPlacing() {
  state.placing = true;
  document.body.classList.add("placing");
  say(t("Click the map where it is; drag the pin to correct it."));
}

function stopPlacing() {
  state.placing = false;
  document.body.classList.remove("placing");
}

function dropPin(at) {
  state.pin?.remove();
  const holder = element("span");
  state.pin = L.marker(at, { draggable: true, zIndexOffset: ABOVE_TARGETS, icon: L.divIcon({ html: holder, className: "dot chosen", iconSize: [44, 44] }) }).addTo(marks);
  const box = byId("waiting").querySelector("[data-open]");
  box.querySelector("[data-do=confirm]")?.remove();
  const here = element("button", { type: "button", class: "primary", "data-do": "confirm", text: t("It is here"), onclick: () => {
    const { lng, lat } = state.pin.getLatLng();
    decide("pin", { lon: lng, lat });
  } });
  box.querySelector(".row").prepend(here);
  here.focus();
}

function dismiss() {
  return decide("dismiss", {});
}

async function decide(what, body) {
  const row = state.rows[state.chosen];
  try {
    const { decision } = await sendJson("POST", `/api/v1/review/${row.subject}/${row.id}/${what}`, body);
    state.decision = decision;
    const words = { accept: t("Accepted."), pin: t("Placed."), dismiss: t("Put aside.") };
    say(`${words[what]} ${row.text ?? row.title}`, true);
    const next = state.chosen;
    state.rows.splice(next, 1);
    state.total -= 1;
    showRows();
    choose(Math.min(next, state.rows.length - 1), { step: false });
  } catch (error) {
    problem(error.message);
  }
}

function problem(text) {
  const place = byId("waiting").querySelector("[data-problem]");
  if (!place) return say(text);
  place.textContent = text;
  place.hidden = false;
  return undefined;
}

function say(text, undoable = false) {
  const box = byId("last");
  box.hidden = false;
  box.querySelector("span").textContent = text;
  byId("undo").hidden = !(undoable || state.decision);
}

async function undo() {
  if (!state.decision) return;
  try {
    const made = String(state.decision);
    await sendJson("POST", `/api/v1/review/${made.startsWith("bulk/") ? made : `decisions/${made}`}/undo`, {});
    state.decision = null;
    say(t("Undone."));
    byId("undo").hidden = true;
    await load(false);
  } catch (error) {
    say(error.message);
  }
}

async function offerTies() {
  const community = new FormData(byId("filters")).get("community");
  const at = `/api/v1/review/ties${community ? `?community=${encodeURIComponent(community)}` : ""}`;
  byId("ties").disabled = true;
  try {
    const { ties } = await getJson(at);
    if (ties.length === 0) return say(t("No record has all its best candidates in one block."));
    const dialog = ask({
      question: t("Accept {n} records? The best candidates of each lie in one block, so grid and block are the same whichever is right.", { n: ties.length }),
      confirm: t("Accept {n}", { n: ties.length }),
      act: async () => {
        await sendJson("POST", at, { count: ties.length });
        globalThis.location.reload();
      },
    });
    dialog.querySelector(".question").after(element("ul", { class: "tie-list" }, ...ties.slice(0, 50).map((x) => element("li", { text: `${x.text} → ${x.label}` }))));
  } catch (error) {
    say(error.message);
  } finally {
    byId("ties").disabled = false;
  }
  return undefined;
}

function onKey(event) {
  if (event.target.closest("input, select, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (move && !event.target.closest(".leaflet-container")) {
    event.preventDefault();
    choose(Math.max(0, Math.min(state.rows.length - 1, state.chosen + move)), { step: false });
  } else if (/^[1-6]$/.test(event.key)) accept(Number(event.key) - 1);
  else if (event.key === "p" || event.key === "P") startPlacing();
  else if (event.key === "d" || event.key === "D") state.rows[state.chosen] && dismiss();
  else if (event.key === "u" || event.key === "U") undo();
  else if (event.key === "x" || event.key === "X") byId("waiting").children[state.chosen]?.querySelector(".tick")?.click();
  else if (event.key === "Escape") stopPlacing();
}
