// Places chosen by name in a tree: what holds whole leaves nothing to choose below it.

import { element, fill } from "../shell/element.js";
import { t } from "../shell/i18n.js";

/** Equip every picker of the page. */
export function installPlacePickers(root = document) {
  for (const picker of root.querySelectorAll("[data-places]")) installPicker(picker);
}

function installPicker(picker) {
  const find = picker.querySelector("[data-find]");
  picker.addEventListener("change", () => settle(picker));
  find?.addEventListener("input", () => search(picker, find.value));
  find?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  settle(picker);
}

/** What lies in a chosen place is chosen with it; the list says what is chosen, by its path. */
function settle(picker) {
  const boxes = [...picker.querySelectorAll("input[name=areas]")];
  for (const box of boxes) {
    box.disabled = isWithinChosen(box);
    if (box.disabled) box.checked = false;
    box.closest("label").classList.toggle("within", box.disabled);
  }
  const chosen = boxes.filter((box) => box.checked && box.dataset.path);
  fill(picker.querySelector("[data-chosen]"), ...chosen.map((box) => chip(picker, box)));
}

function isWithinChosen(box) {
  let item = box.closest("li")?.parentElement.closest("li");
  while (item) {
    if (item.querySelector(":scope > label input").checked) return true;
    item = item.parentElement.closest("li");
  }
  return false;
}

function chip(picker, box) {
  const drop = element("button", { type: "button", class: "quiet", "aria-label": t("Take {place} away", { place: box.dataset.path }), text: "×" });
  drop.addEventListener("click", () => {
    box.checked = false;
    settle(picker);
    (picker.querySelector("[data-chosen] button") ?? picker.querySelector("[data-find]"))?.focus();
  });
  return element("li", {}, element("span", { text: box.dataset.path }), drop);
}

/** Show what has all the words in its name, with what it lies in; without words, everything. */
function search(picker, text) {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = [...picker.querySelectorAll(".place-tree > li")].map((item) => show(item, words));
  picker.querySelector("[data-nothing]").hidden = found.some(Boolean);
}

function show(item, words) {
  const own = words.every((word) => item.dataset.words.includes(word));
  const inner = item.querySelector(":scope > details");
  const below = [...item.querySelectorAll(":scope > details > ul > li")].map((li) => show(li, own ? [] : words));
  const isFound = own || below.some(Boolean);
  item.hidden = !isFound;
  if (inner && words.length) inner.open = !own && below.some(Boolean);
  return isFound;
}
