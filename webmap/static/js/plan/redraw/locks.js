// Locks as words: grid:3, block:88, border:3-5 (the smaller number first). Pure.

export function borderLock(a, b) {
  return `border:${Math.min(a, b)}-${Math.max(a, b)}`;
}

/** The lock that keeps a block from moving from one grid to another, or null. */
export function heldBy(locks, block, before, after) {
  const words = [`block:${block}`, `grid:${before}`, `grid:${after}`, borderLock(before, after)];
  return words.find((word) => locks.has(word)) ?? null;
}

/** Take a lock apart: {kind, numbers}. */
export function readLock(word) {
  const [kind, what] = word.split(":");
  return { kind, numbers: what.split("-").map(Number) };
}
