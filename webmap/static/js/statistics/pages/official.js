// The statistics page: choices in the address, the same numbers on the map, in the legend and in the table.

import { followAddress, readAddress, writeAddress } from "../../shell/address.js";
import { getJson, isStandalone } from "../../shell/api.js";
import { element } from "../../shell/element.js";
import { t } from "../../shell/i18n.js";
import { latest } from "../../shell/latest.js";
import { classOf, hatching, NO_DATA } from "../../maps/colours.js";
import { place } from "../../maps/controls.js";
import { offerCentre } from "../../maps/dense_centre.js";
import { showTips } from "../../maps/geojson.js";
import { colours } from "../../maps/legend.js";
import { STYLES } from "../../maps/styles.js";
import { changes, summary, tip } from "../figures.js";
import { writeLegend } from "../legend_words.js";
import { installTable } from "../numbers.js";
import { choose, crumbs, goTo, installSearch, offerPlaces } from "../places.js";
import { loadPoints } from "../points.js";
import { named } from "../rows.js";
import { report } from "../trouble.js";

export function start(map, layers, data) {
  const page = { map, layers, data, state: { ...data.state }, value: null, shape: data.state.by, names: [], points: null, measures: new Map(data.measures.map((m) => [m.name, m])) };
  Object.assign(page, { newest: latest(), newestPoints: latest() });
  crumbs(page, null);
  nameLevel(layers.choropleth, page.state.by);
  offerCentre(map, layers.choropleth);
  if (!document.getElementById("choices")) return;
  installTable(page);
  installChoices(page);
  installSearch(page);
  followAddress(CHOICES, (said) => follow(page, said));
  page.card = element("section", { class: "map-card legend-on-map", "aria-label": t("Legend") });
  place(map, page.card, "bottomright");
  showTips(layers.choropleth, (p) => tip(page, p.code));
  layers.choropleth.on("click", (event) => choose(page, event.layer.feature.properties.code));
  map.on("layeradd layerremove", (event) => {
    if (event.layer !== layers.clusters && event.layer !== layers.density) return;
    loadPoints(page);
    if (page.value) writeLegend(page);
  });
  map.on("zoomend", () => page.value && map.hasLayer(layers.density) && writeLegend(page));
  page.named = getJson("/api/v1/maps/names").then(({ names }) => {
    page.names = names;
    offerPlaces(page);
  });
  page.place = readAddress(["place"]).place;
  return refresh(page, { step: false });
}

const CHOICES = ["topic", "period", "by", "measure", "place"];

/** Back and Forward: show what the address says; what it leaves out is what the page opened with. */
function follow(page, said) {
  const wanted = { ...page.data.state, ...Object.fromEntries(Object.entries(said).filter(([, value]) => value)) };
  const { elements } = document.getElementById("choices");
  for (const name of ["topic", "period", "by", "measure"]) elements[name].value = page.state[name] = wanted[name];
  page.place = said.place;
  refresh(page, { step: false });
}

/** Have areas of this level named; communities are named by their borders. */
function nameLevel(layer, level) {
  layer.names = level === "community" ? null : level;
}

function question({ by, topic, period }) {
  return `by=${by}&topic=${encodeURIComponent(topic)}&period=${encodeURIComponent(period)}`;
}

/** Ask for what is chosen now; an answer to an earlier choice is never shown. */
function refresh(page, { step = true } = {}) {
  const wanted = { ...page.state };
  remember(wanted, step);
  if (!wanted.period) return undefined;
  return page.newest((signal) => fetchChoice(page, wanted, signal), (found) => arrived(page, wanted, found), (error) => failed(page, error));
}

async function fetchChoice({ layers, shape }, wanted, signal) {
  const shapes = shape === wanted.by ? null : getJson(`/api/v1/maps/shapes/${wanted.by}`, { signal });
  const [value, data] = await Promise.all([getJson(`/api/v1/statistics?${question(wanted)}`, { signal }), shapes, layers.choropleth.ready, layers.communities.ready]);
  return { value, data };
}

function arrived(page, wanted, { value, data }) {
  nameLevel(page.layers.choropleth, wanted.by);
  if (data !== null) page.layers.choropleth.fill(data);
  Object.assign(page, { shape: wanted.by, shown: wanted, value, rows: new Map(value.rows.map((row) => [row.code, row])) });
  show(page);
  report(null);
  if (page.place !== null) choosePlace(page);
}

/** What the address names is chosen once its shapes are there. */
async function choosePlace(page) {
  const code = page.place;
  page.place = null;
  if (code && !page.layers.choropleth.byCode.has(code)) await page.named;
  goTo(page, code, { step: false });
}

/** What could not be had is not chosen: the choices say again what the map shows. */
function failed(page, error) {
  report(error);
  if (!page.shown) return;
  const { by, topic, period } = page.shown;
  Object.assign(page.state, { by, topic, period });
  for (const [name, value] of Object.entries({ by, topic, period })) document.getElementById("choices").elements[name].value = value;
  remember(page.state, false);
}

function remember({ by, topic, period, measure }, step = true) {
  writeAddress({ by, topic, period, measure }, { step });
}

function show(page) {
  paint(page);
  writeLegend(page);
  summary(page);
  changes(page);
  page.table.show(page.value.rows.map((row) => ({ ...row, label: named(row) })));
  page.columns.arrange();
  const saved = `/api/v1/statistics?${question(page.state)}`;
  document.getElementById("save-xlsx")?.setAttribute("href", `${saved}&format=xlsx`);
  if (!isStandalone()) document.getElementById("save-csv").setAttribute("href", `${saved}&format=csv`);
  page.points = null;
  loadPoints(page);
  page.map.getContainer().dataset.drawn = String(Number(page.map.getContainer().dataset.drawn ?? 0) + 1);
}

/** Statistics are opaque, so that a colour is the one of the legend; roads, waters and names stand above them. */
function paint({ layers, value, state, rows, measures }) {
  const { column, of_topic: ofTopic } = measures.get(state.measure);
  const { highs, counts } = value.classes[state.measure];
  const scale = colours(counts.length);
  layers.choropleth.setStyle((shape) => {
    const row = rows.get(shape.properties.code);
    const number = row?.[column];
    if (row?.suppressed && ofTopic) return { ...STYLES.choropleth, fillColor: hatching(), fillOpacity: 1 };
    if (number === null || number === undefined) return { ...STYLES.choropleth, fillColor: NO_DATA, fillOpacity: 1 };
    return { ...STYLES.choropleth, fillColor: scale[classOf(number + 1e-9 < highs.at(-1) ? number : highs.at(-1), highs)], fillOpacity: 1 };
  });
  layers.communities.bringToFront();
}

function installChoices(page) {
  document.addEventListener("change", (event) => {
    if (event.target.form?.id !== "choices") return;
    page.state[event.target.name] = event.target.value;
    if (event.target.name === "measure" && page.value) {
      remember(page.state);
      paint(page);
      writeLegend(page);
    } else {
      refresh(page);
    }
  });
}
