"""Editing a draft: steps that move blocks between grids, undo and redo, and two people's edits.

A working division says in which grid each block is: a mapping of block id to the number of the
grid in the plan, 0 for none. Locks are words: ``grid:3``, ``block:88``, ``border:3-5``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from gis.errors import Conflict, InvalidInput

UNASSIGNED = 0

STEP_KINDS = (
    "paint",
    "split",
    "merge",
    "new_grid",
    "border",
    "repair",
    "rebalance",
    "propose",
    "adopt",
    "lock",
    "cut",
    "discard",
    "merge_edits",
)
"""What a person did, or let the machine do, in one step."""


@dataclass(frozen=True)
class Move:
    """One block that leaves a grid for another."""

    block: int
    before: int
    after: int


@dataclass(frozen=True)
class Step:
    """One thing done to a working division; everything it changed, so that it can be taken back.

    ``locked`` and ``unlocked`` are the locks it set and released.
    """

    kind: str
    moves: tuple[Move, ...] = ()
    locked: frozenset[str] = frozenset()
    unlocked: frozenset[str] = frozenset()

    @property
    def homes(self) -> dict[int, int]:
        """Give the grid each block moved to."""
        return {m.block: m.after for m in self.moves}


@dataclass(frozen=True)
class WorkingDivision:
    """In which grid each block is, and what is locked.

    Examples
    --------
    >>> division = WorkingDivision({7: 1, 8: 2})
    >>> step = make_step(division, "paint", {8: 1})
    >>> division.play(step).number, division.play(step).take_back(step) == division
    ({7: 1, 8: 1}, True)
    """

    number: Mapping[int, int]
    locks: frozenset[str] = frozenset()

    def play(self, step: Step) -> WorkingDivision:
        """Give the division after a step; blocks that are no longer in use are passed over."""
        known = {m.block: m.after for m in step.moves if m.block in self.number}
        locks = (self.locks | step.locked) - step.unlocked
        return WorkingDivision({**self.number, **known}, locks)

    def take_back(self, step: Step) -> WorkingDivision:
        """Give the division without a step; what was changed again since stays as it is."""
        known = {m.block: m.before for m in step.moves if self.number.get(m.block) == m.after}
        locks = (self.locks | step.unlocked) - step.locked
        return WorkingDivision({**self.number, **known}, locks)

    def numbers(self) -> frozenset[int]:
        """Give the grids that have a block."""
        return frozenset(self.number.values()) - {UNASSIGNED}


def make_step(
    division: WorkingDivision,
    kind: str,
    moves: Mapping[int, int],
    *,
    lock: Iterable[str] = (),
    unlock: Iterable[str] = (),
) -> Step:
    """Make the step that brings blocks into grids and sets and releases locks.

    Only what really changes is kept in it.

    Raises
    ------
    InvalidInput
        The kind is unknown, a block is not one of the division, or a lock is not a word for one.
    Conflict
        A block that moves is locked.

    Examples
    --------
    >>> make_step(WorkingDivision({7: 1, 8: 2}), "paint", {7: 1, 8: 1}).moves
    (Move(block=8, before=2, after=1),)
    """
    if kind not in STEP_KINDS:
        raise InvalidInput(
            "“{kind}” is no kind of step; expected one of {kinds}",
            kind=kind,
            kinds=", ".join(STEP_KINDS),
        )
    if strangers := sorted(set(moves) - set(division.number)):
        raise InvalidInput(
            "block {block} is not one of this community in use; load the page again",
            block=strangers[0],
        )
    if wrong := sorted(n for n in moves.values() if n < UNASSIGNED):
        raise InvalidInput("{number} is no grid number; expected 0 (none) or more", number=wrong[0])
    real = tuple(
        Move(block, division.number[block], number)
        for block, number in sorted(moves.items())
        if division.number[block] != number
    )
    locked = frozenset(check_lock(word) for word in lock) - division.locks
    unlocked = frozenset(check_lock(word) for word in unlock) & division.locks
    _refuse_locked(division, real, unlocked)
    return Step(kind, real, locked, unlocked)


def _refuse_locked(
    division: WorkingDivision, moves: Iterable[Move], unlocked: Collection[str]
) -> None:
    locks = division.locks - set(unlocked)
    grids, blocks, borders = locked_grids(locks), locked_blocks(locks), locked_borders(locks)
    for move in moves:
        if move.block in blocks:
            raise Conflict("block {block} is locked; release its lock first", block=move.block)
        held = next((n for n in (move.before, move.after) if n in grids), None)
        if held is not None:
            raise Conflict("grid {grid} is locked; release its lock first", grid=held)
        if (min(move.before, move.after), max(move.before, move.after)) in borders:
            raise Conflict(
                "the border between grids {a} and {b} is locked; release its lock first",
                a=move.before,
                b=move.after,
            )


def check_lock(word: str) -> str:
    """Give back a lock, or refuse what is none.

    Examples
    --------
    >>> check_lock("border:5-3")
    'border:3-5'
    """
    kind, _, what = str(word).partition(":")
    parts = what.split("-") if kind == "border" else [what]
    whole = all(p.isascii() and p.isdigit() for p in parts)
    if kind not in ("grid", "block", "border") or not whole or len(parts) != 1 + (kind == "border"):
        raise InvalidInput(
            "“{word}” is no lock; expected grid:3, block:88 or border:3-5", word=word
        )
    return f"{kind}:{'-'.join(str(n) for n in sorted(int(p) for p in parts))}"


def locked_grids(locks: Iterable[str]) -> frozenset[int]:
    """Give the numbers of the grids that are locked as a whole."""
    return frozenset(int(w[5:]) for w in locks if w.startswith("grid:"))


def locked_blocks(locks: Iterable[str]) -> frozenset[int]:
    """Give the blocks that are locked one by one."""
    return frozenset(int(w[6:]) for w in locks if w.startswith("block:"))


def locked_borders(locks: Iterable[str]) -> frozenset[tuple[int, int]]:
    """Give the pairs of grids between which no block may change sides."""
    pairs = (w[7:].split("-") for w in locks if w.startswith("border:"))
    return frozenset((int(a), int(b)) for a, b in pairs)


def cut_in_step(step: Step, block: int, children: Collection[int]) -> Step:
    """Rewrite a step for a block that was cut: what happened to it happened to its children.

    Examples
    --------
    >>> step = Step("paint", (Move(7, 1, 2),), frozenset({"block:7"}))
    >>> cut_in_step(step, 7, [8, 9]).moves
    (Move(block=8, before=1, after=2), Move(block=9, before=1, after=2))
    """
    moves = [
        Move(b, m.before, m.after)
        for m in step.moves
        for b in (children if m.block == block else (m.block,))
    ]
    return Step(
        step.kind,
        tuple(sorted(moves, key=lambda m: m.block)),
        cut_in_locks(step.locked, block, children),
        cut_in_locks(step.unlocked, block, children),
    )


def cut_in_locks(locks: Iterable[str], block: int, children: Collection[int]) -> frozenset[str]:
    """Let the children of a block that was cut be locked as it was.

    Examples
    --------
    >>> sorted(cut_in_locks({"block:7", "grid:1"}, 7, [8, 9]))
    ['block:8', 'block:9', 'grid:1']
    """
    own = f"block:{block}"
    return frozenset(
        w for lock in locks for w in ([f"block:{c}" for c in children] if lock == own else [lock])
    )


def difference(base: Mapping[int, int], division: Mapping[int, int]) -> dict[int, int]:
    """Give the blocks that are in another grid than in a base, with their grid.

    Examples
    --------
    >>> difference({7: 1, 8: 2}, {7: 1, 8: 1})
    {8: 1}
    """
    return {b: n for b, n in sorted(division.items()) if base.get(b, UNASSIGNED) != n}


@dataclass(frozen=True)
class Clash:
    """A block that two people moved to different grids."""

    block: int
    base: int
    mine: int
    theirs: int


@dataclass(frozen=True)
class Merge:
    """Two people's edits of one base brought together; clashes are settled as was chosen."""

    number: dict[int, int]
    clashes: tuple[Clash, ...]
    renumbered: dict[int, int]


