// What is wrong with a working division, by the rules of the server. Pure.

import { UNASSIGNED } from "./division.js";

export const STOPPING_RULES = new Set(["unassigned", "empty", "not_connected", "lock_broken", "exclusive_mixed", "exclusive_split"]);

/** List the faults of a division, those first that stop it from being saved; locks are the server's to judge. */
export function findFaults(division) {
  const found = [unassigned, notConnected, exclusiveMixed, exclusiveSplit, outOfBand, enclaves].flatMap((rule) => rule(division));
  return found.sort((a, b) => Number(b.stops) - Number(a.stops));
}

function fault(division, rule, numbers, rows, figures = {}) {
  return { rule, numbers, blocks: rows.map((row) => division.ground.id[row]), figures, stops: STOPPING_RULES.has(rule) };
}

function householdsOf(division, rows) {
  return rows.reduce((sum, row) => sum + division.ground.loads[0][row], 0);
}

function unassigned(division) {
  const rows = division.rowsOf(UNASSIGNED);
  return rows.length === 0 ? [] : [fault(division, "unassigned", [], rows, { households: householdsOf(division, rows) })];
}

function notConnected(division) {
  return division.numbers().flatMap((number) => {
    const { parts, pieces, stray } = division.shape(number);
    if (parts <= pieces) return [];
    const rows = stray.flat().sort((a, b) => a - b);
    return [fault(division, "not_connected", [number], rows, { parts, pieces, households: householdsOf(division, rows) })];
  });
}

function outOfBand(division) {
  const { minimum, maximum } = division.ground;
  return division.numbers().flatMap((number) => {
    const off = division.exclusiveName(number) === "" ? division.offBand(number) : 0;
    if (off === 0) return [];
    const limit = off < 0 ? minimum : maximum;
    return [fault(division, off < 0 ? "below_minimum" : "above_maximum", [number], [], { weight: limit + off, limit, off })];
  });
}

function enclaves(division) {
  return division.numbers().flatMap((number) => division.shape(number).enclosed.map((rows) => {
    const inside = [...new Set(rows.map((row) => division.number[row]))].filter((n) => n !== UNASSIGNED).sort((a, b) => a - b);
    return fault(division, "enclave", [number, ...inside], rows, { households: householdsOf(division, rows) });
  }));
}

function exclusiveMixed(division) {
  const { ground, number } = division;
  const held = new Set(ground.special.map((row) => number[row]).filter((n) => n !== UNASSIGNED));
  return [...held].sort((a, b) => a - b).flatMap((grid) => {
    const rows = division.rowsOf(grid);
    const names = new Set(rows.map((row) => ground.exclusive[row]));
    return names.size > 1 ? [fault(division, "exclusive_mixed", [grid], rows.filter((row) => ground.exclusive[row] !== ""))] : [];
  });
}

function exclusiveSplit(division) {
  const { ground, number } = division;
  return [...new Set(ground.special.map((row) => ground.exclusive[row]))].sort().flatMap((name) => {
    const rows = ground.special.filter((row) => ground.exclusive[row] === name);
    const held = [...new Set(rows.map((row) => number[row]))].filter((n) => n !== UNASSIGNED).sort((a, b) => a - b);
    return held.length > 1 ? [fault(division, "exclusive_split", held, rows)] : [];
  });
}

/** Grids and blocks together: households, people, workload, grids, how many are out of band. */
export function totals(division) {
  const { ground } = division;
  const sum = (values) => values.reduce((all, value) => all + value, 0);
  const numbers = division.numbers();
  const special = new Set(ground.special.map((row) => division.number[row]));
  const out = numbers.filter((n) => division.offBand(n) !== 0 && !special.has(n));
  const weight = (list) => sum(list.map((n) => division.weightOf(n)));
  const all = weight(numbers);
  return {
    grids: numbers.length,
    out_of_band: out.length,
    in_band_share: all > 0 ? 1 - weight(out) / all : 1,
    households: sum(ground.loads[0]),
    people: sum(ground.loads[1]),
  };
}
