// The head of the panel: what is unsaved, why it cannot be saved, the link to the server, tabs.

import { followAddress, readAddress, writeAddress } from "../../../shell/address.js";
import { ask } from "../../../shell/ask.js";
import { element } from "../../../shell/element.js";
import { t } from "../../../shell/i18n.js";
import { blocksText, householdsText } from "../words.js";
import { beginMerge } from "./merge.js";

export function installHead(desk, acts) {
  document.getElementById("save").addEventListener("click", () => acts.save());
  document.getElementById("discard").addEventListener("click", () => acts.discard());
  installTabs(desk);
}

export function writeHead(desk) {
  const { work } = desk;
  const changed = work.changedRows();
  const stops = work.effect.faults.filter((fault) => fault.stops).length;
  const save = document.getElementById("save");
  const state = document.getElementById("save-state");
  document.getElementById("edition").textContent = t("edition {n}", { n: work.plan.edition });
  save.disabled = !work.changed || stops > 0 || work.behind;
  document.getElementById("discard").disabled = !work.changed || work.busy;
  state.textContent = saveWords(desk, changed, stops);
  if (work.behind) state.append(" ", element("button", { type: "button", class: "quiet small", text: t("Bring together…"), onclick: () => beginMerge(desk) }));
  writeLink(work);
  tabCount("effect", work.effect.faults.length);
  document.getElementById("spoken").textContent = spokenOf(desk);
}

/** The block under the keyboard mark, for those who hear the page. */
function spokenOf({ scene, work }) {
  if (scene.row < 0) return "";
  return t("Block {block}, grid {grid}, {households}", { block: work.ground.id[scene.row], grid: work.label(work.division.number[scene.row]), households: householdsText(work.ground.loads[0][scene.row]) });
}

function saveWords(desk, changed, stops) {
  const { work } = desk;
  const others = work.others.map((other) => other.name).join(", ");
  const beside = others ? ` ${t("Also being edited by: {names}.", { names: others })}` : "";
  if (work.behind) return t("Somebody saved a newer edition meanwhile.") + beside;
  if (!work.changed) return t("Nothing unsaved.") + beside;
  if (changed.length === 0) return t("Unsaved: locks only.") + beside;
  const households = changed.reduce((sum, row) => sum + work.ground.loads[0][row], 0);
  const what = t("Unsaved: {blocks}, {households}.", { blocks: blocksText(changed.length), households: householdsText(households) });
  return (stops > 0 ? `${what} ${t("Cannot be saved yet; problems in the way: {n}.", { n: stops })}` : what) + beside;
}

function writeLink({ link }) {
  const box = document.getElementById("link-state");
  box.hidden = !link.trouble;
  if (link.trouble) box.textContent = t("No connection. {n} changes wait here and are sent as soon as it is back; do not close this page.", { n: link.waiting });
}

function tabCount(name, n) {
  const count = document.querySelector(`#tab-${name} .count`);
  count.hidden = n === 0;
  count.textContent = String(n);
}

function installTabs(desk) {
  const tabs = [...document.querySelectorAll("[data-tab]")];
  const mark = (tab) => {
    for (const each of tabs) {
      each.setAttribute("aria-selected", String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
      document.getElementById(`part-${each.dataset.tab}`).hidden = each !== tab;
    }
    desk.tab = tab.dataset.tab;
  };
  const show = (tab) => {
    mark(tab);
    desk.refresh();
  };
  const take = (tab) => {
    show(tab);
    writeAddress({ tab: tab === tabs[0] ? "" : tab.dataset.tab });
  };
  const said = ({ tab: name }) => tabs.find((tab) => tab.dataset.tab === name) ?? tabs[0];
  mark(said(readAddress(["tab"])));
  followAddress(["tab"], (choices) => show(said(choices)));
  desk.showTab = (name) => show(tabs.find((tab) => tab.dataset.tab === name));
  tabs.forEach((tab, i) => {
    tab.addEventListener("click", () => take(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = tabs[(i + step + tabs.length) % tabs.length];
      take(next);
      next.focus();
    });
  });
}

/** Ask for a note, then save. */
export function askToSave(desk) {
  const { work } = desk;
  const note = element("textarea", { rows: 3, placeholder: t("What was changed, and why (optional)") });
  const dialog = ask({
    question: t("Save as edition {edition}? Changed: {blocks}.", { blocks: blocksText(work.changedRows().length), edition: work.plan.edition + 1 }),
    confirm: t("Save"),
    field: note,
    act: async (text) => {
      const saved = await work.save(text);
      desk.say([t("Saved as edition {n}.", { n: saved.edition }), ...changeLines(saved.changes)].join(" "));
    },
  });
  const lines = work.effect.confirmed ? changeLines(work.codeChanges()) : [];
  if (lines.length > 0) dialog.querySelector(".question").after(element("ul", { class: "code-changes" }, ...lines.map((text) => element("li", { text }))));
}

/** What saving does to the numbers of grids, a sentence for each. */
function changeLines(changes) {
  const digits = (code) => code.slice(-3);
  return changes.map(({ from, to }) => {
    if (to === null) return t("Grid {grid} goes.", { grid: digits(from) });
    if (from === null) return t("A new grid gets the number {to}.", { to: digits(to) });
    return t("Grid {from} gets the number {to}.", { from: digits(from), to: digits(to) });
  });
}

export function askToDiscard(desk) {
  ask({
    question: t("Go back to the saved edition? It can be undone."),
    confirm: t("Discard"),
    danger: true,
    act: async () => void (await desk.work.discard()),
  });
}
