// Colours of balance: how far a grid is from its target. Diverging, blue below, orange above.

import { token } from "../shell/tokens.js";

export const DEVIATION_STOPS = [
  { upTo: -0.25, colour: token("below-far") },
  { upTo: -0.1, colour: token("below") },
  { upTo: 0.1, colour: token("at-target") },
  { upTo: 0.25, colour: token("above") },
  { upTo: Infinity, colour: token("above-far") },
];

export function deviationColour(deviation) {
  if (deviation === null || deviation === undefined) return token("no-data");
  return DEVIATION_STOPS.find((stop) => deviation <= stop.upTo).colour;
}

export const LOAD_COLOURS = [token("load-none"), token("load-1"), token("load-2"), token("load-3"), token("load-4")];

/** Upper bounds of four classes of a block's households, by quantile of the blocks that have any. */
export function loadBounds(households) {
  const some = households.filter((h) => h > 0).sort((a, b) => a - b);
  if (some.length === 0) return [];
  const at = (share) => some[Math.min(some.length - 1, Math.floor(share * some.length))];
  return [...new Set([at(0.25), at(0.5), at(0.75), some.at(-1)])];
}

export function loadColour(households, bounds) {
  if (!households) return LOAD_COLOURS[0];
  const found = bounds.findIndex((bound) => households <= bound);
  return LOAD_COLOURS[Math.min(found === -1 ? bounds.length : found + 1, LOAD_COLOURS.length - 1)];
}
