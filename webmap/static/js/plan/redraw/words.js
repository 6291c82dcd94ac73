// Kinds of steps, rules and locks in words.

import { grouped, t } from "../../shell/i18n.js";
import { readLock } from "./locks.js";

export function stepName(kind) {
  return {
    paint: t("Painted"),
    split: t("Split"),
    merge: t("Joined"),
    new_grid: t("New grid"),
    border: t("Border moved"),
    repair: t("Mended"),
    rebalance: t("Rebalanced"),
    propose: t("Plan proposed anew"),
    adopt: t("Division taken over"),
    lock: t("Locks"),
    cut: t("Block cut"),
    discard: t("Back to the saved edition"),
    merge_edits: t("Brought together with another's edits"),
  }[kind] ?? kind;
}

export function blocksText(n) {
  return n === 1 ? t("1 block") : t("{n} blocks", { n: grouped(n) });
}

export function householdsText(n) {
  return n === 1 ? t("1 household") : t("{n} households", { n: grouped(n) });
}

/** A broken rule as a sentence: `label(number)` names a grid. */
export function faultText(fault, label) {
  const [first, ...rest] = fault.numbers.map(label);
  const { households, off, limit, parts } = fault.figures;
  const values = { grid: first, blocks: blocksText(fault.blocks.length), households: householdsText(households), off: grouped(Math.abs(off ?? 0)), limit: grouped(limit), parts, others: rest.join(", ") };
  switch (fault.rule) {
    case "unassigned": return t("In no grid: {blocks} with {households}.", values);
    case "empty": return t("Grid {grid} has no block.", values);
    case "not_connected": return t("Grid {grid} is in {parts} pieces; loose: {blocks} with {households}.", values);
    case "lock_broken": return t("Left or joined grid {grid} against a lock: {blocks}.", values);
    case "exclusive_mixed": return t("Grid {grid} mixes exclusive ground with other ground.", values);
    case "exclusive_split": return t("One exclusive ground lies in several grids: {grid}, {others}.", values);
    case "below_minimum": return t("Grid {grid} is {off} below the minimum of {limit}.", values);
    case "above_maximum": return t("Grid {grid} is {off} above the maximum of {limit}.", values);
    case "enclave": return t("Grid {grid} shuts in {blocks} with {households}.", values);
    default: return fault.rule;
  }
}

export function measureName(measure) {
  return { households: t("Households"), people: t("People"), workload: t("Workload") }[measure] ?? measure;
}

export function lockName(word, label) {
  const { kind, numbers } = readLock(word);
  if (kind === "grid") return t("Grid {grid}", { grid: label(numbers[0]) });
  if (kind === "block") return t("Block {block}", { block: numbers[0] });
  return t("Border {a}–{b}", { a: label(numbers[0]), b: label(numbers[1]) });
}

/** Words for the locks that kept blocks where they are. */
export function heldText(held, label) {
  const words = [...new Set(held.values())].slice(0, 3).map((word) => lockName(word, label));
  return t("Held by locks, not moved: {blocks} ({locks}).", { blocks: blocksText(held.size), locks: words.join(", ") });
}
