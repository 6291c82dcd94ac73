// What the redraw desk puts on paper: the grids as they are drawn now, and who would change worker.

import { grouped, t } from "../../shell/i18n.js";

/** Give both tables in the order in which the panel tells them. */
export function tablesOnPaper({ work }) {
  return [grids(work), moves(work)];
}

function grids(work) {
  const columns = [{ label: t("Grid") }, ...[t("Households"), t("Off the band"), t("Workload"), t("Compactness")].map((label) => ({ label, number: true }))];
  const rows = work.division.numbers().map((number) => ({ ...work.measure(number), label: work.label(number) }));
  return { title: t("Grids"), columns, rows: rows.map((row) => [row.label, grouped(row.households), off(row), grouped(row.workload), grouped(row.compactness, 2)]) };
}

function off({ deviation }) {
  const rounded = Math.round(deviation);
  return rounded === 0 ? "–" : `${rounded < 0 ? "−" : "+"}${grouped(Math.abs(rounded))}`;
}

function moves(work) {
  const columns = [{ label: t("From") }, { label: t("To") }, ...[t("Households"), t("Special care"), t("Open incidents")].map((label) => ({ label, number: true }))];
  const named = (grid, worker) => [grid, worker].filter(Boolean).join(" · ");
  const to = (move) => (move.to_code ? work.labelOfCode(move.to_code) : t("no grid"));
  const rows = work.hasPublished ? work.effect.impact.moves : [];
  return { title: t("Who changes worker, against the plan in force"), columns, rows: rows.map((move) => [
    named(move.from_code.slice(-3), move.from_worker), named(to(move), move.to_worker),
    ...["households", "special_care", "open_incidents"].map((key) => grouped(move[key]))]) };
}
