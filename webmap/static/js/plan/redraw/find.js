// Find blocks and grids that want attention: one list at a time, next and previous. Pure.

import { UNASSIGNED } from "./division.js";

/** What can be looked for: rows of blocks, in groups that are shown one at a time. */
export const SEARCHES = {
  unassigned: (work) => piecesOf(work, work.division.rowsOf(UNASSIGNED)),
  out_of_band: (work) => work.division.numbers().filter((n) => work.division.offBand(n) !== 0 && work.division.exclusiveName(n) === "").map((n) => work.division.rowsOf(n)),
  not_contiguous: (work) => work.division.numbers().filter((n) => work.division.shape(n).parts > work.division.shape(n).pieces).flatMap((n) => work.division.shape(n).stray),
  shut_in: (work) => work.division.numbers().flatMap((n) => work.division.shape(n).enclosed),
  no_households: (work) => work.division.numbers().filter((n) => work.division.measure(n).households === 0).map((n) => work.division.rowsOf(n)),
  changed: (work) => piecesOf(work, work.changedRows()),
  changed_in_force: (work) => piecesOf(work, rowsMoved(work)),
  locked: (work) => [...work.locks].filter((word) => word.startsWith("block:")).map((word) => [work.ground.rowOf.get(Number(word.slice(6)))]).filter(([row]) => row !== undefined),
};

/** Blocks in another grid than under the plan in force. */
export function rowsMoved(work) {
  const found = [];
  for (let row = 0; row < work.ground.n; row++) if (work.published[row] && work.published[row] !== work.codeOf(work.division.number[row])) found.push(row);
  return found;
}

/** Rows grouped by where they hang together. */
function piecesOf(work, rows) {
  const left = new Set(rows);
  const groups = [];
  for (const first of rows) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (let head = 0; head < group.length; head++) {
      const row = group[head];
      for (let i = work.ground.start[row]; i < work.ground.start[row + 1]; i++) {
        const other = work.ground.neighbour[i];
        if (left.delete(other)) group.push(other);
      }
    }
    groups.push(group.sort((a, b) => a - b));
  }
  return groups;
}
