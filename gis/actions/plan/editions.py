"""Saving a working copy as a new edition of its draft; two people's edits; going back.

What is saved passes the same independent checker as what the divider draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import uuid4

import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.plan.assessment import assess
from gis.actions.plan.draw import grid_rows, totals_of
from gis.actions.plan.effects import exclusive_numbers, locks_of, settled_codes, standing_of
from gis.actions.plan.working_ground import Standing
from gis.actions.plan.workspace import Taken, WorkingCopy, keep_copy, open_copy
from gis.domain.editing import (
    Merge,
    Move,
    Step,
    WorkingDivision,
    difference,
    merge_edits,
)
from gis.errors import Conflict, Defect, InvalidInput, Message, NotFound
from gis.geometry.redraw.faults import Fault, find_faults
from gis.store.plan import plan_drafts, workspaces
from gis.store.plan.plans import find_plan

SAVED_AS = {"edited": "plan.edit", "merged": "plan.merge", "reverted": "plan.revert"}
"""What the audit trail calls the saving of an edition, by how the edition came about."""


@dataclass(frozen=True)
class Saved:
    """A new edition of a draft: its number, and how many blocks and households changed grid."""

    edition: int
    blocks: int
    households: int


def save_copy(work: Work, plan_id: int, *, note: str = "") -> Saved:
    """Save a person's working copy as the next edition of the draft.

    Raises
    ------
    InvalidInput
        A rule is broken that a plan must keep: which, and where; nothing is saved.
    Conflict
        There is nothing to save, or somebody else saved an edition since (`WorkingCopy.behind`):
        merge first.
    """
    copy = _locked_copy(work, plan_id)
    if copy.behind:
        raise Conflict(
            "somebody saved a newer edition of this plan since you began; bring yours and theirs"
            " together first"
        )
    if not copy.is_changed:
        raise Conflict("there are no changes to save")
    merged = any(s.kind == "merge_edits" for s in _steps_since_saved(work.session, copy))
    kind = "merged" if merged else "edited"
    return _save(work, copy, kind=kind, note=note)


def preview_merge(work: Work, plan_id: int) -> Merge:
    """Tell what bringing one's edits and the newest edition together would give."""
    copy = open_copy(work, plan_id)
    return merge_edits(copy.base, copy.division.number, copy.saved)


def merge_copy(
    work: Work,
    plan_id: int,
    *,
    prefer: str = "theirs",
    choices: Mapping[int, str] | None = None,
) -> Taken:
    """Bring one's edits and the newest edition together, as a step that can be undone.

    Parameters
    ----------
    prefer, choices
        As `gis.domain.editing.merge_edits` takes them.

    Raises
    ------
    Conflict
        Nobody saved anything in between.
    """
    copy = _locked_copy(work, plan_id)
    if not copy.behind:
        raise Conflict("nobody saved anything since you began; there is nothing to merge")
    mine = copy.division
    merge = merge_edits(copy.base, mine.number, copy.saved, prefer=prefer, choices=choices)
    theirs = frozenset(copy.plan.locks)
    moves = difference(mine.number, merge.number)
    step = Step(
        "merge_edits",
        tuple(Move(b, mine.number[b], n) for b, n in moves.items()),
        locked=theirs - mine.locks,
    )
    copy.workspace.base_edition = copy.plan.edition
    onto = WorkingCopy(copy.plan, copy.workspace, copy.saved, copy.saved, mine)
    after = mine.play(step)
    seq = workspaces.add_step(work.session, copy.workspace, step, uuid4(), work.now)
    return Taken(keep_copy(work.session, onto, after, work.now), step, seq, moves)


def revert_plan(work: Work, plan_id: int, edition: int, *, note: str = "") -> Saved:
    """Save an earlier edition of a draft again, as its newest.

    Raises
    ------
    NotFound
        The plan has no such edition.
    Conflict
        It is the newest one, or the person has unsaved changes.
    """
    copy = _locked_copy(work, plan_id)
    if workspaces.find_edition(work.session, plan_id, edition) is None:
        raise NotFound("this plan has no edition {edition}", edition=edition)
    if copy.is_changed or copy.behind:
        raise Conflict("you have unsaved changes of this plan; save or discard them first")
    former = workspaces.numbers_at(work.session, copy.plan, edition, copy.saved)
    if former == copy.saved:
        raise Conflict("edition {edition} is what is saved now", edition=edition)
    changed = WorkingCopy(
        copy.plan,
        copy.workspace,
        copy.base,
        copy.saved,
        WorkingDivision(former, copy.division.locks),
    )
    note = note or f"edition {edition}"
    return _save(work, changed, kind="reverted", note=note)


