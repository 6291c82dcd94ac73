// A map page on paper: title, date, who, the map with its legend and scale, whole tables, method and sources.
// One for every map page: it reads what the page says of itself, and gives everything back when it is closed.

import { clockText } from "../shell/clock.js";
import { element, fill } from "../shell/element.js";
import { grouped, t } from "../shell/i18n.js";
import { tablesOf } from "../shell/paper_tables.js";

const MOST_UPRIGHT = 7;
const BAR_MM = 50;
const PX_PER_MM = 96 / 25.4;

let laid = null;

/** Offer the paper of a page: a button at the map's zoom, the keys of printing, and its address. */
export function installPaper(map) {
  const button = element("a", { class: "leaflet-control-paper", role: "button", href: "#", title: t("Print"), "aria-label": t("Print"), onclick: (event) => {
    event.preventDefault();
    openPaper(map, button);
  } });
  L.DomEvent.disableClickPropagation(button);
  map.getContainer().querySelector(".leaflet-control-zoom").append(button);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "p" || laid !== null) return;
    event.preventDefault();
    openPaper(map, button);
  });
  globalThis.addEventListener("beforeprint", () => {
    if (laid === null) layOut(map, { forOnce: true });
  });
  globalThis.addEventListener("afterprint", () => {
    if (laid?.forOnce) closePaper();
  });
  const asked = new URLSearchParams(location.search).get("paper");
  if (asked !== null) openPaper(map, button, viewOf(asked));
}

/** The address that opens this page on paper, the map where it is now. */
export function paperAddress(map) {
  const wanted = new URLSearchParams(location.search);
  const { lat, lng } = map.getCenter();
  wanted.set("paper", `${lat.toFixed(5)},${lng.toFixed(5)},${map.getZoom().toFixed(2)}`);
  return `${location.pathname}?${wanted}`;
}

function viewOf(text) {
  const [lat, lon, zoom] = text.split(",").map(Number);
  return [lat, lon, zoom].every(Number.isFinite) ? { centre: [lat, lon], zoom } : null;
}

/** Show the page as it will be printed, once it has been drawn; `data-paper` says when it is whole. */
async function openPaper(map, opener, view = null) {
  if (laid !== null) return;
  await isDrawn(map);
  if (laid !== null) return;
  layOut(map, { opener, view });
  const mine = laid;
  await Promise.all([mine.tables, groundLoaded(map)]);
  await nextFrames();
  if (laid === mine) document.documentElement.dataset.paper = "ready";
}

function isDrawn(map) {
  const holder = map.getContainer();
  if (holder.dataset.drawn) return undefined;
  return new Promise((go) => {
    const watch = new MutationObserver(() => {
      if (!holder.dataset.drawn) return;
      watch.disconnect();
      go();
    });
    watch.observe(holder, { attributes: true, attributeFilter: ["data-drawn"] });
  });
}

function groundLoaded(map) {
  const loading = [];
  map.eachLayer((layer) => {
    if (layer.isLoading?.()) loading.push(new Promise((go) => layer.once("load", go)));
  });
  return Promise.all(loading);
}

function nextFrames() {
  return new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(go, 50))));
}

function layOut(map, { opener = null, view = null, forOnce = false }) {
  const legends = [...document.querySelectorAll(".folium-map .legend")].map(copyOfLegend);
  const sheet = element("article", { class: "paper-sheet" });
  const figure = element("figure", { class: "paper-map" });
  const paper = element("div", { class: "paper", role: "dialog", "aria-modal": "true", "aria-label": t("Print") }, tools(), sheet);
  const key = element("div", { class: "paper-key" });
  const tables = element("div");
  const words = wordsOfPage();
  const parts = [...document.querySelectorAll("[data-on-paper]")].filter((part) => !part.closest("[hidden]"));
  const chooses = (part) => part.querySelector("select") !== null;
  fill(sheet, head(words), ...parts.filter(chooses).map(choices), figure, key, ...parts.filter((part) => !chooses(part)).map(copyOfPart),
    element("div", { class: "paper-rest" }, tables, foot(words, legends)));
  const before = { centre: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap, seen: map.getSize().x > 0 && map.getSize().y > 0 ? map.getBounds() : null };
  const spots = [...document.querySelectorAll(".stage-map .folium-map")].map((holder) => {
    const spot = document.createComment("map");
    holder.replaceWith(spot);
    figure.append(holder);
    return { spot, holder };
  });
  document.body.append(element("style", { class: "paper-running", text: runningLines(words) }), paper);
  document.documentElement.classList.add("has-paper");
  laid = { map, opener, paper, spots, before, forOnce };
  document.addEventListener("keydown", onKey, true);
  resize(map, view ?? null, before);
  laid.rescale = () => fill(key, element("div", { class: "paper-legends" }, ...legends.map(({ box }) => box)), scale(map));
  laid.rescale();
  map.on("moveend", laid.rescale);
  laid.tables = writeTables(tables);
  paper.querySelector("button").focus();
}

