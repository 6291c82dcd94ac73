"""How the communities of an area stand: households, grids, balance, plans waiting, vacancies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from gis.domain.access import Scope, require
from gis.store.tables import Block, BlockLoad, DivisionUnit, Grid, GridWorker, LivePlan, Plan

OPEN_STATES = ("draft", "submitted", "approved")
"""States of a plan on which someone still has to act."""


@dataclass(frozen=True)
class Balance:
    """How well the grids of one plan share out the households.

    Parameters
    ----------
    n_grids
        Number of grids.
    in_band
        Share of households that live in a grid between minimum and maximum; None without any.
    worst_deviation, mean_deviation
        Largest (signed) and mean absolute deviation of a grid from the target, as a share of it.
    compactness
        Mean over the grids; None when unknown.
    barrier_share
        Share of the border between grids that follows a barrier; None when unknown.
    out_of_band
        Number of grids outside the band.
    """

    n_grids: int
    in_band: float | None
    worst_deviation: float | None
    mean_deviation: float | None
    compactness: float | None
    barrier_share: float | None
    out_of_band: int


@dataclass(frozen=True)
class CommunityBalance:
    """One row of the planner's table."""

    id: int
    code: str
    name: str
    name_en: str | None
    town: str
    minimum: int
    target: int
    maximum: int
    households: int
    people: int
    plan_id: int | None
    plan_state: str | None
    effective_from: date | None
    balance: Balance | None
    open_plans: dict[str, int] = field(default_factory=dict)
    vacancies: int = 0


def measure_balance(
    grids: Iterable[Row | Grid], *, minimum: int, target: int, maximum: int
) -> Balance:
    """Sum up the balance of a plan from its grids.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> grids = [Row(households=h, compactness=0.5, barrier_share=None) for h in (300, 600)]
    >>> balance = measure_balance(grids, minimum=300, target=400, maximum=500)
    >>> balance.in_band, balance.worst_deviation, balance.out_of_band, balance.barrier_share
    (0.3333333333333333, 0.5, 1, None)
    """
    grids = list(grids)
    total = sum(g.households for g in grids)
    inside = [g.households for g in grids if minimum <= g.households <= maximum]
    deviations = [(g.households - target) / target for g in grids] if target else []
    return Balance(
        n_grids=len(grids),
        in_band=sum(inside) / total if total else None,
        worst_deviation=max(deviations, key=abs, default=None),
        mean_deviation=_mean([abs(d) for d in deviations]),
        compactness=_mean([g.compactness for g in grids]),
        barrier_share=_border_share(grids),
        out_of_band=len(grids) - len(inside),
    )


def _border_share(grids: list[Row | Grid]) -> float | None:
    """Weigh the shares of the grids by their borders; plain mean where these are not known."""
    known = [(g.barrier_share, getattr(g, "border_m", None)) for g in grids]
    known = [(share, length_m) for share, length_m in known if share is not None]
    if not known or any(length_m is None for _, length_m in known):
        return _mean([share for share, _ in known])
    total = sum(length_m for _, length_m in known)
    return sum(share * length_m for share, length_m in known) / total if total else None


