// The statistics page: choices in the address, the same numbers on the map, in the legend and in the table.

import { getJson, isStandalone } from "../../shell/api.js";
import { element, fill } from "../../shell/element.js";
import { grouped, language, t } from "../../shell/i18n.js";
import { latest } from "../../shell/latest.js";
import { classOf, hatching, NO_DATA } from "../../maps/colours.js";
import { place } from "../../maps/controls.js";
import { showTips } from "../../maps/geojson.js";
import { fillClusters, fillDensity } from "../../maps/incidents.js";
import { Labels } from "../../maps/labels.js";
import { colours, legend } from "../../maps/legend.js";
import { STYLES } from "../../maps/styles.js";
import { makeTable } from "../../shell/table.js";

const COLUMN = { count: "incidents", rate: "rate_per_1000", smooth: "eb_rate_per_1000" };

export function start(map, layers, data) {
  const page = { map, layers, data, state: { ...data.state }, value: null, shape: data.state.by, names: [], points: null };
  Object.assign(page, { newest: latest(), newestPoints: latest() });
  const labels = new Labels({ points: () => page.names, ground: layers.context });
  labels.addTo(map);
  crumbs(page, null);
  if (!document.getElementById("choices")) return;
  installTable(page);
  installChoices(page);
  installSearch(page);
  if (!map.getPane("selection")) map.createPane("selection");
  page.card = element("section", { class: "map-card legend-on-map", "aria-label": t("Legend") });
  place(map, page.card, "bottomright");
  showTips(layers.choropleth, (p) => tip(page, p.code));
  layers.choropleth.on("click", (event) => choose(page, event.layer.feature.properties.code));
  let near = opacityAt(map.getZoom());
  map.on("zoomend", () => {
    if (page.value && opacityAt(map.getZoom()) !== near) paint(page);
    near = opacityAt(map.getZoom());
  });
  map.getContainer().classList.add("statistics-on");
  map.on("layeradd layerremove", (event) => {
    if (event.layer === layers.choropleth) map.getContainer().classList.toggle("statistics-on", map.hasLayer(layers.choropleth));
  });
  map.on("overlayadd layeradd", (event) => {
    if (event.layer === layers.clusters || event.layer === layers.density) loadPoints(page);
  });
  getJson("/api/v1/maps/names").then(({ names }) => {
    page.names = names.map((n) => ({ ...n, name: named(n) }));
    labels.draw();
    offerPlaces(page);
  });
  return refresh(page);
}

function named(row) {
  return language() === "zh" ? row.name : row.name_en || row.name;
}

function question({ by, topic, period }) {
  return `by=${by}&topic=${encodeURIComponent(topic)}&period=${encodeURIComponent(period)}`;
}

/** Ask for what is chosen now; an answer to an earlier choice is never shown. */
function refresh(page) {
  const wanted = { ...page.state };
  remember(wanted);
  if (!wanted.period) return undefined;
  return page.newest((signal) => fetchChoice(page, wanted, signal), (found) => arrived(page, wanted, found), (error) => failed(page, error));
}

async function fetchChoice({ layers, shape }, wanted, signal) {
  const shapes = shape === wanted.by ? null : getJson(`/api/v1/maps/shapes/${wanted.by}`, { signal });
  const [value, data] = await Promise.all([getJson(`/api/v1/statistics?${question(wanted)}`, { signal }), shapes, layers.choropleth.ready, layers.communities.ready]);
  return { value, data };
}

function arrived(page, wanted, { value, data }) {
  if (data !== null) page.layers.choropleth.fill(data);
  Object.assign(page, { shape: wanted.by, shown: wanted, value, rows: new Map(value.rows.map((row) => [row.code, row])) });
  show(page);
  report(null);
}

/** What could not be had is not chosen: the choices say again what the map shows. */
function failed(page, error) {
  report(error);
  if (!page.shown) return;
  const { by, topic, period } = page.shown;
  Object.assign(page.state, { by, topic, period });
  for (const [name, value] of Object.entries({ by, topic, period })) document.getElementById("choices").elements[name].value = value;
  remember(page.state);
}

function remember(state) {
  if (isStandalone()) return;
  history.replaceState(null, "", `?${question(state)}&measure=${state.measure}`);
}

