"""Whom a plan concerns: households that change grid and so worker, by grid, worker and name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.access.disclosure import Shown, record_shown
from gis.actions.plan.effects import COUNTS, Impact, settled_codes, standing_of
from gis.actions.plan.workspace import open_copy
from gis.domain.access import Scope
from gis.domain.disclosure import MOST_LISTED, Sight, sight_of
from gis.domain.editing import UNASSIGNED
from gis.errors import NotFound
from gis.store.plan.care import care_counts
from gis.store.plan.former_grids import assigned_blocks, former_codes
from gis.store.plan.movers import Mover, count_movers, list_movers
from gis.store.plan.plan_grids import workers_of
from gis.store.plan.plans import find_plan, get_plan, live_plan_id
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


@dataclass(frozen=True)
class Movers:
    """Households that go from one grid to another; named only for those who may read them.

    ``households`` is a page of them, and ``after`` asks for the one that follows.
    """

    count: int
    households: tuple[Mover, ...] | None
    after: UUID | None = None


def read_impact(session: Session, scope: Scope, plan_id: int, *, today: date) -> PlanImpact:
    """Measure whom a plan concerns, as it is saved; nobody where no plan is in force.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; the person may not look at plans.
    """
    plan = get_plan(session, scope, plan_id)
    moves = _moving_blocks(session, plan)
    care = care_counts(session, plan.community_id, today=today)
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


def read_movers(
    session: Session,
    scope: Scope,
    plan_id: int,
    from_code: str,
    to_code: str,
    *,
    after: UUID | None = None,
    now: datetime,
) -> Movers:
    """List the households that a plan, as it is saved, brings from one grid to another.

    A worker may ask about the households that leave his own grids. Whoever gets names is recorded,
    page by page; ``after`` is the last household of the page before.
    """
    plan = _plan_of_movers(session, scope, plan_id, from_code)
    moves = _moving_blocks(session, plan)
    wanted = moves[(moves["from_code"] == from_code) & (moves["to_code"] == to_code)]
    pair = (from_code, to_code)
    return _movers(session, scope, plan, wanted["block_id"].tolist(), pair, after, now)


def read_working_movers(
    session: Session,
    scope: Scope,
    plan_id: int,
    from_code: str,
    to_code: str,
    *,
    after: UUID | None = None,
    now: datetime,
) -> Movers:
    """List the households that a person's working copy brings from one grid to another."""
    copy = open_copy(session, scope, plan_id, now=now)
    standing = standing_of(session, scope, copy, today=now.date())
    codes = settled_codes(session, copy, standing)
    number = copy.division.number
    blocks = [
        int(block)
        for block, former in zip(standing.ground.block_id, standing.former, strict=True)
        if former == from_code and codes.get(number.get(int(block), UNASSIGNED), "") == to_code
    ]
    return _movers(session, scope, copy.plan, blocks, (from_code, to_code), after, now)


def _plan_of_movers(session: Session, scope: Scope, plan_id: int, from_code: str) -> Plan:
    if scope.may("plan.view"):
        return get_plan(session, scope, plan_id)
    plan = find_plan(session, plan_id)
    known = plan is not None and plan.state not in ("draft", "retired")
    if not known or sight_of(scope, plan.community_id, from_code) is Sight.NOTHING:
        raise NotFound("there is no such plan for your grids")
    return plan


def _moving_blocks(session: Session, plan: Plan) -> pd.DataFrame:
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


def _movers(
    session: Session,
    scope: Scope,
    plan: Plan,
    blocks: list[int],
    pair: tuple[str, str],
    after: UUID | None,
    now: datetime,
) -> Movers:
    sight, total = sight_of(scope, plan.community_id, pair[0]), count_movers(session, blocks)
    if sight is Sight.NOTHING:
        return Movers(total, None)
    found = list_movers(session, blocks, after=after, limit=MOST_LISTED + 1)
    page = tuple(found[:MOST_LISTED])
    record_shown(
        session,
        scope,
        "household.list",
        [Shown(m.id, pair[0], sight) for m in page],
        now=now,
        community_id=plan.community_id,
        about=("plan", plan.id),
        detail={"from_grid": pair[0], "to_grid": pair[1]},
    )
    return Movers(total, page, page[-1].id if len(found) > MOST_LISTED else None)
