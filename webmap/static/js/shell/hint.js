// Where the guide is, told to whoever has just signed in, until the person closes it for good.

import { element } from "./element.js";
import { t } from "./i18n.js";
import { showBeside } from "./meaning.js";

/** Show the hint beside "?" on the first page after signing in. */
export function installHint() {
  const link = document.querySelector(".help-link");
  if (link === null || !hasJustSignedIn() || isClosed()) return;
  const forGood = element("button", { type: "button", class: "quiet small", text: t("Do not show this again") });
  const box = element("div", { id: "hint", class: "meaning-note hint", popover: "auto", role: "note" },
    element("p", { text: t("New here? The guide for your work is behind “?”, on every page.") }),
    element("div", { class: "row" }, element("a", { class: "button small", href: link.href, text: t("Open the guide") }), forGood));
  forGood.addEventListener("click", () => {
    keepClosed();
    box.hidePopover();
    link.focus();
  });
  document.body.append(box);
  showBeside(box, link);
}

function hasJustSignedIn() {
  return document.referrer !== "" && new URL(document.referrer).pathname === "/login";
}

function keyOf() {
  return `hint:${document.body.dataset.person}`;
}

function isClosed() {
  try {
    return localStorage.getItem(keyOf()) !== null;
  } catch {
    return true; // a browser that keeps nothing could not close it
  }
}

function keepClosed() {
  localStorage.setItem(keyOf(), "closed");
}
