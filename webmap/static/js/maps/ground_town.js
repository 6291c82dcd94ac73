// The ground of a town that lies in the file itself: cut into tiles as the server cuts them.

const DEPTH = 32;

/** Unpack an embedded town: each line is [west, south, dx, dy, ...] in 1e-5 degrees. */
export function unpackTown(packed) {
  const town = {};
  for (const [name, features] of Object.entries(packed)) {
    town[name] = features.map(([geomType, props, lines]) => {
      const rings = lines.map(unpackLine);
      const xs = rings.flatMap((ring) => ring.map((p) => p[0]));
      const ys = rings.flatMap((ring) => ring.map((p) => p[1]));
      return { geomType, props, rings, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] };
    });
  }
  return town;
}

function unpackLine(numbers) {
  const line = [];
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    lon += numbers[i];
    lat += numbers[i + 1];
    const sine = Math.sin((lat / 1e5) * (Math.PI / 180));
    line.push([lon / 1e5 / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)]);
  }
  return line;
}

/** A source of tiles as protomaps-leaflet asks for them: layers of features in pixels of the tile. */
export class TownSource {
  constructor(packed) {
    this.town = unpackTown(packed);
  }

  async get({ z, x, y }, tileSize) {
    const scale = 2 ** z;
    const margin = DEPTH / tileSize;
    const layers = new Map();
    for (const [name, features] of Object.entries(this.town)) {
      const touching = features.filter(({ box }) => box[2] * scale >= x - margin && box[0] * scale <= x + 1 + margin && box[3] * scale >= y - margin && box[1] * scale <= y + 1 + margin);
      layers.set(name, touching.map((feature) => inTile(feature, scale, x, y, tileSize)));
    }
    return layers;
  }
}

function inTile({ geomType, props, rings, box }, scale, x, y, tileSize) {
  const place = (at, corner) => (at * scale - corner) * tileSize;
  const geom = rings.map((ring) => ring.map(([px, py]) => point(place(px, x), place(py, y))));
  const bbox = { minX: place(box[0], x), minY: place(box[1], y), maxX: place(box[2], x), maxY: place(box[3], y) };
  return { geomType, props, geom, bbox, numVertices: geom.reduce((n, ring) => n + ring.length, 0) };
}

/** A point with what protomaps-leaflet asks of one. */
function point(x, y) {
  return { x, y, clone: () => point(x, y), mult: (k) => point(x * k, y * k), add: (p) => point(x + p.x, y + p.y) };
}
