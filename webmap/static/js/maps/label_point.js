// Where the name of a shape is written: at the widest point of its most peopled part. Pure, in degrees.

/** The rings of the part of a GeoJSON shape that a point [lon, lat] lies in; of its largest where there is no point. */
export function peopledPart(geometry, at = null) {
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  if (parts.length === 1) return parts[0];
  const holding = at === null ? undefined : parts.find((rings) => isInside(rings, at));
  return holding ?? parts.reduce((best, rings) => (ringArea(rings[0]) > ringArea(best[0]) ? rings : best));
}

/**
 * The point of a polygon that is farthest from its border, and how far: [x, y, reach], with x stretched by `squeeze`.
 * Source: the quadtree search of V. Agafonkin, "polylabel" (2016); within a hundredth of the shape's size.
 */
export function widestPoint(rings, squeeze = 1) {
  const lines = rings.map((ring) => ring.map(([x, y]) => [x * squeeze, y]));
  const [left, bottom, right, top] = boxOf(lines[0]);
  const size = Math.min(right - left, top - bottom);
  if (!(size > 0)) return [lines[0][0][0] / squeeze, lines[0][0][1], 0];
  const precision = Math.max(right - left, top - bottom) / 100;
  const cells = [];
  const add = (x, y, half) => cells.push(cellOf(lines, x, y, half));
  for (let x = left; x < right; x += size) for (let y = bottom; y < top; y += size) add(x + size / 2, y + size / 2, size / 2);
  let best = cellOf(lines, ...middle(lines[0]), 0);
  while (cells.length > 0) {
    const next = takeMost(cells);
    if (next.reach > best.reach) best = next;
    if (next.most - best.reach <= precision) continue;
    const half = next.half / 2;
    for (const dx of [-half, half]) for (const dy of [-half, half]) add(next.x + dx, next.y + dy, half);
  }
  return [best.x / squeeze, best.y, best.reach];
}

function takeMost(cells) {
  let at = 0;
  for (let i = 1; i < cells.length; i++) if (cells[i].most > cells[at].most) at = i;
  const found = cells[at];
  cells[at] = cells.at(-1);
  cells.pop();
  return found;
}

function cellOf(lines, x, y, half) {
  const reach = signedReach(lines, x, y);
  return { x, y, half, reach, most: reach + half * Math.SQRT2 };
}

/** Distance to the border, below zero outside. */
function signedReach(lines, x, y) {
  let least = Infinity;
  let inside = false;
  for (const ring of lines) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[i];
      const [bx, by] = ring[j];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      const [dx, dy] = [bx - ax, by - ay];
      const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
      least = Math.min(least, (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2);
    }
  }
  return (inside ? 1 : -1) * Math.sqrt(least);
}

function isInside(rings, [x, y]) {
  return signedReach(rings, x, y) >= 0;
}

function ringArea(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) twice += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  return Math.abs(twice) / 2;
}

function middle(ring) {
  const [left, bottom, right, top] = boxOf(ring);
  return [(left + right) / 2, (bottom + top) / 2];
}

function boxOf(ring) {
  const [xs, ys] = [ring.map((p) => p[0]), ring.map((p) => p[1])];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
