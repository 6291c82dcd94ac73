// The worker's page: my households as list and map, one opened at a time; large targets.

import { readAddress, writeAddress } from "../../shell/address.js";
import { getJson, sendJson } from "../../shell/api.js";
import { ask } from "../../shell/ask.js";
import { element, fill } from "../../shell/element.js";
import { byPoint, distanceM, distanceText, ordered, pointKey, readRows, search } from "../households.js";
import { grouped, t } from "../../shell/i18n.js";
import { latest } from "../../shell/latest.js";
import { noteOf, offerOnPaper } from "../../shell/paper_tables.js";
import { token } from "../../shell/tokens.js";

const PAGE = 60;
const state = { all: [], after: "", here: null, order: "walk", wanted: "", shown: PAGE, chosen: null, place: null };
const byId = (id) => document.getElementById(id);
let map = null;
let marks = null;
let spot = null;
const places = new Map();
const newest = latest();

export async function start(theMap, layers) {
  map = theMap;
  installTabs();
  installList();
  installBack();
  document.addEventListener("place-chosen", () => showTab("map"));
  marks = L.layerGroup().addTo(map);
  offerOnPaper(onPaper);
  await loadAll();
  await layers.own.ready;
  map.getContainer().dataset.drawn = String(Math.round(performance.now()));
}

/** Read page after page; what has come is shown and usable while the rest is on its way, or when it fails. */
async function loadAll() {
  byId("again")?.remove();
  try {
    for (let more = state.after !== null; more; more = state.after !== null) {
      const page = await getJson(`/api/v1/households?limit=200${state.after ? `&after=${state.after}` : ""}`);
      state.all.push(...readRows(page, state.all.length));
      state.after = page.after;
      addMarks();
      showList();
    }
  } catch (error) {
    byId("list-state").hidden = false;
    fill(byId("list-state"), error.message, " ", element("button", { type: "button", id: "again", text: t("Try again"), onclick: () => {
      if (error.body?.status === 409) Object.assign(state, { all: [], after: "" });
      loadAll();
    } }));
  }
}

function addMarks() {
  marks.clearLayers();
  places.clear();
  for (const [key, households] of byPoint(state.all)) {
    const at = { key, households, count: households.length };
    at.mark = L.marker([households[0].lat, households[0].lon], { icon: dot(at.count, false), keyboard: false });
    at.mark.on("click", () => (at.count === 1 ? open(at.households[0]) : showPlace(key)));
    at.mark.addTo(marks);
    places.set(key, at);
  }
}

function dot(count, chosen) {
  const holder = document.createElement("span");
  holder.textContent = count > 1 ? grouped(count) : "";
  const size = count > 1 ? 26 : 16;
  return L.divIcon({ html: holder, className: chosen ? "dot chosen" : "dot", iconSize: [size, size] });
}

/**
 * A household or a place that is opened lies over the list: Back closes it, Forward opens it again,
 * and only Back on the list leaves. The address stays the same, so that nobody is named in it.
 */
function installBack() {
  globalThis.history.replaceState(null, "");
  globalThis.addEventListener("popstate", ({ state: entry }) => {
    showTab(tabSaid());
    const household = state.all.find((h) => h.id === entry?.household);
    if (household) showHousehold(household);
    else if (places.has(entry?.place)) lookAt(entry.place);
    else closeAll();
  });
}

function enter(entry) {
  const now = globalThis.history.state;
  const over = now === null || (now.place && entry.household);
  globalThis.history[over ? "pushState" : "replaceState"](entry, "");
}

function open(household) {
  enter({ household: household.id });
  return showHousehold(household);
}

function showPlace(key) {
  enter({ place: key });
  lookAt(key);
}

function closeAll() {
  newest.drop();
  state.place = null;
  choose(null);
  showDetail(false);
  showList();
}

function goBack() {
  globalThis.history.back();
}