def _mean(values: list[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None


def list_balances(session: Session, scope: Scope, *, today: date) -> list[CommunityBalance]:
    """List the communities of an area with the balance of the plan that stands for each.

    That is the plan in force, or, where there is none, the newest open one.

    Raises
    ------
    NotAllowed
        The person may not look at plans.
    """
    require(scope, "plan.view")
    units = session.execute(_units(scope)).all()
    ids = [u.id for u in units]
    loads = {r.community_id: r for r in session.execute(_loads(ids))}
    plans = standing_plans(session, ids)
    grids = _grids_by_plan(session, [p.id for p in plans.values()])
    waiting = _open_plans(session, ids)
    vacant = vacancies_by_community(session, ids, today=today)
    return [
        _row(u, loads.get(u.id), plans.get(u.id), grids, waiting[u.id], vacant.get(u.id, 0))
        for u in units
    ]


def _row(unit: Row, load: Row, plan: Row, grids: dict, waiting: dict, vacant: int):
    band = {"minimum": unit.minimum, "target": unit.target, "maximum": unit.maximum}
    return CommunityBalance(
        id=unit.id,
        code=unit.code,
        name=unit.name,
        name_en=unit.name_en,
        town=unit.town,
        **band,
        households=load.households if load else 0,
        people=load.people if load else 0,
        plan_id=plan.id if plan else None,
        plan_state=plan.state if plan else None,
        effective_from=plan.effective_from if plan else None,
        balance=measure_balance(grids[plan.id], **band) if plan else None,
        open_plans=dict(waiting),
        vacancies=vacant,
    )


def _units(scope: Scope) -> Select:
    town = aliased(DivisionUnit)
    query = (
        select(
            DivisionUnit.id,
            DivisionUnit.code,
            DivisionUnit.name,
            DivisionUnit.name_en,
            DivisionUnit.minimum,
            DivisionUnit.target,
            DivisionUnit.maximum,
            town.name.label("town"),
        )
        .join(town, town.id == DivisionUnit.parent_id)
        .where(DivisionUnit.level == "community", DivisionUnit.valid_to.is_(None))
        .order_by(DivisionUnit.code)
    )
    if scope.community_ids is not None:
        query = query.where(DivisionUnit.id.in_(scope.community_ids))
    return query


def _loads(ids: list[int]) -> Select:
    return (
        select(
            Block.community_id,
            func.coalesce(func.sum(BlockLoad.households), 0).label("households"),
            func.coalesce(func.sum(BlockLoad.people), 0).label("people"),
        )
        .join(BlockLoad, BlockLoad.block_id == Block.id)
        .where(Block.community_id.in_(ids), Block.retired_at.is_(None))
        .group_by(Block.community_id)
    )


def standing_plans(session: Session, ids: list[int]) -> dict[int, Row]:
    """Give the plan that stands for each community: the one in force, else the newest open."""
    query = (
        select(Plan.id, Plan.community_id, Plan.state, Plan.effective_from)
        .outerjoin(LivePlan, LivePlan.plan_id == Plan.id)
        .where(
            Plan.community_id.in_(ids),
            or_(LivePlan.plan_id.is_not(None), Plan.state.in_(OPEN_STATES)),
        )
        .order_by(LivePlan.plan_id.is_not(None), Plan.id)
    )
    return {r.community_id: r for r in session.execute(query)}


def _grids_by_plan(session: Session, plan_ids: list[int]) -> dict[int, list[Row]]:
    query = select(
        Grid.plan_id, Grid.households, Grid.compactness, Grid.barrier_share, Grid.border_m
    ).where(Grid.plan_id.in_(plan_ids), Grid.kind == "basic")
    grids: dict[int, list[Row]] = defaultdict(list)
    for row in session.execute(query):
        grids[row.plan_id].append(row)
    return grids


def _open_plans(session: Session, ids: list[int]) -> dict[int, dict[str, int]]:
    query = (
        select(Plan.community_id, Plan.state, func.count().label("n"))
        .where(Plan.community_id.in_(ids), Plan.state.in_(OPEN_STATES))
        .group_by(Plan.community_id, Plan.state)
    )
    waiting: dict[int, dict[str, int]] = defaultdict(dict)
    for row in session.execute(query):
        waiting[row.community_id][row.state] = row.n
    return waiting


def vacancies_by_community(session: Session, ids: list[int], *, today: date) -> dict[int, int]:
    """Count the grids in force that have no worker today, by community."""
    query = (
        select(Grid.community_id, func.count().label("n"))
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .where(Grid.community_id.in_(ids), ~has_worker(today))
        .group_by(Grid.community_id)
    )
    return {r.community_id: r.n for r in session.execute(query)}


def has_worker(today: date):  # noqa: ANN201  (a column expression)
    """Say in SQL that a grid has a worker on a day."""
    return select(GridWorker.id).where(GridWorker.grid_code == Grid.code, works_on(today)).exists()


def works_on(today: date):  # noqa: ANN201  (a column expression)
    """Say in SQL that an assignment of a worker holds on a day."""
    return (GridWorker.valid_from <= today) & (
        GridWorker.valid_to.is_(None) | (GridWorker.valid_to > today)
    )
