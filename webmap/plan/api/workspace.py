"""A planner's working copy of a draft: what it is, each step, undo and redo, saving, merging."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import numpy as np
from flask import Blueprint

from gis.actions.plan import editions, workspace
from gis.actions.plan.effects import measure_effect, standing_of
from gis.actions.plan.workspace import Taken, WorkingCopy, open_copy, why_not_editable
from gis.database.engine import Session
from gis.domain.editing import UNASSIGNED, Clash
from gis.errors import Conflict, InvalidInput
from gis.geometry.redraw.payload import Payload, to_payload
from gis.store.plan import workspaces
from gis.store.plan.plan_grids import grid_names
from gis.store.plan.plans import get_plan
from gis.store.tables import PlanStep
from webmap.plan.words.workspace_view import EffectTold, WorkingGrid, describe_effect
from webmap.shell.access import allowed
from webmap.shell.answers import Moment
from webmap.shell.bodies import json_body, text_of, texts_of
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("workspace_api", __name__, url_prefix="/api/v1/plans/<int:plan_id>/workspace")


@dataclass(frozen=True)
class WorkingPlan:
    """The plan that a working copy is of.

    Parameters
    ----------
    measure, minimum, maximum, target
        Its band.
    live_plan
        The plan in force.
    """

    id: int
    name: str
    state: str
    edition: int
    measure: str
    minimum: float
    maximum: float
    target: float
    live_plan: int | None


class WorkingGround(Payload):
    """The ground: a row for each block, an edge for each border between two.

    Lengths are in decimetres, workload in hundredths, x and y in metres from ``origin``.
    """

    special_care: list[int]
    open_incidents: list[int]


@dataclass(frozen=True)
class OtherEditor:
    """Somebody else with a working copy of the plan."""

    name: str
    changed_at: Moment


@dataclass(frozen=True)
class StepTold:
    """A step of a working copy."""

    seq: int
    kind: str
    blocks: int
    households: int
    locks: int
    at: Moment


@dataclass(frozen=True)
class _State:
    position: int
    n_steps: int
    locks: list[str]
    edition: int
    behind: bool
    changed: bool


@dataclass(frozen=True)
class WorkingCopyTold(_State):
    """One's working copy of a draft, with everything a page needs to edit it.

    Parameters
    ----------
    position, n_steps
        Steps taken and not undone, and all there are.
    behind
        Whether somebody saved an edition since.
    numbers, saved
        Grid number of each row of the ground, now and as saved; 0 for none.
    saved_codes
        By grid number.
    published
        Code of each row under the plan in force.
    next_number
        Of a new grid.
    """

    editable: Literal[True]
    why_not: None
    plan: WorkingPlan
    ground: WorkingGround
    numbers: list[int]
    saved: list[int]
    saved_codes: dict[str, str]
    published: list[str | None]
    grids: dict[str, WorkingGrid]
    effect: EffectTold
    next_number: int
    others: list[OtherEditor]
    steps: list[StepTold]


@dataclass(frozen=True)
class PlanState:
    """A plan, and where it is in its life."""

    id: int
    state: str


@dataclass(frozen=True)
class NotEditable:
    """A plan that cannot be edited, and why: ``not_draft`` or ``rebuilt``."""

    editable: Literal[False]
    why_not: str
    plan: PlanState


@dataclass(frozen=True)
class StepTaken(_State):
    """What a step did: the blocks that moved with their grid numbers, and the effect.

    Parameters
    ----------
    position, n_steps
        Steps taken and not undone, and all there are.
    behind
        Whether somebody saved an edition since.
    """

    seq: int
    moves: list[tuple[int, int]]
    effect: EffectTold


@dataclass(frozen=True)
class EditionBy:
    """An edition that somebody saved."""

    by: str | None
    at: Moment
    note: str | None


@dataclass(frozen=True)
class ChangedBlocks:
    """Blocks that either side moved."""

    theirs: int
    mine: int


@dataclass(frozen=True)
class MergePreview:
    """What bringing one's edits and the newest edition together would give."""

    clashes: tuple[Clash, ...]
    theirs: EditionBy
    blocks: ChangedBlocks


