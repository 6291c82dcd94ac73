// Fetch and send JSON; errors carry the message the server wrote for people.
// A stand-alone file carries its data in itself: the same addresses, no network.

const embedded = globalThis.communityGridData ?? null;

export async function getJson(url) {
  if (embedded !== null) {
    if (!(url in embedded)) throw new Error("not part of this file: " + url);
    return embedded[url];
  }
  return answer(await fetch(url, { headers: { Accept: "application/json" } }));
}

export async function sendJson(method, url, body) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token };
  return answer(await fetch(url, { method, headers, body: JSON.stringify(body) }));
}

async function answer(response) {
  if (response.status === 401) {
    globalThis.location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
  }
  if (response.status === 204) return null;
  const body = await response.json().catch(() => null);
  if (!response.ok) throw Object.assign(new Error(body?.message ?? response.statusText), { body });
  return body;
}

export function isStandalone() {
  return embedded !== null;
}
