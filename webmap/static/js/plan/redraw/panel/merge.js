// Somebody saved a newer edition: both edits are brought together, clashes are decided block by block.

import { clockText } from "../../../shell/clock.js";
import { element } from "../../../shell/element.js";
import { t } from "../../../shell/i18n.js";
import { blocksText } from "../words.js";

/** Fetch what a merge would give, and show it in place of a proposal. */
export async function beginMerge(desk) {
  try {
    const found = await desk.work.queue.push(() => desk.api.merge());
    desk.merging = { ...found, prefer: "theirs", choices: new Map() };
    desk.showTab("effect");
    if (found.clashes.length > 0) desk.point(found.clashes.map((clash) => clash.block));
  } catch (error) {
    desk.say(error.message, "alert");
  }
  desk.refresh();
}

export function mergeScreen(desk) {
  const { merging } = desk;
  if (!merging) return null;
  const { theirs, blocks, clashes } = merging;
  const when = clockText(theirs.at);
  return element("section", { class: "proposal", "aria-label": t("Bring together") },
    element("h2", { text: t("Two edits of this draft") }),
    element("p", { text: t("{who} saved a newer edition ({when}): {theirs}. Yours, not saved yet: {mine}.", { who: theirs.by ?? t("Somebody"), when, theirs: blocksText(blocks.theirs), mine: blocksText(blocks.mine) }) }),
    theirs.note ? element("p", { class: "note", text: theirs.note }) : null,
    clashes.length === 0 ? element("p", { text: t("No block was changed by both; everything can be kept.") }) : clashList(desk),
    element("div", { class: "row" },
      element("button", { type: "button", class: "primary", text: t("Bring together"), onclick: () => finish(desk) }),
      element("button", { type: "button", text: t("Not now"), onclick: () => leave(desk) })));
}

function clashList(desk) {
  const { clashes, choices, prefer } = desk.merging;
  const all = (word, text) => element("button", { type: "button", "aria-pressed": String(prefer === word && choices.size === 0), text, onclick: () => {
    Object.assign(desk.merging, { prefer: word, choices: new Map() });
    desk.refresh();
  } });
  return element("div", {},
    element("p", { text: t("Moved by both, each to another grid, marked on the map: {blocks}.", { blocks: blocksText(clashes.length) }) }),
    element("div", { class: "choices", role: "group", "aria-label": t("For all of them") }, all("theirs", t("Take theirs")), all("mine", t("Take mine"))),
    element("div", { class: "table-frame short" }, element("table", {},
      element("thead", {}, element("tr", {}, ...[t("Block"), t("Theirs"), t("Mine"), t("Take")].map((head) => element("th", { scope: "col", text: head })))),
      element("tbody", {}, ...clashes.map((clash) => clashLine(desk, clash))))));
}

function clashLine(desk, { block, mine, theirs }) {
  const { merging, work } = desk;
  const choice = element("select", { "aria-label": t("Block {block}", { block }) }, element("option", { value: "theirs", text: t("theirs") }), element("option", { value: "mine", text: t("mine") }));
  choice.value = merging.choices.get(block) ?? merging.prefer;
  choice.addEventListener("change", () => {
    merging.choices.set(block, choice.value);
    desk.refresh();
  });
  const show = element("button", { type: "button", class: "quiet small", text: String(block), onclick: () => desk.point([block]) });
  return element("tr", {}, element("td", {}, show), element("td", { text: work.label(theirs) }), element("td", { text: work.label(mine) }), element("td", {}, choice));
}

function leave(desk) {
  desk.merging = null;
  desk.scene.marked = new Set();
  desk.view.drawAll();
  desk.refresh();
}

/** The server merges; names and editions have changed, so everything is fetched again. */
async function finish(desk) {
  const { prefer, choices } = desk.merging;
  const done = await desk.work.merge({ prefer, choices: Object.fromEntries(choices) });
  if (!done) return;
  leave(desk);
  await desk.work.reload();
  desk.say(t("Both edits are brought together; look at the result and save it."));
}
