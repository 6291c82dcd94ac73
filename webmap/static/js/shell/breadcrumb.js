// The grid that is chosen is the last step of the place in the top bar.

import { element } from "./element.js";
import { t } from "./i18n.js";

/** Put the chosen grid behind the steps that came with the page; none takes it away. */
export function nameGrid(code) {
  const steps = document.getElementById("crumbs");
  steps?.querySelector("[data-grid]")?.remove();
  if (code) steps?.append(element("li", { "data-code": code, "data-grid": "1" }, element("span", { text: t("Grid {code}", { code: code.slice(-3) }) })));
}
