// What panel, sheet, legend and cards leave free of a map.

/** Elements that may lie over a map; a part that covers it for good is listed here, or bears `data-over-map`. */
const COVERING = ".panel, .legend-on-map, .layers, .map-card, .leaflet-bar, .toolbar, .tool-options, [data-over-map]";

/**
 * The part of a map that nothing covers, in pixels of its container.
 * `aspect` is width / height of what shall be seen there: of all free boxes the one is given in which it
 * becomes largest; without it the largest box.
 */
export function freeRect(container, { aspect = null, gap = 8 } = {}) {
  const frame = container.getBoundingClientRect();
  const boxes = [...document.querySelectorAll(COVERING)]
    .filter((over) => !over.contains(container) && isSeen(over))
    .map((over) => within(frame, over.getBoundingClientRect(), gap))
    .filter(Boolean);
  return largestFree({ width: frame.width, height: frame.height }, boxes, aspect);
}

/** The same as Leaflet's fitBounds takes it: how far from each edge of the map the free part begins. */
export function freePadding(map, options = {}) {
  const { x: width, y: height } = map.getSize();
  const { left, top, right, bottom } = freeRect(map.getContainer(), options);
  return { paddingTopLeft: [left, top], paddingBottomRight: [width - right, height - bottom] };
}

/** The largest box of a frame that touches none of the boxes {left, top, right, bottom}. */
export function largestFree({ width, height }, boxes, aspect = null) {
  const whole = box(0, 0, width, height);
  const [lefts, rights] = [[0, ...boxes.map((b) => b.right)], [width, ...boxes.map((b) => b.left)]];
  const [tops, bottoms] = [[0, ...boxes.map((b) => b.bottom)], [height, ...boxes.map((b) => b.top)]];
  let best = null;
  for (const left of lefts) {
    for (const right of rights) {
      for (const top of tops) {
        for (const bottom of bottoms) {
          if (right - left <= 0 || bottom - top <= 0) continue;
          const size = sizeIn(right - left, bottom - top, aspect);
          if (best !== null && size <= best.size) continue;
          const candidate = box(left, top, right, bottom);
          if (!boxes.some((b) => overlaps(candidate, b))) best = { size, candidate };
        }
      }
    }
  }
  return best === null ? whole : best.candidate;
}

function sizeIn(width, height, aspect) {
  return aspect === null ? width * height : Math.min(width, height * aspect);
}

function box(left, top, right, bottom) {
  return { left, top, right, bottom, width: right - left, height: bottom - top };
}

function overlaps(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function within(frame, over, gap) {
  const cut = {
    left: Math.max(0, over.left - frame.left - gap), right: Math.min(frame.width, over.right - frame.left + gap),
    top: Math.max(0, over.top - frame.top - gap), bottom: Math.min(frame.height, over.bottom - frame.top + gap),
  };
  const touches = over.left < frame.right && frame.left < over.right && over.top < frame.bottom && frame.top < over.bottom;
  return touches ? cut : null;
}

function isSeen(over) {
  return over.checkVisibility ? over.checkVisibility() : over.offsetWidth > 0;
}