function resize(map, view, before) {
  map.options.zoomSnap = 0;
  map.invalidateSize({ animate: false, pan: false });
  if (view) map.setView(view.centre, view.zoom, { animate: false });
  else if (before.seen) map.fitBounds(before.seen, { animate: false });
  globalThis.dispatchEvent(new Event("resize")); // for a second map of the page
}

function closePaper() {
  const { map, opener, paper, spots, before, rescale } = laid;
  laid = null;
  map.off("moveend", rescale);
  document.removeEventListener("keydown", onKey, true);
  for (const { spot, holder } of spots) spot.replaceWith(holder);
  document.documentElement.classList.remove("has-paper");
  delete document.documentElement.dataset.paper;
  document.querySelector("style.paper-running").remove();
  paper.remove();
  map.options.zoomSnap = before.snap;
  map.invalidateSize({ animate: false, pan: false });
  map.setView(before.centre, before.zoom, { animate: false });
  globalThis.dispatchEvent(new Event("resize"));
  opener?.focus();
}

/** Keys of the page itself wait below the paper. */
function onKey(event) {
  event.stopPropagation();
  if (event.key === "Escape") closePaper();
}

function tools() {
  return element("div", { class: "paper-tools" },
    element("button", { type: "button", class: "primary", "data-do": "print", text: t("Print…"), onclick: () => globalThis.print() }),
    element("button", { type: "button", "data-do": "close", text: t("Close"), onclick: closePaper }),
    element("span", { class: "muted small", text: t("The whole table is printed; the browser can also save it as PDF.") }));
}

function wordsOfPage() {
  const title = document.title.split(" · ").slice(0, -1).join(" · ") || document.title;
  const crumbs = [...document.querySelectorAll(".crumbs li")].map((item) => item.textContent.trim());
  const sources = [...document.querySelectorAll(".sources p")].map((p) => p.textContent.replace(/\s+/g, " ").trim());
  const attributions = [...document.querySelectorAll(".folium-map .leaflet-control-attribution")].map((box) => box.textContent.trim());
  return {
    title,
    place: crumbs.filter((crumb) => crumb && !title.includes(crumb)).join(" › "),
    made: t("Printed {day} by {who}", { day: clockText(new Date().toISOString()), who: document.querySelector("meta[name=person]")?.content ?? "–" }),
    sources: [...sources, ...new Set(attributions)].filter(Boolean),
    attribution: attributions[0] ?? "",
  };
}

function head({ title, place, made }) {
  return element("header", { class: "paper-head" }, place ? element("p", { class: "paper-place", text: place }) : null,
    element("h1", { text: title }), element("p", { class: "paper-made", text: made }));
}

/** Choices as words. */
function choices(part) {
  const facts = [...part.querySelectorAll("select")].map((choice) => [labelOf(choice), choice.selectedOptions[0]?.textContent.trim() ?? "–"]);
  return element("dl", { class: "paper-choices" }, ...facts.map(([name, value]) => element("div", {}, element("dt", { text: name }), element("dd", { text: value }))));
}

