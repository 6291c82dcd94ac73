// The blocks as drawn: rings in flat coordinates, what lies under a point, and the lines they share. Pure.
// Coordinates are pixels of the web map at zoom 17 from a corner of the ground, y down.

export const ZOOM = 17;
const WORLD = 256 * 2 ** ZOOM;
const BUCKET = 64;

export function flat([lon, lat]) {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [((lon + 180) / 360) * WORLD, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * WORLD];
}

export function lonLat([x, y]) {
  const lat = Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD))) * (180 / Math.PI);
  return [(x / WORLD) * 360 - 180, lat];
}

export class Shapes {
  /** `features`: GeoJSON of blocks by id; `ground`: the rows and borders they belong to. */
  constructor(features, ground) {
    this.ground = ground;
    this.rings = new Array(ground.n).fill(null).map(() => []);
    const known = features.filter((f) => ground.rowOf.has(f.id));
    this.origin = cornerOf(known);
    for (const feature of known) this.rings[ground.rowOf.get(feature.id)] = ringsOf(feature.geometry).map((ring) => this.shift(ring));
    this.box = this.rings.map(boxOf);
    this.inner = this.rings.map((rings, row) => innerPoint(rings, this.box[row]));
    this.fillBuckets();
    this.shareLines();
  }

  shift(ring) {
    const points = new Float64Array(ring.length * 2);
    ring.forEach((corner, i) => {
      const [x, y] = flat(corner);
      points[2 * i] = x - this.origin[0];
      points[2 * i + 1] = y - this.origin[1];
    });
    return points;
  }

  toLonLat([x, y]) {
    return lonLat([x + this.origin[0], y + this.origin[1]]);
  }

  fromLonLat(place) {
    const [x, y] = flat(place);
    return [x - this.origin[0], y - this.origin[1]];
  }

  fillBuckets() {
    this.buckets = new Map();
    this.box.forEach((box, row) => {
      if (box === null) return;
      for (const key of bucketsOf(box)) {
        if (!this.buckets.has(key)) this.buckets.set(key, []);
        this.buckets.get(key).push(row);
      }
    });
  }

  /** Rows whose box meets a box [left, top, right, bottom]. */
  within(box) {
    const found = new Set();
    for (const key of bucketsOf(box)) for (const row of this.buckets.get(key) ?? []) if (meet(this.box[row], box)) found.add(row);
    return [...found];
  }

  /** The block under a point, or -1. */
  at([x, y]) {
    return this.within([x, y, x, y]).find((row) => isInside(this.rings[row], x, y)) ?? -1;
  }

  /** The blocks that a round brush touches. */
  near([x, y], radius) {
    const rows = this.within([x - radius, y - radius, x + radius, y + radius]);
    return rows.filter((row) => isInside(this.rings[row], x, y) || this.rings[row].some((ring) => ringDistance(ring, x, y) <= radius));
  }

  /** The blocks whose inner point lies in a closed line of points. */
  inside(points) {
    const ring = Float64Array.from(points.flat());
    return this.within(boxOf([ring])).filter((row) => isInside([ring], ...this.inner[row]));
  }

  /** The neighbour of a block that lies most in a direction (dx, dy), or -1. */
  towards(row, dx, dy) {
    let best = -1;
    let most = 0.35;
    for (let i = this.ground.start[row]; i < this.ground.start[row + 1]; i++) {
      const other = this.ground.neighbour[i];
      const [x, y] = [this.inner[other][0] - this.inner[row][0], this.inner[other][1] - this.inner[row][1]];
      const along = (x * dx + y * dy) / (Math.hypot(x, y) || 1);
      if (along > most) [best, most] = [other, along];
    }
    return best;
  }

  /** Split the rings into the lines each pair of neighbours shares and the outer lines. */
  shareLines() {
    const pairs = new Map();
    for (let e = 0; e < this.ground.m; e++) pairs.set(this.ground.from[e] * this.ground.n + this.ground.to[e], e);
    this.shared = Array.from({ length: this.ground.m }, () => []);
    this.outer = Array.from({ length: this.ground.n }, () => []);
    const open = new Map();
    for (const [row, rings] of this.rings.entries()) {
      for (const ring of rings) {
        for (let i = 0; i + 3 < ring.length; i += 2) this.matchSegment(open, pairs, row, ring.subarray(i, i + 4));
      }
    }
    for (const { row, segment } of open.values()) this.outer[row].push(...segment);
    this.sharedBox = this.shared.map((line) => boxOf([line]));
  }

