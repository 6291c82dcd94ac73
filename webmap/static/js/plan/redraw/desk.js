// What the planner has in hand: the tool, the chosen grid, a proposal; and what follows from a change.

import { UNASSIGNED } from "./division.js";
import { keepNumbers } from "./renumber.js";
import { heldText } from "./words.js";
import { grouped, t } from "../../shell/i18n.js";

export class Desk extends EventTarget {
  constructor({ map, work, scene, view, api }) {
    super();
    Object.assign(this, { map, work, scene, view, api });
    this.tool = "select";
    this.brush = 0;
    this.filter = "all";
    this.touched = [];
    this.proposal = null;
    this.explained = null;
    this.merging = null;
    this.changing = null;
    this.notice = null;
    this.listen();
  }

  listen() {
    this.work.addEventListener("changed", ({ detail }) => this.onChange(detail));
    this.work.addEventListener("confirmed", () => this.repaint([]));
    this.work.addEventListener("loaded", () => this.onLoaded());
    this.work.addEventListener("refused", ({ detail }) => this.say(detail.message, "alert"));
    this.work.addEventListener("link", () => this.refresh());
  }

  onChange({ rows, touched }) {
    performance.mark("redraw-changed");
    this.changing = null;
    if (this.proposal) this.dropProposal(t("The proposal was put aside: the division has changed."));
    this.touched = [...touched];
    this.repaint(rows);
    performance.mark("redraw-painted");
  }

  /** Draw the map again around some rows, and the panel soon after. */
  repaint(rows) {
    const before = { tints: this.scene.tints, off: this.scene.off };
    this.scene.refresh();
    const also = this.work.division.numbers().filter((n) => before.tints.get(n) !== this.scene.tints.get(n) || before.off.has(n) !== this.scene.off.has(n));
    this.view.drawRows([...rows, ...also.flatMap((n) => this.work.division.rowsOf(n))]);
    if (rows.length === 0 && also.length === 0) this.view.drawMarks();
    this.refresh();
  }

  onLoaded() {
    this.proposal = this.scene.proposal = null;
    this.dispatchEvent(new CustomEvent("loaded"));
  }

