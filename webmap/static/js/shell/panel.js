// The panel beside the map: its width is the person's own; on a phone it is a sheet with three stops.

import { element } from "./element.js";
import { t } from "./i18n.js";

const PHONE = "(max-width: 640px)";
const LEAST_PX = 300;
const LEAST_MAP_PX = 280;
const STEP_PX = 24;
const STOPS = ["low", "middle", "high"];
const TAP_PX = 6;
const FLICK_MS = 140;

/** Make the panel of the page resizable and its sheet draggable, once. */
export function installPanel(panel = document.getElementById("panel")) {
  if (panel === null || panel.dataset.tied) return;
  panel.dataset.tied = "1";
  const stage = panel.closest(".stage");
  installEdge(stage, panel);
  installSheet(stage, panel);
}

/** Tell a Leaflet map whenever the room it has changes; what is seen stays where it is. */
export function followSize(map) {
  const container = map.getContainer();
  let before = { width: container.clientWidth, height: container.clientHeight };
  new ResizeObserver(() => {
    const now = { width: container.clientWidth, height: container.clientHeight };
    if (now.width === 0 || now.height === 0) return;
    const grows = now.height > before.height && now.width === before.width;
    before = now;
    map.invalidateSize({ animate: false, pan: !grows });
  }).observe(container);
}

/** On a phone, leave the map to whoever takes up a tool to work on it. */
export function lowerSheet() {
  if (globalThis.matchMedia(PHONE).matches) document.querySelector("[data-sheet]")?.dispatchEvent(new Event("lower"));
}

/* A panel's width */

function keyOf() {
  const { person, page } = document.body.dataset;
  return `panel-width ${person ?? ""} ${page ?? ""}`;
}

function kept() {
  try {
    return Number(localStorage.getItem(keyOf())) || null;
  } catch {
    return null; // a browser that keeps nothing
  }
}

function keep(width) {
  try {
    if (width === null) localStorage.removeItem(keyOf());
    else localStorage.setItem(keyOf(), String(width));
  } catch {
    // a browser that keeps nothing: the width lasts as long as the page
  }
}

function installEdge(stage, panel) {
  const edge = element("div", { class: "panel-edge", role: "separator", tabindex: "0", "aria-orientation": "vertical",
    "aria-controls": "panel", "aria-label": t("Width of the panel: arrow keys change it, Home gives it back") });
  panel.append(edge);
  const most = () => Math.max(LEAST_PX, stage.clientWidth - LEAST_MAP_PX);
  const say = () => {
    edge.setAttribute("aria-valuemin", String(LEAST_PX));
    edge.setAttribute("aria-valuemax", String(most()));
    edge.setAttribute("aria-valuenow", String(Math.round(panel.offsetWidth)));
  };
  const set = (width, remember = true) => {
    const wanted = width === null ? null : Math.round(Math.min(most(), Math.max(LEAST_PX, width)));
    if (wanted === null) stage.style.removeProperty("--panel-width");
    else stage.style.setProperty("--panel-width", `${wanted}px`);
    stage.toggleAttribute("data-resized", wanted !== null);
    if (remember) keep(wanted);
    say();
  };
  set(kept(), false);
  edge.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -STEP_PX, ArrowRight: STEP_PX }[event.key];
    if (by !== undefined) set(panel.offsetWidth + by);
    else if (event.key === "Home") set(null);
    else return;
    event.preventDefault();
  });
  edge.addEventListener("dblclick", () => set(null));
  drag(edge, { move: (event) => set(event.clientX - panel.getBoundingClientRect().left) });
  globalThis.addEventListener("resize", () => set(kept(), false));
}

function drag(handle, { begin = () => {}, move, end = () => {} }) {
  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    handle.setPointerCapture(event.pointerId);
    begin(event);
    const stop = () => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", stop);
      handle.removeEventListener("pointercancel", stop);
      end();
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", stop);
    handle.addEventListener("pointercancel", stop);
  });
}

/* A phone's sheet */

function installSheet(stage, panel) {
  const handle = panel.querySelector("[data-sheet]");
  if (handle === null) return;
  const set = (stop) => {
    stage.dataset.stop = stop;
    stage.style.removeProperty("--sheet");
    stage.style.removeProperty("--under-sheet");
    handle.setAttribute("aria-expanded", String(stop === "high"));
  };
  const now = () => stage.dataset.stop ?? "middle";
  const step = (by) => set(STOPS[Math.min(STOPS.length - 1, Math.max(0, STOPS.indexOf(now()) + by))]);
  let was = null;
  handle.addEventListener("click", () => {
    if (was?.moved) was = null; // the end of a drag is no click
    else set(STOPS[(STOPS.indexOf(now()) + 1) % STOPS.length]);
  });
  handle.addEventListener("keydown", (event) => {
    if (event.key === "ArrowUp") step(1);
    else if (event.key === "ArrowDown") step(-1);
    else return;
    event.preventDefault();
  });
  handle.addEventListener("lower", () => set("low"));
  drag(handle, {
    begin: (event) => { was = { y: event.clientY, height: panel.offsetHeight, moved: false, last: [event], map: under(stage) }; },
    move: (event) => {
      if (Math.abs(event.clientY - was.y) > TAP_PX) was.moved = true;
      if (!was.moved) return;
      was.last = [...was.last.slice(-3), event];
      pull(stage, was, was.height + was.y - event.clientY);
    },
    end: () => {
      stage.classList.remove("pulling");
      if (was.moved) set(nearest(stage, panel.offsetHeight + flick(was.last)));
    },
  });
  panel.querySelector(".panel-body")?.addEventListener("focusin", () => {
    if (globalThis.matchMedia(PHONE).matches && now() === "low") set("middle");
  });
}

function under(stage) {
  return stage.clientHeight - stage.querySelector(".stage-map").offsetHeight;
}

/** Draw the sheet at a height; where it uncovers ground the map grows under it at once. */
function pull(stage, was, height) {
  stage.classList.add("pulling");
  const wanted = Math.min(stage.clientHeight, Math.max(heightOf(stage, "low"), height));
  stage.style.setProperty("--sheet", `${wanted}px`);
  if (wanted < was.map) stage.style.setProperty("--under-sheet", "var(--sheet-low)");
}

/** How far the finger would have gone on, in pixels upwards. */
function flick(events) {
  const [first, last] = [events[0], events.at(-1)];
  const ms = last.timeStamp - first.timeStamp;
  return ms > 0 ? ((first.clientY - last.clientY) / ms) * FLICK_MS : 0;
}

/** The stop that is nearest to a height. */
function nearest(stage, height) {
  const far = (stop) => Math.abs(heightOf(stage, stop) - height);
  return STOPS.reduce((best, stop) => (far(stop) < far(best) ? stop : best));
}

function heightOf(stage, stop) {
  const written = getComputedStyle(stage).getPropertyValue(`--sheet-${stop}`).trim();
  return written.endsWith("%") ? (stage.clientHeight * Number.parseFloat(written)) / 100 : Number.parseFloat(written);
}
