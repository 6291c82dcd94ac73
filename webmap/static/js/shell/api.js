// Fetch and send JSON; errors carry the message the server wrote for people.
// A stand-alone file carries its data in itself: the same addresses, no network.

import { t } from "./i18n.js";
import { whileWaiting } from "./waiting.js";

const FOLLOWED_MS = 400;

const embedded = globalThis.communityGridData ?? null;

/** Ask for JSON; `signal` lets go of an answer that nobody waits for any more (see latest.js). */
export async function getJson(url, { signal } = {}) {
  if (embedded !== null) {
    if (!(url in embedded)) throw new Error(`not part of this file: ${url}`);
    return embedded[url];
  }
  return answer(await reach(url, { headers: { Accept: "application/json" }, signal }));
}

export async function sendJson(method, url, body) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  return answer(await reach(url, { method, headers, body: JSON.stringify(body) }));
}

/** Send a form with its files; where a job makes the answer, follow it until it has ended. */
export async function sendForm(url, form, { signal } = {}) {
  const headers = { Accept: "application/json", Prefer: "respond-async", "X-CSRFToken": csrfToken() };
  let response = await reach(url, { method: "POST", headers, body: form });
  while (response.status === 202) {
    const { id } = await response.json();
    await new Promise((go) => setTimeout(go, FOLLOWED_MS));
    response = await reach(`/api/v1/jobs/${id}/answer`, { headers: { Accept: "application/json" }, signal });
  }
  return answer(response);
}

function csrfToken() {
  return document.querySelector("meta[name=csrf-token]").content;
}

async function reach(url, options) {
  try {
    return await whileWaiting(() => fetch(url, options));
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(t("The server cannot be reached. Check the connection and try again."));
  }
}

async function answer(response) {
  if (response.status === 401) {
    globalThis.location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (response.status === 204) return null;
  const body = await response.json().catch(() => null);
  if (!response.ok) throw Object.assign(new Error(problem(response.status, body)), { body });
  if (body === null) throw new Error(t("The answer could not be read. Load the page again."));
  return body;
}

/** What went wrong in words for people, whoever answered: the application, a proxy, nobody. */
function problem(status, body) {
  if (typeof body?.message === "string" && body.message !== "") return body.message;
  if (status === 413) return t("The file is too large; split it, or have it imported by an administrator.");
  return t("The server could not answer ({status}). Try again in a moment.", { status });
}

export function isStandalone() {
  return embedded !== null;
}