def stopping_defects(faults: Iterable[Fault], codes: Mapping[int, str]) -> list[Defect]:
    """Word the broken rules that keep a division from being saved; ``codes`` by grid number."""

    def say(fault: Fault) -> Message:
        names = ", ".join(codes.get(int(n), n)[-3:] for n in fault.codes)
        return Message(_WORDS[fault.rule], grids=names, blocks=len(fault.blocks))

    return [Defect(say(fault), code=fault.rule) for fault in faults if fault.stops]


_WORDS = {
    "unassigned": "{blocks} blocks are in no grid; assign them",
    "empty": "grid {grids} has no blocks",
    "not_connected": "grid {grids} is not connected ({blocks} blocks off its main part);"
    " make it contiguous",
    "lock_broken": "{blocks} locked blocks of grid {grids} were moved; release the lock first",
    "exclusive_mixed": "grid {grids} mixes exclusive grids; keep each apart",
    "exclusive_split": "an exclusive grid is split among grids {grids}; keep it whole",
}


def _locked_copy(work: Work, plan_id: int) -> WorkingCopy:
    """Open a working copy so that nobody saves the plan meanwhile."""
    plan = find_plan(work.session, plan_id)
    if plan is not None:
        plan_drafts.lock_plan(work.session, plan)
    return open_copy(work, plan_id, lock=True)


def _steps_since_saved(session: Session, copy: WorkingCopy) -> list:
    edition = workspaces.find_edition(session, copy.plan.id, copy.plan.edition)
    begun = edition.saved_at if edition else copy.workspace.opened_at
    steps = workspaces.list_steps(session, copy.workspace.id)[: copy.workspace.position]
    return [step for step in steps if step.at >= begun]


def _save(work: Work, copy: WorkingCopy, *, kind: str, note: str) -> Saved:
    standing = standing_of(work.session, work.scope, copy, today=work.now.date())
    labels = standing.labels_of(copy.division.number)
    faults = find_faults(standing.ground, labels, locks_of(standing, copy.division))
    if defects := stopping_defects(faults, settled_codes(work.session, copy, standing)):
        raise InvalidInput("this division cannot be saved as it is", defects)
    moves = difference(copy.saved, copy.division.number)
    store_assignment(work.session, copy, standing)
    copy.plan.locks = sorted(copy.division.locks)
    edition = workspaces.add_edition(
        work.session,
        copy.plan,
        [Move(b, copy.saved[b], n) for b, n in moves.items()],
        kind=kind,
        note=note.strip(),
        saved_by=work.scope.user_id,
        now=work.now,
    )
    copy.workspace.base_edition, copy.workspace.changes = edition, {}
    copy.workspace.changed_at = work.now
    work.session.flush()
    moved = [standing.ground.row_of[b] for b in moves]
    saved = Saved(edition, len(moves), int(standing.ground.households[moved].sum()))
    work.audit(
        SAVED_AS[kind],
        object_kind="plan",
        object_id=copy.plan.id,
        community_id=copy.plan.community_id,
        detail={"edition": edition, "blocks": saved.blocks, "households": saved.households},
    )
    return saved


def store_assignment(session: Session, copy: WorkingCopy, standing: Standing) -> None:
    """Store the assignment of a working copy in its plan, with measured and explained grids.

    Raises
    ------
    InvalidInput
        The checker found a rule broken other than the band.
    """
    request = standing.request
    division = assess(request, pd.Series(copy.division.number, name="grid"))
    if not division.quality.is_sound:
        first = next(v for v in division.quality.violations)
        raise InvalidInput("the division is not sound: {reason}", reason=first.message)
    special = exclusive_numbers(standing, copy.division)
    names = {copy.division.number[b]: name for b, name in request.exclusive.items()}
    codes = settled_codes(session, copy, standing)
    grids = grid_rows(division, request, codes, {n: names[n] for n in special})
    plan_drafts.replace_assignment(
        session, copy.plan, grids, pd.Series(copy.division.number), quality=totals_of(division)
    )
