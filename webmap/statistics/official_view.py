"""The official's numbers as one value: rows, totals, classes, changes, and what they rest on.

The page, the interface and the stand-alone map all show this value.
"""

from __future__ import annotations

from datetime import date

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
) -> dict:
    """Give everything the statistics map shows, ready for JSON."""
    table = statistics_table(session, scope, by=by, topic=topic, period=period)
    basis, span = basis_of(session, scope), counted_span(session)
    sensitive = is_sensitive(session, topic)
    whole = table
    if sensitive and by != "county":
        whole = statistics_table(session, scope, by="county", topic=topic, period=period)
    return {
        "topic": topic,
        "by": by,
        "period": str(period),
        "previous": str(period.previous()),
        "has_previous": is_comparable(session, period),
        "is_whole": span is not None and covers(span, period),
        "sensitive": sensitive,
        "totals": _totals(table, whole),
        "classes": {measure.name: _classes(table[measure.column]) for measure in MEASURES},
        "basis": _basis(basis),
        "stretches": count_stretches(session, scope, topic=topic, period=period),
        "rows": _rows(table),
    }


def _rows(table: pd.DataFrame) -> list[dict]:
    digits = {"rate_per_1000": 2, "eb_rate_per_1000": 2}
    plain = table.round(digits).astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def _totals(table: pd.DataFrame, whole: pd.DataFrame) -> dict:
    """Add up; of a sensitive topic the counties are added, where less is hidden."""
    people = int(table["people"].sum())
    incidents = _sum_if_known(whole["incidents"])
    rate = None if incidents is None or not people else round(1000 * incidents / people, 2)
    return {
        "units": len(table),
        "households": int(table["households"].sum()),
        "people": people,
        "incidents": incidents,
        "previous": _sum_if_known(whole["previous"]),
        "rate_per_1000": rate,
        "suppressed": int(table["suppressed"].sum()),
        "no_data": int((table["people"] == 0).sum()),
    }


def _sum_if_known(counts: pd.Series) -> int | None:
    return None if counts.isna().any() else int(counts.sum())


def _classes(values: pd.Series) -> dict:
    found = natural_classes(values.astype("Float64").to_numpy(float, na_value=float("nan")))
    return {"lows": found.lows, "highs": found.highs, "counts": found.counts}


def _basis(basis: Basis) -> dict:
    return {
        "counted_at": basis.counted_at.date().isoformat() if basis.counted_at else None,
        "plans": basis.n_plans,
        "newest_plan": basis.newest_plan.isoformat() if basis.newest_plan else None,
    }


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
