"""Statistics as a file that explains itself: what was counted, when, where, and how."""

from __future__ import annotations

import pandas as pd
from sqlalchemy.orm import Session

from gis.analysis.suppression import SMALLEST_SHOWN
from gis.domain.access import Scope
from gis.domain.period import Period
from gis.errors import Message
from gis.store.statistics.by_level import ALL, PER, basis_of, is_sensitive
from gis.store.tables import Topic

ROUNDED = {"rate_per_1000": 2, "eb_rate_per_1000": 2}
ALL_NAMES = ("全部事项（敏感事项除外）", "All topics but the sensitive ones")


def explained_table(
    session: Session,
    scope: Scope,
    table: pd.DataFrame,
    *,
    by: str,
    topic: str,
    period: Period,
    plan: int | None = None,
) -> pd.DataFrame:
    """Add to every row what its numbers are of, so that it stays true when it is cut out.

    Parameters
    ----------
    table
        As `gis.store.statistics.by_level.statistics` gives it, other columns kept.

    Returns
    -------
    table
        Rates with two digits, and ``topic, topic_name, topic_name_en, period, first_day,
        end_day`` (the first day after), ``level, boundaries, counted_at, units, method``.
    """
    basis, names = basis_of(session, scope), ALL_NAMES
    if topic != ALL:
        found = session.get_one(Topic, topic)
        names = found.name_zh, found.name_en
    boundaries = f"plan {plan}"
    if plan is None:
        boundaries = Message(
            "{n} plans in force, newest of {day}", n=basis.n_plans, day=basis.newest_plan or "-"
        )
    return table.round(ROUNDED).assign(
        topic=topic,
        topic_name=names[0],
        topic_name_en=names[1],
        period=str(period),
        first_day=period.first,
        end_day=period.end,
        level=by,
        boundaries=boundaries,
        counted_at=basis.counted_at.date().isoformat() if basis.counted_at else None,
        units=f"incidents: number; rates: incidents per {PER} people living there in the period",
        method=_method(is_sensitive(session, topic)),
    )


def _method(sensitive: bool) -> str:
    words = "eb_rate_per_1000: smoothed by empirical Bayes (Marshall 1991)"
    if not sensitive:
        return words
    return f"{words}; hidden: fewer than {SMALLEST_SHOWN}, and what would give one away"
