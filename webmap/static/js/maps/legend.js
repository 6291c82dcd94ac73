// The legend: real classes with their counts, unit, denominator and method, in the page's language.

import { element } from "../shell/element.js";
import { grouped, t } from "../shell/i18n.js";
import { NO_DATA, SEQUENTIAL } from "./colours.js";

/** Colours for n classes: spread over the whole scale. */
export function colours(count) {
  if (count <= 1) return [SEQUENTIAL[Math.min(2, SEQUENTIAL.length - 1)]].slice(0, count);
  return Array.from({ length: count }, (_, i) => SEQUENTIAL[Math.round((i * (SEQUENTIAL.length - 1)) / (count - 1))]);
}

/** Write {title, unit, classes, digits, suppressed, noData, method}. */
export function legend({ title, unit, classes, digits, suppressed, noData, method }) {
  const scale = colours(classes.counts.length);
  const list = element("ul", {}, element("li", { class: "heads" }, element("span"), element("span"), element("span", { class: "count", text: t("areas") })));
  classes.lows.forEach((low, i) => {
    const high = classes.highs[i];
    const span = low === high ? grouped(low, digits) : `${grouped(low, digits)} – ${grouped(high, digits)}`;
    list.append(row(element("span", { class: "swatch", style: `background:${scale[i]}` }), span, classes.counts[i]));
  });
  if (suppressed > 0) list.append(row(element("span", { class: "swatch hatched" }), t("fewer than 5, or it would give one away"), suppressed));
  if (noData > 0) list.append(row(element("span", { class: "swatch", style: `background:${NO_DATA}` }), t("nobody lives there: no rate"), noData));
  return element("div", { class: "legend" }, element("h2", { text: title }), element("p", { class: "unit", text: unit }), list,
    element("p", { class: "method", text: method }));
}

function row(swatch, text, count) {
  return element("li", {}, swatch, element("span", { text }), element("span", { class: "count", text: grouped(count) }));
}
