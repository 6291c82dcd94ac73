// Drawing a draft: ask what stands in the way, begin, follow, stop.

import { getJson, sendJson } from "../shell/api.js";
import { element, fill } from "../shell/element.js";
import { t } from "../shell/i18n.js";

const POLL_MS = 1000;
const LOST_AFTER = 10;
const SHOWN = 6;

/** Wishes as the server reads them, from the form and the ticked grids. */
export function wishesOf(form, locks, shown) {
  const { base, ...wishes } = Object.fromEntries(new FormData(form));
  if (base === "fresh") wishes.fresh = true;
  else if (base) wishes.from_plan = base;
  if (locks.length > 0) {
    wishes.locks = locks;
    wishes.from_plan = shown;
  }
  return wishes;
}

/** Say what stands in the way; `again()` draws nevertheless, `show(blocks)` points at it on the map. */
export function showObstacles(box, obstacles, again, show) {
  const stops = obstacles.some((o) => o.stops);
  const asks = obstacles.some((o) => o.asks);
  const title = stops ? t("This cannot be drawn:") : asks ? t("This stands in the way of a division inside the band:") : t("Good to know:");
  box.className = stops ? "alert" : asks ? "note warn" : "note";
  fill(box,
    element("p", {}, element("b", { text: title })),
    element("ul", { class: "obstacles" }, ...obstacles.slice(0, SHOWN).map((o) => obstacleLine(o, show)),
      obstacles.length > SHOWN ? element("li", { text: t("and {n} more", { n: obstacles.length - SHOWN }) }) : null));
  if (stops) box.append(element("p", { text: t("Change the wishes above and try again.") }));
  else if (asks) box.append(drawAnyway(again));
  box.hidden = false;
  if (asks) box.focus();
}

function drawAnyway(again) {
  const button = element("button", { type: "button", text: t("Draw anyway") });
  button.addEventListener("click", again);
  return element("div", { class: "row" }, button, element("span", { class: "small", text: t("The nearest division is drawn, and what is outside the band is marked.") }));
}

function obstacleLine(obstacle, show) {
  const line = element("li", {}, element("p", { text: obstacle.text }));
  if (obstacle.remedy) line.append(element("p", { class: "remedy" }, element("b", { text: `${t("What helps:")} ` }), obstacle.remedy));
  if (show && obstacle.blocks.length > 0) {
    const where = element("button", { type: "button", class: "quiet small", text: t("Show on the map") });
    where.addEventListener("click", () => show(obstacle.blocks));
    line.append(where);
  }
  return line;
}

/** Install the form; `data` has community, plan and the drawing under way (or null). */
export function installDrawing(data, show) {
  const form = document.getElementById("draw");
  if (!form) return;
  const button = form.querySelector("button.primary");
  const obstacles = document.getElementById("obstacles");
  const state = document.getElementById("draw-state");
  installLocks(form, data);
  button.disabled = data.drawing !== null;

  const refuse = (error) => {
    state.hidden = false;
    state.className = "alert";
    state.textContent = error.message;
    button.disabled = false;
  };
  const begin = async (checked) => {
    const wishes = wishesOf(form, ticked(), data.plan);
    button.disabled = true;
    state.hidden = obstacles.hidden = true;
    try {
      if (!checked) {
        const found = await sendJson("POST", `/api/v1/communities/${data.community}/drafts/check`, wishes);
        if (found.obstacles.length > 0) showObstacles(obstacles, found.obstacles, () => begin(true), data.plan === null ? null : show);
        if (found.obstacles.some((o) => o.asks)) {
          button.disabled = false;
          return;
        }
      }
      const drawing = await sendJson("POST", `/api/v1/communities/${data.community}/drafts`, wishes);
      follow(drawing.id, data, state, button, drawing);
    } catch (error) {
      refuse(error);
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin(false);
  });
  if (data.drawing !== null) follow(data.drawing, data, state, button);
}

function ticked() {
  return [...document.querySelectorAll("input[data-lock]:checked")].map((box) => box.dataset.lock);
}

/** Grids are locked as they are in the plan shown, so drawing starts from that plan. */
function installLocks(form, data) {
  const note = document.getElementById("locks");
  if (!note) return;
  const say = () => {
    const codes = ticked().map((code) => code.slice(-3));
    note.hidden = codes.length === 0;
    note.textContent = t("Kept as in the plan shown: grids {codes}", { codes: codes.join(", ") });
    for (const row of document.querySelectorAll("#grids tbody tr")) row.classList.toggle("locked", row.querySelector("input[data-lock]")?.checked ?? false);
    const shown = form.querySelector(`[name=base][value="${data.plan}"]`);
    if (codes.length > 0 && shown && form.elements.base.value !== "fresh") shown.checked = true;
  };
  for (const box of document.querySelectorAll("input[data-lock]")) box.addEventListener("change", say);
  say();
}

/** Follow a drawing to its end, with a bar and a way to stop it. */
async function follow(id, data, state, button, first = null) {
  button.disabled = true;
  const bar = element("progress", { max: 1, "aria-label": t("Drawing") });
  const words = element("span");
  const stop = element("button", { type: "button", text: t("Stop") });
  stop.addEventListener("click", async () => {
    stop.disabled = true;
    await sendJson("DELETE", `/api/v1/drawings/${id}`).catch(() => { stop.disabled = false; });
  });
  state.className = "note drawing";
  fill(state, bar, element("div", { class: "row" }, words, element("span", { class: "spacer" }), stop));
  state.hidden = false;
  let drawing = first ?? (await heard(id, words));
  while (drawing?.state === "running") {
    if (drawing.fraction > 0) bar.value = drawing.fraction;
    words.textContent = drawing.fraction > 0 ? t("Drawing… {percent}% · {s} s", { percent: Math.round(100 * drawing.fraction), s: drawing.seconds })
      : t("Getting ready… {s} s", { s: drawing.seconds });
    await new Promise((done) => setTimeout(done, POLL_MS));
    drawing = await heard(id, words);
  }
  finish(drawing, data, state, button);
}

/** Ask how far it is; a lost connection is tried again for a while. */
async function heard(id, words) {
  for (let lost = 0; lost < LOST_AFTER; lost++) {
    try {
      return await getJson(`/api/v1/drawings/${id}`);
    } catch (error) {
      if (error.body !== undefined) return { state: "failed", message: error.message };
      words.textContent = t("No connection; trying again…");
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
  }
  return { state: "failed", message: t("The connection is lost. The drawing goes on; load the page again to see it.") };
}

function finish(drawing, data, state, button) {
  if (drawing.state === "done") {
    globalThis.location.assign(`/planner/community/${data.community}?plan=${drawing.plan_id}`);
    return;
  }
  button.disabled = false;
  state.className = drawing.state === "cancelled" ? "note" : "alert";
  state.textContent = drawing.state === "cancelled" ? t("Stopped. Nothing was stored.") : drawing.message;
}
