"""Which counts of a sensitive topic are hidden: decided for all levels and periods at once.

Every page, file and map asks here, whatever part of the numbers it shows: what is hidden does not
depend on who asks, or on which level or period is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from gis.analysis.suppression import Tree, suppress
from gis.domain.access import Scope
from gis.domain.period import Period, calendar_periods
from gis.store.area.visible import visible
from gis.store.counts.counted import is_part_of
from gis.store.tables import (
    Block,
    BlockAssignment,
    BlockCount,
    DivisionUnit,
    Grid,
    LivePlan,
)
from gis.words.measures import INCIDENTS, measure_of

REMAINDER = "?"
"""Stands for the blocks of a community that are in none of its grids."""


@dataclass(frozen=True)
class HiddenCounts:
    """The hidden cells of one topic.

    Parameters
    ----------
    hidden
        (n places, n periods) booleans.
    place_row, period_column
        Where the code of a place and a period stand in it.
    """

    hidden: np.ndarray
    place_row: dict[str, int]
    period_column: dict[Period, int]

    def is_hidden(self, code: str, period: Period) -> bool:
        """Say whether the count of a place in a period is hidden; what is not counted is too."""
        row, column = self.place_row.get(code), self.period_column.get(period)
        return row is None or column is None or bool(self.hidden[row, column])

    def is_hidden_of(self, code: str, period: Period, mine: frozenset[str]) -> bool:
        """Say it of a town or county of which a person sees some communities only.

        The count of a part is no cell of the table; it is shown where it is a sum of such.
        """
        digits = 6 if code.endswith("000000") else 9
        inside = {c for c in self._communities if c.startswith(code[:digits])}
        if inside <= mine:
            return self.is_hidden(code, period)
        if digits == 9:
            return any(self.is_hidden(c, period) for c in inside & mine)
        towns = {c[:9] + "000" for c in inside & mine}
        return any(self.is_hidden_of(town, period, mine) for town in towns)

    @property
    def _communities(self) -> list[str]:
        return [c for c in self.place_row if len(c) == 12 and not c.endswith("000")]


def hidden_rows(
    session: Session,
    scope: Scope,
    codes: Sequence[str],
    *,
    by: str,
    topic: str,
    period: Period,
    plan: int | None = None,
) -> np.ndarray:
    """Say which rows of a table of a sensitive topic are hidden.

    Parameters
    ----------
    codes
        Of the rows, places of the level ``by``.
    plan
        Plan whose grids the rows are; None means the plans in force. Grids of another plan are
        all hidden: beside those in force they would tell the blocks between.

    Returns
    -------
    hidden
        (n,) booleans.
    """
    live = select(LivePlan.plan_id).where(LivePlan.plan_id == plan)
    if by == "grid" and plan is not None and session.scalar(live) is None:
        return np.ones(len(codes), dtype=bool)
    found = hidden_counts(session, topic)
    if by in ("grid", "community") or scope.has_whole_area:
        return np.array([found.is_hidden(code, period) for code in codes], dtype=bool)
    query = select(DivisionUnit.code).where(visible(scope, DivisionUnit.id))
    mine = frozenset(session.scalars(query))
    return np.array([found.is_hidden_of(code, period, mine) for code in codes], dtype=bool)


def hidden_counts(session: Session, topic: str) -> HiddenCounts:
    """Decide for every place and calendar period which counts of a topic are hidden."""
    places, span = _list_places(session), counted_span(session)
    periods = calendar_periods(*span) if span else []
    row = {code: i for i, (code, _) in enumerate(places)}
    column = {period: i for i, (period, _) in enumerate(periods)}
    finest = np.zeros((len(places), len(periods)), dtype=np.int64)
    for community, grid, month, n in session.execute(_counts(topic)):
        place = row.get(grid or community + REMAINDER, row.get(community))
        when = column.get(Period.of_month(month))
        if place is not None and when is not None:
            finest[place, when] += n
    hidden = _suppressed(
        finest.tobytes(),
        tuple(row[parent] if parent else -1 for _, parent in places),
        tuple(column[parent] if parent else -1 for _, parent in periods),
    )
    return HiddenCounts(hidden, row, column)


def counted_span(session: Session) -> tuple[date, date] | None:
    """Give the first and the last month of which anything was counted, anywhere; None of none."""
    months = select(func.min(BlockCount.month), func.max(BlockCount.month))
    first, last = session.execute(months.where(is_part_of(INCIDENTS))).one()
    return None if first is None else (first, last)


def _list_places(session: Session) -> list[tuple[str, str]]:
    """List every place that is counted with the one it is part of, parents first.

    Blocks that are in no grid of the plan in force are a place of their own, never shown.
    """
    community = DivisionUnit.level == "community", DivisionUnit.valid_to.is_(None)
    codes = list(session.scalars(select(DivisionUnit.code).where(*community).order_by("code")))
    grids = (
        select(Grid.code, DivisionUnit.code)
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .join(DivisionUnit, DivisionUnit.id == Grid.community_id)
        .where(*community)
        .order_by(Grid.code)
    )
    left = (
        select(DivisionUnit.code)
        .distinct()
        .join(Block, Block.community_id == DivisionUnit.id)
        .join(LivePlan, LivePlan.community_id == DivisionUnit.id)
        .where(*community, Block.retired_at.is_(None), ~_in_grid())
        .order_by(DivisionUnit.code)
    )
    counties = dict.fromkeys(code[:6] + "0" * 6 for code in codes)
    towns = dict.fromkeys(code[:9] + "000" for code in codes)
    return [
        *((code, "") for code in counties),
        *((code, code[:6] + "0" * 6) for code in towns),
        *((code, code[:9] + "000") for code in codes),
        *((code, parent) for code, parent in session.execute(grids)),
        *((code + REMAINDER, code) for code in session.scalars(left)),
    ]


def _in_grid() -> ColumnElement[bool]:
    return exists().where(
        BlockAssignment.block_id == Block.id, BlockAssignment.plan_id == LivePlan.plan_id
    )


def _counts(topic: str) -> Select:
    """Sum a topic by community, grid in force (None where there is none) and month."""
    assigned = and_(
        BlockAssignment.block_id == Block.id, BlockAssignment.plan_id == LivePlan.plan_id
    )
    return (
        select(
            DivisionUnit.code,
            Grid.code,
            BlockCount.month,
            func.sum(BlockCount.n),
        )
        .join(Block, Block.id == BlockCount.block_id)
        .join(DivisionUnit, DivisionUnit.id == Block.community_id)
        .outerjoin(LivePlan, LivePlan.community_id == Block.community_id)
        .outerjoin(BlockAssignment, assigned)
        .outerjoin(Grid, Grid.id == BlockAssignment.grid_id)
        .where(BlockCount.measure == measure_of(INCIDENTS, topic), Block.retired_at.is_(None))
        .group_by(DivisionUnit.code, Grid.code, BlockCount.month)
    )


@lru_cache(maxsize=32)
def _suppressed(
    finest: bytes, place_parents: tuple[int, ...], period_parents: tuple[int, ...]
) -> np.ndarray:
    """Sum up and decide; the same counts are decided once by a process."""
    places, periods = Tree(np.array(place_parents)), Tree(np.array(period_parents))
    shape = (len(place_parents), len(period_parents))
    values = np.frombuffer(finest, dtype=np.int64).reshape(shape)
    counts = periods.sum_up(places.sum_up(values, range(shape[0])).T, range(shape[1])).T
    return suppress(counts, places, periods)
