// A grid in the panel: its figures beside those that are saved, the band as a bar.

import { element } from "../../../shell/element.js";
import { grouped, t } from "../../../shell/i18n.js";
import { TINTS } from "../tints.js";
import { measureName } from "../words.js";
import { token } from "../../../shell/tokens.js";

/** The card of a grid; `more` are elements below the figures. */
export function gridCard(desk, number, ...more) {
  const { work, scene } = desk;
  const now = work.measure(number);
  const was = work.base.measure(number);
  const title = element("b", { text: t("Grid {code}", { code: work.label(number) }) });
  const card = element("article", { class: `grid-card${scene.grid === number ? " is-chosen" : ""}`, "data-grid": String(number) },
    element("header", {}, chip(scene, number), title, element("span", { class: "who", text: work.workerOf(number) ?? "" }), now && !isWhole(now) ? badge(t("not contiguous"), "bad") : null, now?.enclaves ? badge(t("shuts in other ground"), "warn") : null));
  if (now === null) card.append(element("p", { class: "muted small", text: was === null ? t("No block yet.") : t("No block any more: the grid goes.") }));
  else card.append(bandBar(work, number), figures(now, was));
  card.append(...more.filter(Boolean));
  return card;
}

export function chip(scene, number) {
  return element("span", { class: "swatch-chip", style: `background:${TINTS[scene.tints.get(number)] ?? token("paper")}` });
}

export function badge(text, kind) {
  return element("span", { class: `badge ${kind}`, text });
}

export function isWhole(figures) {
  return figures.n_parts <= figures.n_pieces;
}

/** Where the grid stands in its band: the tinted part is inside. */
function bandBar(work, number) {
  const { minimum, maximum } = work.ground;
  const weight = work.division.weightOf(number);
  const span = Math.max(maximum * 1.5, weight * 1.05);
  const at = (value) => `${(100 * Math.min(Math.max(value, 0), span)) / span}%`;
  const off = work.division.offBand(number);
  const bar = element("div", { class: `band${off ? " off" : ""}`, role: "img", "aria-label": bandWords(work, weight, off) });
  const inside = element("span", { class: "inside" });
  inside.style.left = at(minimum);
  inside.style.width = `${(100 * (maximum - minimum)) / span}%`;
  const now = element("span", { class: "now" });
  now.style.left = at(weight);
  bar.append(inside, now);
  if (work.base.grids.has(number)) {
    const was = element("span", { class: "was" });
    was.style.left = at(work.base.weightOf(number));
    bar.append(was);
  }
  return element("div", {}, bar, element("div", { class: "band-ends" }, element("span", { text: bandWords(work, weight, off) }), element("span", { text: `${grouped(minimum)}–${grouped(maximum)}` })));
}

function bandWords(work, weight, off) {
  const name = measureName(work.ground.measure);
  if (off < 0) return t("{measure} {n}: {off} below the band", { measure: name, n: grouped(weight), off: grouped(-off) });
  if (off > 0) return t("{measure} {n}: {off} above the band", { measure: name, n: grouped(weight), off: grouped(off) });
  return t("{measure} {n}: inside the band", { measure: name, n: grouped(weight) });
}

function figures(now, was) {
  const rows = [
    [t("Households"), "households", 0],
    [t("People"), "people", 0],
    [t("Workload"), "workload", 1],
    [t("Blocks"), "n_blocks", 0],
    [t("Compactness"), "compactness", 2],
    [t("Along barriers"), "barrier_share", "%"],
  ];
  return element("dl", {}, ...rows.map(([name, key, digits]) => element("div", {}, element("dt", { text: name }),
    element("dd", {}, write(now[key], digits), difference(now[key], was?.[key], digits)))));
}

export function write(value, digits) {
  if (value === null || value === undefined) return "–";
  return digits === "%" ? `${Math.round(100 * value)}%` : grouped(value, digits);
}

function difference(now, was, digits) {
  if (was === null || was === undefined || now === null) return null;
  const text = write(Math.abs(now - was), digits);
  if (text === write(0, digits)) return null;
  return element("small", { text: `${now > was ? "+" : "−"}${text}` });
}
