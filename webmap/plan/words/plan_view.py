"""What the page of one community shows: its plans, the report of the chosen one, the steps open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from gis.actions.plan.impact import PlanImpact, read_impact
from gis.analysis.balance import Balance, measure_balance
from gis.analysis.overlaps import GridChange
from gis.database.engine import Session
from gis.domain.access import Scope
from gis.domain.plan import PERMISSION_OF_STEP, next_state
from gis.errors import Conflict, NotFound
from gis.store.area.divisions import Community
from gis.store.ground.blocks import current_build
from gis.store.plan.drawings import running_drawing
from gis.store.plan.plan_history import read_history
from gis.store.plan.plan_numbers import count_unassigned
from gis.store.plan.plans import compare_plans, list_grids, list_plans
from gis.store.plan.workers import list_workers
from gis.store.tables import BlockBuild, Job
from webmap.plan.words.timeline import Moment, moments_of
from webmap.shell.session import now

_WAITING = ("draft", "submitted", "approved")


@dataclass(frozen=True)
class CommunityView:
    """Everything the page of one community shows."""

    community: Community
    plans: list
    plan: Any
    live: Any
    grids: list
    balance: Balance | None
    changes: list[GridChange]
    workers: list
    steps: list[str]
    drawing: Job | None
    has_blocks: bool
    n_kept_whole: int
    kept_whole: list[dict]
    impact: PlanImpact | None
    moments: list[Moment]
    unassigned: int
    is_rebuilt: bool

    @property
    def moved(self) -> int:
        """Households that change grid against the plan in force."""
        return sum(change.households for change in self.changes)

    @property
    def kept_share(self) -> float | None:
        """Share of households that keep their grid; None when there is nothing to compare to."""
        if self.plan is None or self.live is None or self.plan.id == self.live.id:
            return None
        households = sum(grid.households for grid in self.grids)
        return 1 - self.moved / households if households else None

    @property
    def straddling(self) -> int:
        """Number of grids that a barrier tears apart."""
        return sum("straddles" in (grid.flags or []) for grid in self.grids)

    @property
    def quality(self) -> dict:
        """Figures of the whole plan, as they were measured when it was drawn."""
        return (self.plan.quality if self.plan is not None else None) or {}

    @property
    def own_band(self) -> dict | None:
        """The band the plan was drawn for, where it is not the community's own of households."""
        asked = (self.plan.parameters if self.plan is not None else None) or {}
        names = ("minimum", "target", "maximum")
        if not all(asked.get(name) for name in names):
            return None
        same = all(asked[name] == getattr(self.community, name) for name in names)
        same = same and asked.get("weight", "households") == "households"
        return None if same else {n: asked[n] for n in names} | {"weight": asked.get("weight")}

    @property
    def terms(self) -> dict[str, float]:
        """What each term of the objective cost."""
        return {
            k[5:]: v for k, v in self.quality.items() if k.startswith("term_") and v is not None
        }


def view_community(
    session: Session, scope: Scope, community: Community, wanted: int | None
) -> CommunityView:
    """Gather what the page shows.

    Parameters
    ----------
    wanted
        Plan to show; None for the one in force, else the first that waits.

    Raises
    ------
    NotFound
        The wanted plan is not one of the community.
    """
    plans = list_plans(session, scope, community.id)
    live = next((p for p in plans if p.live), None)
    plan = _chosen(plans, live, wanted)
    grids = list_grids(session, scope, plan.id, today=now().date()) if plan else []
    band = {n: getattr(community, n) for n in ("minimum", "target", "maximum")}
    other = live if plan and live and plan.id != live.id else None
    today, build = now().date(), current_build(session, community.id)
    may_assign = scope.may("worker.assign") and scope.covers(community.id)
    may_draw = scope.may("plan.edit") and scope.covers(community.id)
    return CommunityView(
        community=community,
        plans=plans,
        plan=plan,
        live=live,
        grids=grids,
        balance=measure_balance(_basic(grids), **band) if plan else None,
        changes=compare_plans(session, scope, plan.id, other.id) if other else [],
        workers=list_workers(session, scope, community.id) if may_assign else [],
        steps=steps_of(scope, plan),
        drawing=running_drawing(session, community.id) if may_draw else None,
        has_blocks=build is not None,
        n_kept_whole=build.report.get("buildings_across", 0) if build else 0,
        kept_whole=build.report.get("kept_whole", []) if build else [],
        impact=read_impact(session, scope, plan.id, today=today) if other else None,
        moments=moments_of(read_history(session, scope, plan.id)) if plan else [],
        unassigned=count_unassigned(session, plan.id) if plan and plan.state == "draft" else 0,
        is_rebuilt=_is_rebuilt(plan, build),
    )


def _is_rebuilt(plan: Any, build: BlockBuild | None) -> bool:  # noqa: ANN401  (a row of a query)
    """Whether the blocks were built anew since an open plan was drawn."""
    return plan is not None and plan.state in _WAITING and (not build or build.id != plan.build_id)


def _basic(grids: list) -> list:
    """Leave out exclusive grids: their size is what their institution is."""
    return [grid for grid in grids if grid.kind == "basic"]


def _chosen(plans: list, live: Any, wanted: int | None) -> Any:  # noqa: ANN401  (rows of a query)
    if wanted is None:
        waiting = next((p for p in plans if p.state in _WAITING), None)
        return live or waiting or (plans[0] if plans else None)
    found = next((p for p in plans if p.id == wanted), None)
    if found is None:
        raise NotFound(_("there is no such plan in this community"))
    return found


def steps_of(scope: Scope, plan: Any) -> list[str]:  # noqa: ANN401  (a row of a query)
    """List the steps a plan can take now that this person may do."""
    open_to = []
    for step, permission in PERMISSION_OF_STEP.items():
        own = step == "approve" and plan is not None and plan.submitted_by == scope.user_id
        if plan is None or own or not scope.may(permission):
            continue
        if step == "withdraw" and plan.shown_state != "announced":
            continue
        try:
            next_state(plan.state, step)
        except Conflict:
            continue
        open_to.append(step)
    return open_to