  /** Ask for the panel to be written again: once, and after the map has been shown. */
  refresh() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => setTimeout(() => {
      this.asked = false;
      this.dispatchEvent(new CustomEvent("refresh"));
      performance.mark("redraw-panel");
    }));
  }

  say(text, kind = "note") {
    this.notice = text === null ? null : { text, kind };
    this.refresh();
  }

  setTool(name) {
    if (this.tool === name) return;
    this.dispatchEvent(new CustomEvent("leave"));
    this.tool = name;
    this.dispatchEvent(new CustomEvent("tool"));
    this.refresh();
  }

  setBrush(size) {
    this.brush = size;
    this.dispatchEvent(new CustomEvent("tool"));
    this.refresh();
  }

  setFilter(filter) {
    this.filter = filter;
    this.refresh();
  }

  /** Choose a grid: it is shown, and painted into. */
  choose(number, { zoom = false } = {}) {
    const before = this.scene.grid;
    this.scene.grid = number;
    this.explained = null;
    const rows = [before, number].filter((n) => n !== null).flatMap((n) => this.work.division.rowsOf(n));
    if (zoom && number !== null) this.view.show(this.work.division.rowsOf(number));
    this.view.drawRows(rows);
    this.dispatchEvent(new CustomEvent("chosen"));
    this.refresh();
  }

  /** Stand on a block. */
  stand(row, { show = false } = {}) {
    const rows = [this.scene.row, row].filter((r) => r >= 0);
    this.scene.row = row;
    if (show && row >= 0) this.view.show([row]);
    this.view.drawRows(rows);
    this.refresh();
  }

  /** Point at blocks and go there. */
  point(ids) {
    const { rowOf } = this.work.ground;
    this.scene.marked = new Set(ids.map((id) => rowOf.get(id)).filter((row) => row !== undefined));
    this.view.show([...this.scene.marked]);
    this.view.drawAll();
  }

  /** The grid painted into: the chosen one, or none for the eraser. */
  target() {
    return this.tool === "erase" ? UNASSIGNED : this.scene.grid;
  }

  /** Rows that the filter lets through. */
  sift(rows) {
    const target = this.target();
    return rows.filter((row) => {
      const number = this.work.before(row);
      if (number === target) return false;
      if (this.filter === "all") return true;
      return this.filter === "unassigned" ? number === UNASSIGNED : number === Number(this.filter);
    });
  }

  movesOf(rows) {
    const target = this.target();
    return new Map(this.sift(rows).map((row) => [row, target]));
  }

  /** Move rows into the target as one step. */
  paint(rows) {
    if (this.target() === null) return this.say(t("Choose a grid first: click it on the map with Select, or take it from the list."), "warn");
    const { held } = this.work.take(this.kindOfPaint(), this.movesOf(rows));
    return this.tellHeld(held);
  }

  kindOfPaint() {
    return this.target() !== UNASSIGNED && !this.work.division.grids.has(this.target()) ? "new_grid" : "paint";
  }

  tellHeld(held) {
    if (held.size > 0) this.say(heldText(held, (n) => this.work.label(n)), "warn");
    else if (this.notice?.kind !== "alert") this.say(null);
  }

  /** Begin a grid that has no block yet. */
  newGrid() {
    this.scene.grid = this.work.nextNumber;
    this.setTool("paint");
    this.view.drawAll();
    this.say(t("A new grid: paint its blocks."));
  }

  /**
   * Let a tool of the server work something out; what it proposes is shown until it is decided on,
   * or taken `atOnce`, as a step like any other.
   */
  async propose(tool, wishes, title, { atOnce = false } = {}) {
    if (this.asking || this.work.busy) return;
    this.asking = title;
    this.dropProposal(null);
    this.say(t("{what}: working it out…", { what: title }));
    try {
      const found = await this.work.queue.push(() => this.api.post(`tools/${tool}`, wishes));
      this.showProposal({ ...found, title });
      if (atOnce) this.acceptNow();
    } catch (error) {
      this.say(error.message, "alert");
    } finally {
      this.asking = null;
      this.refresh();
    }
  }

  showProposal(found) {
    const { rowOf } = this.work.ground;
    const wished = new Map(found.moves.map(([block, number]) => [rowOf.get(block), number]));
    const { moves, kept } = keepNumbers(this.work.division, wished);
    const after = found.after.map((figures) => ({ ...figures, number: kept.get(figures.number) ?? figures.number }));
    this.say(null);
    this.proposal = { ...found, moves, after };
    this.scene.proposal = moves;
    this.view.drawAll();
    this.dispatchEvent(new CustomEvent("proposed"));
  }

  accept() {
    const { proposal } = this;
    if (!proposal || this.work.busy) return;
    this.dropProposal(null);
    const { held } = this.work.take(proposal.kind, proposal.moves);
    this.tellHeld(held);
  }

  acceptNow() {
    const n = this.proposal.moves.size;
    if (n === 0) return void this.dropProposal(t("Every block is in a grid already."));
    this.accept();
    this.say(t("{n} blocks went to the grids beside them; Ctrl+Z takes it back.", { n: grouped(n) }));
  }

  dropProposal(reason) {
    if (this.proposal === null) return;
    this.proposal = this.scene.proposal = null;
    this.view.drawAll();
    this.say(reason);
  }

  /** Set or release a lock. */
  toggleLock(word) {
    this.changeLocks(this.work.locks.has(word) ? { unlock: [word] } : { lock: [word] });
  }

  /** Lock every grid there is, or release every lock, as one step. */
  lockAll() {
    const words = this.work.division.numbers().map((n) => `grid:${n}`);
    this.changeLocks({ lock: words.filter((word) => !this.work.locks.has(word)) });
  }

  unlockAll() {
    this.changeLocks({ unlock: [...this.work.locks] });
  }

  changeLocks({ lock = [], unlock = [] }) {
    if (lock.length + unlock.length === 0) return;
    this.work.take("lock", new Map(), { lock, unlock });
    this.repaint([]);
    this.view.drawAll();
  }
}
