// The chosen grid stands in the address, by the number people know it by.

import { followAddress, readAddress, tellGone, writeAddress } from "../../shell/address.js";
import { t } from "../../shell/i18n.js";

/** Choose what the address names; what the person chooses is a step of Back, what follows from a change is none. */
export function installChosenGrid(desk) {
  const { work, scene } = desk;
  const write = (step) => writeAddress({ grid: work.division.grids.has(scene.grid) ? work.nameOf(scene.grid) : "" }, { step });
  const show = ({ grid: said }) => {
    const number = work.division.numbers().find((n) => said === work.nameOf(n) || said === work.codes[n]) ?? null;
    if (said && number === null) tellGone(["grid"], t("Grid {grid}, which the link names, is not in this plan any more. Choose another on the map or in the table.", { grid: said.slice(-3) }));
    if (number !== scene.grid) desk.choose(number, { zoom: true });
  };
  show(readAddress(["grid"]));
  followAddress(["grid"], show);
  desk.addEventListener("chosen", () => write(true));
  desk.addEventListener("refresh", () => write(false));
}
