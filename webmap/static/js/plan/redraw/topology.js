// Which blocks of a grid hang together, and which it shuts in. Pure.

import { homePiece, neighbours } from "./ground.js";

/** The connected parts of some rows, each an array of rows. */
export function partsOf(ground, rows) {
  const left = new Set(rows);
  const parts = [];
  for (const first of rows) {
    if (!left.delete(first)) continue;
    const part = [first];
    for (let head = 0; head < part.length; head++) {
      for (const other of neighbours(ground, part[head])) if (left.delete(other)) part.push(other);
    }
    parts.push(part);
  }
  return parts;
}

/** How many pieces of the community some rows lie in. */
export function countPieces(ground, rows) {
  return new Set(rows.map((row) => homePiece(ground, row))).size;
}

/** The parts that hang on the main part of a grid by nothing, the lightest first. */
export function strayParts(ground, parts) {
  if (parts.length < 2) return [];
  const main = new Map();
  for (const part of parts) {
    const home = homePiece(ground, Math.min(...part));
    if (!main.has(home) || heavier(heft(ground, part), heft(ground, main.get(home)))) main.set(home, part);
  }
  const mains = new Set(main.values());
  return parts.filter((part) => !mains.has(part)).sort((a, b) => (heavier(heft(ground, a), heft(ground, b)) ? 1 : -1));
}

function heft(ground, rows) {
  const sum = (values) => rows.reduce((total, row) => total + values[row], 0);
  return [sum(ground.loads[0]), sum(ground.area), -Math.min(...rows)];
}

function heavier(a, b) {
  const i = a.findIndex((value, place) => value !== b[place]);
  return i >= 0 && a[i] > b[i];
}

/** Groups of other ground, with common blocks among them, that a grid shuts in; `own` is the Set of its rows. */
export function enclosedGroups(ground, own) {
  const owner = new Map();
  const groups = [];
  for (const row of own) {
    for (const other of neighbours(ground, row)) {
      if (own.has(other) || owner.has(other)) continue;
      const group = { rows: [other], head: 0, open: false, merged: null };
      owner.set(other, group);
      groups.push(group);
    }
  }
  spreadAll(ground, own, owner, groups);
  const closed = groups.filter((group) => group.merged === null && !group.open && group.head === group.rows.length);
  return closed.map((group) => group.rows.sort((a, b) => a - b))
    .filter((rows) => rows.some((row) => ground.exclusive[row] === ""))
    .sort((a, b) => a[0] - b[0]);
}

/** All groups grow by turns; one that comes to the edge of the community is open and rests, two that meet are one. */
function spreadAll(ground, own, owner, groups) {
  const atEdge = [...own].some((row) => ground.outline[row] > 0);
  let growing = groups.filter((group) => !markOpen(ground, group, 0));
  while (growing.length > 0) {
    // Something outside must reach the edge: the last group still growing is it.
    if (growing.length === 1 && !atEdge && !groups.some((group) => group.open)) break;
    for (const group of growing) step(ground, own, owner, group);
    growing = growing.filter((group) => group.merged === null && !group.open && group.head < group.rows.length);
  }
}

function markOpen(ground, group, from) {
  for (let i = from; i < group.rows.length && !group.open; i++) group.open = ground.outline[group.rows[i]] > 0;
  return group.open;
}

function step(ground, own, owner, group) {
  if (group.merged !== null || group.open || group.head >= group.rows.length) return;
  const row = group.rows[group.head++];
  for (const other of neighbours(ground, row)) {
    if (own.has(other)) continue;
    const met = owner.get(other);
    if (met === undefined) {
      owner.set(other, group);
      group.rows.push(other);
      group.open = ground.outline[other] > 0;
    } else if (met !== group) {
      absorb(owner, group, met);
    }
    if (group.open) return;
  }
}

/** Two groups that meet are one; the heads of both stay, so rows not looked at yet go to the end. */
function absorb(owner, group, met) {
  for (const row of met.rows) owner.set(row, group);
  group.rows = [...met.rows.slice(0, met.head), ...group.rows, ...met.rows.slice(met.head)];
  group.head += met.head;
  group.open ||= met.open;
  met.merged = group;
  met.rows = [];
  met.head = 0;
}