function lookAt(key) {
  newest.drop();
  state.place = key;
  choose(places.get(key).households[0]);
  showDetail(false);
  showList();
  document.body.classList.add("has-detail");
}

function installTabs() {
  showTab(tabSaid());
  for (const button of document.querySelectorAll("[data-tab]")) {
    if (button.tagName === "BUTTON") button.addEventListener("click", () => goTab(button.dataset.tab));
  }
}

function tabSaid() {
  return readAddress(["tab"]).tab === "map" ? "map" : "list";
}

function goTab(tab) {
  showTab(tab);
  writeAddress({ tab: tab === "list" ? "" : tab });
}

function showTab(tab) {
  document.body.dataset.tab = tab;
  for (const button of document.querySelectorAll("button[data-tab]")) button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
  map.invalidateSize();
}

function installList() {
  byId("find").addEventListener("input", (event) => {
    state.wanted = event.target.value;
    state.shown = PAGE;
    showList();
  });
  for (const button of document.querySelectorAll("[data-order]")) button.addEventListener("click", () => setOrder(button.dataset.order));
  byId("more").addEventListener("click", () => {
    state.shown += 200;
    showList();
  });
}

function setOrder(order) {
  state.order = order;
  for (const button of document.querySelectorAll("[data-order]")) button.setAttribute("aria-pressed", String(button.dataset.order === order));
  if (order === "near" && state.here === null) findMe();
  else showList();
}

function findMe() {
  if (!navigator.geolocation) return cannotFind();
  say(t("Looking for your position…"));
  navigator.geolocation.getCurrentPosition((found) => {
    state.here = { lon: found.coords.longitude, lat: found.coords.latitude };
    markMe(found.coords.accuracy);
    showList();
  }, cannotFind, { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 });
  return undefined;
}

function cannotFind() {
  state.here = null;
  setOrder("walk");
  say(t("Your position is not available. Allow it in the browser's settings (it needs HTTPS), or use the walking order."));
}

function markMe(accuracy) {
  spot?.remove();
  const at = [state.here.lat, state.here.lon];
  spot = L.layerGroup([
    L.circle(at, { radius: accuracy, color: token("here"), weight: 1, fillOpacity: 0.12, interactive: false }),
    L.circleMarker(at, { radius: 8, color: token("paper"), weight: 3, fillColor: token("here"), fillOpacity: 1, interactive: false }),
  ]).addTo(map);
}

function say(text) {
  byId("list-state").textContent = text;
  byId("list-state").hidden = text === "";
}

/** The households that the list holds, in its order, shown or not. */
function wantedHouseholds() {
  const near = state.place === null ? state.all : places.get(state.place).households;
  return ordered(search(near, state.wanted), state.order === "near" ? state.here : null);
}

function onPaper() {
  const found = wantedHouseholds();
  const columns = [{ label: "#", number: true }, { label: t("Name") }, { label: t("Address") }, { label: t("Household number") }, { label: t("People"), number: true }];
  const rows = found.map((h, i) => [grouped(i + 1), h.name ?? "–", h.address ?? t("no address"), h.number, grouped(h.people)]);
  return { title: state.order === "near" ? t("Nearest first") : t("Walking order"), columns, rows, note: noteOf(rows.length, state.all.length) };
}

function showList() {
  const found = wantedHouseholds();
  const visible = new Set(search(state.all, state.wanted).map(pointKey));
  for (const [key, { mark }] of places) visible.has(key) ? mark.addTo(marks) : marks.removeLayer(mark);
  const narrowed = state.wanted !== "" || state.place !== null;
  byId("count").textContent = narrowed ? `${grouped(found.length)} / ${grouped(state.all.length)}` : grouped(state.all.length);
  const entries = found.slice(0, state.shown).map(entry);
  if (state.place !== null) entries.unshift(element("li", {}, everywhere()));
  fill(byId("households"), ...entries);
  byId("more").hidden = found.length <= state.shown;
  say(found.length > 0 ? "" : state.all.length === 0 ? t("There are no households in your grid yet.") : t("No household matches. Try part of the name or address."));
}

