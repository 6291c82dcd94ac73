"""A planner's working copy of a draft: opened, changed by steps, undone, redone, discarded.

Nobody else sees a working copy; saving it makes a new edition (`gis.actions.plan.editions`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.domain.access import Scope, require
from gis.domain.codes import FIRST_EXCLUSIVE
from gis.domain.editing import UNASSIGNED, Step, WorkingDivision, difference, make_step
from gis.domain.lineage import is_exclusive
from gis.errors import Conflict, Message, NotFound
from gis.store.ground.blocks import current_build
from gis.store.plan import workspaces
from gis.store.plan.grid_codes import issued_codes
from gis.store.plan.handover_counts import ground_stamp
from gis.store.plan.plans import find_plan
from gis.store.tables import Plan, PlanWorkspace

MOST_KEPT = 8
"""Saved editions kept at a time by one process."""

_kept: OrderedDict[tuple, dict[int, int]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class WorkingCopy:
    """A person's working copy as it stands.

    ``base`` is the saved assignment it began with, ``saved`` the newest; they differ when somebody
    else has saved in between (``behind``).
    """

    plan: Plan
    workspace: PlanWorkspace
    base: dict[int, int]
    saved: dict[int, int]
    division: WorkingDivision

    @property
    def behind(self) -> bool:
        """Whether somebody saved a newer edition since."""
        return self.workspace.base_edition != self.plan.edition

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to save."""
        return self.division.number != self.base or self.division.locks != frozenset(
            self.plan.locks
        )


@dataclass(frozen=True)
class Taken:
    """What a step, an undo or a redo did to a working copy."""

    copy: WorkingCopy
    step: Step
    seq: int
    moves: dict[int, int]

    @property
    def touched(self) -> frozenset[int]:
        """Give the grids that lost or won a block."""
        numbers = {n for m in self.step.moves for n in (m.before, m.after)}
        return frozenset(numbers | set(self.moves.values()))


def why_not_editable(session: Session, plan: Plan) -> str | None:
    """Say why a plan cannot be edited, None when it can."""
    if plan.state != "draft":
        return "not_draft"
    build = current_build(session, plan.community_id)
    return None if build is not None and build.id == plan.build_id else "rebuilt"


_REASONS = {
    "not_draft": "only a draft can be edited, and this plan is {state}; branch it to go on from it",
    "rebuilt": "the blocks were built anew since this plan was drawn; branch it to bring it over",
}


def editable_plan(session: Session, scope: Scope, plan_id: int, *, lock: bool = False) -> Plan:
    """Get a draft that a person may edit; ``lock`` keeps others from changing it meanwhile.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; no right to edit plans.
    Conflict
        It is no draft, or its blocks were built anew.
    """
    plan = find_plan(session, plan_id, lock=lock)
    if plan is None or not scope.covers(plan.community_id):
        raise NotFound("there is no such plan in your area")
    require(scope, "plan.edit", plan.community_id)
    if reason := why_not_editable(session, plan):
        raise Conflict(_REASONS[reason], state=Message(plan.state))
    return plan


def open_copy(work: Work, plan_id: int, *, lock: bool = False) -> WorkingCopy:
    """Open a person's working copy of a draft, begun now when there is none.

    Parameters
    ----------
    lock
        Keep the working copy for this transaction: whoever changes it takes it so.
    """
    plan = editable_plan(work.session, work.scope, plan_id)
    found = workspaces.find_workspace(work.session, plan_id, work.scope.user_id, for_update=lock)
    if found is None:
        found = workspaces.open_workspace(work.session, plan, work.scope.user_id, work.now)
    saved = _saved_numbers(work.session, plan)
    base = saved
    if found.base_edition != plan.edition:
        base = workspaces.numbers_at(work.session, plan, found.base_edition, saved)
    changes = {int(block): number for block, number in found.changes.items()}
    number = base | {block: n for block, n in changes.items() if block in base}
    return WorkingCopy(plan, found, base, saved, WorkingDivision(number, frozenset(found.locks)))


