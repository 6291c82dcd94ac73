// What an edit is measured on: blocks as numbers and the borders between them. Pure.
// The arithmetic of `gis.geometry.redraw`: all lengths in decimetres, so that every sum is exact.

export const MEASURES = ["households", "people", "workload"];
export const PER_METRE = 10;
export const PER_WORK = 100;

/** Lay the ground that the server sent out as arrays; n blocks, m borders, neighbours in compressed rows. */
export function readGround(payload) {
  const n = payload.block_id.length;
  const ground = {
    n,
    m: payload.from.length,
    id: payload.block_id,
    rowOf: new Map(payload.block_id.map((id, row) => [id, row])),
    loads: MEASURES.map((name) => payload[name]),
    area: payload.area,
    perimeter: payload.perimeter,
    outline: payload.outline,
    x: payload.x,
    y: payload.y,
    buildings: payload.n_buildings,
    exclusive: exclusiveOf(payload, n),
    from: Int32Array.from(payload.from),
    to: Int32Array.from(payload.to),
    shared: payload.shared,
    along: payload.along,
    kind: payload.kind,
    kinds: payload.kinds,
    measure: payload.measure,
    minimum: payload.minimum,
    maximum: payload.maximum,
    care: payload.special_care ?? new Array(n).fill(0),
    incidents: payload.open_incidents ?? new Array(n).fill(0),
  };
  ground.special = ground.exclusive.flatMap((name, row) => (name === "" ? [] : [row]));
  Object.assign(ground, neighboursOf(ground));
  ground.piece = labelPieces(ground, () => 0);
  ground.commonPiece = labelPieces(ground, (row) => (ground.exclusive[row] === "" ? 0 : 1));
  return ground;
}

function exclusiveOf(payload, n) {
  const names = new Array(n).fill("");
  for (const [row, name] of Object.entries(payload.exclusive)) names[Number(row)] = name;
  return names;
}

/** Neighbours of row r: neighbour[start[r]] .. neighbour[start[r + 1] - 1], by the border `edge` at the same place. */
function neighboursOf({ n, m, from, to }) {
  const start = new Int32Array(n + 1);
  for (let e = 0; e < m; e++) {
    start[from[e] + 1]++;
    start[to[e] + 1]++;
  }
  for (let row = 0; row < n; row++) start[row + 1] += start[row];
  const place = start.slice(0, n);
  const neighbour = new Int32Array(2 * m);
  const edge = new Int32Array(2 * m);
  for (let e = 0; e < m; e++) {
    for (const [here, there] of [[from[e], to[e]], [to[e], from[e]]]) {
      neighbour[place[here]] = there;
      edge[place[here]++] = e;
    }
  }
  return { start, neighbour, edge };
}

/** Number the connected pieces of blocks of one label, in the order of their first row. */
export function labelPieces(ground, labelOf) {
  const piece = new Int32Array(ground.n).fill(-1);
  let found = 0;
  for (let first = 0; first < ground.n; first++) {
    if (piece[first] < 0) spread(ground, piece, first, found++, labelOf);
  }
  return piece;
}

function spread(ground, piece, first, number, labelOf) {
  const label = labelOf(first);
  const queue = [first];
  piece[first] = number;
  for (let head = 0; head < queue.length; head++) {
    for (const other of neighbours(ground, queue[head])) {
      if (piece[other] >= 0 || labelOf(other) !== label) continue;
      piece[other] = number;
      queue.push(other);
    }
  }
}

/** The rows beside a block. */
export function neighbours(ground, row) {
  return ground.neighbour.subarray(ground.start[row], ground.start[row + 1]);
}

/** The piece of the community that a block may be joined within: common blocks within common ground. */
export function homePiece(ground, row) {
  return ground.exclusive[row] === "" ? ground.commonPiece[row] : ground.piece[row];
}

/** The weight that the band limits, by row. */
export function weights(ground) {
  return ground.loads[MEASURES.indexOf(ground.measure)];
}
