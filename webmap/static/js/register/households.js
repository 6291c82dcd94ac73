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

/** Which entrance a household is behind: that of its address, else the spot where it is (about a metre). */
export function entranceOf(household) {
  if (household.entrance) return `${household.grid.slice(0, 12)} ${household.entrance}`;
  return `${household.lon.toFixed(5)} ${household.lat.toFixed(5)}`;
}

/** Households of an entrance by floor, the top floor first as one counts them in the street; those of no known floor last. */
export function byFloor(households) {
  const floors = new Map();
  for (const household of households) {
    if (!floors.has(household.floor)) floors.set(household.floor, []);
    floors.get(household.floor).push(household);
  }
  const height = (floor) => floor ?? Number.NEGATIVE_INFINITY;
  return [...floors].sort(([a], [b]) => height(b) - height(a)).map(([floor, behind]) => ({ floor, households: behind.sort(byDoor) }));
}

function byDoor(a, b) {
  return (a.room ?? "").localeCompare(b.room ?? "", "en", { numeric: true }) || a.order - b.order;
}