def _saved_numbers(session: Session, plan: Plan) -> dict[int, int]:
    """Give the newest edition of a plan, kept in memory until it or the blocks change."""

    def stamp() -> tuple:
        written = workspaces.edition_stamp(session, plan.id)
        return (plan.id, *written, *ground_stamp(session, plan.community_id))

    key = stamp()
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return dict(_kept[key])
    found = workspaces.saved_numbers(session, plan.id)
    if stamp() != key:  # somebody saved while it was read
        return found
    with _lock:
        _kept[key] = dict(found)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def take_step(
    work: Work,
    plan_id: int,
    kind: str,
    moves: Mapping[int, int],
    *,
    lock: Iterable[str] = (),
    unlock: Iterable[str] = (),
    client_id: UUID | None = None,
) -> Taken:
    """Change a working copy by one step.

    Parameters
    ----------
    moves
        Grid number of each block that moves, 0 for none.
    lock, unlock
        Locks to set and to release, such as ``grid:3``.
    client_id
        The browser's name of the step: sent twice, it is taken once.

    Raises
    ------
    InvalidInput, Conflict
        As `gis.domain.editing.make_step`; nothing changes then.
    """
    copy = open_copy(work, plan_id, lock=True)
    client_id = client_id or uuid4()
    known = workspaces.seq_of(work.session, copy.workspace.id, client_id)
    if known is not None:
        return Taken(copy, Step(kind), known, {})
    step = make_step(copy.division, kind, moves, lock=lock, unlock=unlock)
    after = copy.division.play(step)
    seq = workspaces.add_step(work.session, copy.workspace, step, client_id, work.now)
    return Taken(keep_copy(work.session, copy, after, work.now), step, seq, step.homes)


def undo(work: Work, plan_id: int) -> Taken:
    """Take back the last step that counts.

    Raises
    ------
    Conflict
        There is nothing to take back.
    """
    copy = open_copy(work, plan_id, lock=True)
    step = workspaces.find_step(work.session, copy.workspace.id, copy.workspace.position)
    if step is None:
        raise Conflict("there is nothing to undo")
    copy.workspace.position -= 1
    return _changed(work.session, copy, copy.division.take_back(step), step, work.now)


def redo(work: Work, plan_id: int) -> Taken:
    """Do again the step that was taken back last.

    Raises
    ------
    Conflict
        Nothing was taken back since the last change.
    """
    copy = open_copy(work, plan_id, lock=True)
    step = workspaces.find_step(work.session, copy.workspace.id, copy.workspace.position + 1)
    if step is None:
        raise Conflict("there is nothing to do again")
    copy.workspace.position += 1
    return _changed(work.session, copy, copy.division.play(step), step, work.now)


def discard(work: Work, plan_id: int) -> Taken:
    """Go back to the saved edition, as one step that can be undone.

    Raises
    ------
    Conflict
        There are no unsaved changes.
    """
    copy = open_copy(work, plan_id, lock=True)
    if not copy.is_changed:
        raise Conflict("there are no unsaved changes to discard")
    saved_locks = frozenset(copy.plan.locks)
    unlocked = WorkingDivision(copy.division.number, frozenset())
    step = make_step(unlocked, "discard", difference(copy.division.number, copy.base))
    step = Step(
        "discard", step.moves, saved_locks - copy.division.locks, copy.division.locks - saved_locks
    )
    after = copy.division.play(step)
    seq = workspaces.add_step(work.session, copy.workspace, step, uuid4(), work.now)
    return Taken(keep_copy(work.session, copy, after, work.now), step, seq, step.homes)


def new_number(session: Session, copy: WorkingCopy) -> int:
    """Give the number of a new grid: above all ever used in the plan or issued in the community.

    Raises
    ------
    Conflict
        The numbers of common grids are used up.
    """
    number = 1 + max(
        workspaces.largest_number(session, copy.plan.id, below=FIRST_EXCLUSIVE),
        *(
            int(code[12:])
            for code in issued_codes(session, copy.plan.community_id)
            if not is_exclusive(code)
        ),
        UNASSIGNED,
    )
    if number >= FIRST_EXCLUSIVE:
        raise Conflict(
            "the numbers up to {last} are used up; branch the plan to go on",
            last=FIRST_EXCLUSIVE - 1,
        )
    return number


def _changed(
    session: Session, copy: WorkingCopy, after: WorkingDivision, step: Step, now: datetime
) -> Taken:
    moves = difference(copy.division.number, after.number)
    return Taken(keep_copy(session, copy, after, now), step, copy.workspace.position, moves)


def keep_copy(
    session: Session, copy: WorkingCopy, after: WorkingDivision, now: datetime
) -> WorkingCopy:
    """Store a working copy as it is after a change."""
    changes = difference(copy.base, after.number)
    copy.workspace.changes = {str(block): number for block, number in changes.items()}
    copy.workspace.locks = sorted(after.locks)
    copy.workspace.changed_at = now
    session.flush()
    return WorkingCopy(copy.plan, copy.workspace, copy.base, copy.saved, after)
