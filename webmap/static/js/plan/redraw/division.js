// A working division: in which grid each block is, and the figures of grids by sums. Pure.

import { MEASURES, PER_METRE, PER_WORK } from "./ground.js";
import { countPieces, enclosedGroups, partsOf, strayParts } from "./topology.js";

export const UNASSIGNED = 0;

export class Division {
  /** `numbers`: the grid of each row, 0 for none. */
  constructor(ground, numbers) {
    this.ground = ground;
    this.number = new Int32Array(ground.n);
    this.grids = new Map();
    this.shapes = new Map();
    for (let row = 0; row < ground.n; row++) if (numbers[row] !== UNASSIGNED) this.move(row, numbers[row]);
  }

  /** The grids that have a block, in ascending order. */
  numbers() {
    return [...this.grids.keys()].sort((a, b) => a - b);
  }

  rowsOf(number) {
    if (number === UNASSIGNED) return [...this.number.keys()].filter((row) => this.number[row] === UNASSIGNED);
    return [...(this.grids.get(number)?.rows ?? [])].sort((a, b) => a - b);
  }

  /** Move one block; sums of both grids and of what lies beside them stay exact. */
  move(row, number) {
    const was = this.number[row];
    if (was === number) return;
    if (was !== UNASSIGNED) this.leave(row, was);
    this.number[row] = number;
    if (number !== UNASSIGNED) this.enter(row, number);
  }

  enter(row, number) {
    const grid = this.grids.get(number) ?? this.found(number);
    grid.rows.add(row);
    this.addOwn(grid, row, 1);
    this.addBorders(grid, row, number, 1);
    this.shapes.delete(number);
  }

  leave(row, number) {
    const grid = this.grids.get(number);
    grid.rows.delete(row);
    this.addOwn(grid, row, -1);
    this.addBorders(grid, row, number, -1);
    this.shapes.delete(number);
    if (grid.rows.size === 0) this.grids.delete(number);
  }

  found(number) {
    const grid = { rows: new Set(), loads: [0, 0, 0], area: 0, perimeter: 0, border: 0, along: 0 };
    this.grids.set(number, grid);
    return grid;
  }

  addOwn(grid, row, sign) {
    const { loads, area, perimeter } = this.ground;
    for (let i = 0; i < 3; i++) grid.loads[i] += sign * loads[i][row];
    grid.area += sign * area[row];
    grid.perimeter += sign * perimeter[row];
  }

  /** A block enters (or left) a grid: what it shares with it is inner, with other grids is border of both. */
  addBorders(grid, row, number, sign) {
    const { start, neighbour, edge, shared, along } = this.ground;
    for (let i = start[row]; i < start[row + 1]; i++) {
      const beside = this.number[neighbour[i]];
      const e = edge[i];
      if (beside === UNASSIGNED) continue;
      if (beside === number) {
        grid.perimeter -= sign * 2 * shared[e];
        continue;
      }
      for (const side of [grid, this.grids.get(beside)]) {
        side.border += sign * shared[e];
        side.along += sign * along[e];
      }
    }
  }

  /** How a grid hangs together: parts, pieces of the community, loose parts, ground shut in. Kept until it changes. */
  shape(number) {
    if (!this.shapes.has(number)) this.shapes.set(number, this.findShape(number));
    return this.shapes.get(number);
  }

  findShape(number) {
    const rows = this.rowsOf(number);
    const parts = partsOf(this.ground, rows);
    return { parts: parts.length, pieces: countPieces(this.ground, rows), stray: strayParts(this.ground, parts), enclosed: enclosedGroups(this.ground, new Set(rows)) };
  }

  /** The name of the exclusive grid that this one is, or ''. */
  exclusiveName(number) {
    if (this.ground.special.length === 0) return "";
    const names = new Set(this.ground.special.filter((row) => this.number[row] === number).map((row) => this.ground.exclusive[row]));
    if (names.size !== 1) return "";
    const [name] = names;
    return this.rowsOf(number).every((row) => this.ground.exclusive[row] === name) ? name : "";
  }

  /** The figures of one grid, as the server tells them; null when it has no block. */
  measure(number) {
    const grid = this.grids.get(number);
    if (!grid) return null;
    const [households, people, work] = grid.loads;
    const { parts, pieces, enclosed } = this.shape(number);
    const perimeter = Math.max(grid.perimeter, 0) / PER_METRE;
    const exclusive = this.exclusiveName(number);
    return {
      number,
      n_blocks: grid.rows.size,
      households,
      people,
      workload: work / PER_WORK,
      deviation: exclusive === "" ? this.offBand(number) : 0,
      area_m2: grid.area,
      perimeter_m: perimeter,
      compactness: perimeter > 0 ? (4 * Math.PI * grid.area) / perimeter ** 2 : 0,
      border_m: grid.border / PER_METRE,
      barrier_share: grid.border > 0 ? grid.along / grid.border : null,
      n_parts: parts,
      n_pieces: pieces,
      enclaves: enclosed.length,
      exclusive,
    };
  }

  /** What the band limits, of one grid. */
  weightOf(number) {
    const { measure } = this.ground;
    const sum = this.grids.get(number)?.loads[MEASURES.indexOf(measure)] ?? 0;
    return measure === "workload" ? sum / PER_WORK : sum;
  }

  /** How far a grid lies outside the band, below 0 under its minimum. */
  offBand(number) {
    const weight = this.weightOf(number);
    return Math.min(weight - this.ground.minimum, 0) + Math.max(weight - this.ground.maximum, 0);
  }
}