/** Figures and sentences of the page as they stand, without what is there to be clicked. */
function copyOfPart(part) {
  const copy = part.cloneNode(true);
  for (const inner of [copy, ...copy.querySelectorAll("[id]")]) inner.removeAttribute("id");
  for (const inner of copy.querySelectorAll("button, input, a, details, script")) inner.remove();
  return element("section", { class: "paper-part" }, copy);
}

function labelOf(choice) {
  return [...(choice.labels[0]?.childNodes ?? [])].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent).join(" ").trim();
}

/** A legend without what is there to be clicked; its method goes to the foot. */
function copyOfLegend(legend) {
  const box = legend.cloneNode(true);
  box.className = legend.classList.contains("point-key") ? "legend point-key" : "legend";
  if (box.tagName === "DETAILS") box.open = true;
  const method = box.querySelector(".method");
  method?.remove();
  for (const part of box.querySelectorAll("label, button, input, [hidden]")) part.remove();
  return { box: legend.classList.contains("redraw-legend") ? element("div", { class: "redraw-legend" }, box) : box, method: method?.textContent ?? "" };
}

function scale(map) {
  const middle = map.getSize().divideBy(2);
  const mPerPx = map.distance(map.containerPointToLatLng(middle.subtract([50, 0])), map.containerPointToLatLng(middle.add([50, 0]))) / 100;
  const most = mPerPx * PX_PER_MM * BAR_MM;
  const step = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((n) => n * step).find((n) => n <= most);
  const ratio = Math.round(Number((mPerPx * PX_PER_MM * 1000).toPrecision(3)));
  const bar = element("div", { class: "paper-bar" });
  bar.style.width = `${metres / mPerPx}px`;
  return element("div", { class: "paper-scale" }, element("b", { text: t("about 1:{n} on A4", { n: grouped(ratio) }) }), bar,
    element("span", { text: metres >= 1000 ? t("{n} km", { n: grouped(metres / 1000) }) : t("{n} m", { n: grouped(metres) }) }),
    element("span", { class: "paper-north", text: `↑ ${t("N")}` }));
}

async function writeTables(place) {
  const asked = tablesOf(document.querySelector(".panel"));
  const spots = asked.map(() => element("div"));
  fill(place, ...spots);
  if (asked.some((found) => found.columns?.length > MOST_UPRIGHT)) place.parentElement.classList.add("lying");
  await Promise.all(asked.map(async (found, i) => {
    if (found instanceof Promise) fill(spots[i], element("p", { class: "muted", text: t("Loading…") }));
    try {
      fill(spots[i], ...[found instanceof Promise ? await found : found].flat().map(writeTable));
    } catch (error) {
      fill(spots[i], element("p", { class: "alert", role: "alert", text: error.message }));
    }
  }));
}

function writeTable({ title, columns, rows, note }) {
  if (rows.length === 0) return null;
  const kind = (i) => ({ class: columns[i].number ? "number" : null });
  const about = columns.filter((column) => column.about).map((column) => `${column.label}: ${column.about}`);
  return element("section", { class: "paper-table" },
    title ? element("h2", { text: title }) : null, note ? element("p", { class: "muted", text: note }) : null,
    element("table", {}, element("thead", {}, element("tr", {}, ...columns.map((column, i) => element("th", { scope: "col", ...kind(i), text: column.label })))),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((text, i) => element("td", { ...kind(i), text })))))),
    about.length > 0 ? element("p", { class: "paper-about", text: about.join(t("; ")) }) : null);
}

function foot({ sources }, legends) {
  const methods = [...new Set(legends.map(({ method }) => method).filter(Boolean))];
  return element("footer", { class: "paper-foot" }, element("h2", { text: t("Method and sources") }),
    ...[...methods, ...sources].map((text) => element("p", { text })));
}

/** What stands on the edge of every page: of what, when, by whom; and whose data it is. */
function runningLines({ title, place, made, attribution }) {
  const said = (text) => `"${text.replace(/["\\]/g, "\\$&").replace(/\s+/g, " ")}"`;
  return `@page { @top-left { content: ${said([place, title].filter(Boolean).join(" · "))}; } @top-right { content: ${said(made)}; } @bottom-left { content: ${said(attribution)}; } } @page :first { @top-left { content: none; } @top-right { content: none; } }`;
}
