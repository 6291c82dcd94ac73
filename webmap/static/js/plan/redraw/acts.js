// What is done at once, by a button or a key.

import { ask } from "../../shell/ask.js";
import { element } from "../../shell/element.js";
import { t } from "../../shell/i18n.js";
import { showHelp } from "./keys.js";
import { askToDiscard, askToSave } from "./panel/head.js";

export function makeActs(desk, finder) {
  const { work } = desk;
  const needGrid = (act) => () => {
    if (desk.scene.grid === null || !work.division.grids.has(desk.scene.grid)) desk.say(t("Choose a grid first: click it on the map with Select, or take it from the list."), "warn");
    else act(desk.scene.grid);
  };
  const needBlock = (act) => () => {
    if (desk.scene.row < 0) desk.say(t("Choose a block first: click it with Select, or go to it with the arrow keys."), "warn");
    else act(desk.scene.row);
  };
  return {
    undo: () => work.undo(),
    redo: () => work.redo(),
    save: () => (document.getElementById("save").disabled ? desk.say(document.getElementById("save-state").textContent, "warn") : askToSave(desk)),
    discard: () => askToDiscard(desk),
    help: showHelp,
    new: () => desk.newGrid(),
    halves: needGrid((grid) => desk.propose("split_halves", { grid }, t("Split grid {grid}", { grid: work.label(grid) }))),
    rebalance: (around = []) => desk.propose("rebalance", around.length > 0 ? { around } : {}, around.length > 0 ? t("Rebalance around {grids}", { grids: around.map((n) => work.label(n)).join(", ") }) : t("Rebalance around the changes")),
    contiguous: () => desk.propose("contiguous", {}, t("Make contiguous")),
    enclaves: () => desk.propose("enclaves", {}, t("Open what is shut in")),
    unassigned: () => desk.propose("unassigned", {}, t("Assign blocks in no grid")),
    assignNow: () => desk.propose("unassigned", {}, t("Assign blocks in no grid"), { atOnce: true }),
    lockAll: () => desk.lockAll(),
    unlockAll: () => desk.unlockAll(),
    propose: () => askHow(desk),
    lockGrid: needGrid((grid) => desk.toggleLock(`grid:${grid}`)),
    lockBlock: needBlock((row) => desk.toggleLock(`block:${work.ground.id[row]}`)),
    take: needBlock((row) => desk.choose(work.division.number[row] || null)),
    next: () => finder.step(1),
    previous: () => finder.step(-1),
    grids: () => desk.showTab("grids"),
  };
}

/** Ask how the whole plan is proposed again; what is locked stays either way. */
function askHow(desk) {
  const ways = {
    "": t("stay close to what there is"),
    balance: t("equal households, people and workload"),
    borders: t("borders along rivers, railways and main roads"),
    compactness: t("compact grids"),
    fresh: t("draw afresh"),
  };
  const choice = element("select", {}, ...Object.entries(ways).map(([value, text]) => element("option", { value, text })));
  ask({
    question: t("Propose the whole plan again? Locked grids, blocks and borders stay; nothing changes until you accept it."),
    confirm: t("Propose"),
    field: choice,
    act: async (way) => {
      const wishes = way === "fresh" ? { fresh: true } : way ? { favour: way } : {};
      desk.propose("propose", wishes, t("Propose the whole plan again")); // goes on while the dialog closes
    },
  });
}