  matchSegment(open, pairs, row, segment) {
    const key = segmentKey(segment);
    const met = open.get(key);
    if (met === undefined) {
      open.set(key, { row, segment });
      return;
    }
    open.delete(key);
    const edge = pairs.get(Math.min(row, met.row) * this.ground.n + Math.max(row, met.row));
    if (edge !== undefined) this.shared[edge].push(...segment);
  }

  /** The border (its place among the ground's) nearest to a point within a distance, of those wanted; or -1. */
  edgeNear([x, y], reach, wanted) {
    let best = -1;
    let least = reach;
    for (let e = 0; e < this.ground.m; e++) {
      const box = this.sharedBox[e];
      if (box === null || x < box[0] - reach || x > box[2] + reach || y < box[1] - reach || y > box[3] + reach || !wanted(e)) continue;
      for (let i = 0; i < this.shared[e].length; i += 4) {
        const away = segmentDistance(x, y, this.shared[e], i);
        if (away < least) [best, least] = [e, away];
      }
    }
    return best;
  }
}

function ringsOf(geometry) {
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

function cornerOf(features) {
  let corner = [Infinity, Infinity];
  for (const feature of features) {
    for (const ring of ringsOf(feature.geometry)) {
      for (const place of ring) {
        const [x, y] = flat(place);
        corner = [Math.min(corner[0], x), Math.min(corner[1], y)];
      }
    }
  }
  return Number.isFinite(corner[0]) ? corner.map(Math.floor) : [0, 0];
}

/** The box of some rings; null for none. */
export function boxOf(rings) {
  let box = null;
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      box ??= [ring[i], ring[i + 1], ring[i], ring[i + 1]];
      box = [Math.min(box[0], ring[i]), Math.min(box[1], ring[i + 1]), Math.max(box[2], ring[i]), Math.max(box[3], ring[i + 1])];
    }
  }
  return box;
}

function meet(a, b) {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
}

function* bucketsOf([left, top, right, bottom]) {
  for (let i = Math.floor(left / BUCKET); i <= Math.floor(right / BUCKET); i++) {
    for (let j = Math.floor(top / BUCKET); j <= Math.floor(bottom / BUCKET); j++) yield i * 1e6 + j;
  }
}

/** Whether a point lies in rings, holes apart. */
export function isInside(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [ax, ay, bx, by] = [ring[i], ring[i + 1], ring[j], ring[j + 1]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

/** A point inside a shape: its middle, or the middle of the widest stretch of a line through it. */
function innerPoint(rings, box) {
  if (box === null) return [0, 0];
  const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2 + 1e-6];
  if (isInside(rings, x, y)) return [x, y];
  const crossings = [];
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      if (ring[i + 1] > y !== ring[j + 1] > y) crossings.push(((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i]);
    }
  }
  crossings.sort((a, b) => a - b);
  let best = [x, x];
  for (let i = 0; i + 1 < crossings.length; i += 2) if (crossings[i + 1] - crossings[i] > best[1] - best[0]) best = [crossings[i], crossings[i + 1]];
  return [(best[0] + best[1]) / 2, y];
}

function ringDistance(ring, x, y) {
  let least = Infinity;
  for (let i = 0; i + 3 < ring.length; i += 2) least = Math.min(least, segmentDistance(x, y, ring, i));
  return least;
}

function segmentDistance(x, y, line, i) {
  const [ax, ay, bx, by] = [line[i], line[i + 1], line[i + 2], line[i + 3]];
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

function segmentKey([ax, ay, bx, by]) {
  const a = `${Math.round(ax * 1000)},${Math.round(ay * 1000)}`;
  const b = `${Math.round(bx * 1000)},${Math.round(by * 1000)}`;
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
