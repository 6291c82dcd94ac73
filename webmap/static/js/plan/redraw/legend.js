// What tints, lines and patterns mean, and what else may be shown.

import { element } from "../../shell/element.js";
import { t } from "../../shell/i18n.js";

export function makeLegend(desk) {
  const line = (kind, text) => element("li", {}, element("span", { class: `swatch ${kind}` }), element("span", { text }));
  const force = element("input", { type: "checkbox" });
  force.addEventListener("change", () => {
    desk.scene.showsForce = force.checked;
    desk.view.drawAll();
  });
  const box = element("details", { class: "legend map-card legend-on-map redraw-legend" }, element("summary", { text: t("Key") }),
    element("ul", {}, line("line", t("border of a grid")), line("line off", t("out of band")), line("line chosen", t("chosen grid")), line("dots", t("changed since saved")), line("stripes", t("proposed")), line("none", t("in no grid"))),
    desk.work.hasPublished ? element("label", {}, force, t("Borders in force (dotted)")) : null);
  box.open = desk.map.getContainer().clientHeight > 620 && desk.map.getContainer().clientWidth > 1100;
  return box;
}
