// Many doubtful addresses in one go: chosen by ticks, by one text or by the filter; shown before it is done.

import { sendJson } from "../shell/api.js";
import { ask } from "../shell/ask.js";
import { element } from "../shell/element.js";
import { t } from "../shell/i18n.js";

const byId = (id) => document.getElementById(id);
const ticked = new Map();

/** Bring the bar to life; `filters()` gives the filter in force, `done(bulk, text)` is told what was decided. */
export function installBulk({ filters, shown, done }) {
  byId("bulk-shown")?.addEventListener("click", () => tickAll(shown()));
  byId("bulk-none")?.addEventListener("click", clearTicks);
  for (const way of ["accept", "dismiss"]) {
    byId(`bulk-${way}`)?.addEventListener("click", () => offer(way, chosen(filters), done));
  }
  showBar();
}

/** The records meant: the ticked ones or, with none ticked, all that match the filter. */
function chosen(filters) {
  return ticked.size ? { records: [...ticked.values()] } : { filters: filters() };
}

export function tick(row) {
  const box = element("input", { type: "checkbox", class: "tick", "aria-label": t("Choose {text}", { text: row.text ?? row.title }) });
  box.checked = ticked.has(row.id);
  box.addEventListener("change", () => {
    if (box.checked) ticked.set(row.id, { subject: row.subject, id: row.id });
    else ticked.delete(row.id);
    showBar();
  });
  return box;
}

function tickAll(rows) {
  for (const row of rows) ticked.set(row.id, { subject: row.subject, id: row.id });
  for (const box of document.querySelectorAll(".tick")) box.checked = true;
  showBar();
}

export function clearTicks() {
  ticked.clear();
  for (const box of document.querySelectorAll(".tick")) box.checked = false;
  showBar();
}

function showBar() {
  const count = byId("bulk-count");
  if (!count) return;
  count.textContent = ticked.size ? t("{n} chosen", { n: ticked.size }) : t("all that match the filter");
  byId("bulk-none").hidden = ticked.size === 0;
}

/** Show what would be done to the records meant, and do it when it is confirmed. */
export async function offer(way, meant, done) {
  try {
    const { count, without, groups } = await sendJson("POST", "/api/v1/review/bulk/preview", meant);
    const n = way === "accept" ? count - without : count;
    if (n === 0) return done(null, t("None of these has a candidate to accept."));
    const question = way === "accept"
      ? t("Accept the first candidate of {n} records? {without} without a candidate stay here. Each text is remembered.", { n, without })
      : t("Put {n} records aside? They are asked about no more.", { n });
    const dialog = ask({
      question,
      confirm: way === "accept" ? t("Accept {n}", { n }) : t("Put {n} aside", { n }),
      act: async () => {
        const answer = await sendJson("POST", "/api/v1/review/bulk", { ...meant, do: way, count });
        clearTicks();
        done(answer.bulk, way === "accept" ? t("Accepted {n} records.", { n: answer.count }) : t("Put {n} records aside.", { n: answer.count }));
      },
    });
    if (way === "accept") dialog.querySelector(".question").after(list(groups));
  } catch (error) {
    done(null, error.message);
  }
  return undefined;
}

function list(groups) {
  return element("ul", { class: "tie-list" }, ...groups.map((g) => element("li", {},
    element("span", { text: g.text ?? t("no address") }), " → ", element("b", { text: g.label || t("a place on the street") }), g.n > 1 ? ` ×${g.n}` : "")));
}
