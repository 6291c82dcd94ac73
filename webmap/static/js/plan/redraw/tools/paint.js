// Brush and eraser, lasso: blocks go to the chosen grid.

const RADII_PX = [0, 18, 42];

/** Paint under the pointer while it is down; the stroke is one step. */
export function brushTool(desk) {
  const { work, view } = desk;
  let last = null;
  let held = new Map();

  const radius = () => RADII_PX[desk.brush] / view.scale;
  const rowsAt = (point) => (desk.brush === 0 ? [desk.scene.shapes.at(point)].filter((row) => row >= 0) : desk.scene.shapes.near(point, radius()));
  const along = (from, to) => {
    const step = Math.max(radius() * 0.6, 5 / view.scale);
    const count = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / step));
    return Array.from({ length: count }, (_, i) => [from[0] + ((to[0] - from[0]) * (i + 1)) / count, from[1] + ((to[1] - from[1]) * (i + 1)) / count]);
  };
  const dab = (points) => {
    const rows = new Set(points.flatMap(rowsAt));
    for (const [row, lock] of work.preview(desk.movesOf([...rows]))) held.set(row, lock);
  };

  return {
    ring: () => RADII_PX[desk.brush],
    down(point) {
      if (desk.target() === null) {
        desk.paint([]);
        return false;
      }
      this.kind = desk.kindOfPaint();
      held = new Map();
      last = point;
      work.begin();
      dab([point]);
      return true;
    },
    move(point) {
      dab(along(last, point));
      last = point;
    },
    up() {
      work.commit(this.kind);
      desk.tellHeld(held);
    },
    hover(point) {
      const rows = rowsAt(point);
      hover(desk, rows);
    },
    cancel() {
      work.cancel();
      hover(desk, null);
    },
  };
}

/** Show which blocks lie under the pointer. */
export function hover(desk, rows) {
  const before = desk.scene.hovered ?? [];
  const same = rows !== null && before.length === rows.length && rows.every((row, i) => row === before[i]);
  if (same || (rows === null && desk.scene.hovered === null)) return;
  desk.scene.hovered = rows;
  desk.view.drawRows([...before, ...(rows ?? [])]);
}

/** Draw a closed line around blocks; those whose middle lies inside go to the chosen grid. */
export function lassoTool(desk) {
  return {
    down(point) {
      if (desk.target() === null) {
        desk.paint([]);
        return false;
      }
      desk.scene.sketch = { points: [point], closed: true };
      return true;
    },
    move(point) {
      desk.scene.sketch.points.push(point);
      desk.scene.hovered = desk.scene.shapes.inside(desk.scene.sketch.points);
      desk.view.drawAll();
    },
    up() {
      const { points } = desk.scene.sketch;
      this.cancel();
      desk.paint(desk.scene.shapes.inside(points));
    },
    cancel() {
      desk.scene.sketch = desk.scene.hovered = null;
      desk.view.drawAll();
    },
  };
}
