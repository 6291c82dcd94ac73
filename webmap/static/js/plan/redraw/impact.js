// Who would change worker if the division were in force: counts by the grid left and the grid joined. Pure.

const COUNTS = ["blocks", "households", "people", "special_care", "open_incidents"];

/**
 * Count what is in another grid than under the plan in force.
 * `published`: code of each row there (null: none); `codeOf(number)`: the code a grid would get; `workers`: code -> name.
 */
export function measureImpact(division, published, codeOf, workers = {}) {
  const { ground } = division;
  const found = new Map();
  for (let row = 0; row < ground.n; row++) {
    const before = published[row];
    const after = codeOf(division.number[row]) ?? "";
    if (!before || after === before) continue;
    const key = `${before} ${after}`;
    const move = found.get(key) ?? { from_code: before, to_code: after, ...Object.fromEntries(COUNTS.map((name) => [name, 0])) };
    move.blocks += 1;
    move.households += ground.loads[0][row];
    move.people += ground.loads[1][row];
    move.special_care += ground.care[row];
    move.open_incidents += ground.incidents[row];
    found.set(key, move);
  }
  const moves = [...found.values()].sort((a, b) => b.households - a.households || a.from_code.localeCompare(b.from_code) || a.to_code.localeCompare(b.to_code));
  for (const move of moves) Object.assign(move, { from_worker: workers[move.from_code] ?? null, to_worker: workers[move.to_code] ?? null });
  const total = Object.fromEntries(COUNTS.map((name) => [name, moves.reduce((sum, move) => sum + move[name], 0)]));
  return { ...total, moves };
}
