// Redrawing a draft: loads the working copy and ties map, tools, panel and keys together.

import { getJson, sendJson } from "../../shell/api.js";
import { element, fill } from "../../shell/element.js";
import { t } from "../../shell/i18n.js";
import { place } from "../../maps/controls.js";
import { offerOnPaper } from "../../shell/paper_tables.js";
import { makeActs } from "../redraw/acts.js";
import { installChosenGrid } from "../redraw/chosen_grid.js";
import { Desk } from "../redraw/desk.js";
import { installKeys } from "../redraw/keys.js";
import { tablesOnPaper } from "../redraw/on_paper.js";
import { makeLegend } from "../redraw/legend.js";
import { MapView } from "../redraw/map_view.js";
import { makeFinder, writeBlocks } from "../redraw/panel/blocks.js";
import { writeEffect } from "../redraw/panel/effect.js";
import { installGrids, writeGrids } from "../redraw/panel/grids.js";
import { installHead, writeHead } from "../redraw/panel/head.js";
import { writeHistory } from "../redraw/panel/history.js";
import { installPointer } from "../redraw/pointer.js";
import { Scene } from "../redraw/scene.js";
import { Shapes } from "../redraw/shapes.js";
import { installToolbar } from "../redraw/toolbar.js";
import { makeTools } from "../redraw/tools/all.js";
import { sendLeftOver, unsentOf } from "../redraw/unsent.js";
import { Work } from "../redraw/work.js";

export async function start(map, layers, data) {
  const outlines = layers.communities.ready.then((communities) => quieten(communities, data.community));
  if (data.editable) await begin(map, data).catch((error) => fail(error));
  await outlines;
  map.getContainer().dataset.drawn = String(Math.round(performance.now()));
}

function quieten(communities, code) {
  communities.eachLayer((shape) => shape.setStyle({ weight: shape.feature.properties.code === code ? 0 : 1, opacity: 0.5, dashArray: "6 4" }));
}

function fail(error) {
  fill(document.getElementById("notices"), element("p", { class: "alert", role: "alert", text: error.message }));
}

function interfaceOf({ plan, user }) {
  const at = `/api/v1/plans/${plan}`;
  return {
    unsent: unsentOf(user, plan),
    get: () => getJson(`${at}/workspace`),
    post: (path, body) => sendJson("POST", `${at}/workspace/${path}`, body),
    merge: () => getJson(`${at}/workspace/merge`),
    householdsChangingGrid: (from, to, after = "") => getJson(`${at}/workspace/impact?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}&after=${after}`),
    shapes: () => getJson(`${at}/blocks`),
    cut: (block, line) => sendJson("POST", `/api/v1/blocks/${block}/cut`, { line }),
  };
}

async function begin(map, data) {
  const api = interfaceOf(data);
  const left = await sendLeftOver(api.unsent, api.post);
  const [loaded, blocks] = await Promise.all([api.get(), api.shapes()]);
  if (!loaded.editable) throw new Error(t("This plan cannot be redrawn any more; go back to its community."));
  const work = new Work(api, loaded);
  const scene = new Scene(work, new Shapes(blocks.features, work.ground));
  map.keyboard.disable();
  const view = new MapView(scene).addTo(map);
  const desk = new Desk({ map, work, scene, view, api });
  desk.kinds = data.kinds;
  equip(map, desk);
  if (left.sent > 0) desk.say(t("Changes that were not sent when this page was closed are in now: {n}.", { n: left.sent }));
  if (left.refused.length > 0) desk.say(t("Changes left over from before were refused: {reason}", { reason: left.refused[0] }), "alert");
  globalThis.communityGridDesk = desk;
}

/** Give the desk its tools, panel and keys. */
function equip(map, desk) {
  const finder = makeFinder(desk);
  const acts = makeActs(desk, finder);
  const tools = makeTools(desk);
  const toolOf = () => tools[desk.tool];
  const pointer = installPointer(desk, toolOf);
  desk.addEventListener("tool", () => pointer.tune());
  desk.addEventListener("leave", () => {
    pointer.stop();
    (toolOf().leave ?? toolOf().cancel)?.call(toolOf());
  });
  desk.addEventListener("loaded", () => renew(desk));
  installHead(desk, acts);
  installGrids(desk);
  installToolbar(desk, acts);
  installKeys(desk, acts, { toolOf, pointer });
  place(map, makeLegend(desk), "topleft");
  offerOnPaper(() => tablesOnPaper(desk));
  desk.addEventListener("refresh", () => {
    writeHead(desk);
    ({ effect: () => writeEffect(desk, acts), grids: () => writeGrids(desk, acts), blocks: () => writeBlocks(desk, finder), history: () => writeHistory(desk) })[desk.tab]();
  });
  pointer.tune();
  installChosenGrid(desk);
  desk.refresh();
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  globalThis.addEventListener("beforeunload", (event) => {
    if (desk.work.queue.length > 0) event.preventDefault();
  });
}

/** After a reload from the server: the blocks may have changed too (one was cut). */
async function renew(desk) {
  const { work, scene } = desk;
  const known = new Set(scene.shapes.ground.id);
  const same = known.size === work.ground.n && work.ground.id.every((id) => known.has(id));
  const kept = scene.row >= 0 ? scene.shapes.ground.id[scene.row] : null;
  if (same) scene.shapes.ground = work.ground;
  else scene.shapes = new Shapes((await desk.api.shapes()).features, work.ground);
  scene.row = work.ground.rowOf.get(kept) ?? -1;
  scene.hovered = null;
  scene.marked = new Set();
  if (!work.division.grids.has(scene.grid)) scene.grid = null;
  scene.refresh();
  desk.view.setScene(scene);
  desk.refresh();
}
