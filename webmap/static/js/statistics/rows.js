// How areas and changes of counts are written.

import { grouped, language } from "../shell/i18n.js";

export function named(row) {
  return language() === "zh" ? row.name : row.name_en || row.name;
}

export function signed(number) {
  if (number === null || number === undefined) return "–";
  return number > 0 ? `▲ ${grouped(number)}` : number < 0 ? `▼ ${grouped(-number)}` : "0";
}
