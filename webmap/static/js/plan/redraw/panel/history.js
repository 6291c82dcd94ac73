// What was done since the edition was opened; a click goes back or forward to it.

import { element, fill } from "../../../shell/element.js";
import { t } from "../../../shell/i18n.js";
import { blocksText, householdsText, lockName, stepName } from "../words.js";

export function writeHistory(desk) {
  const { work } = desk;
  const box = document.getElementById("part-history");
  const item = (position, content) => element("li", {}, element("button", { type: "button", class: position > work.position ? "undone" : "", "aria-current": position === work.position ? "step" : null, disabled: work.busy, onclick: () => work.jump(position) }, ...content));
  const first = item(0, [element("span", { class: "number", text: "0" }), element("span", { text: t("Beginning") }), element("span")]);
  const steps = work.steps.map((step, i) => item(i + 1, [element("span", { class: "number", text: String(i + 1) }),
    element("span", { text: stepName(step.kind) }), element("span", { class: "number", text: sizeOf(step) })]));
  fill(box,
    element("p", { class: "muted small", text: t("Everything is kept on the server, also through a reload. Choose a step to go back or forward to it.") }),
    element("ol", { class: "history-list", reversed: true }, ...steps.reverse(), first), ...locksOf(desk));
}

function sizeOf(step) {
  if (step.blocks === 0 && step.locks) return t("{n} locks", { n: step.locks });
  return `${blocksText(step.blocks)} · ${householdsText(step.households)}`;
}

function locksOf(desk) {
  const { work } = desk;
  if (work.locks.size === 0) return [];
  const rows = [...work.locks].sort().map((word) => element("li", {}, lockName(word, (n) => work.label(n)), " ", element("button", { type: "button", class: "quiet small", text: t("Release"), onclick: () => desk.toggleLock(word) })));
  return [element("h2", { text: t("Locks") }), element("ul", {}, ...rows)];
}
