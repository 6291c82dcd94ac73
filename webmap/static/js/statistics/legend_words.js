// The words of the legend: unit, classes, method, and what the numbers rest on.

import { legend } from "../maps/legend.js";
import { fill } from "../shell/element.js";
import { grouped, t } from "../shell/i18n.js";
import { pointKeys } from "./point_legend.js";

export function writeLegend(page) {
  const { value, state, data } = page;
  const measure = page.measures.get(state.measure);
  const basis = value.basis;
  const method = [
    t("Natural breaks of {n} areas.", { n: grouped(value.totals.units) }),
    measure.per_person ? t("Denominator: people living there.") : "",
    t("Counted {day}.", { day: basis.counted_at ?? "–" }),
    basis.plans ? t("Boundaries: {n} plans in force, newest of {day}.", { n: grouped(basis.plans), day: basis.newest_plan }) : t("No plan is in force."),
    value.stretches && measure.of_topic ? t("{n} incidents are known to a stretch of house numbers only, and counted in the block of its middle.", { n: grouped(value.stretches) }) : "",
    data.synthetic ? t("Synthetic data / 合成数据.") : "",
  ].filter(Boolean).join(" ");
  const topic = data.topics.find((x) => x.code === value.topic)?.label ?? value.topic;
  const words = { title: measure.of_topic ? `${topic} · ${value.period}` : measure.label, unit: measure.unit, classes: value.classes[state.measure],
    digits: measure.digits, suppressed: measure.of_topic ? value.totals.suppressed : 0,
    noData: measure.per_person ? value.totals.no_data : 0, method };
  for (const place of [page.card, document.getElementById("legend-in-panel")]) fill(place, legend(words), ...pointKeys(page));
}
