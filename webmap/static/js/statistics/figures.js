// The figures beside the map: sums, what changed, and the tip of an area.

import { element, fill } from "../shell/element.js";
import { grouped, t } from "../shell/i18n.js";
import { choose } from "./places.js";
import { named, signed } from "./rows.js";

const hidden = (measure) => (measure.per_person ? "–" : t("suppressed"));

export function summary({ value, data }) {
  const { totals } = value;
  const known = totals.incidents !== null && totals.previous !== null;
  const delta = totals.incidents - totals.previous;
  const figure = (label, text, kind) => element("div", {}, element("dt", { text: label }), element("dd", { text, class: kind }));
  const parts = [
    ...data.measures.filter((m) => m.summed).map((m) => figure(m.label, grouped(totals[m.summed], m.digits))),
    figure(t("People"), grouped(totals.people)),
    figure(t("Households"), grouped(totals.households)),
  ];
  if (value.has_previous && known) {
    const share = totals.previous ? ` (${delta >= 0 ? "+" : "−"}${grouped((Math.abs(delta) / totals.previous) * 100)}%)` : "";
    parts.splice(1, 0, figure(t("since {period}", { period: value.previous }), signed(delta) + share, delta > 0 ? "up" : delta < 0 ? "down" : ""));
  }
  fill(document.getElementById("summary"), element("dl", { class: "figures" }, ...parts));
}

export function changes(page) {
  const { value } = page;
  const holder = document.getElementById("changes");
  const notable = value.rows.filter((row) => row.notable).sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const title = element("h2", { text: t("What changed since {period}", { period: value.previous }) });
  if (!value.has_previous) {
    const why = value.is_whole ? t("There are no counts of the period before to compare with.") : t("The period is not counted to its end; it is not compared with a whole one.");
    fill(holder, title, element("p", { class: "muted small", text: why }));
    return;
  }
  if (notable.length === 0) {
    fill(holder, title, element("p", { class: "muted small", text: t("Nowhere did the count change by more than chance explains.") }));
    return;
  }
  const items = notable.slice(0, 6).map((row) => {
    const button = element("button", { type: "button" }, element("span", { text: named(row) }),
      element("span", { class: "number muted", text: `${grouped(row.previous)} → ${grouped(row.incidents)}` }),
      element("span", { class: `number delta ${row.change > 0 ? "up" : "down"}`, text: signed(row.change) }));
    button.addEventListener("click", () => choose(page, row.code));
    return element("li", {}, button);
  });
  const note = t("{n} of {all} areas changed by more than chance explains (95%, no correction for looking at many).", { n: notable.length, all: value.rows.length });
  fill(holder, title, element("ul", { class: "changes-list" }, ...items), element("p", { class: "muted small", text: note }));
}

export function tip(page, code) {
  const row = page.rows?.get(code);
  if (!row) return element("div", { text: code });
  const pairs = [
    ...page.data.measures.map((m) => [m.label, row.suppressed && m.of_topic ? hidden(m) : grouped(row[m.column], m.digits)]),
    [t("People"), grouped(row.people)],
  ];
  return element("div", {}, element("b", { text: named(row) }),
    element("dl", {}, ...pairs.flatMap(([name, text]) => [element("dt", { text: name }), element("dd", { text })])));
}
