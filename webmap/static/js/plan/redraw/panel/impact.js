// Who would change worker: counts by the grids left and joined, on the map, and names for those who may read them.

import { element } from "../../../shell/element.js";
import { grouped, t } from "../../../shell/i18n.js";
import { rowsOfHouseholds } from "../../households_changing_grid.js";
import { rowsMoved } from "../find.js";

export function impactOf(desk) {
  const { work } = desk;
  const { impact } = work.effect;
  if (!work.hasPublished) return [element("h2", { text: t("Who changes worker") }), element("p", { class: "muted", text: t("No plan is in force here yet, so nobody changes worker.") })];
  if (impact.moves.length === 0) return [element("h2", { text: t("Who changes worker") }), element("p", { class: "muted", text: t("Against the plan in force nobody changes grid.") })];
  const counts = [[t("Households"), impact.households], [t("People"), impact.people], [t("Special care"), impact.special_care], [t("Open incidents"), impact.open_incidents]];
  return [element("h2", { text: t("Who changes worker, against the plan in force") }),
    element("dl", { class: "figures" }, ...counts.map(([label, n]) => element("div", {}, element("dt", { text: label }), element("dd", { text: grouped(n) })))),
    arrowsButton(desk), movesTable(desk), householdsOf(desk)];
}

function arrowsButton(desk) {
  const { scene } = desk;
  return element("button", { type: "button", class: "lock-toggle", "aria-pressed": String(scene.showsArrows), text: t("Arrows on the map"), onclick: () => {
    scene.showsArrows = !scene.showsArrows;
    desk.view.drawAll();
    desk.refresh();
  } });
}

function movesTable(desk) {
  const heads = [t("From"), t("To"), t("Households"), t("Special care"), t("Open incidents")];
  return element("div", { class: "table-frame short tight" }, element("table", { class: "impact-list" },
    element("thead", {}, element("tr", {}, ...heads.map((head, i) => element("th", { scope: "col", class: i > 1 ? "number" : null, text: head })), element("th", { scope: "col" }, element("span", { class: "visually-hidden", text: t("Show") })))),
    element("tbody", {}, ...desk.work.effect.impact.moves.slice(0, 60).map((move) => moveLine(desk, move)))));
}

function nameOf(grid, worker) {
  return [grid, worker].filter(Boolean).join(" · ");
}

/** Where blocks go: the grid as it is called while it is edited. */
function goal(work, code) {
  return code ? work.labelOfCode(code) : t("no grid");
}

function moveLine(desk, move) {
  const button = (text, act) => element("button", { type: "button", class: "quiet", text, onclick: act });
  return element("tr", {}, element("td", { text: nameOf(move.from_code.slice(-3), move.from_worker) }), element("td", { text: nameOf(goal(desk.work, move.to_code), move.to_worker) }),
    ...["households", "special_care", "open_incidents"].map((key) => element("td", { class: "number", text: grouped(move[key]) })),
    element("td", {}, button(t("Show"), () => desk.point(blocksOf(desk.work, move))), move.to_code && desk.work.effect.confirmed ? button(t("Who"), () => askWho(desk, move)) : null));
}

function blocksOf(work, { from_code, to_code }) {
  const rows = rowsMoved(work).filter((row) => work.published[row] === from_code && (work.codeOf(work.division.number[row]) ?? "") === to_code);
  return rows.map((row) => work.ground.id[row]);
}

/** Names are read only when asked for, and only by those whose role includes them; the server notes who did. */
async function askWho(desk, { from_code, to_code }) {
  try {
    desk.changing = { from_code, to_code, ...(await desk.work.queue.push(() => desk.api.householdsChangingGrid(from_code, to_code))) };
  } catch (error) {
    desk.say(error.message, "alert");
  }
  desk.refresh();
}

function householdsOf(desk) {
  const { changing } = desk;
  if (!changing) return null;
  const close = element("button", { type: "button", class: "quiet", text: t("Close"), onclick: () => {
    desk.changing = null;
    desk.refresh();
  } });
  changing.list ??= rowsOfHouseholds(changing, (after) => desk.work.queue.push(() => desk.api.householdsChangingGrid(changing.from_code, changing.to_code, after)));
  const heads = [t("Name"), t("Address"), t("People")];
  return element("section", { class: "note" }, element("p", {}, element("b", { text: t("{n} households go from grid {from} to grid {to}", { n: changing.count, from: changing.from_code.slice(-3), to: goal(desk.work, changing.to_code) }) })),
    changing.households === null ? element("p", { text: t("Your role does not include their names.") })
      : element("div", { class: "table-frame short" }, element("table", {}, element("thead", {}, element("tr", {}, ...heads.map((text) => element("th", { scope: "col", text })))), changing.list.body)), changing.list.more, close);
}
