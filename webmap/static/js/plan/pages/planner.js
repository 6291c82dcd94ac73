// The planner's first page: the communities in a table beside the grids that stand, by balance.

import { element } from "../../shell/element.js";
import { grouped, t } from "../../shell/i18n.js";
import { DEVIATION_STOPS, deviationColour } from "../../maps/bands.js";
import { place } from "../../maps/controls.js";
import { offerCentre } from "../../maps/dense_centre.js";
import { fitFree } from "../../maps/first_view.js";
import { showTips } from "../../maps/geojson.js";
import { installTables } from "../../shell/page_table.js";
import { token } from "../../shell/tokens.js";

export async function start(map, layers, data) {
  installTables();
  place(map, legend(map), "topleft");
  offerCentre(map, layers.grids);
  const [grids, communities] = await Promise.all([layers.grids.ready, layers.communities.ready]);
  grids.eachLayer((shape) => shape.setStyle(gridStyle(shape.feature)));
  showTips(grids, tip);
  grids.on("click", (event) => {
    globalThis.location.assign(`/planner/community/${event.layer.feature.properties.code.slice(0, 12)}?grid=${event.layer.feature.properties.code}`);
  });
  tieCommunities(map, communities, data);
  map.getContainer().dataset.drawn = String(Math.round(performance.now()));
}

function gridStyle(feature) {
  const { deviation, in_band } = feature.properties;
  return { fillColor: deviationColour(deviation), fillOpacity: 1, weight: in_band ? 1 : 2.2, dashArray: in_band ? null : "5 3" };
}

function tip(p) {
  return element("div", {}, element("b", { text: t("Grid {code}", { code: p.code.slice(-3) }) }),
    element("dl", {}, element("dt", { text: t("Households") }), element("dd", { text: grouped(p.households) }),
      element("dt", { text: t("From target") }), element("dd", { text: p.deviation === null ? "–" : `${p.deviation > 0 ? "+" : ""}${Math.round(p.deviation * 100)}%` })),
    p.in_band ? null : element("span", { text: t("out of band") }));
}

function tieCommunities(map, communities, data) {
  const style = (code, weight, color) => communities.byCode.get(code)?.setStyle({ weight, color });
  if (data.filtered) for (const code of data.shown) style(code, 4, token("map-selected"));
  for (const row of document.querySelectorAll("tr[data-code]")) {
    const code = row.dataset.code;
    row.addEventListener("mouseenter", () => style(code, 5, token("map-selected")));
    row.addEventListener("mouseleave", () => style(code, data.filtered ? 4 : 2.6, data.filtered ? token("map-selected") : token("map-community-line")));
    row.addEventListener("click", (event) => {
      const shape = communities.byCode.get(code);
      if (!event.target.closest("a") && shape) fitFree(map, shape.getBounds());
    });
  }
}

function legend(map) {
  const words = [t("more than 25% below"), t("10–25% below"), t("within 10%"), t("10–25% above"), t("more than 25% above")];
  const list = element("ul", {}, ...DEVIATION_STOPS.map((stop, i) => {
    const swatch = element("span", { class: "swatch" });
    swatch.style.background = stop.colour;
    return element("li", {}, swatch, element("span", { text: words[i] }));
  }));
  list.append(element("li", {}, element("span", { class: "swatch dashed" }), element("span", { text: t("dashed: out of band") })));
  const box = element("details", { class: "legend map-card legend-on-map" }, element("summary", { text: t("Households of a grid") }),
    element("p", { class: "unit", text: t("against the target of its community") }), list);
  box.open = map.getContainer().clientWidth > 820;
  return box;
}