def merge_edits(
    base: Mapping[int, int],
    mine: Mapping[int, int],
    theirs: Mapping[int, int],
    *,
    prefer: str = "theirs",
    choices: Mapping[int, str] | None = None,
) -> Merge:
    """Bring two edits of one base together: what only one changed is taken, clashes are listed.

    Parameters
    ----------
    base, mine, theirs
        Grid number of each block.
    prefer
        Whose grid a block gets that both moved, each to another: ``mine`` or ``theirs``.
    choices
        The same for single blocks.

    Returns
    -------
    Merge
        New grids of mine that have a number theirs also gave away are ``renumbered``.

    Examples
    --------
    >>> merged = merge_edits({7: 1, 8: 1, 9: 2}, {7: 3, 8: 1, 9: 1}, {7: 1, 8: 3, 9: 3})
    >>> merged.number, merged.clashes, merged.renumbered
    ({7: 4, 8: 3, 9: 3}, (Clash(block=9, base=2, mine=1, theirs=3),), {3: 4})
    """
    for word in (prefer, *(choices or {}).values()):
        if word not in ("mine", "theirs"):
            raise InvalidInput("“{word}” is neither “mine” nor “theirs”", word=word)
    renumbered = _renumber(base, mine, theirs)
    own = {b: renumbered.get(n, n) for b, n in mine.items()}
    number, clashes = {}, []
    for block in sorted({*base, *own, *theirs}):
        was, i, they = (m.get(block, UNASSIGNED) for m in (base, own, theirs))
        number[block] = they if i == was else i
        if i != was and they != was and i != they:
            clashes.append(Clash(block, was, i, they))
            number[block] = i if (choices or {}).get(block, prefer) == "mine" else they
    return Merge(number, tuple(clashes), renumbered)


def _renumber(
    base: Mapping[int, int], mine: Mapping[int, int], theirs: Mapping[int, int]
) -> dict[int, int]:
    """Give my new grids numbers that theirs did not give away."""
    known = set(base.values())
    new_here, new_there = set(mine.values()) - known, set(theirs.values()) - known
    both = sorted((new_here & new_there) - {UNASSIGNED})
    first = 1 + max({UNASSIGNED, *known, *new_here, *new_there})
    return {number: first + i for i, number in enumerate(both)}


def next_number(*divisions: Mapping[int, int], used: Iterable[int] = ()) -> int:
    """Give the number of a new grid: above all that are or were in use.

    Examples
    --------
    >>> next_number({7: 1, 8: 4}, used=[6])
    7
    """
    return 1 + max([UNASSIGNED, *used, *(n for d in divisions for n in d.values())])
