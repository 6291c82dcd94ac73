// Without a connection the page says what still works, until the connection is back.

import { element } from "./element.js";
import { t } from "./i18n.js";

/** Watch the connection of the browser. */
export function installConnection(bar = document.getElementById("topbar")) {
  if (bar === null) return;
  const box = element("p", { class: "no-connection", role: "status", hidden: true });
  bar.after(box);
  const show = () => {
    box.hidden = navigator.onLine;
    box.textContent = navigator.onLine ? "" : t("No connection. What this page shows can still be read; what needs the server waits until the connection is back.");
  };
  globalThis.addEventListener("offline", show);
  globalThis.addEventListener("online", show);
  show();
}
