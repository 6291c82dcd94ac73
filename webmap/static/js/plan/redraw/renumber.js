// A proposal drawn afresh numbers its grids anew; those that go on get their numbers back. Pure.

/**
 * Give new grids of a proposal (Map row -> number) the numbers of the grids they share most households with,
 * where those are left without a block. Gives the moves that remain, and Map new number -> number kept.
 */
export function keepNumbers(division, moves) {
  const after = (row) => moves.get(row) ?? division.number[row];
  const stays = new Set();
  const shared = new Map();
  for (let row = 0; row < division.ground.n; row++) {
    const [was, now] = [division.number[row], after(row)];
    stays.add(now);
    if (was === 0 || division.grids.has(now)) continue;
    const key = `${now} ${was}`;
    shared.set(key, (shared.get(key) ?? 0) + division.ground.loads[0][row] + 1e-6 * division.ground.area[row]);
  }
  const kept = new Map();
  const given = new Set();
  for (const [key] of [...shared].sort((a, b) => b[1] - a[1])) {
    const [now, was] = key.split(" ").map(Number);
    if (kept.has(now) || given.has(was) || stays.has(was)) continue;
    kept.set(now, was);
    given.add(was);
  }
  const real = new Map();
  for (const [row, number] of moves) {
    const named = kept.get(number) ?? number;
    if (named !== division.number[row]) real.set(row, named);
  }
  return { moves: real, kept };
}
