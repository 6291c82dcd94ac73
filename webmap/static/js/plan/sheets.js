// Map sheets of a plan: asked for, waited for, handed over.

import { getJson, sendJson } from "../shell/api.js";
import { element, fill } from "../shell/element.js";
import { grouped, language, t } from "../shell/i18n.js";

const PAUSE_MS = 1000;

/** Equip the form that asks for map sheets, if the page has one. */
export function installSheets() {
  const form = document.getElementById("sheets");
  if (form === null) return;
  const state = document.getElementById("sheets-state");
  const look = document.getElementById("sheets-page");
  form.addEventListener("change", () => { look.href = addressOf(form); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.querySelector("button").disabled = true;
    fill(state, element("p", { class: "muted", text: t("Printing the sheets…") }), element("progress"));
    try {
      show(state, await printed(form));
    } catch (error) {
      fill(state, element("p", { class: "alert", text: error.message }));
    }
    form.querySelector("button").disabled = false;
  });
  form.querySelector("button").disabled = false;
}

function addressOf(form) {
  const wish = new URLSearchParams({ paper: form.elements.paper.value });
  if (form.elements.grid.value) wish.set("grid", form.elements.grid.value);
  return `/planner/plans/${form.dataset.plan}/sheets?${wish}`;
}

async function printed(form) {
  const { paper, grid } = form.elements;
  const wish = { paper: paper.value, grids: grid.value ? [grid.value] : [], language: language() };
  let job = await sendJson("POST", `/api/v1/plans/${form.dataset.plan}/sheets`, wish);
  while (job.state === "running") {
    await new Promise((go) => setTimeout(go, PAUSE_MS));
    job = await getJson(`/api/v1/sheets/${job.id}`);
  }
  if (job.state !== "done") throw new Error(job.message);
  return job;
}

function show(state, job) {
  const size = t("{n} MB", { n: grouped(job.bytes / 1e6, 1) });
  fill(state, element("p", {}, element("a", { class: "button primary", href: `/api/v1/sheets/${job.id}/file`, target: "_blank", rel: "noopener", text: t("Open the PDF") }), " ", element("span", { class: "muted", text: size })));
}