@blueprint.get("")
@allowed("plan.edit")
def show(plan_id: int) -> WorkingCopyTold | NotEditable:
    """Open one's working copy of a draft, with everything a page needs to edit it."""
    scope = current_scope()
    with transaction() as session:
        plan = get_plan(session, scope, plan_id)
        reason = why_not_editable(session, plan)
        if reason:
            return NotEditable(False, reason, PlanState(plan.id, plan.state))
        return _whole(session, open_copy(current_work(session), plan_id))


def _whole(session: Session, copy: WorkingCopy) -> WorkingCopyTold:
    scope, today = current_scope(), now().date()
    standing = standing_of(session, scope, copy, today=today)
    effect = describe_effect(measure_effect(session, scope, copy, today=today))
    ground, plan = standing.ground, copy.plan
    ids = ground.block_id.tolist()
    others = workspaces.list_others(session, plan.id, scope.user_id)
    return WorkingCopyTold(
        editable=True,
        why_not=None,
        plan=WorkingPlan(
            id=plan.id,
            name=plan.name,
            state=plan.state,
            edition=plan.edition,
            measure=ground.measure,
            minimum=ground.minimum,
            maximum=ground.maximum,
            target=standing.request.target,
            live_plan=standing.live_plan,
        ),
        ground=WorkingGround(
            **to_payload(ground),
            special_care=standing.special_care.tolist(),
            open_incidents=standing.open_incidents.tolist(),
        ),
        numbers=[copy.division.number.get(b, UNASSIGNED) for b in ids],
        saved=[copy.saved.get(b, UNASSIGNED) for b in ids],
        saved_codes={str(n): row.code for n, row in grid_names(session, plan.id).items()},
        published=[code or None for code in standing.former.tolist()],
        grids=effect.grids,
        effect=effect,
        next_number=workspace.new_number(session, copy),
        others=[OtherEditor(o.name, o.changed_at.isoformat()) for o in others],
        steps=[
            _describe_step(step, standing.ground.row_of, ground.households)
            for step in workspaces.list_steps(session, copy.workspace.id)
        ],
        **_state(session, copy),
    )


def _describe_step(step: PlanStep, row_of: dict[int, int], households: np.ndarray) -> StepTold:
    rows = [row_of[move[0]] for move in step.moves if move[0] in row_of]
    return StepTold(
        seq=step.seq,
        kind=step.kind,
        blocks=len(step.moves),
        households=int(households[rows].sum()),
        locks=len(step.locked) + len(step.unlocked),
        at=step.at.isoformat(),
    )


def _state(session: Session, copy: WorkingCopy) -> dict[str, Any]:
    """Say where a working copy stands: what may be undone, saved and merged."""
    return {
        "position": copy.workspace.position,
        "n_steps": workspaces.count_steps(session, copy.workspace.id),
        "locks": sorted(copy.division.locks),
        "edition": copy.plan.edition,
        "behind": copy.behind,
        "changed": copy.is_changed,
    }


def _answer(session: Session, taken: Taken) -> StepTaken:
    """Tell what a step did: the blocks that moved, and the effect on the grids it touched."""
    effect = measure_effect(
        session, current_scope(), taken.copy, touched=taken.touched, today=now().date()
    )
    return StepTaken(
        seq=taken.seq,
        moves=sorted(taken.moves.items()),
        effect=describe_effect(effect),
        **_state(session, taken.copy),
    )


@blueprint.post("/steps")
@allowed("plan.edit")
def take_step(plan_id: int) -> StepTaken:
    """Change a working copy by one step; sent twice under one ``client_id`` it is taken once."""
    body = json_body()
    with transaction() as session:
        taken = workspace.take_step(
            current_work(session),
            plan_id,
            str(body.get("kind") or ""),
            moves_of(body),
            lock=texts_of(body, "lock"),
            unlock=texts_of(body, "unlock"),
            client_id=_client_id(body),
        )
        return _answer(session, taken)


