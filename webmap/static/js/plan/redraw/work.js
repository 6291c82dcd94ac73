// A planner's working copy: painted at once here, confirmed in order by the server.

import { codeChanges, letterOf } from "./codes.js";
import { Division, UNASSIGNED } from "./division.js";
import { findFaults, totals } from "./faults.js";
import { readGround } from "./ground.js";
import { measureImpact } from "./impact.js";
import { heldBy } from "./locks.js";
import { Queue } from "./queue.js";
import { t } from "../../shell/i18n.js";

export class Work extends EventTarget {
  /** `api`: get(), post(path, body) below the working copy's address; `loaded`: what get() gave. */
  constructor(api, loaded) {
    super();
    this.api = api;
    this.stroke = null;
    this.turn = Promise.resolve();
    this.busy = false;
    this.link = { waiting: 0, trouble: false };
    this.queue = new Queue({ onState: (state) => this.heard(state) });
    this.load(loaded);
  }

  load(loaded) {
    this.plan = loaded.plan;
    this.ground = readGround(loaded.ground);
    this.division = new Division(this.ground, loaded.numbers);
    this.saved = loaded.saved;
    this.base = new Division(this.ground, loaded.saved);
    this.codes = loaded.saved_codes;
    this.published = loaded.published;
    this.hasPublished = loaded.published.some(Boolean);
    this.steps = loaded.steps;
    this.others = loaded.others;
    this.nextNumber = loaded.next_number;
    this.effect = { ...loaded.effect, confirmed: true };
    this.takeState(loaded);
  }

