// Edits that the server has not confirmed yet, kept by the browser: a page that is closed or reloaded
// while the connection is away sends them when it is opened again. They hold block ids and grid numbers.

/** A place for the unsent edits of one person and plan; a browser that keeps nothing loses nothing else. */
export function unsentOf(user, plan, storage = globalThis.localStorage) {
  const key = `redraw-unsent-${user}-${plan}`;
  return {
    keep(bodies) {
      try {
        if (bodies.length > 0) storage.setItem(key, JSON.stringify(bodies));
        else storage.removeItem(key);
      } catch {
        // storage is full or forbidden: the page still holds them, and asks before it is closed
      }
    },
    read() {
      try {
        return JSON.parse(storage.getItem(key) ?? "[]");
      } catch {
        return [];
      }
    },
  };
}

/** Send what was left over; each edit has its name, so that one that did arrive is not taken twice. */
export async function sendLeftOver(unsent, post) {
  const left = unsent.read();
  const refused = [];
  for (const body of left) {
    try {
      await post("steps", body);
    } catch (error) {
      if (!error.body) throw error;
      refused.push(error.message);
    }
  }
  unsent.keep([]);
  return { sent: left.length - refused.length, refused };
}
