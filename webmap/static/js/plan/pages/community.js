// One community: its blocks and grids, the table of grids tied to the map, and a plan's steps.

import { followAddress, readAddress, tellGone, writeAddress } from "../../shell/address.js";
import { sendJson } from "../../shell/api.js";
import { ask } from "../../shell/ask.js";
import { nameGrid } from "../../shell/breadcrumb.js";
import { platformDay } from "../../shell/clock.js";
import { installChecks } from "../checks.js";
import { installDrawing } from "../drawing.js";
import { element, fill } from "../../shell/element.js";
import { grouped, t } from "../../shell/i18n.js";
import { LOAD_COLOURS, loadBounds, loadColour } from "../../maps/bands.js";
import { BorderLayer } from "../../maps/borders.js";
import { place } from "../../maps/controls.js";
import { fitFree } from "../../maps/first_view.js";
import { showTips } from "../../maps/geojson.js";
import { tieTable } from "../../maps/selection.js";
import { STYLES } from "../../maps/styles.js";
import { installTables } from "../../shell/page_table.js";
import { installPlaceGrid } from "../place_grid.js";
import { installPlanLife } from "../plan_life.js";
import { installSheets } from "../sheets.js";
import { token } from "../../shell/tokens.js";

export async function start(map, layers, data) {
  installTables();
  installPlanLife(data);
  installSheets();
  installChecks(map);
  for (const button of document.querySelectorAll("[data-assign]")) button.addEventListener("click", () => assign(button.dataset.assign));
  installPlaceGrid(map, layers.grids);
  installDrawing(data, (blocks) => showBlocks(map, layers, blocks));
  const outlines = layers.communities.ready.then((communities) => showOutlines(communities, data.community));
  if (data.plan !== null) await showPlan(map, layers, data);
  await outlines;
  map.getContainer().dataset.drawn = String(Math.round(performance.now()));
}

async function showPlan(map, layers, data) {
  const [blocks, grids] = await Promise.all([layers.blocks.ready, layers.grids.ready]);
  const bounds = loadBounds(blocks.data.features.map((f) => f.properties.households));
  blocks.eachLayer((shape) => shape.setStyle(blockStyle(shape.feature, bounds)));
  const table = document.getElementById("grids");
  const key = legend(map, bounds);
  const onChoose = showBorders(map, data, key);
  const chosen = (code) => {
    writeAddress({ grid: code });
    nameGrid(code);
    return onChoose(code);
  };
  const tied = tieTable(map, table, grids, gridStyle, { zoom: true, onChoose: chosen });
  grids.eachLayer((shape) => shape.setStyle(gridStyle(shape.feature)));
  showTips(grids, tip);
  grids.bringToFront();
  place(map, key, "topleft");
  const show = ({ grid }) => {
    const there = grids.byCode.has(grid);
    if (grid && !there) tellGone(["grid"], t("Grid {grid}, which the link names, is not in this plan any more. Choose another on the map or in the table.", { grid: grid.slice(-3) }));
    if (there) tied.choose(grid, { fly: true });
    else if (tied.chosen() !== null) tied.choose(null, { fly: true });
  };
  show(readAddress(["grid"]));
  followAddress(["grid"], show);
}

/** What the border of the chosen grid follows, on the map and in the legend; its remarks open. */
function showBorders(map, data, key) {
  const borders = new BorderLayer(map, `/api/v1/plans/${data.plan}/borders`);
  const list = element("ul");
  const title = element("p", { class: "unit" });
  const part = element("div", { class: "border-key", hidden: true }, title, list);
  key.append(part);
  return async (code) => {
    part.hidden = true;
    for (const details of document.querySelectorAll("#grids .flags details")) details.open = details.closest("tr").dataset.code === code;
    const metres = await borders.show(code).catch(() => []);
    if (metres === null || code === null) return;
    title.textContent = metres.length > 0 ? t("Border of grid {code} with other grids", { code: code.slice(-3) }) : t("Grid {code} has no border with other grids", { code: code.slice(-3) });
    fill(list, ...metres.map(([kind, length]) => element("li", {}, element("span", { class: `swatch line kind-${kind}` }), element("span", { text: data.kinds[kind] }), element("span", { class: "count", text: `${grouped(length)} m` }))));
    part.hidden = false;
    key.open = true;
  };
}

/** Mark blocks that an obstacle is about, and go there. */
async function showBlocks(map, layers, ids) {
  const wanted = new Set(ids);
  const blocks = await layers.blocks?.ready;
  const bounds = L.latLngBounds([]);
  blocks?.eachLayer((shape) => {
    if (!wanted.has(shape.feature.id)) return;
    shape.setStyle(STYLES.selected).bringToFront();
    bounds.extend(shape.getBounds());
  });
  if (bounds.isValid()) fitFree(map, bounds, { maxZoom: 17 });
}

function showOutlines(communities, code) {
  communities.eachLayer((shape) => {
    if (shape.feature.properties.code !== code) shape.setStyle({ weight: 1, opacity: 0.5, dashArray: "6 4" });
  });
  communities.byCode.get(code)?.setStyle({ weight: 4 }).bringToFront();
}

function gridStyle() {
  return { fill: true, fillColor: token("paper"), fillOpacity: 0.01, color: token("map-community-line"), weight: 1.8, opacity: 0.9 };
}

function blockStyle(feature, bounds) {
  const { households } = feature.properties;
  return { fillColor: loadColour(households, bounds), fillOpacity: households ? 1 : 0, weight: 0.5, opacity: 0.35 };
}

function tip(p) {
  return element("div", {}, element("b", { text: t("Grid {code}", { code: p.code.slice(-3) }) }),
    element("dl", {}, element("dt", { text: t("Households") }), element("dd", { text: grouped(p.households) }),
      element("dt", { text: t("People") }), element("dd", { text: grouped(p.people) })));
}

function legend(map, bounds) {
  const list = element("ul");
  let from = 1;
  bounds.forEach((bound, i) => {
    const swatch = element("span", { class: "swatch" });
    swatch.style.background = LOAD_COLOURS[Math.min(i + 1, LOAD_COLOURS.length - 1)];
    list.append(element("li", {}, swatch, element("span", { text: from === bound ? grouped(bound) : `${grouped(from)}–${grouped(bound)}` })));
    from = bound + 1;
  });
  const box = element("details", { class: "legend map-card legend-on-map" }, element("summary", { text: t("Households of a block") }),
    element("p", { class: "unit", text: t("blocks without colour have none") }), list);
  box.open = map.getContainer().clientWidth > 820;
  return box;
}

function assign(code) {
  const choice = element("select", {}, element("option", { value: "", text: t("nobody (leave vacant)") }));
  choice.append(document.getElementById("workers").content.cloneNode(true));
  const day = element("input", { type: "date", required: true });
  day.value = platformDay();
  const form = ask({
    question: t("Who looks after grid {code}? The worker before ends on that day.", { code: code.slice(-3) }),
    confirm: t("Assign"),
    field: choice,
    act: async (answer) => {
      await sendJson("PUT", `/api/v1/grids/${code}/worker`, { user_id: answer || null, from: day.value });
      globalThis.location.reload();
    },
  });
  form.querySelector("label").after(element("label", { text: t("From") }, day));
}
