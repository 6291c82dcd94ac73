// One community: its blocks and grids, the table of grids tied to the map, and a plan's steps.

import { sendJson } from "../api.js";
import { ask } from "../ask.js";
import { element } from "../element.js";
import { grouped, language, t } from "../i18n.js";
import { LOAD_COLOURS, loadBounds, loadColour } from "../map/bands.js";
import { place } from "../map/controls.js";
import { showTips } from "../map/geojson.js";
import { Labels } from "../map/labels.js";
import { tieTable } from "../map/selection.js";
import { installTables } from "../page_table.js";

export async function start(map, layers, data) {
  installTables();
  installSteps(data);
  installDrawing(data);
  const outlines = layers.communities.ready.then((communities) => showOutlines(communities, data.community));
  if (data.plan !== null) await showPlan(map, layers);
  await outlines;
  map.getContainer().dataset.drawn = String(Math.round(performance.now()));
}

async function showPlan(map, layers) {
  const [blocks, grids] = await Promise.all([layers.blocks.ready, layers.grids.ready]);
  const bounds = loadBounds(blocks.data.features.map((f) => f.properties.households));
  blocks.eachLayer((shape) => shape.setStyle(blockStyle(shape.feature, bounds)));
  const table = document.getElementById("grids");
  const tied = tieTable(map, table, grids, gridStyle, { zoom: true });
  grids.eachLayer((shape) => shape.setStyle(gridStyle(shape.feature)));
  showTips(grids, tip);
  grids.bringToFront();
  new Labels({ points: () => gridNames(grids), ground: layers.context }).addTo(map);
  place(map, legend(map, bounds), "topleft");
  const wanted = decodeURIComponent(globalThis.location.hash.slice(1));
  if (grids.byCode.has(wanted)) tied.choose(wanted, { fly: true });
}

function showOutlines(communities, code) {
  communities.eachLayer((shape) => {
    if (shape.feature.properties.code !== code) shape.setStyle({ weight: 1, opacity: 0.5, dashArray: "6 4" });
  });
  communities.byCode.get(code)?.setStyle({ weight: 4 }).bringToFront();
}

function gridStyle() {
  return { fill: true, fillColor: "#ffffff", fillOpacity: 0.01, color: "#22313a", weight: 1.8, opacity: 0.9 };
}

function blockStyle(feature, bounds) {
  const { households } = feature.properties;
  return { fillColor: loadColour(households, bounds), fillOpacity: households ? 0.7 : 0, weight: 0.5, opacity: 0.35 };
}

function tip(p) {
  return element("div", {}, element("b", { text: t("Grid {code}", { code: p.code.slice(-3) }) }),
    element("dl", {}, element("dt", { text: t("Households") }), element("dd", { text: grouped(p.households) }),
      element("dt", { text: t("People") }), element("dd", { text: grouped(p.people) })));
}

function gridNames(grids) {
  const names = [];
  grids.eachLayer((shape) => {
    const at = shape.getBounds().getCenter();
    names.push({ kind: "grid", name: shape.feature.properties.code.slice(-3), lon: shape.feature.properties.lon ?? at.lng, lat: shape.feature.properties.lat ?? at.lat });
  });
  return names;
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

function installSteps(data) {
  document.getElementById("plan-choice")?.addEventListener("change", (event) => globalThis.location.assign(event.target.value));
  for (const button of document.querySelectorAll("[data-step]")) {
    const { step, field, type, label, value, max } = button.dataset;
    button.disabled = false; // until here a click would have done nothing
    button.addEventListener("click", () => ask({
      question: button.dataset.ask,
      confirm: button.textContent.trim().replace(/…$/, ""),
      danger: button.classList.contains("danger"),
      field: field ? { type, label, value, max } : null,
      act: async (answer) => {
        await sendJson("POST", `/api/v1/plans/${data.plan}/${step}`, field ? { [field]: answer } : {});
        globalThis.location.assign(step === "retire" ? `/planner/community/${data.community}` : `/planner/community/${data.community}?plan=${data.plan}`);
      },
    }));
  }
  for (const button of document.querySelectorAll("[data-assign]")) button.addEventListener("click", () => assign(button.dataset.assign));
}

function assign(code) {
  const choice = element("select", {}, element("option", { value: "", text: t("nobody (leave vacant)") }));
  choice.append(document.getElementById("workers").content.cloneNode(true));
  const day = element("input", { type: "date", required: true });
  day.valueAsDate = new Date();
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

function installDrawing(data) {
  const form = document.getElementById("draw");
  if (!form) return;
  const state = document.getElementById("draw-state");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const began = Date.now();
    button.disabled = true;
    state.hidden = false;
    state.className = "note";
    const say = () => (state.textContent = t("Drawing… {s} s", { s: Math.round((Date.now() - began) / 1000) }));
    say();
    const clock = setInterval(say, 1000);
    try {
      const made = await sendJson("POST", `/api/v1/communities/${data.community}/drafts`, Object.fromEntries(new FormData(form)));
      globalThis.location.assign(`/planner/community/${data.community}?plan=${made.plan_id}`);
    } catch (error) {
      state.className = "alert";
      state.textContent = error.message;
    } finally {
      clearInterval(clock);
      button.disabled = false;
    }
  });
}
