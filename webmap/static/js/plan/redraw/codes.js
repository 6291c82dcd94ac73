// What grids are called while they are edited, and which codes saving changes. Pure.

/** The letter of a new grid: the first number after the saved ones is A; it stays while others come and go. */
export function letterOf(number, codes) {
  const largest = Math.max(0, ...Object.keys(codes).map(Number));
  let left = Math.max(0, number - largest - 1);
  let letters = "";
  do {
    letters = String.fromCharCode(65 + (left % 26)) + letters;
    left = Math.floor(left / 26) - 1;
  } while (left >= 0);
  return letters;
}

/**
 * What becomes of the numbers people know: `before` and `after` are codes by the number of the grid.
 * Gives {number, from, to}; `from` is null of a new grid, `to` of one that goes.
 */
export function codeChanges(before, after) {
  const numbers = [...new Set([...Object.keys(before), ...Object.keys(after)])].map(Number).sort((a, b) => a - b);
  return numbers.map((number) => ({ number, from: before[number] ?? null, to: after[number] ?? null })).filter(({ from, to }) => from !== to);
}
