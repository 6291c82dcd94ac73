// The table of the numbers, and how it is taken out.

import { isStandalone } from "../shell/api.js";
import { grouped, t } from "../shell/i18n.js";
import { columnChooser } from "../shell/columns.js";
import { makeTable } from "../shell/table.js";
import { choose } from "./places.js";
import { signed } from "./rows.js";

export function installTable(page) {
  const number = (key, digits = 0, ofTopic = false) => ({ key, number: true, write: (row) => (row.suppressed && ofTopic ? t("hidden") : grouped(row[key], digits)) });
  const column = (m) => ({ ...number(m.column, m.digits, m.of_topic), label: m.short });
  const { measures } = page.data;
  page.table = makeTable(document.getElementById("numbers"), {
    name: "numbers",
    sort: measures[0].column,
    pick: (row) => choose(page, row.code),
    columns: [
      { key: "label", label: t("Area") },
      ...measures.filter((m) => m.of_topic).map(column),
      { key: "change", label: t("Change"), number: true, write: (row) => (row.suppressed ? "–" : signed(row.change)) },
      { ...number("people"), label: t("People") },
      ...measures.filter((m) => !m.of_topic).map(column),
    ],
  });
  const chooser = columnChooser(document.getElementById("numbers"), "numbers");
  document.getElementById("filter").before(chooser);
  page.columns = chooser;
  document.getElementById("filter").addEventListener("input", (event) => page.table.filter(event.target.value));
  document.getElementById("copy").addEventListener("click", async () => {
    await navigator.clipboard?.writeText(page.table.text("\t", about(page)));
    document.getElementById("copied").textContent = t("Copied");
  });
  if (isStandalone()) {
    document.getElementById("save-csv").addEventListener("click", (event) => {
      const text = `\ufeff${page.table.text(",", about(page))}`;
      event.currentTarget.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
      event.currentTarget.download = `statistics-${page.state.by}-${page.state.topic}-${page.state.period}.csv`;
    });
  }
}

/** What the numbers of the table are of, for whoever takes it out. */
function about({ data, value }) {
  const topic = data.topics.find((x) => x.code === value.topic)?.label ?? value.topic;
  return [{ label: t("Topic"), value: topic }, { label: t("Period"), value: value.period },
    { label: t("Boundaries"), value: t("{n} plans in force, newest of {day}", { n: value.basis.plans, day: value.basis.newest_plan }) },
    { label: t("Counted on"), value: value.basis.counted_at }];
}
