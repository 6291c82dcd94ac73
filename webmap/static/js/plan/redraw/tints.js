// Colours of grids: eight quiet tints that also differ for the colour-blind; neighbours never share one. Pure.

import { token } from "../../shell/tokens.js";

export const TINTS = [token("grid-tint-1"), token("grid-tint-2"), token("grid-tint-3"), token("grid-tint-4"), token("grid-tint-5"), token("grid-tint-6"), token("grid-tint-7"), token("grid-tint-8")];
export const NO_GRID = token("grid-none");

/** Which grids touch: Map number -> Set of numbers. */
export function touching(ground, numbers) {
  const beside = new Map();
  for (let row = 0; row < ground.n; row++) if (numbers[row] && !beside.has(numbers[row])) beside.set(numbers[row], new Set());
  for (let e = 0; e < ground.m; e++) {
    const [a, b] = [numbers[ground.from[e]], numbers[ground.to[e]]];
    if (a === b || !a || !b) continue;
    beside.get(a).add(b);
    beside.get(b).add(a);
  }
  return beside;
}

/** Give every grid a tint, keeping those it had where no neighbour has the same. */
export function chooseTints(beside, kept = new Map()) {
  const chosen = new Map();
  const used = TINTS.map(() => 0);
  const numbers = [...beside.keys()].sort((a, b) => a - b);
  for (const number of numbers) {
    const taken = new Set([...beside.get(number)].map((other) => chosen.get(other)));
    const before = kept.get(number);
    const tint = before !== undefined && !taken.has(before) ? before : freest(used, taken);
    chosen.set(number, tint);
    used[tint] += 1;
  }
  return chosen;
}

function freest(used, taken) {
  const free = used.map((_, tint) => tint).filter((tint) => !taken.has(tint));
  const among = free.length > 0 ? free : used.map((_, tint) => tint);
  return among.reduce((best, tint) => (used[tint] < used[best] ? tint : best));
}
