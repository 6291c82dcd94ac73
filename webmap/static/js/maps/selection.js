// One thing chosen in a table and on the map at the same time.

import { fitFree } from "./first_view.js";
import { STYLES } from "./styles.js";

/**
 * Tie the rows of a table (tr[data-code]) to the shapes of a layer.
 * `base(feature)` gives the style of a shape that is not chosen.
 */
export function tieTable(map, table, layer, base, { zoom = false, onChoose = () => {} } = {}) {
  let chosen = null;
  const rowOf = (code) => table?.querySelector(`tr[data-code="${CSS.escape(code)}"]`);
  const paint = (code, style) => {
    const shape = layer.byCode.get(code);
    if (!shape) return;
    shape.setStyle({ ...base(shape.feature), ...style });
    if (style) shape.bringToFront();
  };
  const choose = (code, { fly = false, scroll = true } = {}) => {
    if (chosen !== null) {
      paint(chosen, null);
      rowOf(chosen)?.removeAttribute("aria-selected");
    }
    chosen = code === chosen && !fly ? null : code;
    if (chosen !== null) {
      paint(chosen, STYLES.selected);
      const row = rowOf(chosen);
      row?.setAttribute("aria-selected", "true");
      if (scroll) row?.scrollIntoView({ block: "nearest" });
      if (fly && layer.byCode.has(chosen)) fitFree(map, layer.byCode.get(chosen).getBounds(), { maxZoom: 17 });
    }
    onChoose(chosen);
  };
  layer.on("click", (event) => {
    L.DomEvent.stop(event);
    choose(event.layer.feature.properties.code);
  });
  layer.on("mouseover", (event) => {
    const code = event.layer.feature.properties.code;
    if (code !== chosen) paint(code, STYLES.hover);
    rowOf(code)?.classList.add("pointed");
  });
  layer.on("mouseout", (event) => {
    const code = event.layer.feature.properties.code;
    if (code !== chosen) paint(code, null);
    rowOf(code)?.classList.remove("pointed");
  });
  for (const row of table?.querySelectorAll("tr[data-code]") ?? []) tieRow(row, choose, paint, () => chosen, zoom);
  return { choose, chosen: () => chosen };
}

function tieRow(row, choose, paint, chosen, zoom) {
  const code = row.dataset.code;
  const isControl = (event) => event.target.closest("a, button, summary, input");
  row.addEventListener("click", (event) => {
    if (!isControl(event)) choose(code, { fly: zoom, scroll: false });
  });
  row.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || isControl(event)) return;
    event.preventDefault();
    choose(code, { fly: zoom, scroll: false });
  });
  row.addEventListener("mouseenter", () => code !== chosen() && paint(code, STYLES.hover));
  row.addEventListener("mouseleave", () => code !== chosen() && paint(code, null));
}
