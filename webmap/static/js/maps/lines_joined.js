// Streets come in pieces, from crossing to crossing and from tile to tile: joined by name, so that a name finds room. Pure.

/** Join lines {name, kind, line} of one name and kind where the end of one is the beginning of another. */
export function joinLines(lines) {
  const byName = new Map();
  for (const piece of lines) {
    const key = `${piece.kind}|${piece.name}`;
    if (!byName.has(key)) byName.set(key, []);
    byName.get(key).push(piece);
  }
  return [...byName.values()].flatMap(joinOne);
}

function joinOne(pieces) {
  const joined = [];
  const ends = new Map(); // end of a line -> the line
  for (const { line } of pieces) {
    let whole = line;
    for (let met = meeting(ends, whole); met !== null; met = meeting(ends, whole)) {
      drop(ends, met);
      joined.splice(joined.indexOf(met), 1);
      whole = chain(met, whole);
    }
    joined.push(whole);
    for (const end of [whole[0], whole.at(-1)]) ends.set(endKey(end), whole);
  }
  return joined.map((line) => ({ ...pieces[0], line }));
}

function meeting(ends, line) {
  return ends.get(endKey(line[0])) ?? ends.get(endKey(line.at(-1))) ?? null;
}

function drop(ends, line) {
  for (const end of [line[0], line.at(-1)]) if (ends.get(endKey(end)) === line) ends.delete(endKey(end));
}

function chain(one, other) {
  if (endKey(one.at(-1)) === endKey(other[0])) return [...one, ...other.slice(1)];
  if (endKey(one.at(-1)) === endKey(other.at(-1))) return [...one, ...other.slice(0, -1).reverse()];
  if (endKey(one[0]) === endKey(other.at(-1))) return [...other, ...one.slice(1)];
  return [...other.slice(1).reverse(), ...one];
}

function endKey({ x, y }) {
  return `${Math.round(x)},${Math.round(y)}`;
}
