// What is behind an entrance: its floors from the top, and the doors on each; and the entrances of one target.

import { element } from "../shell/element.js";
import { grouped, t } from "../shell/i18n.js";
import { byFloor } from "./households.js";

/** The words on a target, and those that are read out; one that is chosen alone is told from those it stands with. */
export function describeTarget({ entrances, count }, chosen) {
  const single = entrances.length === 1 ? entrances[0] : entrances.find(({ key }) => chosen === key);
  const told = single?.records.length ?? count;
  const name = single ? (single.records[0].entrance_name ?? "") : nameOfSeveral(entrances);
  const where = single ? addressOf(single) : t("{n} entrances", { n: grouped(entrances.length) });
  return { name, count: t("×{n}", { n: grouped(told) }), label: `${where}: ${t("{n} households", { n: grouped(told) })}` };
}

/** The building they belong to, or how many they are; a spot without an address is no entrance. */
function nameOfSeveral(entrances) {
  const known = entrances.map(({ records: [household] }) => household).filter(({ entrance }) => entrance);
  const buildings = new Set(known.map(({ entrance, entrance_name: name, building_name: building }) => `${entrance.slice(0, -name.length)} ${building}`));
  if (buildings.size === 1 && known[0].building_name) return known.length === entrances.length ? known[0].building_name : t("{name} …", { name: known[0].building_name });
  const n = grouped(entrances.length);
  return known.length === entrances.length ? t("{n} doors", { n }) : t("{n} places", { n });
}

/** The address of an entrance, as far as one is known. */
export function addressOf({ records: [household] }) {
  return household.entrance ?? household.entrance_name ?? household.address ?? t("no address");
}

/** Entries of a list with the floors of an entrance, and its doors; `doorless(household)` makes one where no flat is known. */
export function floorsOf(entrance, open, doorless) {
  const households = countOf(entrance);
  const head = element("li", { class: "entrance-head" }, element("h2", { text: addressOf(entrance) }), element("p", { class: "muted", text: households }));
  const known = entrance.records.filter(({ floor, room }) => floor !== null || room !== null);
  const rest = entrance.records.filter((household) => !known.includes(household));
  return [head, ...byFloor(known).map(({ floor, households: behind }) => floorOf(floor, behind, open)), ...rest.map(doorless)];
}

/** How many households are behind an entrance; where a search leaves some out, of how many. */
function countOf({ records, all }) {
  const found = t("{n} households", { n: grouped(records.length) });
  return all === undefined || all === records.length ? found : t("{n} of {all} households", { n: grouped(records.length), all: grouped(all) });
}

function floorOf(floor, households, open) {
  return element("li", { class: "floor" }, element("h3", { text: floor === null ? t("Floor not known") : t("Floor {n}", { n: floor }) }),
    element("div", { class: "doors" }, ...households.map((household) =>
      element("button", { type: "button", class: "door", "data-household": household.id, onclick: () => open(household) },
        element("b", { text: household.room ?? household.number }), element("span", { text: household.name ?? household.number })))));
}

/** Entries of a list with the entrances of one target, by their addresses. */
export function entrancesList(entrances, open, single) {
  const sorted = [...entrances].sort((a, b) => addressOf(a).localeCompare(addressOf(b), "zh", { numeric: true }));
  return sorted.map((entrance) => (entrance.records.length === 1 ? single(entrance.records[0])
    : element("li", {}, element("button", { type: "button", class: "household", "data-entrance": entrance.key, onclick: () => open(entrance) },
      element("span", { class: "who", text: addressOf(entrance) }),
      element("span", { class: "away", text: countOf(entrance) })))));
}
