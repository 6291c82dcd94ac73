"""What the codes of a plan are against the plan in force, and what happens when they come true."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from gis.domain.lineage import Overlap, PlanChange, measure_change, settle_codes, trace_descent
from gis.store import grid_codes
from gis.store.former_grids import overlaps_between
from gis.store.plans import live_plan_id
from gis.store.tables import Plan


@dataclass(frozen=True)
class Succession:
    """What a plan in force changed for people: grids, households and workers.

    ``unstaffed``: grids without a worker on its first day; ``released``: retired codes whose
    worker's assignment ended.
    """

    change: PlanChange
    unstaffed: int
    released: tuple[str, ...]

    @property
    def figures(self) -> dict:
        """Give the figures as they are kept in the audit trail and printed."""
        return {
            "households": self.change.households,
            "households_moving": self.change.moving,
            "kept": len(self.change.kept),
            "new": list(self.change.new),
            "retired": list(self.change.retired),
            "unstaffed": self.unstaffed,
            "released": list(self.released),
        }


def settle_plan(session: Session, plan: Plan, base_id: int | None) -> list[Overlap]:
    """Bring the codes of an open plan up to date with the plan in force (None: there is none).

    Returns
    -------
    list of Overlap
        The plan's ground by the grid in force and the grid in the plan, by settled codes.
    """
    overlaps = overlaps_between(session, plan.id, base_id)
    kinds = grid_codes.codes_of(session, plan.id)
    codes = settle_codes(
        grid_codes.community_code(session, plan.community_id),
        {code: code for code in kinds},
        overlaps,
        issued=grid_codes.issued_codes(session, plan.community_id),
        exclusive={code for code, kind in kinds.items() if kind == "exclusive"},
    )
    grid_codes.recode_plan(session, plan, codes)
    return [replace(o, child=codes[o.child]) for o in overlaps]


def preview_change(session: Session, plan: Plan) -> PlanChange | None:
    """Tell what an open plan would change against the plan in force; None: there is none."""
    base_id = live_plan_id(session, plan.community_id)
    if base_id is None:
        return None
    former = grid_codes.codes_of(session, base_id)
    return measure_change(overlaps_between(session, plan.id, base_id), former)


def foresee(
    session: Session, plan: Plan, overlaps: Collection[Overlap], former: Plan | None
) -> Succession:
    """Tell what a plan will change that is announced for a day to come; changes nothing."""
    before = set(grid_codes.codes_of(session, former.id)) if former else set()
    change = measure_change(overlaps, before)
    return Succession(change, grid_codes.count_unstaffed(session, plan.id, plan.effective_from), ())


def succeed(
    session: Session,
    plan: Plan,
    overlaps: Collection[Overlap],
    former: Plan | None,
    *,
    actor_id: int | None,
    now: datetime,
) -> Succession:
    """Issue and retire codes after the pointer was flipped to a plan, and keep their lineage.

    Workers keep the codes that go on; an assignment to a retired code ends. The other open
    plans are settled against the plan now in force, so that no code means two pieces of ground.
    """
    before = set(grid_codes.codes_of(session, former.id)) if former else set()
    change = measure_change(overlaps, before)
    day: date = plan.effective_from
    grid_codes.issue_codes(session, plan.id, now)
    released = grid_codes.retire_codes(session, change.retired, day, now)
    grid_codes.add_lineage(session, plan, trace_descent(overlaps), actor_id=actor_id, now=now)
    for other in grid_codes.open_plans(session, plan.community_id):
        if other.build_id == plan.build_id:
            settle_plan(session, other, plan.id)
    unstaffed = grid_codes.count_unstaffed(session, plan.id, day)
    return Succession(change, unstaffed, tuple(released))