function everywhere() {
  return element("button", { type: "button", class: "quiet back-button", text: `‹ ${t("All households")}`, onclick: goBack });
}

function entry(household) {
  const away = state.here === null ? "" : distanceText(distanceM(state.here, household));
  return element("li", {}, element("button", { type: "button", class: "household", onclick: () => open(household) },
    element("span", { class: "who", text: household.name ?? household.number }),
    element("span", { class: "away", text: away || (household.people === 1 ? t("1 person") : t("{n} people", { n: household.people })) }),
    element("span", { class: "where", text: household.address ?? t("no address") })));
}

function showHousehold(household) {
  choose(household);
  const view = byId("detail-view");
  fill(view, element("p", { class: "note", text: t("Loading…") }));
  showDetail(true);
  return newest((signal) => getJson(`/api/v1/households/${household.id}`, { signal }), (found) => {
    fill(view, ...detail(found));
    view.querySelector("button").focus({ preventScroll: true });
  }, (error) => fill(view, backButton(), element("p", { class: "alert", role: "alert", text: error.message })));
}

function choose(household) {
  const paint = (key, chosen) => places.get(key)?.mark.setIcon(dot(places.get(key).count, chosen));
  if (state.chosen !== null) paint(state.chosen, false);
  state.chosen = household ? pointKey(household) : null;
  if (!household) return;
  paint(state.chosen, true);
  map.setView([household.lat, household.lon], Math.max(map.getZoom(), 17));
}

function showDetail(visible) {
  byId("detail-view").hidden = !visible;
  byId("list-view").hidden = visible;
  document.body.classList.toggle("has-detail", visible);
}

function backButton() {
  return element("button", { type: "button", class: "quiet back-button", text: `‹ ${t("All households")}`, onclick: goBack });
}

function detail({ household, residents, synthetic }) {
  const facts = [
    [t("Address"), household.address ?? "–"],
    [t("Household number"), household.number],
    [t("People"), grouped(household.people)],
    ...Object.entries(residents).map(([category, n]) => [t("of these {category}", { category: categoryName(category) }), grouped(n)]),
    [t("Grid"), household.grid.slice(-3)],
  ];
  const list = element("dl", { class: "facts" });
  for (const [name, value] of facts) list.append(element("dt", { text: name }), element("dd", { text: value }));
  return [backButton(), element("h1", { text: household.name ?? household.number }), phoneButton(household), list,
    element("button", { type: "button", class: "wide-button only-phone", text: t("Show on the map"), onclick: () => goTab("map") }),
    synthetic ? element("p", { class: "muted small", text: t("Synthetic: this household is invented.") }) : null].filter(Boolean);
}

function categoryName(category) {
  return { registered: t("registered"), permanent: t("permanent"), floating: t("floating") }[category] ?? category;
}

function phoneButton(household) {
  if (!household.phone) return element("p", { class: "muted", text: t("no phone known") });
  const box = element("div", { class: "phone" });
  if (household.clear) {
    box.append(callLink(household.phone));
    return box;
  }
  const button = element("button", { type: "button", class: "wide-button" }, element("span", { class: "digits", text: household.phone }), element("span", { class: "muted", text: t("show (is recorded)") }));
  button.addEventListener("click", () => ask({
    question: t("This household is not in a grid of yours. Why do you need its number? The reason is recorded."),
    confirm: t("Show the number"),
    field: { type: "text", label: t("Reason") },
    act: async (reason) => {
      const { phone } = await sendJson("POST", `/api/v1/households/${household.id}/phone`, { reason });
      fill(box, callLink(phone));
    },
  }));
  box.append(button);
  return box;
}

function callLink(phone) {
  const link = element("a", { class: "button primary wide-button", text: t("Call {phone}", { phone }) });
  link.href = `tel:${phone.replace(/[^0-9+]/g, "")}`;
  return link;
}
