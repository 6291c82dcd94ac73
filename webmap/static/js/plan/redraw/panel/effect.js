// The effect of what was done: a proposal to decide on, what is wrong, the grids touched, who changes worker.

import { element, fill } from "../../../shell/element.js";
import { grouped, t } from "../../../shell/i18n.js";
import { borderLock } from "../locks.js";
import { blocksText, faultText, householdsText } from "../words.js";
import { gridCard, write } from "./cards.js";
import { explainBorder, explanation, whatIf } from "./explain.js";
import { impactOf } from "./impact.js";
import { mergeScreen } from "./merge.js";

const MOST_FAULTS = 8;
const MOST_CARDS = 4;
const MENDS = { unassigned: "unassigned", not_connected: "contiguous", enclave: "enclaves", below_minimum: "rebalance", above_maximum: "rebalance" };

export function writeEffect(desk, acts) {
  put("notices", noticeOf(desk));
  put("proposal", [mergeScreen(desk), proposalOf(desk)]);
  put("problems", problemsOf(desk, acts));
  put("touched", touchedOf(desk));
  put("chosen", chosenOf(desk, acts));
  put("explained", explanation(desk));
  put("impact", impactOf(desk));
}

function put(id, content) {
  const box = document.getElementById(id);
  fill(box, ...[content].flat().filter(Boolean));
}

function noticeOf(desk) {
  if (desk.notice === null) return null;
  const kinds = { alert: "alert", warn: "note warn", note: "note" };
  return element("p", { class: kinds[desk.notice.kind], role: desk.notice.kind === "alert" ? "alert" : "status", text: desk.notice.text });
}

function button(text, act, kind = "") {
  return element("button", { type: "button", class: kind, text, onclick: act });
}

function proposalOf(desk) {
  const { proposal, work } = desk;
  if (proposal === null) return null;
  const households = [...proposal.moves.keys()].reduce((sum, row) => sum + work.ground.loads[0][row], 0);
  const none = proposal.moves.size === 0;
  const label = (n) => work.label(n);
  const left = (proposal.notes?.left ?? []).map((fault) => element("li", { text: faultText(fault, label) }));
  return element("section", { class: "proposal", "aria-label": t("Proposal") },
    element("h2", { text: t("Proposal: {what}", { what: proposal.title }) }),
    element("p", { text: none ? t("Nothing to change: there is nothing better to propose.") : t("Would change grid: {blocks} with {households}, striped on the map.", { blocks: blocksText(proposal.moves.size), households: householdsText(households) }) }),
    none || proposal.after.length === 0 ? null : beforeAfter(desk),
    proposal.notes?.crossed?.length ? element("p", { class: "small muted", text: t("The line runs through {blocks}; each goes with its larger part.", { blocks: blocksText(proposal.notes.crossed.length) }) }) : null,
    proposal.notes?.held?.length ? element("p", { class: "small muted", text: t("Kept by locks or to stay whole: {blocks}.", { blocks: blocksText(proposal.notes.held.length) }) }) : null,
    left.length ? element("div", { class: "small" }, element("b", { text: t("What it could not mend:") }), element("ul", {}, ...left)) : null,
    element("div", { class: "row" }, none ? null : button(t("Accept"), () => desk.accept(), "primary"), button(none ? t("Close") : t("Refuse"), () => desk.dropProposal(null))));
}

function beforeAfter(desk) {
  const { before, after } = desk.proposal;
  const was = new Map(before.map((f) => [f.number, f]));
  const now = new Map(after.map((f) => [f.number, f]));
  const columns = [["households", 0], ["workload", 0], ["compactness", 2], ["barrier_share", "%"]];
  const names = [t("Grid"), t("Households"), t("Workload"), t("Compactness"), t("Along barriers")];
  const numbers = [...new Set([...was.keys(), ...now.keys()])].sort((a, b) => a - b);
  const cell = (n, [key, digits]) => {
    const [a, b] = [was.get(n)?.[key], now.get(n)?.[key]];
    return element("td", { class: "number", text: write(a, digits) === write(b, digits) ? write(b, digits) : `${write(a, digits)} → ${write(b, digits)}` });
  };
  return element("div", { class: "table-frame tight" }, element("table", {},
    element("thead", {}, element("tr", {}, ...names.map((name, i) => element("th", { scope: "col", class: i ? "number" : null, text: name })))),
    element("tbody", {}, ...numbers.slice(0, 12).map((n) => element("tr", {}, element("th", { scope: "row", text: desk.work.label(n) }), ...columns.map((column) => cell(n, column)))))));
}

