// What an import means for blocks: where the ground changes they are built again.

import { element } from "../shell/element.js";
import { grouped, t } from "../shell/i18n.js";

/** Say how many communities need their blocks built again, and where that is done; null for none. */
export function groundChanges(n) {
  if (n === 0) return null;
  const said = t("The ground of {n} communities changes; their blocks have to be built again", { n: grouped(n) });
  return element("p", { class: "note" }, `${said} `, element("a", { href: "/admin/ground", text: t("Blocks and locating") }));
}
