// What the map shows of the working copy: tints, lines, names; asked for by `MapView`.

import { UNASSIGNED } from "./division.js";
import { borderLock, readLock } from "./locks.js";
import { chooseTints, touching } from "./tints.js";

export class Scene {
  constructor(work, shapes) {
    this.work = work;
    this.shapes = shapes;
    this.tints = new Map();
    this.grid = null; // number of the chosen grid
    this.row = -1; // block that the keyboard stands on
    this.marked = new Set(); // blocks pointed at
    this.hovered = null; // blocks under the brush
    this.picked = null; // border taken hold of: [a, b]
    this.sketch = null; // {points, closed}
    this.proposal = null; // Map row -> number
    this.showsArrows = false;
    this.showsForce = false;
    this.refresh();
  }

  /** After a change: tints where neighbours clash, names, what is out of band. */
  refresh() {
    const { ground, division, locks } = this.work;
    this.tints = chooseTints(touching(ground, division.number), this.tints);
    this.off = new Set(division.numbers().filter((n) => division.offBand(n) !== 0 && division.exclusiveName(n) === ""));
    this.names = null;
    this.lockedBlocks = [...locks].map(readLock).filter((lock) => lock.kind === "block").map((lock) => ground.rowOf.get(lock.numbers[0])).filter((row) => row !== undefined);
  }

  numberOf(row) {
    return this.work.division.number[row];
  }

  tintOf(row) {
    const number = this.proposal?.get(row) ?? this.numberOf(row);
    return number === UNASSIGNED ? null : this.tints.get(number) ?? number % 8;
  }

  isChanged(row) {
    return this.numberOf(row) !== this.work.saved[row];
  }

  isProposed(row) {
    return this.proposal?.has(row) ?? false;
  }

  /** What the line between two blocks is; any of inner, border, off, force, locked, chosen, picked. */
  lineKinds(e) {
    const { from, to } = this.shapes.ground;
    const [a, b] = [this.numberOf(from[e]), this.numberOf(to[e])];
    const kinds = a === b ? ["inner"] : ["border"];
    if (this.showsForce && this.work.published[from[e]] !== this.work.published[to[e]]) kinds.push("force");
    if (a === b) return kinds;
    if (this.off.has(a) || this.off.has(b)) kinds.push("off");
    if (this.work.locks.has(borderLock(a, b))) kinds.push("locked");
    if (a === this.grid || b === this.grid) kinds.push("chosen");
    if (this.picked?.includes(a) && this.picked.includes(b)) kinds.push("picked");
    return kinds;
  }

  lockedRows() {
    return this.lockedBlocks;
  }

  /** Names of grids where they are written: inside the block nearest to the middle of the grid. */
  labels() {
    this.names ??= this.work.division.numbers().map((number) => ({
      number,
      at: this.middle(this.work.division.rowsOf(number)),
      name: this.work.nameOf(number),
      locked: this.work.locks.has(`grid:${number}`),
      badge: this.badge(number),
    }));
    return this.names;
  }

  badge(number) {
    if (!this.off.has(number)) return null;
    const off = Math.round(this.work.division.offBand(number));
    return off < 0 ? `▼ −${-off}` : `▲ +${off}`;
  }

  middle(rows) {
    const { area } = this.work.ground;
    const at = [0, 0];
    let all = 0;
    for (const row of rows) {
      at[0] += this.shapes.inner[row][0] * area[row];
      at[1] += this.shapes.inner[row][1] * area[row];
      all += area[row];
    }
    const mean = [at[0] / (all || 1), at[1] / (all || 1)];
    const away = (row) => Math.hypot(this.shapes.inner[row][0] - mean[0], this.shapes.inner[row][1] - mean[1]);
    const nearest = rows.reduce((best, row) => (away(row) < away(best) ? row : best), rows[0]);
    return this.shapes.inner[nearest];
  }

  /** Arrows from the grids under the plan in force to those that the households go to. */
  arrows() {
    const { published, division, ground } = this.work;
    const flows = new Map();
    for (let row = 0; row < ground.n; row++) {
      const [before, after] = [published[row], this.work.codeOf(division.number[row])];
      if (!before || before === after) continue;
      const key = `${before} ${after}`;
      if (!flows.has(key)) flows.set(key, { before, after, rows: [], households: 0 });
      flows.get(key).rows.push(row);
      flows.get(key).households += ground.loads[0][row];
    }
    const list = [...flows.values()].filter((flow) => flow.households > 0 && flow.after !== null);
    const most = Math.max(1, ...list.map((flow) => flow.households));
    return list.map((flow) => ({ from: this.middleOfCode(flow.before), to: this.middle(flow.rows.length > 0 ? this.rowsOfCode(flow.after) : []), households: flow.households, most }));
  }

  middleOfCode(code) {
    return this.middle([...this.work.published.keys()].filter((row) => this.work.published[row] === code));
  }

  rowsOfCode(code) {
    const number = this.work.division.numbers().find((n) => this.work.codeOf(n) === code);
    return this.work.division.rowsOf(number);
  }
}
