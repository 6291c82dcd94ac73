// Where people go in: records by the entrance they are behind, and entrances joined where they would lie over one another.

/** The target of an entrance on the map, in CSS pixels, and the room that is left between two. */
export const TARGET = { width: 60, height: 44, apart: 2 };
const STEP = 0.25;
const NEAREST = 19;
const TILE_PX = 256;

/**
 * Put records ({lon, lat}) behind their entrances, in the order in which these come first.
 * `keyOf(record)` says which entrance; it stands in the middle of its records.
 */
export function entrancesOf(records, keyOf) {
  const found = new Map();
  for (const record of records) {
    const key = keyOf(record);
    if (!found.has(key)) found.set(key, { key, records: [] });
    found.get(key).records.push(record);
  }
  return [...found.values()].map((entrance) => ({ ...entrance, lon: middle(entrance.records, "lon"), lat: middle(entrance.records, "lat") }));
}

function middle(records, name) {
  return records.reduce((sum, record) => sum + record[name], 0) / records.length;
}

/**
 * Entrances as targets of which no two overlap, by zoom. Each target of a zoom is one or several whole
 * targets of the next nearer one, so that zooming in only parts and zooming out only joins; it stands at
 * the entrance with the most records of its own.
 */
export class JoinedEntrances {
  constructor(entrances) {
    this.levels = new Map([[NEAREST, join(entrances.map(alone), NEAREST)]]);
  }

  /** The targets [{key, lon, lat, count, entrances}] at a zoom. */
  at(zoom) {
    const level = Math.min(NEAREST, Math.floor(zoom / STEP) * STEP);
    if (!this.levels.has(level)) this.levels.set(level, join(this.at(level + STEP), level));
    return this.levels.get(level);
  }

  /** The target that an entrance is in at a zoom. */
  holding(key, zoom) {
    return this.at(zoom).find((target) => target.entrances.some((entrance) => entrance.key === key));
  }

  /** The first zoom from one on at which as few as possible share the target of an entrance. */
  partedFrom(key, zoom) {
    const fewest = this.holding(key, NEAREST).entrances.length;
    let wanted = Math.min(NEAREST, Math.ceil(zoom / STEP) * STEP);
    while (this.holding(key, wanted).entrances.length > fewest) wanted += STEP;
    return wanted;
  }
}

function alone(entrance) {
  return { key: entrance.key, lon: entrance.lon, lat: entrance.lat, count: entrance.records.length, most: entrance.records.length, entrances: [entrance] };
}

/** Join targets that overlap at a zoom: the larger keeps its place, the smaller goes to the nearest in its way. */
function join(targets, zoom) {
  const [width, height] = [TARGET.width + TARGET.apart, TARGET.height + TARGET.apart];
  const cells = new Map();
  const joined = [];
  for (const target of [...targets].sort(byRank)) {
    const at = onWorld(target, zoom);
    const [column, row] = [Math.floor(at.x / width), Math.floor(at.y / height)];
    const inWay = around(cells, column, row).filter((other) => Math.abs(other.at.x - at.x) < width && Math.abs(other.at.y - at.y) < height);
    if (inWay.length > 0) {
      inWay.sort((a, b) => distance(a.at, at) - distance(b.at, at))[0].members.push(target);
      continue;
    }
    const place = { at, members: [target] };
    joined.push(place);
    const cell = `${column} ${row}`;
    cells.set(cell, [...(cells.get(cell) ?? []), place]);
  }
  return joined.map(({ members }) => whole(members));
}

function byRank(a, b) {
  if (a.most !== b.most) return b.most - a.most;
  return a.key < b.key ? -1 : 1;
}

function around(cells, column, row) {
  const near = [];
  for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) near.push(...(cells.get(`${column + dx} ${row + dy}`) ?? []));
  return near;
}

function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function whole([first, ...others]) {
  if (others.length === 0) return first;
  const members = [first, ...others];
  return { ...first, count: members.reduce((sum, { count }) => sum + count, 0), entrances: members.flatMap(({ entrances }) => entrances) };
}

/** Where a place is on the flat world at a zoom, in pixels. */
function onWorld({ lon, lat }, zoom) {
  const scale = TILE_PX * 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  return { x: scale * (lon / 360 + 0.5), y: scale * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) };
}