function report(error) {
  const place = document.getElementById("trouble");
  place.hidden = error === null;
  place.textContent = error === null ? "" : error.message;
}

function show(page) {
  paint(page);
  writeLegend(page);
  summary(page);
  changes(page);
  page.table.show(page.value.rows.map((row) => ({ ...row, label: named(row) })));
  const saved = `/api/v1/statistics?${question(page.state)}`;
  document.getElementById("save-xlsx")?.setAttribute("href", `${saved}&format=xlsx`);
  if (!isStandalone()) document.getElementById("save-csv").setAttribute("href", `${saved}&format=csv`);
  page.points = null;
  loadPoints(page);
  if (!page.fitted) fitBesideLegend(page);
  page.map.getContainer().dataset.drawn = String(Number(page.map.getContainer().dataset.drawn ?? 0) + 1);
}

/** Once, and only where there is room beside it: show the whole area clear of the legend. */
function fitBesideLegend(page) {
  page.fitted = true;
  const [width, taken] = [page.map.getSize().x, page.card.offsetWidth];
  const bounds = page.layers.communities.getBounds();
  if (!bounds.isValid() || taken === 0 || width < 640) return;
  page.map.fitBounds(bounds, { paddingTopLeft: [20, 14], paddingBottomRight: [taken + 24, 14], animate: false });
}

/** Statistics fade as one comes near, so that houses and streets can be read. */
function opacityAt(zoom) {
  return zoom >= 17 ? 0.35 : zoom >= 15 ? 0.55 : 0.8;
}

function paint({ map, layers, value, state, rows }) {
  const { highs, counts } = value.classes[state.measure];
  const near = opacityAt(map.getZoom());
  const scale = colours(counts.length);
  layers.choropleth.setStyle((shape) => {
    const row = rows.get(shape.properties.code);
    const number = row?.[COLUMN[state.measure]];
    if (row?.suppressed) return { ...STYLES.choropleth, fillColor: hatching(), fillOpacity: 0.9 * near };
    if (number === null || number === undefined) return { ...STYLES.choropleth, fillColor: NO_DATA, fillOpacity: near };
    return { ...STYLES.choropleth, fillColor: scale[classOf(number + 1e-9 < highs.at(-1) ? number : highs.at(-1), highs)], fillOpacity: near };
  });
  layers.communities.bringToFront();
}

function writeLegend(page) {
  const { value, state, data } = page;
  const units = { count: t("incidents"), rate: t("incidents per 1,000 people"), smooth: t("incidents per 1,000 people, smoothed by empirical Bayes") };
  const basis = value.basis;
  const method = [
    t("Natural breaks of {n} areas.", { n: grouped(value.totals.units) }),
    state.measure === "count" ? "" : t("Denominator: people living there."),
    t("Counted {day}.", { day: basis.counted_at ?? "–" }),
    basis.plans ? t("Boundaries: {n} plans in force, newest of {day}.", { n: grouped(basis.plans), day: basis.newest_plan }) : t("No plan is in force."),
    value.stretches ? t("{n} incidents are known to a stretch of house numbers only, and counted in the block of its middle.", { n: grouped(value.stretches) }) : "",
    data.synthetic ? t("Synthetic data / 合成数据.") : "",
  ].filter(Boolean).join(" ");
  const topic = data.topics.find((x) => x.code === value.topic)?.label ?? value.topic;
  const words = { title: `${topic} · ${value.period}`, unit: units[state.measure], classes: value.classes[state.measure],
    digits: state.measure === "count" ? 0 : 1, suppressed: value.totals.suppressed,
    noData: state.measure === "count" ? 0 : value.totals.no_data, method };
  fill(page.card, legend(words));
  fill(document.getElementById("legend-in-panel"), legend(words));
}

