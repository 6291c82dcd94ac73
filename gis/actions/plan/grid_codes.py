"""What the codes of plans are against the plans in force, and what happens when they come true.

Everything is done for many plans at once: a county is published whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from gis.domain.lineage import Overlap, PlanChange, measure_change, settle_codes, trace_descent
from gis.store.plan import grid_codes, pointers, successions
from gis.store.plan.former_grids import overlaps_between
from gis.store.plan.plans import live_plan_id
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


def settle_plans(
    session: Session, plans: Collection[Plan], base_of: Mapping[int, int | None]
) -> dict[int, list[Overlap]]:
    """Bring the codes of open plans up to date with the plans in force.

    Parameters
    ----------
    base_of
        By community: its plan in force, None where there is none.

    Returns
    -------
    dict
        By plan: its ground by the grid in force and the grid in the plan, by settled codes.
    """
    if not plans:
        return {}
    kinds = successions.codes_of_plans(session, [plan.id for plan in plans])
    units, issued = successions.codes_of_communities(session, {p.community_id for p in plans})
    overlaps = successions.overlaps_of_plans(
        session, {plan.id: base_of.get(plan.community_id) for plan in plans}
    )
    settled = {}
    for plan in plans:
        settled[plan.id] = settle_codes(
            units[plan.community_id],
            {code: code for code in kinds[plan.id]},
            overlaps[plan.id],
            issued=issued[plan.community_id],
            exclusive={code for code, kind in kinds[plan.id].items() if kind == "exclusive"},
        )
    successions.recode_plans(
        session,
        [(p, old, new) for p in plans for old, new in settled[p.id].items() if old != new],
    )
    return {i: [replace(o, child=settled[i][o.child]) for o in overlaps[i]] for i in overlaps}


def preview_change(session: Session, plan: Plan) -> PlanChange | None:
    """Tell what an open plan would change against the plan in force; None: there is none."""
    base_id = live_plan_id(session, plan.community_id)
    if base_id is None:
        return None
    former = grid_codes.codes_of(session, base_id)
    return measure_change(overlaps_between(session, plan.id, base_id), former)


def measure_changes(
    session: Session,
    plans: Collection[Plan],
    overlaps: Mapping[int, Collection[Overlap]],
    former: Mapping[int, Plan],
) -> dict[int, PlanChange]:
    """Sum up what plans change against those in force (``former``, by community)."""
    before = successions.codes_of_plans(session, [plan.id for plan in former.values()])
    return {
        plan.id: measure_change(
            overlaps[plan.id],
            set(before[former[plan.community_id].id]) if plan.community_id in former else set(),
        )
        for plan in plans
    }


def predict_succession(
    session: Session, changes: Mapping[int, PlanChange], day: date
) -> dict[int, Succession]:
    """Tell what plans will change that are announced for a day to come; changes nothing."""
    unstaffed = successions.count_unstaffed(session, list(changes), day)
    return {i: Succession(change, unstaffed.get(i, 0), ()) for i, change in changes.items()}


def apply_succession(
    session: Session,
    plans: Collection[Plan],
    overlaps: Mapping[int, Collection[Overlap]],
    changes: Mapping[int, PlanChange],
    day: date,
    *,
    actor_id: int | None,
    now: datetime,
) -> dict[int, Succession]:
    """Issue and retire codes after the pointers were flipped to plans, and keep their lineage.

    Workers keep the codes that go on; an assignment to a retired code ends. The other open
    plans are settled against those now in force, so that no code means two pieces of ground.
    """
    ids = [plan.id for plan in plans]
    successions.issue_codes(session, ids, now)
    retired = {code for change in changes.values() for code in change.retired}
    released = successions.retire_codes(session, retired, day, now)
    descents = [(plan, d) for plan in plans for d in trace_descent(overlaps[plan.id])]
    successions.add_lineages(session, descents, day, actor_id=actor_id, now=now)
    build_of = {plan.community_id: plan.build_id for plan in plans}
    others = pointers.open_plans_of(session, build_of)
    live = {plan.community_id: plan.id for plan in plans}
    settle_plans(session, [p for p in others if p.build_id == build_of[p.community_id]], live)
    unstaffed = successions.count_unstaffed(session, ids, day)
    return {
        i: Succession(c, unstaffed.get(i, 0), tuple(sorted(released & set(c.retired))))
        for i, c in changes.items()
    }
