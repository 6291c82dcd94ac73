// Drag a border: take hold of it, move over the neighbour's blocks, let go to lock it in; Esc leaves.
// Which side grows follows from the side entered first.

const REACH_PX = 12;

export function borderTool(desk) {
  const { work, view } = desk;
  let grip = null; // {a, b, grows, moved, resting}

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
  /** Blocks under the pointer go over; the first that is entered tells which side loses. */
  const drag = (point) => {
    const row = desk.scene.shapes.at(point);
    if (row < 0) return;
    const was = work.before(row);
    grip.start ??= row;
    if (grip.grows === null) {
      if (row === grip.start || (was !== grip.a && was !== grip.b)) return;
      grip.grows = was === grip.a ? grip.b : grip.a;
    }
    const loses = grip.grows === grip.a ? grip.b : grip.a;
    if (was !== loses) return;
    if (work.division.number[row] !== grip.grows) desk.tellHeld(work.preview(new Map([[row, grip.grows]])));
    grip.moved = true;
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
      grip = { a: pair[0], b: pair[1], grows: null, moved: false, resting: false, start: null };
      // The block that the pointer already stands on counts as soon as it is left and entered again.
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
