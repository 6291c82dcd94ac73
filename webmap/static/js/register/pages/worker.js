// The worker's page: my households as list and map, one opened at a time; large targets.

import { readAddress, writeAddress } from "../../shell/address.js";
import { getJson, sendJson } from "../../shell/api.js";
import { ask } from "../../shell/ask.js";
import { element, fill } from "../../shell/element.js";
import { addressOf, describeTarget, entrancesList, floorsOf } from "../entrance_view.js";
import { byFloor, distanceM, distanceText, entranceOf, ordered, readRows, search } from "../households.js";
import { entrancesOf } from "../../maps/entrances.js";
import { targetsLayer } from "../../maps/targets.js";
import { grouped, t } from "../../shell/i18n.js";
import { latest } from "../../shell/latest.js";
import { noteOf, offerOnPaper } from "../../shell/paper_tables.js";
import { token } from "../../shell/tokens.js";

const PAGE = 60;
const state = { all: [], after: "", here: null, order: "walk", wanted: "", shown: PAGE, place: null, entry: null };
const byId = (id) => document.getElementById(id);
let map = null;
let targets = null;
let spot = null;
const entrances = new Map();
const newest = latest();

export async function start(theMap, layers) {
  map = theMap;
  targets = targetsLayer({ describe: describeTarget, open: openTarget }).addTo(map);
  installTabs();
  installList();
  installBack();
  document.addEventListener("place-chosen", () => showTab("map"));
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
      showTargets();
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

/** What the search finds, as targets; all that is known, by its entrance. */
function showTargets() {
  entrances.clear();
  for (const entrance of entrancesOf(state.all, entranceOf)) entrances.set(entrance.key, entrance);
  targets.show(entrancesOf(search(state.all, state.wanted), entranceOf));
}

function openTarget({ entrances: behind, count }) {
  if (count === 1) open(behind[0].records[0], "map");
  else showPlace(behind.map(({ key }) => key), "map");
}

/**
 * A household or a place (the entrances of a target) that is opened lies over the list: Back and Esc close
 * it, Forward opens it again, and only Back on the list leaves. The address stays the same, so that nobody
 * is named in it.
 */
function installBack() {
  globalThis.history.replaceState(null, "");
  globalThis.addEventListener("popstate", ({ state: entry }) => {
    const left = state.entry;
    state.entry = entry;
    showTab(tabSaid());
    const household = state.all.find((h) => h.id === entry?.household);
    if (household) showHousehold(household);
    else if (entry?.place?.every((key) => entrances.has(key))) lookAt(entry.place);
    else closeAll();
    if (left !== null && !household) returnTo(left);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || state.entry === null || event.target.closest("input, dialog")) return;
    event.preventDefault();
    goBack();
  });
}

/** Give the keyboard back to what opened the entry that was left: its target on the map, or its line in the list. */
function returnTo({ place, household, from }) {
  const key = place?.[0] ?? entranceOf(state.all.find(({ id }) => id === household));
  const line = byId("households").querySelector(place ? `[data-entrance="${CSS.escape(key)}"]` : `[data-household="${CSS.escape(household)}"]`);
  if (from === "map" || !line?.checkVisibility()) targets.focus(key);
  else line.focus();
}

function enter(entry) {
  const now = globalThis.history.state;
  const deeper = now?.place && (entry.household || now.place.length > entry.place.length);
  globalThis.history[now === null || deeper ? "pushState" : "replaceState"](entry, "");
  state.entry = entry;
}

function open(household, from = "list") {
  enter({ household: household.id, from });
  return showHousehold(household);
}

function showPlace(keys, from = "list") {
  enter({ place: keys, from });
  lookAt(keys);
  byId("households").querySelector("button").focus({ preventScroll: true });
}

function closeAll() {
  newest.drop();
  state.place = null;
  targets.choose(null);
  showDetail(false);
  showList();
}

function goBack() {
  globalThis.history.back();
}

/** Show what is behind some entrances: the floors of one, the list of several. */
function lookAt(keys) {
  newest.drop();
  state.place = keys;
  showDetail(false);
  showList();
  document.body.classList.add("has-detail");
  targets.choose(keys[0], { alone: keys.length === 1 });
  if (keys.length === 1) targets.look();
  else targets.clear();
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
  targets.clear();
}

function installList() {
  byId("find").addEventListener("input", (event) => {
    state.wanted = event.target.value;
    state.shown = PAGE;
    showTargets();
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
  if (state.place === null) return ordered(search(state.all, state.wanted), state.order === "near" ? state.here : null);
  return opened().flatMap(({ records }) => byFloor(records)).flatMap(({ households }) => households);
}

/** The opened entrances with those of their households that the search finds. */
function opened() {
  const found = state.place.map((key) => entrances.get(key)).map((entrance) => ({ ...entrance, all: entrance.records.length, records: search(entrance.records, state.wanted) }));
  return found.filter(({ records }) => records.length > 0);
}

function onPaper() {
  const found = wantedHouseholds();
  const columns = [{ label: "#", number: true }, { label: t("Name") }, { label: t("Address") }, { label: t("Household number") }, { label: t("People"), number: true }];
  const rows = found.map((h, i) => [grouped(i + 1), h.name ?? "–", h.address ?? t("no address"), h.number, grouped(h.people)]);
  const order = state.order === "near" ? t("Nearest first") : t("Walking order");
  return { title: state.place?.length === 1 ? addressOf(entrances.get(state.place[0])) : order, columns, rows, note: noteOf(rows.length, state.all.length) };
}

function showList() {
  const found = wantedHouseholds();
  const narrowed = state.wanted !== "" || state.place !== null;
  byId("count").textContent = narrowed ? `${grouped(found.length)} / ${grouped(state.all.length)}` : grouped(state.all.length);
  document.body.classList.toggle("has-place", state.place !== null);
  fill(byId("households"), ...(state.place === null ? found.slice(0, state.shown).map(entry) : placeEntries()));
  byId("more").hidden = state.place !== null || found.length <= state.shown;
  say(found.length > 0 ? "" : state.all.length === 0 ? t("There are no households in your grid yet.") : t("No household matches. Try part of the name or address."));
}

function placeEntries() {
  const back = element("li", {}, everywhere());
  if (state.place.length > 1) return [back, ...entrancesList(opened(), ({ key }) => showPlace([key]), entry)];
  return [back, ...opened().flatMap((entrance) => floorsOf(entrance, open, entry))];
}

function everywhere() {
  return element("button", { type: "button", class: "quiet back-button", text: `‹ ${t("All households")}`, onclick: goBack });
}

function entry(household) {
  const away = state.here === null ? "" : distanceText(distanceM(state.here, household));
  return element("li", {}, element("button", { type: "button", class: "household", "data-household": household.id, onclick: () => open(household) },
    element("span", { class: "who", text: household.name ?? household.number }),
    element("span", { class: "away", text: away || (household.people === 1 ? t("1 person") : t("{n} people", { n: household.people })) }),
    element("span", { class: "where", text: household.address ?? t("no address") })));
}

function showHousehold(household) {
  const view = byId("detail-view");
  fill(view, element("p", { class: "note", text: t("Loading…") }));
  showDetail(true);
  targets.choose(entranceOf(household));
  targets.look();
  return newest((signal) => getJson(`/api/v1/households/${household.id}`, { signal }), (found) => {
    fill(view, ...detail(found));
    view.querySelector("button").focus({ preventScroll: true });
  }, (error) => fill(view, backButton(), element("p", { class: "alert", role: "alert", text: error.message })));
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
