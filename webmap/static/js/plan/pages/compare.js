// Two plans side by side: the maps move together, and a grid chosen in one place is shown in all.

import { followAddress, readAddress, tellGone, writeAddress } from "../../shell/address.js";
import { element } from "../../shell/element.js";
import { grouped, t } from "../../shell/i18n.js";
import { place } from "../../maps/controls.js";
import { showTips } from "../../maps/geojson.js";
import { STYLES } from "../../maps/styles.js";
import { follow, pointBoth } from "../../maps/together.js";
import { installTables } from "../../shell/page_table.js";
import { token } from "../../shell/tokens.js";

const SIDES = ["before", "after"];
const DIFFERS = { fillColor: token("compare-differs"), fillOpacity: 0.75, weight: 0.6, opacity: 0.5 };
const SAME = { fillOpacity: 0, weight: 0.4, opacity: 0.25 };
const GRID = { fill: true, fillColor: token("paper"), fillOpacity: 0.01, color: token("map-community-line"), weight: 2, opacity: 0.95 };

const drawn = {};

export async function start(map, layers, data) {
  const differs = new Set(data.differs);
  place(map, caption(data), "topleft");
  const [blocks, grids] = await Promise.all([layers.blocks.ready, layers.grids.ready, layers.communities.ready]);
  blocks.eachLayer((shape) => shape.setStyle(differs.has(shape.feature.id) ? DIFFERS : SAME));
  grids.eachLayer((shape) => shape.setStyle(GRID));
  grids.bringToFront();
  showTips(grids, tip);
  drawn[SIDES[data.side]] = { map, grids };
  if (drawn.before && drawn.after) tie(drawn.before, drawn.after);
}

function tie(before, after) {
  installTables();
  for (const side of [before, after]) side.map.invalidateSize();
  after.map.setView(before.map.getCenter(), before.map.getZoom(), { animate: false });
  follow(before.map, after.map);
  pointBoth(before.map, after.map);
  tieRows(document.getElementById("differences"), before, after);
  for (const side of [before, after]) side.map.getContainer().dataset.drawn = String(Math.round(performance.now()));
}

/** Rows carry the code on either side; a click on row or map lights the grid on both maps. The address names both. */
function tieRows(table, before, after) {
  const sides = { before, after };
  let chosen = null;
  const shapesOf = (row) => SIDES.map((side) => sides[side].grids.byCode.get(row.dataset[side])).filter(Boolean);
  const choose = (row, fly) => {
    light(row, fly);
    writeAddress({ before: chosen?.dataset.before, after: chosen?.dataset.after });
  };
  const light = (row, fly) => {
    if (chosen !== null) {
      chosen.removeAttribute("aria-selected");
      for (const shape of shapesOf(chosen)) shape.setStyle(GRID);
    }
    chosen = row === chosen ? null : row;
    if (chosen === null) return;
    chosen.setAttribute("aria-selected", "true");
    const bounds = L.latLngBounds([]);
    for (const shape of shapesOf(chosen)) bounds.extend(shape.setStyle(STYLES.selected).bringToFront().getBounds());
    if (fly && bounds.isValid()) before.map.fitBounds(bounds, { maxZoom: 17, padding: [30, 30] });
    else chosen.scrollIntoView({ block: "nearest" });
  };
  for (const row of table.tBodies[0].rows) {
    row.addEventListener("click", () => choose(row, true));
    row.addEventListener("keydown", (event) => event.key === "Enter" && choose(row, true));
  }
  const show = ({ before: left, after: right }) => {
    const row = left || right ? table.querySelector(`tr[data-before="${CSS.escape(left)}"][data-after="${CSS.escape(right)}"]`) : null;
    if ((left || right) && row === null) tellGone(SIDES, t("Grid {grid}, which the link names, is not in these plans any more. Choose another on a map or in the table.", { grid: (right || left).slice(-3) }));
    if (row !== chosen) light(row ?? chosen, true);
  };
  show(readAddress(SIDES));
  followAddress(SIDES, show);
  for (const side of SIDES) {
    sides[side].grids.on("click", (event) => {
      const row = table.querySelector(`tr[data-${side}="${CSS.escape(event.layer.feature.properties.code)}"]`);
      if (row) choose(row, false);
    });
  }
}

function caption({ side, name, state }) {
  return element("div", { class: "map-card side-name" }, element("span", { class: "muted", text: side === 0 ? t("Before") : t("After") }),
    element("b", { text: name }), element("span", { class: "muted", text: state }));
}

function tip(p) {
  return element("div", {}, element("b", { text: t("Grid {code}", { code: p.code.slice(-3) }) }),
    element("dl", {}, element("dt", { text: t("Households") }), element("dd", { text: grouped(p.households) }),
      element("dt", { text: t("People") }), element("dd", { text: grouped(p.people) })));
}

