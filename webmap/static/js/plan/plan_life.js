// What is done with a plan on its page: its steps, branching, renaming, going back, who moves.

import { getJson, sendJson } from "../shell/api.js";
import { ask } from "../shell/ask.js";
import { element } from "../shell/element.js";
import { t } from "../shell/i18n.js";
import { rowsOfHouseholds } from "./households_changing_grid.js";
import { openStep } from "./step_dialog.js";

/** Tie every button about the plan shown; until here a click would have done nothing. */
export function installPlanLife(data) {
  const at = `/api/v1/plans/${data.plan}`;
  const show = (plan) => globalThis.location.assign(`/planner/community/${data.community}${plan ? `?plan=${plan}` : ""}`);
  document.getElementById("plan-choice")?.addEventListener("change", (event) => globalThis.location.assign(event.target.value));
  tie("[data-step]", (button) => openStep(button, at, () => show(button.dataset.step === "retire" ? null : data.plan)));
  tie("[data-branch]", (button) => branch(button, at, show));
  tie("[data-describe]", (button) => describe(button, at, () => show(data.plan)));
  tie("[data-revert]", (button) => revert(button, at, () => show(data.plan)));
  tie("[data-changing]", (button) => showHouseholds(button, at));
}

function tie(selector, act) {
  for (const button of document.querySelectorAll(selector)) {
    button.disabled = false;
    button.addEventListener("click", () => act(button));
  }
}

function branch(button, at, show) {
  const purpose = element("textarea", { rows: 2, maxlength: "500" });
  const form = ask({
    question: t("Make a new draft from it? What is in force stays as it is."),
    confirm: t("Make a draft"),
    field: named(button.dataset.name),
    act: async (name) => {
      const { edition } = button.dataset;
      const made = await sendJson("POST", `${at}/branch`, { name, purpose: purpose.value.trim(), edition: edition ? Number(edition) : null });
      show(made.plan_id);
    },
  });
  form.querySelector(".answers").before(element("label", { text: t("What it is for (optional)") }, purpose));
}

function describe(button, at, done) {
  const purpose = element("textarea", { rows: 2, maxlength: "500" });
  purpose.value = button.dataset.purpose;
  const form = ask({
    question: t("What is this scenario called, and what is it for?"),
    confirm: t("Rename"),
    field: named(button.dataset.name),
    act: async (name) => {
      await sendJson("PATCH", at, { name, purpose: purpose.value.trim() });
      done();
    },
  });
  form.querySelector(".answers").before(element("label", { text: t("What it is for (optional)") }, purpose));
}

function named(name) {
  const input = element("input", { type: "text", required: true, maxlength: "120" });
  input.value = name;
  input.label = t("Name"); // what the dialog writes above it
  return input;
}

function revert(button, at, done) {
  const { revert: edition } = button.dataset;
  ask({
    question: t("Save edition {n} again as the newest? Nothing is lost: the editions after it stay in the history.", { n: edition }),
    confirm: t("Go back"),
    act: async () => {
      await sendJson("POST", `${at}/revert`, { edition: Number(edition) });
      done();
    },
  });
}

async function showHouseholds(button, at) {
  const { from, to } = button.dataset;
  const asked = `${at}/impact?from=${from}&to=${to}`;
  const told = await getJson(asked);
  const list = rowsOfHouseholds(told, (after) => getJson(`${asked}&after=${after}`));
  const head = element("tr", {}, ...[t("Name"), t("Address"), t("People")].map((text) => element("th", { scope: "col", text })));
  const close = element("button", { class: "primary", text: t("Close") });
  const dialog = element("dialog", { class: "ask" }, element("form", { method: "dialog", class: "stack" },
    element("p", { class: "question", text: t("{n} households go from grid {from} to grid {to}", { n: told.count, from: from.slice(-3), to: to.slice(-3) }) }),
    element("div", { class: "changing-grid" }, element("table", {}, element("thead", {}, head), list.body)),
    element("div", { class: "row answers" }, list.more, close)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
