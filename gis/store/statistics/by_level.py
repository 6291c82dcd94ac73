"""Counts and rates by grid, community, town and county: one function for page, API and CLI.

Incidents are counted once by block, topic and month; a level is a sum over blocks, grids under
the plan in force (or under a plan that is named). Small numbers of sensitive topics are taken
away here, before anything leaves the store; which ones, `gis.store.statistics.suppression` decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd
from sqlalchemy import CTE, Select, case, func, literal, select
from sqlalchemy.orm import Session

from gis.analysis.rates import crude_rate, empirical_bayes_rate
from gis.analysis.suppression import SMALLEST_SHOWN
from gis.domain.access import Scope, require
from gis.domain.period import Period
from gis.errors import InvalidInput, NotAllowed
from gis.store.area.visible import visible
from gis.store.counts.counted import is_part_of
from gis.store.statistics.counted_registers import with_registers
from gis.store.statistics.suppression import hidden_rows
from gis.store.tables import (
    Block,
    BlockAssignment,
    BlockCount,
    DivisionUnit,
    Grid,
    LivePlan,
    Plan,
    Topic,
)
from gis.words.measures import HOUSEHOLDS, INCIDENTS, PEOPLE, UNDATED, measure_of

LEVELS = ("grid", "community", "town", "county")
ALL = "all"
"""All topics together, the sensitive ones left out."""

PER = 1000


@dataclass(frozen=True)
class Basis:
    """What a table of statistics rests on, for its method line.

    Parameters
    ----------
    counted_at
        When the newest count was made.
    first_month, last_month
        Span of the months that have any incident.
    n_plans, newest_plan
        Plans in force, and the newest day one came into force.
    """

    counted_at: datetime | None
    first_month: date | None
    last_month: date | None
    n_plans: int
    newest_plan: date | None


def statistics(
    session: Session,
    scope: Scope,
    *,
    by: str,
    topic: str,
    period: Period,
    plan: int | None = None,
) -> pd.DataFrame:
    """Count incidents and give rates per 1,000 people.

    Parameters
    ----------
    session, scope
        The transaction, and who asks: only communities of the scope are counted.
    by
        ``grid``, ``community``, ``town`` or ``county``.
    topic
        Code of a topic, or ``all`` (every topic that is not sensitive).
    period
        Whole months.
    plan
        Id of the plan whose grids are counted; None means the plans in force.

    Returns
    -------
    table
        One row per unit in order of code: ``code, name, name_en, parent, households, people,
        incidents, rate_per_1000, eb_rate_per_1000, suppressed``. ``name`` of a grid is its
        community and short number. Before ``rate_per_1000`` stands a column for each register that
        is counted (`gis.store.statistics.counted_registers`). Suppressed rows have no incidents and
        no rates; rows where nobody lives have no rates.

    Raises
    ------
    NotAllowed
        The roles do not include statistics.
    InvalidInput
        An unknown level or topic, or another span than a month, quarter or year of a topic whose
        small numbers are hidden.
    """
    require(scope, "statistics.view")
    if by not in LEVELS:
        raise InvalidInput(
            "level “{level}” is not known; choose {levels}", level=by, levels=", ".join(LEVELS)
        )
    sensitive = is_sensitive(session, topic)
    if sensitive and not period.is_calendar:
        raise InvalidInput(
            "this topic is counted by month, quarter and year, so that small numbers stay hidden;"
            " choose one of them"
        )
    if by == "grid":
        query = _grid_rows(scope, topic, period, plan)
    else:
        query = _unit_rows(scope, topic, period, by)
    table = pd.DataFrame(session.execute(query).mappings().all(), columns=_SUMMED)
    for column in ("households", "people", "incidents"):
        table[column] = table[column].astype("int64")
    table = with_registers(session, scope, table, by=by, plan=plan)
    hidden = np.zeros(len(table), dtype=bool)
    if sensitive:
        codes = table["code"].tolist()
        hidden = hidden_rows(session, scope, codes, by=by, topic=topic, period=period, plan=plan)
        hidden |= (table["incidents"] < SMALLEST_SHOWN).to_numpy()
    return _with_rates(table, hidden)


_SUMMED = ["code", "name", "name_en", "parent", "households", "people", "incidents"]


def _with_rates(table: pd.DataFrame, hidden: np.ndarray) -> pd.DataFrame:
    """Add rates, and take away what is hidden: no number shown is made from a hidden one."""
    shown = table[~hidden]
    rate = crude_rate(shown["incidents"], shown["people"]) * PER
    smooth = empirical_bayes_rate(shown["incidents"], shown["people"]) * PER
    return table.assign(
        incidents=table["incidents"].astype("Int64").mask(hidden),
        rate_per_1000=pd.Series(rate, index=shown.index, dtype=float),
        eb_rate_per_1000=pd.Series(smooth, index=shown.index, dtype=float),
        suppressed=hidden,
    )


def is_sensitive(session: Session, topic: str) -> bool:
    """Say whether a topic is sensitive; refuse one that does not exist."""
    if topic == ALL:
        return False
    found = session.get(Topic, topic)
    if found is None:
        known = session.scalars(select(Topic.code).order_by(Topic.code)).all()
        if not known:
            raise InvalidInput("there are no incidents yet; import incidents first")
        raise InvalidInput(
            "topic “{topic}” is not known; there are: {topics}",
            topic=topic,
            topics=", ".join(known),
        )
    return found.sensitive


def refuse_sensitive(session: Session, topic: str) -> None:
    """Refuse to place single incidents of a sensitive topic on a map."""
    if is_sensitive(session, topic):
        raise NotAllowed("this topic is shown only as counts of grids, never as points")


def list_topics(session: Session) -> list[Topic]:
    """List the topics, by category and code."""
    return list(session.scalars(select(Topic).order_by(Topic.category, Topic.code)))


def basis_of(session: Session, scope: Scope) -> Basis:
    """Say what the statistics rest on: dates of counts, months, plans."""
    counts = (
        select(
            func.max(BlockCount.counted_at), func.min(BlockCount.month), func.max(BlockCount.month)
        )
        .join(Block, Block.id == BlockCount.block_id)
        .where(is_part_of(INCIDENTS))
    )
    plans = select(func.count(Plan.id), func.max(Plan.effective_from)).join(
        LivePlan, LivePlan.plan_id == Plan.id
    )
    counted, first, last = session.execute(counts.where(visible(scope, Block.community_id))).one()
    n_plans, newest = session.execute(plans.where(visible(scope, Plan.community_id))).one()
    return Basis(counted, first, last, n_plans, newest)


def counted_incidents(topic: str, period: Period) -> Select:
    """Read the incidents counted in blocks for a topic (or all) and the months of a period."""
    query = select(BlockCount.block_id, BlockCount.n.label("incidents")).where(
        BlockCount.month >= period.first, BlockCount.month < period.end
    )
    if topic == ALL:
        measure = func.concat(f"{INCIDENTS}:", Topic.code)
        return query.join(Topic, measure == BlockCount.measure).where(~Topic.sensitive)
    return query.where(BlockCount.measure == measure_of(INCIDENTS, topic))


def _grid_rows(scope: Scope, topic: str, period: Period, plan: int | None) -> Select:
    """Take households and people as the grids have them, and sum the incidents of their blocks."""
    counts = counted_incidents(topic, period).subquery("counts")
    meant = select(LivePlan.plan_id) if plan is None else [plan]
    summed = (
        select(BlockAssignment.grid_id, func.sum(counts.c.incidents).label("incidents"))
        .join(counts, counts.c.block_id == BlockAssignment.block_id)
        .where(BlockAssignment.plan_id.in_(meant))
        .group_by(BlockAssignment.grid_id)
        .subquery("summed")
    )
    short = func.right(Grid.code, 3)
    return (
        select(
            Grid.code,
            func.concat(DivisionUnit.name, " ", func.coalesce(Grid.name, short)).label("name"),
            func.concat(
                func.coalesce(DivisionUnit.name_en, DivisionUnit.name),
                " ",
                func.coalesce(Grid.name, short),
            ).label("name_en"),
            DivisionUnit.code.label("parent"),
            Grid.households,
            Grid.people,
            func.coalesce(summed.c.incidents, 0).label("incidents"),
        )
        .join(DivisionUnit, DivisionUnit.id == Grid.community_id)
        .outerjoin(summed, summed.c.grid_id == Grid.id)
        .where(visible(scope, Grid.community_id), Grid.plan_id.in_(meant))
        .order_by(Grid.code)
    )


def _unit_rows(scope: Scope, topic: str, period: Period, by: str) -> Select:
    """Sum blocks to communities, and these by the digits of their code to towns and counties."""
    community = (
        select(DivisionUnit.id, DivisionUnit.code)
        .where(
            DivisionUnit.level == "community",
            DivisionUnit.valid_to.is_(None),
            visible(scope, DivisionUnit.id),
        )
        .subquery("community")
    )
    digits = {"community": 12, "town": 9, "county": 6}[by]
    parent = {"community": 9, "town": 6, "county": 0}[by]
    lived = _by_community(scope, _LIVED, "households", "people")
    counts = _by_community(scope, counted_incidents(topic, period), "incidents")
    return (
        select(
            DivisionUnit.code,
            DivisionUnit.name,
            DivisionUnit.name_en,
            (
                func.rpad(func.left(DivisionUnit.code, parent), 12, "0") if parent else literal("")
            ).label("parent"),
            *(
                func.coalesce(func.sum(column), 0).label(column.key)
                for column in (lived.c.households, lived.c.people, counts.c.incidents)
            ),
        )
        .select_from(DivisionUnit)
        .join(
            community,
            func.left(community.c.code, digits) == func.left(DivisionUnit.code, digits),
        )
        .outerjoin(lived, lived.c.community_id == community.c.id)
        .outerjoin(counts, counts.c.community_id == community.c.id)
        .where(DivisionUnit.level == by, DivisionUnit.valid_to.is_(None))
        .group_by(DivisionUnit.id)
        .order_by(DivisionUnit.code)
    )


def _by_community(scope: Scope, counted: Select, *names: str) -> CTE:
    """Sum what is counted in blocks by community, once: a few rows to be joined to any level."""
    counts = counted.subquery()
    sums = [func.sum(counts.c[name]).label(name) for name in names]
    query = select(Block.community_id, *sums).join(counts, counts.c.block_id == Block.id)
    query = query.where(visible(scope, Block.community_id)).group_by(Block.community_id)
    return query.cte(f"{names[0]}_by_community").prefix_with("MATERIALIZED")


_LIVED = select(
    BlockCount.block_id,
    *(
        case((BlockCount.measure == measure, BlockCount.n)).label(measure)
        for measure in (HOUSEHOLDS, PEOPLE)
    ),
).where(BlockCount.measure.in_((HOUSEHOLDS, PEOPLE)), BlockCount.month == UNDATED)
