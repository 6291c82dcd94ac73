// The colours that scripts draw with: those of tokens.css, read once each.

const kept = new Map();

/** The value of a token, as in `token("map-selected")` for `--map-selected`. */
export function token(name) {
  if (!kept.has(name)) {
    kept.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
  }
  return kept.get(name);
}
