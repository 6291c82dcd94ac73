// Tools that want a drawn line: split a grid, move a border, cut a block.

import { ask } from "../../../shell/ask.js";
import { t } from "../../../shell/i18n.js";

/** Draw by dragging, or point by point with clicks; a double click or Enter ends it. */
function lineTool(desk, finish, { before = () => true } = {}) {
  let fixed = []; // points that were clicked
  let clicking = false;
  const show = (points) => {
    desk.scene.sketch = points.length > 0 ? { points, closed: false } : null;
    desk.view.drawAll();
  };
  const end = (points) => {
    fixed = [];
    clicking = false;
    show([]);
    if (points.length > 1) finish(points);
  };
  return {
    down(point, event) {
      if (clicking) {
        fixed.push(point);
        if (event.detail > 1) end(fixed.slice(0, -1));
        else show([...fixed]);
        return true;
      }
      if (!before(point)) return false;
      fixed = [point];
      show([point]);
      return true;
    },
    move(point) {
      if (clicking) return;
      desk.scene.sketch.points.push(point);
      desk.view.drawAll();
    },
    up(point) {
      if (clicking) return;
      const { points } = desk.scene.sketch;
      if (Math.hypot(point[0] - fixed[0][0], point[1] - fixed[0][1]) * desk.view.scale < 12) clicking = true;
      else end(points);
    },
    hover(point) {
      if (clicking) show([...fixed, point]);
    },
    enter() {
      if (clicking) end(fixed);
    },
    cancel() {
      end([]);
    },
  };
}

function toLonLat(desk, points) {
  return points.map((point) => desk.scene.shapes.toLonLat(point).map((v) => Math.round(v * 1e7) / 1e7));
}

/** What most of a line runs through: rows by how often they are met. */
function metBy(desk, points, keyOf) {
  const count = new Map();
  for (let i = 1; i < points.length; i++) {
    for (let part = 0; part <= 20; part++) {
      const at = [0, 1].map((axis) => points[i - 1][axis] + ((points[i][axis] - points[i - 1][axis]) * part) / 20);
      const row = desk.scene.shapes.at(at);
      if (row >= 0 && keyOf(row)) count.set(keyOf(row), (count.get(keyOf(row)) ?? 0) + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
    }
  }
  return [...count].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

export function splitTool(desk) {
  return lineTool(desk, (points) => {
    const grid = metBy(desk, points, (row) => desk.work.division.number[row]);
    if (grid === null) return desk.say(t("The line crosses no grid."), "warn");
    desk.choose(grid);
    return desk.propose("split_line", { grid, line: toLonLat(desk, points) }, t("Split grid {grid}", { grid: desk.work.label(grid) }));
  });
}

/** First a border is taken, then the line it should follow is drawn. */
export function moveTool(desk, nearest) {
  let pair = null;
  const tool = lineTool(desk, (points) => {
    const [a, b] = pair;
    desk.propose("border", { a, b, line: toLonLat(desk, points) }, t("Move the border {a}–{b}", { a: desk.work.label(a), b: desk.work.label(b) }));
    pair = desk.scene.picked = null;
  }, {
    before: (point) => {
      if (pair !== null) return true;
      pair = nearest(point);
      desk.scene.picked = pair;
      desk.view.drawAll();
      desk.refresh();
      return false;
    },
  });
  const { cancel, hover } = tool;
  return Object.assign(tool, {
    pair: () => pair,
    hover(point) {
      if (pair !== null) return hover.call(tool, point);
      const found = nearest(point);
      if (String(found) === String(desk.scene.picked)) return undefined;
      desk.scene.picked = found;
      return desk.view.drawAll();
    },
    leave() {
      pair = desk.scene.picked = null;
      cancel.call(tool);
    },
  });
}

export function cutTool(desk) {
  return lineTool(desk, (points) => {
    const row = metBy(desk, points, (found) => found + 1);
    if (row === null) return desk.say(t("The line crosses no block."), "warn");
    return askToCut(desk, row - 1, toLonLat(desk, points));
  });
}

function askToCut(desk, row, line) {
  const { ground } = desk.work;
  desk.stand(row);
  ask({
    question: t("Cut block {block} in two along this line? It changes the ground of every plan of this community and cannot be undone. Its {n} households are located again.", { block: ground.id[row], n: ground.loads[0][row] }),
    confirm: t("Cut the block"),
    danger: true,
    act: async () => {
      const done = await desk.work.queue.push(() => desk.api.cut(ground.id[row], line));
      await desk.work.reload();
      desk.say(t("The block is cut into {n}; {located} things in it were located again, {left} wait for a person.", { n: done.children.length, located: countOf(done.located_again), left: countOf(done.left_to_locate) }));
    },
  });
}

function countOf(found) {
  return typeof found === "number" ? found : Object.values(found ?? {}).reduce((sum, n) => sum + n, 0);
}