  takeState({ position, locks, edition, behind, changed }) {
    this.changed = changed;
    this.position = position;
    this.locks = new Set(locks);
    this.edition = edition;
    this.behind = behind;
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  heard(state) {
    this.link = state;
    this.tell("link", state);
  }

  /**
   * Name of a grid as people know it: the last three digits of the code it was saved with, however it is painted
   * meanwhile. A new one has a letter until it is saved.
   */
  nameOf(number) {
    return this.codes[number]?.slice(-3) ?? `+${letterOf(number, this.codes)}`;
  }

  /** The code a grid would get if it were saved as it is: by it, who changes worker is reckoned. */
  codeOf(number) {
    return number === UNASSIGNED ? null : this.effect.grids[number]?.code ?? `new-${number}`;
  }

  workerOf(number) {
    return this.effect.grids[number]?.worker ?? null;
  }

  measure(number) {
    return this.division.measure(number);
  }

  /** The name of a grid for sentences: 003, or +A of a new one. */
  label(number) {
    return number === UNASSIGNED ? t("no grid") : this.nameOf(number);
  }

  /** Name of the grid that would get a code: its own name, not the digits it has not got yet. */
  labelOfCode(code) {
    const number = this.division.numbers().find((n) => this.codeOf(n) === code);
    return number === undefined ? code.slice(-3) : this.label(number);
  }

  /** Which codes saving would change, as far as the server has told; see codes.js. */
  codeChanges() {
    const codes = Object.fromEntries(this.division.numbers().map((n) => [n, this.effect.grids[n]?.code ?? null]));
    return codeChanges(this.codes, codes);
  }

  changedRows() {
    const found = [];
    for (let row = 0; row < this.ground.n; row++) if (this.division.number[row] !== this.saved[row]) found.push(row);
    return found;
  }

  /** Split wished moves (Map row -> number) into those that may be and those a lock holds. */
  sort(moves) {
    const free = new Map();
    const held = new Map();
    for (const [row, number] of moves) {
      if (this.division.number[row] === number) continue;
      const lock = heldBy(this.locks, this.ground.id[row], this.division.number[row], number);
      if (lock === null) free.set(row, number);
      else held.set(row, lock);
    }
    return { free, held };
  }

  /**
   * Take one step: blocks move at once, the server hears of it in turn.
   * Blocks that a lock holds stay; gives how many moved and which locks held the others.
   */
  take(kind, moves, { lock = [], unlock = [] } = {}) {
    if (this.busy) return { moved: 0, held: new Map() };
    for (const word of unlock) this.locks.delete(word);
    this.begin();
    const held = this.preview(moves);
    for (const word of lock) this.locks.add(word);
    return { moved: this.commit(kind, { lock, unlock }), held };
  }

  /** Begin a stroke: what is previewed from now on is one step, kept by `commit` or taken back by `cancel`. */
  begin() {
    this.stroke ??= new Map();
  }

  /** Move blocks for the eye, within a stroke; gives the blocks that locks hold. */
  preview(moves) {
    this.begin();
    const { free, held } = this.sort(moves);
    if (free.size > 0) {
      for (const row of free.keys()) if (!this.stroke.has(row)) this.stroke.set(row, this.division.number[row]);
      const touched = this.apply(free);
      this.told({ rows: [...free.keys()], touched });
    }
    return held;
  }

  /** The grid a block was in before the stroke. */
  before(row) {
    return this.stroke?.get(row) ?? this.division.number[row];
  }

  cancel() {
    const back = this.stroke ?? new Map();
    this.stroke = null;
    if (back.size > 0) this.told({ rows: [...back.keys()], touched: this.apply(back) });
  }

  /** End a stroke as one step; gives how many blocks moved. */
  commit(kind, { lock = [], unlock = [] } = {}) {
    const moves = new Map();
    for (const [row, was] of this.stroke ?? []) if (was !== this.division.number[row]) moves.set(row, this.division.number[row]);
    this.stroke = null;
    if (moves.size === 0 && lock.length + unlock.length === 0) return 0;
    const pairs = [...moves].map(([row, number]) => [this.ground.id[row], number]);
    this.log(kind, moves, lock.length + unlock.length);
    this.changed = true;
    this.tell("stepped", { kind, moves, lock, unlock });
    this.send("steps", { client_id: clientId(), kind, moves: pairs, lock, unlock });
    return moves.size;
  }

  log(kind, moves, locks) {
    this.steps = this.steps.slice(0, this.position);
    const households = [...moves.keys()].reduce((sum, row) => sum + this.ground.loads[0][row], 0);
    this.position += 1;
    this.steps.push({ seq: this.position, kind, blocks: moves.size, households, locks, at: new Date().toISOString() });
  }

  apply(moves) {
    const touched = new Set();
    for (const [row, number] of moves) {
      touched.add(this.division.number[row]).add(number);
      this.division.move(row, number);
      if (number >= this.nextNumber) this.nextNumber = number + 1;
    }
    touched.delete(UNASSIGNED);
    return touched;
  }

  /** Tell the page of a change; until the server has confirmed, the browser's own sums are shown. */
  told({ rows, touched }) {
    this.effect = {
      ...this.effect,
      confirmed: false,
      totals: totals(this.division),
      faults: [...findFaults(this.division), ...this.effect.faults.filter((f) => f.rule === "lock_broken")],
      impact: this.hasPublished ? measureImpact(this.division, this.published, (n) => this.codeOf(n), this.workers()) : this.effect.impact,
    };
    this.tell("changed", { rows, touched });
  }

  workers() {
    const known = this.effect.impact.moves.flatMap((m) => [[m.from_code, m.from_worker], [m.to_code, m.to_worker]]);
    return Object.fromEntries([...known, ...Object.values(this.effect.grids).map((grid) => [grid.code, grid.worker])]);
  }

  async send(path, body) {
    this.keepUnsent(body);
    try {
      const answer = await this.queue.push(() => this.api.post(path, body), body);
      if (this.queue.length === 0) this.confirm(answer);
    } catch (error) {
      this.tell("refused", { message: error.message });
      if (this.queue.length === 0) await this.reload();
    } finally {
      this.keepUnsent();
    }
  }

  /** The browser keeps what the server has not answered yet; `more` is about to be sent too. */
  keepUnsent(more = null) {
    this.api.unsent.keep([...this.queue.waiting(), ...(more ? [more] : [])]);
  }

  /** The server's word on the newest state. */
  confirm(answer) {
    this.takeState(answer);
    if (this.stroke === null) this.effect = { ...answer.effect, confirmed: true };
    this.tell("confirmed", answer);
  }

  /** Fetch everything again, as after a refusal or a cut block. */
  async reload() {
    const loaded = await this.queue.push(() => this.api.get());
    this.load(loaded);
    this.tell("loaded");
  }

  undo() {
    return this.inTurn(() => this.position > 0 && this.change("undo", {}, this.position - 1));
  }

  redo() {
    return this.inTurn(() => this.position < this.steps.length && this.change("redo", {}, this.position + 1));
  }

  /** Keys may be quicker than the server: what is asked for next is done next. */
  inTurn(act) {
    this.turn = this.turn.then(act);
    return this.turn;
  }

  async jump(position) {
    while (this.position > position) if (!(await this.undo())) return;
    while (this.position < position) if (!(await this.redo())) return;
  }

  discard() {
    return this.change("discard", {}, this.steps.length + 1);
  }

  merge(body) {
    return this.change("merge", body, this.steps.length + 1);
  }

  /** A change that the server works out: nothing else is done meanwhile, what is painted waits. */
  async change(path, body, wanted) {
    if (this.busy || this.stroke !== null) return false;
    this.busy = true;
    try {
      const answer = await this.queue.push((attempt) => this.once(path, body, wanted, attempt));
      if (answer.reloaded) this.load(answer.reloaded);
      else this.absorb(answer, path);
      this.tell(answer.reloaded ? "loaded" : "confirmed", answer);
      return true;
    } catch (error) {
      this.tell("refused", { message: error.message });
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Undo sent twice would undo twice: after a lost answer, look first whether it was done. */
  async once(path, body, wanted, attempt) {
    if (attempt > 0) {
      const now = await this.api.get();
      if (now.position === wanted) return { reloaded: now };
    }
    return this.api.post(path, body);
  }

  absorb(answer, path) {
    const moves = new Map(answer.moves.map(([block, number]) => [this.ground.rowOf.get(block), number]));
    if (path === "discard" || path === "merge") this.log(path === "merge" ? "merge_edits" : path, moves, 0);
    const touched = this.apply(moves);
    this.takeState(answer);
    this.effect = { ...answer.effect, confirmed: true };
    this.tell("changed", { rows: [...moves.keys()], touched });
  }

  /** Save as the next edition; refused with the reason when a rule stops it or somebody was quicker. */
  async save(note) {
    const before = this.codes;
    try {
      const saved = await this.queue.push(() => this.api.post("save", { note }));
      await this.reload();
      return { ...saved, changes: codeChanges(before, this.codes) };
    } catch (error) {
      await this.reload(); // somebody may have been quicker, or a rule may have been broken elsewhere
      throw error;
    }
  }
}

function clientId() {
  if (globalThis.crypto?.randomUUID) return globalThis.crypto.randomUUID();
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
