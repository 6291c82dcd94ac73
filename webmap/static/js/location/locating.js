// A button that begins to locate records by their addresses, as a job that goes on by itself.

import { sendJson } from "../shell/api.js";
import { element, fill } from "../shell/element.js";
import { t } from "../shell/i18n.js";

/** Equip every button of the page that names what it locates. */
export function installLocating(root = document) {
  for (const button of root.querySelectorAll("[data-locate]")) {
    button.addEventListener("click", () => begin(button));
  }
}

async function begin(button) {
  const state = button.parentElement.querySelector("[data-locate-state]");
  button.disabled = true;
  try {
    await sendJson("POST", "/api/v1/geocode-runs", { subject: button.dataset.locate });
    fill(state, `${t("It has begun and goes on by itself.")} `, element("a", { href: "/jobs", text: t("See the jobs") }));
  } catch (error) {
    fill(state, element("span", { class: "alert", text: error.message }));
    button.disabled = false;
  }
}
