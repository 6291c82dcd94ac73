// Drag a border: take hold of it, move over the neighbour's blocks, let go to lock it in; Esc leaves.
// The side that is entered first gives its blocks to the other.

const REACH_PX = 12;
const CLEAR_PX = 8;

export function borderTool(desk) {
  const { work, view } = desk;
  let grip = null; // {a, b, sides, at, loses, moved, resting}

  const nearest = (point) => {
    const { shapes } = desk.scene;
    const { from, to } = shapes.ground;
    const number = work.division.number;
    const e = shapes.edgeNear(point, REACH_PX / view.scale, (i) => number[from[i]] !== number[to[i]] && number[from[i]] > 0 && number[to[i]] > 0);
    return e < 0 ? null : [number[from[e]], number[to[e]]];
  };
  const pick = (pair) => {
    if (String(desk.scene.picked) === String(pair)) return;
    const before = desk.scene.picked;
    desk.scene.picked = pair;
    view.drawRows([...(before ?? []), ...(pair ?? [])].flatMap((n) => work.division.rowsOf(n)));
  };
  /** Whether the pointer has clearly left the border that it took. */
  const isOff = (point) => {
    const { shapes } = desk.scene;
    const { from, to } = shapes.ground;
    const between = (e) => grip.sides.has(work.before(from[e])) && grip.sides.has(work.before(to[e])) && work.before(from[e]) !== work.before(to[e]);
    const moved = Math.hypot(point[0] - grip.at[0], point[1] - grip.at[1]) * view.scale;
    return moved >= CLEAR_PX && shapes.edgeNear(point, CLEAR_PX / view.scale, between) < 0;
  };
  /** Blocks under the pointer go over; the side entered first loses. */
  const drag = (point) => {
    const row = desk.scene.shapes.at(point);
    if (row < 0) return;
    const was = work.before(row);
    if (grip.loses === null) {
      if (!grip.sides.has(was) || !isOff(point)) return;
      grip.loses = was;
    }
    const grows = grip.a === grip.loses ? grip.b : grip.a;
    if (was !== grip.loses || work.division.number[row] === grows) return;
    const held = work.preview(new Map([[row, grows]]));
    if (held.size > 0) desk.tellHeld(held);
    grip.moved ||= held.size === 0;
  };
  const finish = () => {
    const { moved } = grip;
    grip = null;
    if (moved) work.commit("border");
    else work.cancel();
    pick(null);
    desk.refresh();
  };

  return {
    nearest,
    holds: () => grip !== null,
    pair: () => (grip ? [grip.a, grip.b] : null),
    down(point) {
      if (grip?.resting) {
        grip.resting = false;
        return true;
      }
      const pair = nearest(point);
      if (pair === null) return false;
      pick(pair);
      desk.touched = pair;
      grip = { a: pair[0], b: pair[1], sides: new Set(pair), at: point, loses: null, moved: false, resting: false };
      work.begin();
      desk.refresh();
      return true;
    },
    move(point) {
      if (grip) drag(point);
    },
    up() {
      if (!grip) return;
      if (grip.moved) finish();
      else grip.resting = true; // a click took hold: the border follows the pointer until the next click
    },
    hover(point) {
      if (grip?.resting) drag(point);
      else pick(nearest(point));
    },
    cancel() {
      grip = null;
      work.cancel();
      pick(null);
    },
  };
}
