"""The official's numbers as one value: rows, totals, classes, changes, and what they rest on.

The page, the interface and the stand-alone map all show this value.
"""

from __future__ import annotations

from dataclasses import dataclass, make_dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, cast

import pandas as pd

from gis.analysis.changes import is_beyond_chance
from gis.analysis.classes import natural_classes
from gis.database.engine import Session
from gis.domain.access import Scope
from gis.domain.period import Period, add_months
from gis.store.statistics.by_level import ALL, Basis, basis_of, is_sensitive, statistics
from gis.store.statistics.stretches import count_stretches
from gis.store.statistics.suppression import counted_span
from webmap.statistics.words.measures import MEASURES

Level = Literal["grid", "community", "town", "county"]
PERIOD = {
    "name": "period",
    "in": "query",
    "required": True,
    "schema": {"type": "string", "examples": ["2025", "2025-Q1", "2025-03"]},
}
"""How the interface is asked for a period."""


@dataclass(frozen=True)
class Totals:
    """All areas together; of a sensitive topic the counties are added, where less is hidden.

    Parameters
    ----------
    incidents, previous, rate_per_1000
        Null where they would tell what is hidden.
    suppressed, no_data
        Areas whose small numbers are hidden, and where nobody lives.
    """

    units: int
    households: int
    people: int
    incidents: int | None
    previous: int | None
    rate_per_1000: float | None
    suppressed: int
    no_data: int


@dataclass(frozen=True)
class Classes:
    """Classes of a measure on the map: the least and the largest value of each, and its areas."""

    lows: tuple[float, ...]
    highs: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class RestsOn:
    """What the numbers rest on: the day they were counted, and the plans in force."""

    counted_at: date | None
    plans: int
    newest_plan: date | None


@dataclass(frozen=True)
class _Area:
    code: str
    name: str
    name_en: str | None
    parent: str | None
    households: int
    people: int
    suppressed: bool
    previous: int | None
    change: int | None
    notable: bool


if TYPE_CHECKING:
    AreaNumbers = _Area
else:
    AreaNumbers = make_dataclass(
        "AreaNumbers",
        [(measure.column, float | None) for measure in MEASURES],
        bases=(_Area,),
        frozen=True,
        namespace={"__doc__": "The numbers of one area; null where hidden or not known."},
    )
"""Made of the list of measures, so that one more measure is told here too."""


@dataclass(frozen=True)
class Statistics:
    """Counts and rates per 1,000 people of every area of a level.

    Parameters
    ----------
    has_previous, is_whole
        Whether the period before can be compared, and whether all of this one was counted.
    classes
        By measure.
    stretches
        Incidents whose text names a stretch of numbers, not one house; null where hidden.
    """

    topic: str
    by: Level
    period: str
    previous: str
    has_previous: bool
    is_whole: bool
    sensitive: bool
    totals: Totals
    classes: dict[str, Classes]
    basis: RestsOn
    stretches: int | None
    rows: list[AreaNumbers]


def statistics_table(
    session: Session, scope: Scope, *, by: str, topic: str, period: Period
) -> pd.DataFrame:
    """Give the statistics of a period beside the counts of the one before, where both are whole.

    Of a period that is not over, or begins before anything was counted, no change is told.
    """
    table = statistics(session, scope, by=by, topic=topic, period=period)
    previous = pd.Series(pd.NA, index=table.index)
    if is_comparable(session, period):
        before = statistics(session, scope, by=by, topic=topic, period=period.previous())
        previous = table["code"].map(before.set_index("code")["incidents"])
    previous, now = previous.astype("Int64"), table["incidents"]
    return table.assign(
        previous=previous,
        change=(now - previous).astype("Int64"),
        notable=is_beyond_chance(
            now.astype("Float64").to_numpy(float, na_value=float("nan")),
            previous.astype("Float64").to_numpy(float, na_value=float("nan")),
        ),
    )


def is_comparable(session: Session, period: Period) -> bool:
    """Say whether a period and the one before lie whole within the months that were counted."""
    span = counted_span(session)
    return span is not None and covers(span, period) and covers(span, period.previous())


def covers(span: tuple[date, date], period: Period) -> bool:
    """Say whether every month of a period was counted.

    Examples
    --------
    >>> covers((date(2025, 2, 1), date(2025, 9, 1)), Period(date(2025, 7, 1), date(2025, 10, 1)))
    True
    """
    return span[0] <= period.first and period.end <= add_months(span[1], 1)


def statistics_value(
    session: Session, scope: Scope, *, by: str, topic: str, period: Period
) -> Statistics:
    """Give everything the statistics map shows."""
    table = statistics_table(session, scope, by=by, topic=topic, period=period)
    basis, span = basis_of(session, scope), counted_span(session)
    sensitive = is_sensitive(session, topic)
    whole = table
    if sensitive and by != "county":
        whole = statistics_table(session, scope, by="county", topic=topic, period=period)
    return Statistics(
        topic=topic,
        by=cast("Level", by),
        period=str(period),
        previous=str(period.previous()),
        has_previous=is_comparable(session, period),
        is_whole=span is not None and covers(span, period),
        sensitive=sensitive,
        totals=_totals(table, whole),
        classes={measure.name: _classes(table[measure.column]) for measure in MEASURES},
        basis=_basis(basis),
        stretches=count_stretches(session, scope, topic=topic, period=period),
        rows=_rows(table),
    )


def _rows(table: pd.DataFrame) -> list[AreaNumbers]:
    digits = {"rate_per_1000": 2, "eb_rate_per_1000": 2}
    plain = table.round(digits).astype(object)
    return [AreaNumbers(**row) for row in plain.where(plain.notna(), None).to_dict("records")]


def _totals(table: pd.DataFrame, whole: pd.DataFrame) -> Totals:
    people = int(table["people"].sum())
    incidents = _sum_if_known(whole["incidents"])
    rate = None if incidents is None or not people else round(1000 * incidents / people, 2)
    return Totals(
        units=len(table),
        households=int(table["households"].sum()),
        people=people,
        incidents=incidents,
        previous=_sum_if_known(whole["previous"]),
        rate_per_1000=rate,
        suppressed=int(table["suppressed"].sum()),
        no_data=int((table["people"] == 0).sum()),
    )


def _sum_if_known(counts: pd.Series) -> int | None:
    return None if counts.isna().any() else int(counts.sum())


def _classes(values: pd.Series) -> Classes:
    found = natural_classes(values.astype("Float64").to_numpy(float, na_value=float("nan")))
    return Classes(found.lows, found.highs, found.counts)


def _basis(basis: Basis) -> RestsOn:
    counted_at = basis.counted_at.date() if basis.counted_at else None
    return RestsOn(counted_at, basis.n_plans, basis.newest_plan)


def period_choices(basis: Basis) -> dict[str, list[str]]:
    """List the months, quarters and years that have incidents, newest first."""
    if basis.first_month is None or basis.last_month is None:
        return {"month": [], "quarter": [], "year": []}
    months: list[date] = []
    month = basis.last_month
    while month >= basis.first_month:
        months.append(month)
        month = add_months(month, -1)
    return {
        "month": [f"{m:%Y-%m}" for m in months],
        "quarter": list(dict.fromkeys(f"{m.year}-Q{(m.month + 2) // 3}" for m in months)),
        "year": list(dict.fromkeys(f"{m.year}" for m in months)),
    }


__all__ = ["ALL", "period_choices", "statistics_table", "statistics_value"]
