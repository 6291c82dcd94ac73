// Look at a grid or block; join the chosen grid with the one that is clicked.

import { t } from "../../../shell/i18n.js";
import { hover } from "./paint.js";

export function selectTool(desk) {
  return {
    pans: true,
    click(point) {
      const row = desk.scene.shapes.at(point);
      if (row < 0) return;
      desk.stand(row);
      const number = desk.work.division.number[row];
      if (number > 0 && number !== desk.scene.grid) desk.choose(number);
    },
    hover: (point) => hover(desk, [desk.scene.shapes.at(point)].filter((row) => row >= 0)),
    cancel: () => hover(desk, null),
  };
}

export function mergeTool(desk) {
  return {
    pans: true,
    click(point) {
      const row = desk.scene.shapes.at(point);
      const number = row < 0 ? 0 : desk.work.division.number[row];
      if (number === 0) return;
      const { grid } = desk.scene;
      if (grid === null || grid === number) {
        desk.choose(number);
        return;
      }
      const [a, b] = [desk.work.label(grid), desk.work.label(number)];
      desk.propose("merge", { grids: [grid, number] }, t("Join grids {a} and {b}", { a, b }));
    },
    hover(point) {
      const row = desk.scene.shapes.at(point);
      hover(desk, row < 0 ? [] : desk.work.division.rowsOf(desk.work.division.number[row]));
    },
    cancel: () => hover(desk, null),
  };
}