function summary({ value }) {
  const { totals } = value;
  const known = totals.incidents !== null && totals.previous !== null;
  const delta = totals.incidents - totals.previous;
  const figure = (label, text, kind) => element("div", {}, element("dt", { text: label }), element("dd", { text, class: kind }));
  const parts = [
    figure(t("Incidents"), grouped(totals.incidents)),
    figure(t("per 1,000 people"), grouped(totals.rate_per_1000, 1)),
    figure(t("People"), grouped(totals.people)),
    figure(t("Households"), grouped(totals.households)),
  ];
  if (value.has_previous && known) {
    const share = totals.previous ? ` (${delta >= 0 ? "+" : "−"}${grouped((Math.abs(delta) / totals.previous) * 100)}%)` : "";
    parts.splice(1, 0, figure(t("since {period}", { period: value.previous }), signed(delta) + share, delta > 0 ? "up" : delta < 0 ? "down" : ""));
  }
  fill(document.getElementById("summary"), element("dl", { class: "figures" }, ...parts));
}

function signed(number) {
  if (number === null || number === undefined) return "–";
  return number > 0 ? `▲ ${grouped(number)}` : number < 0 ? `▼ ${grouped(-number)}` : "0";
}

function changes(page) {
  const { value } = page;
  const holder = document.getElementById("changes");
  const notable = value.rows.filter((row) => row.notable).sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const title = element("h2", { text: t("What changed since {period}", { period: value.previous }) });
  if (!value.has_previous) {
    const why = value.is_whole ? t("There are no counts of the period before to compare with.") : t("The period is not counted to its end; it is not compared with a whole one.");
    fill(holder, title, element("p", { class: "muted small", text: why }));
    return;
  }
  if (notable.length === 0) {
    fill(holder, title, element("p", { class: "muted small", text: t("Nowhere did the count change by more than chance explains.") }));
    return;
  }
  const items = notable.slice(0, 6).map((row) => {
    const button = element("button", { type: "button" }, element("span", { text: named(row) }),
      element("span", { class: "number muted", text: `${grouped(row.previous)} → ${grouped(row.incidents)}` }),
      element("span", { class: `number delta ${row.change > 0 ? "up" : "down"}`, text: signed(row.change) }));
    button.addEventListener("click", () => choose(page, row.code));
    return element("li", {}, button);
  });
  const note = t("{n} of {all} areas changed by more than chance explains (95%, no correction for looking at many).", { n: notable.length, all: value.rows.length });
  fill(holder, title, element("ul", { class: "changes-list" }, ...items), element("p", { class: "muted small", text: note }));
}

function installTable(page) {
  const number = (key, digits = 0) => ({ key, number: true, write: (row) => (row.suppressed && key !== "people" ? t("hidden") : grouped(row[key], digits)) });
  page.table = makeTable(document.getElementById("numbers"), {
    sort: "incidents",
    pick: (row) => choose(page, row.code),
    columns: [
      { key: "label", label: t("Area") },
      { ...number("incidents"), label: t("Incidents") },
      { ...number("rate_per_1000", 1), label: t("per 1,000") },
      { ...number("eb_rate_per_1000", 1), label: t("smoothed") },
      { key: "change", label: t("Change"), number: true, write: (row) => (row.suppressed ? "–" : signed(row.change)) },
      { ...number("people"), label: t("People") },
    ],
  });
  document.getElementById("filter").addEventListener("input", (event) => page.table.filter(event.target.value));
  document.getElementById("copy").addEventListener("click", async () => {
    await navigator.clipboard?.writeText(page.table.text("\t", about(page)));
    document.getElementById("copied").textContent = t("Copied");
  });
  if (isStandalone()) {
    document.getElementById("save-csv").addEventListener("click", (event) => {
      const text = `\ufeff${page.table.text(",", about(page))}`;
      event.currentTarget.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
      event.currentTarget.download = `statistics-${page.state.by}-${page.state.topic}-${page.state.period}.csv`;
    });
  }
}

/** What the numbers of the table are of, for whoever takes it out. */
function about({ data, value }) {
  const topic = data.topics.find((x) => x.code === value.topic)?.label ?? value.topic;
  return [{ label: t("Topic"), value: topic }, { label: t("Period"), value: value.period },
    { label: t("Boundaries"), value: t("{n} plans in force, newest of {day}", { n: value.basis.plans, day: value.basis.newest_plan }) },
    { label: t("Counted on"), value: value.basis.counted_at }];
}

