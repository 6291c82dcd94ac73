// The page of jobs: the list is put in anew while something waits or runs.

import { installAskingForms } from "../../shell/asking_forms.js";
import { t } from "../../shell/i18n.js";

const BUSY_MS = 2000;
const QUIET_MS = 15000;

const list = document.getElementById("jobs");
const state = document.getElementById("jobs-state");

installAskingForms();
if (list !== null) wait();

function wait() {
  const busy = list.querySelector("[data-state=running], [data-state=asked]") !== null;
  setTimeout(renew, busy ? BUSY_MS : QUIET_MS);
}

/** Ask for the list as it is now; nothing moves while a question is open or nobody looks. */
async function renew() {
  if (!document.hidden && document.querySelector("dialog[open]") === null) {
    try {
      await put(await fetched());
      state.hidden = true;
    } catch {
      state.textContent = t("No connection; trying again…");
      state.hidden = false;
    }
  }
  wait();
}

async function fetched() {
  const answer = await fetch(list.dataset.list, { headers: { Accept: "text/html" } });
  if (answer.redirected) globalThis.location.reload();
  if (!answer.ok) throw new Error(answer.status);
  return answer.text();
}

/** Put the list in, and the focus back to where it was. */
async function put(text) {
  if (document.querySelector("dialog[open]") !== null) return;
  const focused = document.activeElement?.closest("[data-job]");
  const place = focused && [...focused.querySelectorAll("a, button")].indexOf(document.activeElement);
  list.innerHTML = text;
  installAskingForms(list);
  if (focused) list.querySelector(`[data-job="${focused.dataset.job}"]`)?.querySelectorAll("a, button")[place]?.focus();
}
