"""What is counted in blocks, as figures: a column for each measure, or the parts of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.database.bulk import read_frame
from gis.words.measures import ENTRANCES, MEASURES

_FIGURES = """
SELECT b.id AS block_id, {columns}
FROM block b LEFT JOIN block_count c ON c.block_id = b.id AND ({measures})
WHERE b.community_id = :community AND b.retired_at IS NULL
GROUP BY b.id ORDER BY b.id
"""
_COLUMN = "coalesce(sum(c.n) FILTER (WHERE {rule}), 0) AS {name}"
_TIMES = {
    None: "true",
    "month": (
        "c.month > (SELECT max(l.month) FROM block_count l WHERE {same})"
        " - make_interval(months => :months)"
    ),
    "day": "c.month + (c.day - 1) <= coalesce(CAST(:today AS date), current_date)",
}

_ENTRANCES = text("""
SELECT block_id, substr(measure, length(:family) + 1) AS entrance, n FROM block_count
WHERE block_id = ANY(:blocks) AND starts_with(measure, :family)
ORDER BY block_id, measure
""")


def block_figures(
    session: Session,
    community_id: int,
    measures: Sequence[str],
    *,
    today: date | None = None,
    months: int | None = None,
) -> pd.DataFrame:
    """Read measures of the blocks in use of a community.

    Parameters
    ----------
    measures
        Names of measures; the parts of one are summed.
    today
        Day on which what comes to hold by itself must hold; the database's own unless given.
    months
        Of what is counted by month the last so many, up to the latest counted anywhere.

    Returns
    -------
    DataFrame
        A column of whole numbers for each measure, by ``block_id``.
    """
    columns, meant = [], []
    for name in measures:
        time = _TIMES[MEASURES[name].time].replace("{same}", _is(name, "l"))
        columns.append(_COLUMN.format(rule=f"{_is(name, 'c')} AND {time}", name=name))
        meant.append(_is(name, "c"))
    query = text(_FIGURES.format(columns=", ".join(columns), measures=" OR ".join(meant)))
    values = {"community": community_id, "today": today, "months": months}
    return read_frame(session, query, values).set_index("block_id").astype(int)


def _is(name: str, alias: str) -> str:
    """Write that a count is of a measure, or of one of its parts."""
    if MEASURES[name].part:
        return f"{alias}.measure LIKE '{name}:%'"
    return f"{alias}.measure = '{name}'"


def entrance_counts(session: Session, block_ids: Collection[int]) -> dict[int, dict[str, float]]:
    """Give the households by entrance: ``building-stairwell``, as far as both are known.

    Blocks whose addresses tell no entrance are left out.
    """
    values = {"blocks": [int(b) for b in block_ids], "family": f"{ENTRANCES}:"}
    counts: dict[int, dict[str, float]] = {}
    for row in session.execute(_ENTRANCES, values):
        counts.setdefault(row.block_id, {})[row.entrance] = float(row.n)
    return counts
