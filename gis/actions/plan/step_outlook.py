"""What a step of a plan will do, told before it is taken; refused if that has changed since."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace

from gis.actions.access.work import Work
from gis.actions.plan.impact import read_impact
from gis.actions.plan.publishing import plan_for
from gis.domain.plan import PERMISSION_OF_STEP, next_state
from gis.errors import Conflict, NotFound
from gis.store.plan import plan_drafts, workspaces
from gis.store.plan.plan_grids import workers_of
from gis.store.plan.plans import get_plan, list_grids, live_plan_id
from gis.store.plan.workers import names_of_who_may

PERMISSION_AFTER = {
    "submit": "plan.approve",
    "approve": "plan.publish",
    "withdraw": "plan.publish",
    "return": "plan.edit",
}
"""What the one may do whose turn it is after a step."""


@dataclass(frozen=True)
class StepOutlook:
    """What a step of a plan will do, as things stand now.

    Parameters
    ----------
    step
        Such as ``submit``.
    state, edition
        Of the plan.
    grids, households
        Of the plan.
    out_of_band, vacant
        Codes of its basic grids whose households are outside the band of the community, and of its
        grids that nobody looks after.
    changing_grid, changing_worker, special_care, open_incidents
        Households that are in another grid than in the plan in force; those whose worker is
        another person or nobody; those with special care among the first; and the incidents still
        open that go over with them.
    in_force
        Name of the plan in force; None where there is none.
    next_by
        Names of those who may take the step after it.
    unsaved_by
        Names of others with unsaved edits of the plan.
    seen
        To be sent with the step, which is refused if anything above has changed by then.
    """

    step: str
    state: str
    edition: int
    grids: int
    households: int
    out_of_band: tuple[str, ...]
    vacant: tuple[str, ...]
    changing_grid: int
    changing_worker: int
    special_care: int
    open_incidents: int
    in_force: str | None
    next_by: tuple[str, ...]
    unsaved_by: tuple[str, ...]
    seen: str = ""


def read_step_outlook(work: Work, plan_id: int, step: str) -> StepOutlook:
    """Tell what a step of a plan will do, to whom may take it.

    Raises
    ------
    NotFound, NotAllowed
        No such step, or no such plan in the area; no right to take the step.
    Conflict
        The plan is in no state for this step.
    """
    if step not in PERMISSION_OF_STEP:
        raise NotFound("there is no such step of a plan")
    plan = plan_for(work.session, work.scope, plan_id, PERMISSION_OF_STEP[step])
    next_state(plan.state, step)
    told = _measure(work, plan_id, step)
    return replace(told, seen=_fingerprint(told))


def refuse_if_changed(work: Work, plan_id: int, step: str, seen: str) -> None:
    """Refuse a step whose outlook is another than the one that was told; waits for other steps.

    Raises
    ------
    Conflict
        Something has changed.
    """
    plan = plan_for(work.session, work.scope, plan_id, PERMISSION_OF_STEP[step])
    plan_drafts.lock_plan(work.session, plan)
    if _fingerprint(_measure(work, plan_id, step)) != seen:
        raise Conflict(
            "the plan or its workers have changed since you were told what this step does; "
            "read again what it does now, and confirm"
        )


def _measure(work: Work, plan_id: int, step: str) -> StepOutlook:
    session, scope, today = work.session, work.scope, work.now.date()
    plan = plan_for(session, scope, plan_id, PERMISSION_OF_STEP[step])
    community = plan_drafts.community_of(session, scope, plan.community_id)
    grids = list_grids(session, scope, plan.id, today=today)
    workers = workers_of(session, plan.community_id, today=today)
    concerned = read_impact(session, scope, plan.id, today=today)
    totals = concerned.impact.totals
    live = live_plan_id(session, plan.community_id)
    others = workspaces.list_others(session, plan.id, scope.user_id)
    off = [
        grid.code
        for grid in grids
        if grid.kind == "basic" and not community.minimum <= grid.households <= community.maximum
    ]
    return StepOutlook(
        step=step,
        state=plan.state,
        edition=plan.edition,
        grids=len(grids),
        households=sum(grid.households for grid in grids),
        out_of_band=tuple(off),
        vacant=tuple(grid.code for grid in grids if grid.code not in workers),
        changing_grid=totals["households"],
        changing_worker=concerned.changing_worker,
        special_care=totals["special_care"],
        open_incidents=totals["open_incidents"],
        in_force=None if live is None else get_plan(session, scope, live).name,
        next_by=_next_by(work, plan.community_id, step),
        unsaved_by=tuple(other.name for other in others),
    )


def _next_by(work: Work, community_id: int, step: str) -> tuple[str, ...]:
    permission = PERMISSION_AFTER.get(step)
    if permission is None:
        return ()
    but = work.scope.user_id if step == "submit" else None
    return names_of_who_may(work.session, permission, community_id, but=but)


def _fingerprint(told: StepOutlook) -> str:
    """Sum up everything that was told; whoever may come next is no part of what changes."""
    whole = asdict(replace(told, next_by=(), seen=""))
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