function problemsOf(desk, acts) {
  const { faults } = desk.work.effect;
  const label = (n) => desk.work.label(n);
  if (faults.length === 0) return null;
  const lines = faults.slice(0, MOST_FAULTS).map((fault) => element("div", { class: `fault${fault.stops ? " stops" : ""}` },
    element("p", {}, fault.stops ? element("b", { text: `${t("Stops saving:")} ` }) : null, faultText(fault, label)),
    button(t("Show"), () => showFault(desk, fault)),
    MENDS[fault.rule] ? button(t("Mend…"), () => acts[MENDS[fault.rule]](fault.numbers)) : null));
  const more = faults.length - MOST_FAULTS;
  return [element("h2", { text: t("What is wrong") }), ...lines, more > 0 ? element("p", { class: "muted small", text: t("and {n} more", { n: more }) }) : null];
}

function showFault(desk, fault) {
  const rows = fault.blocks.length > 0 ? fault.blocks : fault.numbers.flatMap((n) => desk.work.division.rowsOf(n)).map((row) => desk.work.ground.id[row]);
  if (fault.numbers.length > 0 && fault.blocks.length === 0) desk.choose(fault.numbers[0], { zoom: true });
  else desk.point(rows);
}

function touchedOf(desk) {
  const { scene } = desk;
  const numbers = desk.touched.filter((n) => n !== scene.grid);
  if (numbers.length === 0) return null;
  const rest = numbers.length - MOST_CARDS;
  return [element("h2", { text: t("Touched by the last change") }), ...numbers.slice(0, MOST_CARDS).map((n) => gridCard(desk, n)),
    rest > 0 ? element("p", { class: "muted small", text: t("and {n} more", { n: rest }) }) : null];
}

function chosenOf(desk, acts) {
  const { scene, work } = desk;
  if (scene.grid === null) return touchedOf(desk) ? null : element("p", { class: "muted", text: t("Choose a grid on the map or in the list to see its figures; what you change is told here at once.") });
  const locked = work.locks.has(`grid:${scene.grid}`);
  const lock = element("button", { type: "button", class: "lock-toggle", "aria-pressed": String(locked), text: locked ? t("Locked") : t("Lock grid"), onclick: () => acts.lockGrid() });
  return [element("h2", { text: t("Chosen") }), gridCard(desk, scene.grid, element("div", { class: "row" }, lock, button(t("Rebalance here"), () => acts.rebalance([scene.grid]), "lock-toggle")), bordersOf(desk)), blockOf(desk, acts)];
}

/** The borders of the chosen grid: length, lock, why here. */
function bordersOf(desk) {
  const { work, scene } = desk;
  const { ground, division } = work;
  const metres = new Map();
  for (const row of division.grids.get(scene.grid)?.rows ?? []) {
    for (let i = ground.start[row]; i < ground.start[row + 1]; i++) {
      const other = division.number[ground.neighbour[i]];
      if (other > 0 && other !== scene.grid) metres.set(other, (metres.get(other) ?? 0) + ground.shared[ground.edge[i]] / 10);
    }
  }
  if (metres.size === 0) return null;
  const rows = [...metres].sort((a, b) => b[1] - a[1]).map(([other, length]) => {
    const word = borderLock(scene.grid, other);
    const locked = work.locks.has(word);
    return element("tr", {}, element("th", { scope: "row", text: work.label(other) }), element("td", { class: "number", text: `${grouped(length)} m` }),
      element("td", {}, element("button", { type: "button", class: "lock-toggle", "aria-pressed": String(locked), text: locked ? t("Locked") : t("Lock"), "aria-label": t("Lock the border with {grid}", { grid: work.label(other) }), onclick: () => desk.toggleLock(word) }), " ",
        button(t("Why here?"), () => explainBorder(desk, scene.grid, other), "quiet lock-toggle")));
  });
  return element("details", {}, element("summary", { text: t("Neighbours and borders ({n})", { n: metres.size }) }), element("table", {}, element("tbody", {}, ...rows)));
}

function blockOf(desk, acts) {
  const { scene, work } = desk;
  if (scene.row < 0) return null;
  const { ground, division } = work;
  const id = ground.id[scene.row];
  const locked = work.locks.has(`block:${id}`);
  const facts = [[t("Households"), grouped(ground.loads[0][scene.row])], [t("People"), grouped(ground.loads[1][scene.row])], [t("Grid"), work.label(division.number[scene.row])],
    [t("Saved"), work.label(work.saved[scene.row])], [t("In force"), work.published[scene.row]?.slice(-3) ?? "–"], [t("Special care"), grouped(ground.care[scene.row])]];
  return element("article", { class: "grid-card", id: "block-card" }, element("header", {}, element("b", { text: t("Block {block}", { block: id }) }), ground.exclusive[scene.row] ? element("span", { class: "badge", text: ground.exclusive[scene.row] }) : null),
    element("dl", {}, ...facts.map(([name, value]) => element("div", {}, element("dt", { text: name }), element("dd", { text: value })))),
    element("div", { class: "row" }, element("button", { type: "button", class: "lock-toggle", "aria-pressed": String(locked), text: locked ? t("Locked") : t("Lock block"), onclick: () => acts.lockBlock() })), whatIf(desk));
}