def moves_of(body: dict) -> dict[int, int]:
    """Read moves: a list of block and grid number."""
    moves = body.get("moves") or []
    pairs = isinstance(moves, list) and all(isinstance(m, list) and len(m) == 2 for m in moves)
    if not pairs or not all(type(n) is int for move in moves for n in move):
        raise InvalidInput("moves: expected a list of [block, grid number]")
    return dict(moves)


def _client_id(body: dict) -> UUID | None:
    value = text_of(body, "client_id")
    try:
        return None if value is None else UUID(value)
    except ValueError:
        raise InvalidInput("client_id: expected a UUID") from None


@blueprint.post("/undo")
@allowed("plan.edit")
def undo(plan_id: int) -> StepTaken:
    """Take back the last step."""
    return _change(workspace.undo, plan_id)


@blueprint.post("/redo")
@allowed("plan.edit")
def redo(plan_id: int) -> StepTaken:
    """Do again the step taken back last."""
    return _change(workspace.redo, plan_id)


@blueprint.post("/discard")
@allowed("plan.edit")
def discard(plan_id: int) -> StepTaken:
    """Go back to the saved edition."""
    return _change(workspace.discard, plan_id)


def _change(action: Callable[..., Taken], plan_id: int, **more: object) -> StepTaken:
    with transaction() as session:
        return _answer(session, action(current_work(session), plan_id, **more))


@blueprint.post("/save")
@allowed("plan.edit")
def save(plan_id: int) -> editions.Saved:
    """Save a working copy as the next edition of its draft."""
    note = text_of(json_body(), "note") or ""
    with transaction() as session:
        return editions.save_copy(current_work(session), plan_id, note=note)


@blueprint.get("/merge")
@allowed("plan.edit")
def preview_merge(plan_id: int) -> MergePreview:
    """Tell what bringing one's edits and the newest edition together would give."""
    with transaction() as session:
        work = current_work(session)
        copy = open_copy(work, plan_id)
        if not copy.behind:
            raise Conflict("nobody saved anything since you began; there is nothing to merge")
        merge = editions.preview_merge(work, plan_id)
        newest = workspaces.list_editions(session, plan_id)[0]
    return MergePreview(
        clashes=merge.clashes,
        theirs=EditionBy(newest.by, newest.saved_at.isoformat(), newest.note),
        blocks=ChangedBlocks(
            theirs=sum(copy.base[b] != n for b, n in copy.saved.items()),
            mine=sum(copy.base[b] != n for b, n in copy.division.number.items()),
        ),
    )


@blueprint.post("/merge")
@allowed("plan.edit")
def merge(plan_id: int) -> StepTaken:
    """Bring one's edits and the newest edition together, as a step that can be undone."""
    body = json_body()
    choices = body.get("choices") or {}
    if not isinstance(choices, dict) or not all(
        len(block) <= 10 and block.isascii() and block.isdigit() for block in choices
    ):
        raise InvalidInput("choices: expected “mine” or “theirs” by block")
    wanted = {int(block): str(word) for block, word in choices.items()}
    prefer = text_of(body, "prefer") or "theirs"
    return _change(editions.merge_copy, plan_id, prefer=prefer, choices=wanted)


_AT = "/api/v1/plans/{plan_id}/workspace"
_PLAN = in_path("plan_id", "integer")

OPENAPI = {
    _AT: says(
        "get",
        "One's working copy of a draft: ground, grids, steps and effect",
        _PLAN,
    ),
    f"{_AT}/steps": says(
        "post",
        "Change it by one step",
        _PLAN,
        kind="string",
        moves="array",
        lock="array",
        unlock="array",
        client_id="string",
    ),
    f"{_AT}/undo": says("post", "Take back the last step", _PLAN),
    f"{_AT}/redo": says("post", "Do it again", _PLAN),
    f"{_AT}/discard": says("post", "Go back to the saved edition", _PLAN),
    f"{_AT}/save": says(
        "post",
        "Save as the next edition",
        _PLAN,
        note="string",
    ),
    f"{_AT}/merge": says("get", "What merging with the newest edition gives", _PLAN)
    | says(
        "post",
        "Merge with the newest edition",
        _PLAN,
        prefer="string",
        choices="object",
    ),
}
