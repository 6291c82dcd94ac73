// Targets on the map, one per entrance or for several that would overlap: to be touched, clicked and reached by keys.

import { element, fill } from "../shell/element.js";
import { freeRect } from "../shell/free.js";
import { fitFree, settle } from "./first_view.js";
import { JoinedEntrances, TARGET } from "./entrances.js";
import { labelsOf } from "./labels.js";

const NEAR = 17;
const MARGIN = 0.3; // of the window, around it: what a small move brings into sight is there already
const ON_TOP = 100000;

const Targets = globalThis.L?.Layer.extend({
  initialize(options) {
    L.setOptions(this, options);
    this.joined = new JoinedEntrances([]);
    this.marks = new Map();
    this.chosen = null;
    this.alone = null;
  },

  onAdd(map) {
    map.on("moveend viewreset resize", this.draw, this);
    labelsOf(map).reserved = () => this.boxes();
    this.draw();
  },

  onRemove(map) {
    map.off("moveend viewreset resize", this.draw, this);
    labelsOf(map).reserved = () => [];
    for (const { mark } of this.marks.values()) mark.remove();
    this.marks.clear();
  },

  /** Show these entrances, as `entrancesOf` gives them, in place of those before. */
  show(entrances) {
    this.joined = new JoinedEntrances(entrances);
    this.draw();
  },

  /**
   * Mark the target of an entrance as the chosen one, above all others; null marks none. What is written
   * on it is of this entrance `alone`, else of all that the target stands for.
   */
  choose(key, { alone = true } = {}) {
    this.chosen = key;
    this.alone = alone ? key : null;
    this.draw();
  },

  /** Move the map so that nothing covers the chosen target; nearer where it stands for others too. */
  look() {
    const target = this.target();
    if (!target) return;
    const map = this._map;
    settle(map);
    const zoom = this.joined.partedFrom(this.chosen, Math.max(map.getZoom(), NEAR));
    if (zoom > map.getZoom() || !map.getBounds().contains(target)) fitFree(map, [target, target], { maxZoom: zoom });
    else this.clear();
  },

  /** Move the map, no nearer, as far as the chosen target needs to be in what panel, legend and cards leave free. */
  clear() {
    const target = this.target();
    if (!target) return;
    const map = this._map;
    settle(map);
    const free = freeRect(map.getContainer());
    const at = map.latLngToContainerPoint(target);
    const [half, halfHeight] = [TARGET.width / 2, TARGET.height / 2];
    const off = [beyond(at.x, half, free.left, free.right), beyond(at.y, halfHeight, free.top, free.bottom)];
    if (off[0] !== 0 || off[1] !== 0) map.panBy(off);
  },

  /** The chosen target where it stands now. */
  target() {
    if (this.chosen === null || !this._map) return null;
    return this.joined.holding(this.chosen, this._map.getZoom()) ?? null;
  },

  /** Give the keyboard to the target that an entrance is in, where it is in sight. */
  focus(key) {
    const target = this.joined.holding(key, this._map.getZoom());
    this.buttonOf(target?.key)?.focus({ preventScroll: true });
  },

  buttonOf(key) {
    return this.marks.get(key)?.mark.getElement()?.firstElementChild ?? null;
  },

  draw() {
    if (!this._map?._loaded) return;
    const near = this._map.getBounds().pad(MARGIN);
    const chosen = this.target();
    const wanted = this.joined.at(this._map.getZoom()).filter((target) => target === chosen || near.contains(target));
    const held = this.held();
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, { mark }] of this.marks) {
      if (keys.has(key)) continue;
      mark.remove();
      this.marks.delete(key);
    }
    for (const target of wanted) this.put(target, target === chosen);
    if (held !== null && !this.marks.has(held.key)) this.focus(held.entrances[0].key);
    labelsOf(this._map).draw();
  },

  /** The target that has the keyboard, if one has. */
  held() {
    const shown = [...this.marks.values()].find(({ mark }) => mark.getElement()?.contains(document.activeElement));
    return shown?.target ?? null;
  },

  put(target, isChosen) {
    const alone = isChosen ? this.alone : null;
    const before = this.marks.get(target.key);
    if (before?.target === target && before.alone === alone) {
      mark(before.mark, isChosen);
      return;
    }
    const made = before?.mark ?? this.make(target.key);
    this.marks.set(target.key, { mark: made, target, alone });
    const { name, count, label } = this.options.describe(target, alone);
    const button = made.getElement().firstElementChild;
    button.classList.toggle("several", target.entrances.length > 1);
    button.dataset.count = String(target.count);
    button.setAttribute("aria-label", label);
    button.title = label;
    fill(button, name ? element("b", { text: name }) : null, count ? element("span", { text: count }) : null);
    made.setLatLng([target.lat, target.lon]);
    mark(made, isChosen);
  },

  make(key) {
    const button = element("button", { type: "button", class: "entrance" });
    const icon = L.divIcon({ html: button, className: "entrance-target", iconSize: [TARGET.width, TARGET.height] });
    const made = L.marker([0, 0], { icon, keyboard: false, bubblingMouseEvents: false });
    made.on("click", () => this.options.open(this.marks.get(key).target));
    return made.addTo(this._map);
  },

  /** Where the targets are in the window, so that no name of the ground is written below them. */
  boxes() {
    return [...this.marks.values()].map(({ target }) => {
      const { x, y } = this._map.latLngToContainerPoint(target);
      return [x - TARGET.width / 2, y - TARGET.height / 2, x + TARGET.width / 2, y + TARGET.height / 2];
    });
  },
});

function mark(made, isChosen) {
  const button = made.getElement().firstElementChild;
  button.classList.toggle("chosen", isChosen);
  if (isChosen) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  made.setZIndexOffset(isChosen ? ON_TOP : 0);
}

/** How far beyond an edge of what is free something of this half size stands; too large, it goes to the middle. */
function beyond(at, half, low, high) {
  if (high - low < 2 * half) return at - (low + high) / 2;
  return Math.min(0, at - half - low) || Math.max(0, at + half - high);
}

/**
 * A layer of targets. `describe(target, alone)` gives the words on one (name, count) and those that are read
 * out (label), where one entrance is chosen alone, of that; `open(target)` is called when one is touched, clicked, or chosen by keys.
 */
export function targetsLayer(options) {
  return new Targets(options);
}
