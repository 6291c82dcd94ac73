// Forms that ask once before they are sent: `data-ask` holds the question, the button its answer.

import { ask } from "./ask.js";

/** Equip the forms in a part of the page that was just put in, or in all of it. */
export function installAskingForms(place = document) {
  for (const form of place.querySelectorAll("form[data-ask]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      ask({
        question: form.dataset.ask,
        confirm: button.textContent.trim(),
        danger: button.classList.contains("danger"),
        act: async () => form.submit(),
      });
    });
  }
}
