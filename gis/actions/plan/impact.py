"""Whom a plan concerns: households that change grid and so worker, by grid, worker and name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.plan.effects import COUNTS, Impact
from gis.domain.access import Scope
from gis.store.plan.former_grids import assigned_blocks, former_codes
from gis.store.plan.handover_counts import handover_counts
from gis.store.plan.plan_grids import workers_of
from gis.store.plan.plans import get_plan, live_plan_id
from gis.store.tables import Plan


@dataclass(frozen=True)
class HandOver:
    """What one grid gives away and takes over when a plan comes into force."""

    code: str
    worker: str | None
    households_out: int
    households_in: int
    special_care_out: int
    special_care_in: int
    open_incidents_out: int
    open_incidents_in: int


@dataclass(frozen=True)
class PlanImpact:
    """What changes grid against the plan in force, and who hands over to whom.

    ``changing_worker``: households whose worker is another person, or nobody, afterwards.
    """

    base_plan: int | None
    impact: Impact
    workers: dict[str, str]
    changing_worker: int
    hand_overs: tuple[HandOver, ...]


def read_impact(session: Session, scope: Scope, plan_id: int, *, today: date) -> PlanImpact:
    """Measure whom a plan concerns, as it is saved; nobody where no plan is in force.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; the person may not look at plans.
    """
    plan = get_plan(session, scope, plan_id)
    moves = moving_blocks(session, plan)
    care = handover_counts(session, plan.community_id, today=today)
    moves = moves.join(care, on="block_id").fillna({"special_care": 0, "open_incidents": 0})
    sums = moves.groupby(["from_code", "to_code"], as_index=False)[list(COUNTS)].sum()
    sums[list(COUNTS)] = sums[list(COUNTS)].astype(int)
    sums = sums.sort_values(["households", "from_code", "to_code"], ascending=[False, True, True])
    sums = sums.reset_index(drop=True)
    workers = workers_of(session, plan.community_id, today=today)
    pairs = [(workers.get(m.from_code), workers.get(m.to_code)) for m in sums.itertuples()]
    changing = sums["households"][[before != after for before, after in pairs]].sum()
    return PlanImpact(
        live_plan_id(session, plan.community_id),
        Impact({name: int(sums[name].sum()) for name in COUNTS}, sums),
        workers,
        int(changing),
        _hand_overs(sums, workers),
    )


def moving_blocks(session: Session, plan: Plan) -> pd.DataFrame:
    """List the blocks that change grid: ``block_id, from_code, to_code, blocks, households, …``."""
    base = live_plan_id(session, plan.community_id)
    blocks = assigned_blocks(session, plan.id).rename(columns={"code": "to_code"})
    former = pd.Series(dtype=object)
    if base is not None and base != plan.id:
        former = former_codes(session, base, blocks["block_id"].tolist())
    blocks["from_code"] = blocks["block_id"].map(former).astype(object)
    blocks["blocks"] = 1
    moved = blocks["from_code"].notna() & (blocks["from_code"] != blocks["to_code"])
    return blocks[moved].reset_index(drop=True)


def _hand_overs(sums: pd.DataFrame, workers: dict[str, str]) -> tuple[HandOver, ...]:
    names = ("households", "special_care", "open_incidents")
    out = sums.groupby("from_code")[list(names)].sum().add_suffix("_out")
    into = sums.groupby("to_code")[list(names)].sum().add_suffix("_in")
    both = out.join(into, how="outer").fillna(0).astype(int)
    return tuple(
        HandOver(code=str(code), worker=workers.get(str(code)), **row.to_dict())
        for code, row in both.sort_index().iterrows()
    )
