// The households that change grid, as rows of a table that grows page by page when asked for.

import { element } from "../shell/element.js";
import { grouped, t } from "../shell/i18n.js";

/** `body` holds the rows told so far; `more` is a button for the next page, hidden when there is none. */
export function rowsOfHouseholds(told, readPage) {
  const body = element("tbody", {});
  const more = element("button", { type: "button", class: "quiet", text: t("Show more") });
  const add = ({ households, after }) => {
    body.append(...(households ?? []).map(row));
    more.hidden = !after;
    more.dataset.after = after ?? "";
  };
  more.addEventListener("click", async () => {
    more.disabled = true;
    try {
      add(await readPage(more.dataset.after));
    } catch (error) {
      more.replaceWith(element("p", { class: "alert", role: "alert", text: error.message }));
    } finally {
      more.disabled = false;
    }
  });
  add(told);
  return { body, more };
}

function row(household) {
  return element("tr", {}, element("td", { text: household.name ?? "–" }), element("td", { text: household.address ?? "–" }), element("td", { class: "number", text: grouped(household.people) }));
}
