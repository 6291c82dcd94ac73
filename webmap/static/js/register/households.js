// Pure parts of the worker's list: reading rows, searching, ordering, distances.

/** Rows of arrays into objects by the names of the fields; `order`, from `first` on, is the walking order. */
export function readRows({ fields, rows }, first = 0) {
  return rows.map((row, index) => ({ order: first + index, ...Object.fromEntries(fields.map((name, i) => [name, row[i]])) }));
}

/** Households whose number, name or address contain every word. */
export function search(households, wanted) {
  const words = wanted.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return households;
  return households.filter((h) => {
    const text = `${h.number} ${h.name ?? ""} ${h.address ?? ""}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Great-circle distance in metres. */
export function distanceM(a, b) {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLon = (b.lon - a.lon) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * 6371008.8 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Nearest first from a point; without a point in walking order. */
export function ordered(households, from) {
  if (from === null) return [...households].sort((a, b) => a.order - b.order);
  return [...households].sort((a, b) => distanceM(from, a) - distanceM(from, b) || a.order - b.order);
}

export function distanceText(metres) {
  return metres < 995 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`;
}

/** The same key for households at the same spot (about a metre). */
export function pointKey(household) {
  return `${household.lon.toFixed(5)} ${household.lat.toFixed(5)}`;
}

/** Households by the spot they are at. */
export function byPoint(households) {
  const found = new Map();
  for (const household of households) {
    const key = pointKey(household);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(household);
  }
  return found;
}
