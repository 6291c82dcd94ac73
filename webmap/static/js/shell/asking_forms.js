// Forms that ask once before they are sent: `data-ask` holds the question, the button its answer.

import { ask } from "./ask.js";

export function installAskingForms() {
  for (const form of document.querySelectorAll("form[data-ask]")) {
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