function installChoices(page) {
  document.getElementById("choices").addEventListener("change", (event) => {
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

function tip(page, code) {
  const row = page.rows?.get(code);
  if (!row) return element("div", { text: code });
  const pairs = [
    [t("Incidents"), row.suppressed ? t("suppressed") : grouped(row.incidents)],
    [t("per 1,000 people"), row.suppressed ? "–" : grouped(row.rate_per_1000, 1)],
    [t("smoothed"), row.suppressed ? "–" : grouped(row.eb_rate_per_1000, 1)],
    [t("People"), grouped(row.people)],
  ];
  return element("div", {}, element("b", { text: named(row) }),
    element("dl", {}, ...pairs.flatMap(([name, text]) => [element("dt", { text: name }), element("dd", { text })])));
}

function choose(page, code) {
  const shape = page.layers.choropleth.byCode.get(code);
  if (page.selection) page.selection.remove();
  if (shape) {
    page.selection = L.geoJSON(shape.feature, { interactive: false, pane: "selection", style: { ...STYLES.selected, fill: false } }).addTo(page.map);
    page.map.fitBounds(shape.getBounds(), { maxZoom: 16, padding: [60, 60] });
  }
  page.table.choose(code);
  crumbs(page, code);
}

function crumbs(page, code) {
  const places = new Map(page.data.places.map((p) => [p.code, p]));
  const county = page.data.places.filter((p) => p.level === "county");
  const chain = code
    ? [`${code.slice(0, 6)}000000`, `${code.slice(0, 9)}000`, code.slice(0, 12)].map((c) => places.get(c)).filter(Boolean)
    : county.length === 1 ? county : [];
  const items = [...new Set(chain)].map((p) => crumb(page, named(p), p.code));
  if (code?.length === 15) items.push(crumb(page, code.slice(12), code));
  const place = document.getElementById("crumbs");
  if (place !== null) fill(place, ...items);
}

function crumb(page, text, code) {
  const button = element("button", { type: "button", text });
  button.addEventListener("click", () => goTo(page, code));
  return element("li", {}, button);
}

/** Show a place of any level: its own shape when the level is on the map, else its grids together. */
function goTo(page, code) {
  if (page.layers.choropleth.byCode.has(code)) return choose(page, code);
  const prefix = code.replace(/0+$/, "").padEnd(6, "0");
  const inside = [...page.layers.choropleth.byCode].filter(([c]) => c.startsWith(prefix)).map(([, shape]) => shape);
  if (inside.length === 0) return undefined;
  page.map.fitBounds(L.featureGroup(inside.map((s) => L.rectangle(s.getBounds()))).getBounds());
  return crumbs(page, code);
}

function offerPlaces(page) {
  const list = document.getElementById("search-places");
  if (!list) return;
  const rows = [...page.data.places.map((p) => [named(p), p.code]), ...page.names.filter((n) => n.kind === "grid").map((n) => [n.code, n.code])];
  fill(list, ...rows.map(([label, code]) => element("option", { value: label, "data-code": code })));
}

/** Divisions and grids that the search box finds are shown with their figures. */
function installSearch(page) {
  document.addEventListener("place-chosen", (event) => {
    const { kind, code } = event.detail;
    if (!["county", "town", "community", "grid"].includes(kind)) return;
    event.preventDefault();
    goTo(page, code);
  });
  const input = isStandalone() ? document.getElementById("search") : null;
  input?.addEventListener("change", () => {
    const hit = [...document.getElementById("search-places").options].find((o) => o.value === input.value);
    if (hit) goTo(page, hit.dataset.code);
  });
}

/** The incidents of what the map shows, when one of their layers is on; of sensitive topics none. */
function loadPoints(page) {
  const { map, layers, value } = page;
  if (value === null || (!map.hasLayer(layers.clusters) && !map.hasLayer(layers.density))) return undefined;
  if (value.sensitive) {
    page.newestPoints.drop();
    return showPoints(page, []);
  }
  if (page.points !== null) return undefined;
  const address = `/api/v1/maps/incidents?topic=${encodeURIComponent(value.topic)}&period=${value.period}`;
  return page.newestPoints((signal) => getJson(address, { signal }), ({ rows }) => showPoints(page, rows), report);
}

function showPoints(page, rows) {
  page.points = rows;
  fillClusters(page.layers.clusters, rows);
  fillDensity(page.layers.density, rows);
}
