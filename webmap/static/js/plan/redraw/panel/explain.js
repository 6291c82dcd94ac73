// Why a border runs where it does; what a change would break, and what would make it possible.

import { element } from "../../../shell/element.js";
import { grouped, t } from "../../../shell/i18n.js";
import { neighbours } from "../ground.js";
import { blocksText, faultText } from "../words.js";

function reasonName(reason) {
  return {
    locked: t("locked"),
    exclusive: t("exclusive ground"),
    empty: t("would leave its grid without a block"),
    not_connected: t("would tear its grid apart"),
    out_of_band: t("would put a grid further out of band"),
    cost: t("would make the border longer or take it off a barrier"),
    better: t("nothing speaks against moving"),
  }[reason] ?? reason;
}

/** Ask why the border between two grids is where it is. */
export function explainBorder(desk, a, b) {
  return ask(desk, "explain_border", { a, b }, (found) => ({ kind: "border", a, b, ...found }));
}

/** Ask what moving one block to a grid would break. */
export function explainMove(desk, row, number) {
  const moves = [[desk.work.ground.id[row], number]];
  return ask(desk, "explain_change", { moves }, (found) => ({ kind: "move", row, number, moves, ...found }));
}

async function ask(desk, tool, wishes, keep) {
  try {
    desk.explained = keep(await desk.work.queue.push(() => desk.api.post(`tools/${tool}`, wishes)));
  } catch (error) {
    desk.say(error.message, "alert");
  }
  desk.refresh();
}

export function explanation(desk) {
  const { explained } = desk;
  if (explained === null) return null;
  const close = element("button", { type: "button", class: "quiet", text: t("Close"), onclick: () => {
    desk.explained = null;
    desk.refresh();
  } });
  return element("section", { class: "note", id: "explanation" }, ...(explained.kind === "border" ? aboutBorder(desk) : aboutMove(desk)), close);
}

function aboutBorder(desk) {
  const { explained, work } = desk;
  const follows = explained.follows.map((row) => element("li", { text: `${desk.kinds[row.kind || "open"] ?? row.kind}: ${grouped(row.length_m)} m` }));
  return [element("h2", { text: t("Why the border {a}–{b} runs here", { a: work.label(explained.a), b: work.label(explained.b) }) }),
    element("p", { text: t("{length} m, {share}% of it along barriers.", { length: grouped(explained.length_m), share: Math.round(100 * explained.barrier_share) }) }),
    element("ul", {}, ...follows), element("p", { text: t("Moving one of the blocks beside it to the other side:") }), element("ul", {}, ...reasonLines(desk))];
}

function reasonLines(desk) {
  const byReason = new Map();
  for (const row of desk.explained.blocks) byReason.set(row.reason, [...(byReason.get(row.reason) ?? []), row.block_id]);
  return [...byReason].map(([reason, ids]) => element("li", {}, `${blocksText(ids.length)}: ${reasonName(reason)} `,
    element("button", { type: "button", class: "quiet small", text: t("Show"), onclick: () => desk.point(ids) })));
}

function aboutMove(desk) {
  const { explained, work } = desk;
  const label = (n) => work.label(n);
  const lines = explained.broken.map((fault) => element("li", { text: faultText(fault, label) }));
  const left = explained.left.map((fault) => element("li", { text: faultText(fault, label) }));
  const title = t("Block {block} to grid {grid}", { block: work.ground.id[explained.row], grid: label(explained.number) });
  const propose = (moves) => desk.showProposal({ kind: "paint", title, moves, before: [], after: [], notes: {} });
  return [element("h2", { text: title }),
    element("p", { text: lines.length === 0 ? t("It breaks no rule.") : t("It would break:") }), element("ul", {}, ...lines),
    left.length ? element("p", { text: t("No further change was found that makes it possible:") }) : null, element("ul", {}, ...left),
    explained.further.length > 0 ? element("p", { text: t("It becomes possible if these move too: {blocks}.", { blocks: blocksText(explained.further.length) }) }) : null,
    explained.legal || left.length === 0 ? element("button", { type: "button", text: t("Propose it"), onclick: () => propose([...explained.moves, ...explained.further]) }) : null].filter(Boolean);
}

/** The choice of a grid beside a block, to ask what moving it there would do. */
export function whatIf(desk) {
  const { scene, work } = desk;
  const own = work.division.number[scene.row];
  const beside = [...new Set([...neighbours(work.ground, scene.row)].map((row) => work.division.number[row]))].filter((n) => n > 0 && n !== own);
  const others = work.division.numbers().filter((n) => n !== own && !beside.includes(n));
  const select = element("select", { "aria-label": t("What if it went to") }, ...[...beside, ...others].map((n) => element("option", { value: String(n), text: work.label(n) })));
  return element("div", { class: "row" }, element("label", { text: t("What if it went to") }, select),
    element("button", { type: "button", class: "lock-toggle", text: t("Ask"), onclick: () => explainMove(desk, scene.row, Number(select.value)) }));
}
