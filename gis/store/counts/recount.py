"""The one recount: every count of a block is made here, from what its rows say they count as.

A block in use counts the accepted rows that lie in it (`_COUNTED`); a retired block counts nothing,
and what a block has none of has no row. Only rows that differ are written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from gis.store.ground.locate import block_at_point
from gis.store.tables.kinds import CountedInBlock, Counting, kinds_with
from gis.words.measures import HOUSEHOLDS, MEASURES, UNDATED

AHEAD_YEARS = 5
"""So many years ahead is counted what comes to hold by itself; every recount renews it."""

_ACCEPTED = "t.status = 'accepted'"
_COUNTED = f"{_ACCEPTED} AND t.block_id IN (SELECT id FROM block WHERE retired_at IS NULL{{which}})"  # noqa: S608  (a rule)
_TODAY = "(SELECT CAST(CAST(:now AS timestamptz) AS date))"
_UNTIL = f"({_TODAY} + make_interval(years => {AHEAD_YEARS}))"
_UNDATED = f"DATE '{UNDATED}'"

_MEANT = "(id = ANY(:blocks) OR community_id = ANY(:communities))"
_OF_MEANT = f"c.block_id IN (SELECT id FROM block WHERE {_MEANT}) AND"  # noqa: S608  (a rule)

_RECOUNT = """
WITH differing AS (
    SELECT block_id, measure, month, day, d.n
    FROM ({counts}) d FULL JOIN (
        SELECT * FROM block_count c WHERE {of_meant} split_part(c.measure, ':', 1) = ANY(:measures)
    ) c USING (block_id, measure, month, day)
    WHERE c.n IS DISTINCT FROM d.n
), gone AS (
    DELETE FROM block_count c USING differing d
    WHERE d.n IS NULL AND d.block_id = c.block_id
      AND d.measure = c.measure AND d.month = c.month AND d.day = c.day
)
INSERT INTO block_count (block_id, measure, month, day, n, counted_at)
SELECT block_id, measure, month, day, n, :now FROM differing WHERE n IS NOT NULL
ORDER BY block_id, measure, month, day
ON CONFLICT (block_id, measure, month, day) DO UPDATE
SET n = excluded.n, counted_at = excluded.counted_at
"""
"""A full join is never made by nested loops, whatever is known yet of tables just filled."""

_COUNTS = """
SELECT r.block_id, {measure} AS measure, {month} AS month, {day} AS day, sum(r.n) AS n
FROM ({rows}) r GROUP BY {groups} HAVING sum(r.n) > 0
"""

_HOLDS = f"""
SELECT h.block_id, h.n, CASE WHEN h.since <= {_TODAY} THEN {_UNDATED} ELSE h.since END AS holds
FROM ({{rows}}) h
"""  # noqa: S608  (nothing in it comes from outside)
"""What holds already has no time any more."""


_TURNS = 7_263_003
_ALONE = text("SELECT pg_advisory_xact_lock(:turns)")
_AMONG = text("SELECT pg_advisory_xact_lock_shared(:turns)")
_COMMUNITIES = f"SELECT DISTINCT community_id AS c FROM block WHERE {_MEANT} ORDER BY 1"  # noqa: S608  (a rule)
_ONE_BY_ONE = text(f"SELECT pg_advisory_xact_lock(:turns, c) FROM ({_COMMUNITIES}) AS sorted")  # noqa: S608  (a rule)
"""Who counts in a community waits for whoever has changed what is counted there, and sees it."""


def recount(
    session: Session,
    *,
    now: datetime,
    blocks: Collection[int] | None = None,
    communities: Collection[int] = (),
    kinds: Iterable[str] | None = None,
) -> None:
    """Count anew what lies in blocks.

    Parameters
    ----------
    now
        Its day, on the platform's clocks, is the day on which ages are counted.
    blocks, communities
        Ids of the blocks, and of communities all of whose blocks are meant; None: every block.
    kinds
        Kinds of records whose counts are made anew; None: all.
    """
    session.flush()
    known = kinds_with(CountedInBlock)
    wanted = tuple(sorted(known if kinds is None else set(kinds) & set(known)))
    if not wanted:
        return
    values: dict[str, object] = {"now": now, "measures": measures_of(wanted)}
    if blocks is None:
        session.execute(_ALONE, {"turns": _TURNS})
    else:
        meant = {"blocks": [int(i) for i in blocks], "communities": [int(i) for i in communities]}
        session.execute(_AMONG, {"turns": _TURNS})
        session.execute(_ONE_BY_ONE, meant | {"turns": _TURNS})
        values |= meant
    session.execute(_statement(wanted, blocks is None), values)


def measures_of(kinds: Iterable[str]) -> list[str]:
    """List the measures that records of some kinds count as."""
    return [counting.measure for counting in _countings(kinds)]


def _countings(kinds: Iterable[str]) -> list[Counting]:
    known = kinds_with(CountedInBlock)
    return [counting for kind in kinds for counting in known[kind].counted_as]


@lru_cache(maxsize=32)
def _statement(kinds: tuple[str, ...], every_block: bool) -> TextClause:
    counted = _COUNTED.format(which="" if every_block else f" AND {_MEANT}")
    counts = "UNION ALL".join(_counts(counting, counted) for counting in _countings(kinds))
    return text(_RECOUNT.format(of_meant="" if every_block else _OF_MEANT, counts=counts))


def _counts(counting: Counting, counted: str) -> str:
    """Write how the rows of a measure are summed by block, part and time."""
    measure = MEASURES[counting.measure]
    rows = counting.rows.replace("{counted}", counted).replace("{until}", _UNTIL)
    name, month, day, groups = f"'{counting.measure}'", _UNDATED, "1", ["r.block_id"]
    if measure.part:
        name = f"'{counting.measure}:' || r.part"
        groups.append("r.part")
    if measure.time == "month":
        month = "r.month"
        groups.append("r.month")
    if measure.time == "day":
        rows = _HOLDS.replace("{rows}", rows)
        day = "CAST(extract(day FROM r.holds) AS int)"
        month = f"r.holds - ({day} - 1)"
        groups.append("r.holds")
    return _COUNTS.format(measure=name, month=month, day=day, rows=rows, groups=", ".join(groups))


def count_flows(session: Session, retired: Sequence[int]) -> None:
    """Count how many households of retired blocks lie in each block made of them.

    Asked before they are located again; the lineage must be stored.
    """
    session.execute(_flows(), {"retired": [int(i) for i in retired]})


@lru_cache(maxsize=1)
def _flows() -> TextClause:
    (table,) = (
        table.__tablename__
        for table in kinds_with(CountedInBlock).values()
        if HOUSEHOLDS in [counting.measure for counting in table.counted_as]
    )
    return text(
        f"""
        UPDATE block_lineage l SET households = f.n
        FROM (SELECT t.block_id AS parent, {block_at_point("t.geom")} AS child, count(*) AS n
              FROM {table} t WHERE t.block_id = ANY(:retired) AND {_ACCEPTED} GROUP BY 1, 2) f
        WHERE l.parent_id = f.parent AND l.child_id = f.child
        """  # noqa: S608  (nothing in it comes from outside)
    )
