// Administration: tables that sort and save, and forms that ask once before they are sent.

import { ask } from "../ask.js";
import { installTables } from "../page_table.js";

installTables();
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
