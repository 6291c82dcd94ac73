// Mouse, pen and fingers on the map: one that paints, two that move the map; space, wheel and middle button too.

/** Tie the pointer to the tool in hand; `toolOf()` gives it. */
export function installPointer(desk, toolOf) {
  const { map, view } = desk;
  const box = map.getContainer();
  const state = { down: null, stroke: false, pan: null, space: false, pen: false, fingers: new Set() };
  const ring = brushRing(box);

  const isControl = (event) => event.target.closest(".leaflet-control") !== null;
  const tune = () => {
    const pans = toolOf().pans || state.space;
    map.dragging[pans ? "enable" : "disable"]();
    map.doubleClickZoom[toolOf().pans ? "enable" : "disable"]();
    box.parentElement.classList.toggle("is-panning", state.space);
    ring.show(toolOf().ring?.() ?? 0);
  };
  const pansByHand = (event) => event.button === 1 || (state.pen && event.pointerType === "touch" && !toolOf().pans);

  box.addEventListener("pointerdown", (event) => {
    if (isControl(event)) return;
    if (event.pointerType === "pen") state.pen = true;
    if (event.pointerType === "touch") state.fingers.add(event.pointerId);
    if (state.fingers.size > 1) return void stop();
    if (pansByHand(event)) {
      state.pan = [event.clientX, event.clientY];
      event.preventDefault();
      return;
    }
    if (event.button !== 0 || state.space || toolOf().pans || desk.work.busy) return;
    box.focus({ preventScroll: true });
    performance.mark("redraw-down");
    state.stroke = toolOf().down?.(view.toGround(event), event) === true;
    if (state.stroke) box.setPointerCapture(event.pointerId);
  });

  box.addEventListener("pointermove", (event) => {
    ring.move(event, box);
    if (state.pan) {
      map.panBy([state.pan[0] - event.clientX, state.pan[1] - event.clientY], { animate: false });
      state.pan = [event.clientX, event.clientY];
      return;
    }
    if (isControl(event) || state.fingers.size > 1) return;
    if (!state.stroke) {
      if (event.buttons === 0) toolOf().hover?.(view.toGround(event));
      return;
    }
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) toolOf().move?.(view.toGround(each));
  });

  const up = (event) => {
    state.fingers.delete(event.pointerId);
    state.pan = null;
    if (!state.stroke) return;
    state.stroke = false;
    toolOf().up?.(view.toGround(event));
  };
  const stop = () => {
    if (state.stroke) toolOf().cancel?.();
    state.stroke = false;
  };
  box.addEventListener("pointerup", up);
  box.addEventListener("pointercancel", (event) => {
    state.fingers.delete(event.pointerId);
    state.pan = null;
    stop();
  });
  box.addEventListener("pointerleave", () => {
    ring.hide();
    if (!state.stroke && !toolOf().holds?.()) toolOf().hoverOff?.();
  });
  map.on("click", (event) => toolOf().click?.(view.toGround(event.originalEvent)));
  const space = (on) => {
    state.space = on;
    tune();
  };
  return { tune, stop, space, isDown: () => state.stroke };
}

function brushRing(box) {
  const ring = document.createElement("div");
  ring.className = "brush-ring";
  ring.hidden = true;
  box.append(ring);
  let radius = 0;
  return {
    show(px) {
      radius = px;
      ring.hidden = true;
      ring.style.width = ring.style.height = `${2 * px}px`;
    },
    move(event, frame) {
      ring.hidden = radius === 0 || event.pointerType === "touch";
      const at = frame.getBoundingClientRect();
      ring.style.transform = `translate(${event.clientX - at.left - radius}px, ${event.clientY - at.top - radius}px)`;
    },
    hide() {
      ring.hidden = true;
    },
  };
}
