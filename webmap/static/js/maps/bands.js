// Colours of balance: how far a grid is from its target. Diverging, blue below, orange above.

export const DEVIATION_STOPS = [
  { upTo: -0.25, colour: "#5b8fbd" },
  { upTo: -0.1, colour: "#b4cfe3" },
  { upTo: 0.1, colour: "#f4f1e6" },
  { upTo: 0.25, colour: "#f3c892" },
  { upTo: Infinity, colour: "#d9823b" },
];

export function deviationColour(deviation) {
  if (deviation === null || deviation === undefined) return "#c9ced1";
  return DEVIATION_STOPS.find((stop) => deviation <= stop.upTo).colour;
}

export const LOAD_COLOURS = ["#ffffff00", "#efe3f2", "#d5b9dc", "#b184bd", "#7d4a8f"];

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
