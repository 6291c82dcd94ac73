"""How long it takes to count what lies in blocks, and to read the counts.

A county of 120,000 households in 48,000 blocks, with 360,000 residents, 100,000 incidents in 24
months and a plan in force; a throw-away database. Every row is a median of several runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from gis.actions.plan.block_loads import count_blocks
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.domain.period import parse_period
from gis.store.installation import Installation
from gis.store.plan.handover_counts import ground_stamp, handover_counts
from gis.store.plan.workload import work_counts
from gis.store.statistics.by_level import statistics
from scripts.benchmarks.county_plans import NOW, make_county
from scripts.benchmarks.spatial_database import scratch_database

N_COMMUNITIES = 120
N_INCIDENTS = 100_000
N_TIMES = 7
HEADING = f"{'what':<34} {'median s':>9} {'least s':>9} {'most s':>9} {'times':>6}"

_RESIDENTS = """
INSERT INTO resident (household_id, name, birth_date, category, import_batch_id)
SELECT h.id, '某', DATE '1935-01-01' + abs(hashtext(h.number || n) % 31000),
       CASE WHEN hashtext(n || h.number) % 12 = 0 THEN 'floating'
            ELSE 'registered' END, h.import_batch_id
FROM household h, generate_series(1, 3) n
"""
_TOPICS = """
INSERT INTO topic (code, name_zh, name_en, category, sensitive, sensitive_decided)
SELECT 'topic' || n, '题' || n, 'Topic ' || n, 'order', n = 0, n > 0 FROM generate_series(0, 7) n
"""
_INCIDENTS = """
INSERT INTO incident (number, topic, occurred_at, closed_at, community_id, block_id, status, level,
                      geom, import_batch_id)
SELECT 'E' || n, 'topic' || n % 8, at, CASE WHEN n % 3 > 0 THEN at END, h.community_id, h.block_id,
       'accepted', 'number', h.geom, h.import_batch_id
FROM (SELECT *, row_number() OVER (ORDER BY hashtext(number), number) AS n FROM household) h,
     LATERAL (SELECT TIMESTAMPTZ '2024-03-01' + (n * 37 % 730) * interval '1 day' AS at) t
WHERE n <= :incidents
"""


@dataclass(frozen=True)
class Timing:
    """One row of the table."""

    what: str
    seconds: list[float]

    def __str__(self) -> str:
        """Write the row."""
        times = np.array(self.seconds)
        return (
            f"{self.what:<34} {np.median(times):9.3f} {times.min():9.3f} {times.max():9.3f}"
            f" {len(times):6d}"
        )


def time_counts(n_communities: int = N_COMMUNITIES) -> Iterator[Timing]:
    """Make the county, then count and read it."""
    with scratch_database() as url:
        engine = Installation(Path("/nonexistent"), url, "bench").make_ready()
        with transaction(engine) as session:
            make_county(session, n_communities)
            session.execute(text(_RESIDENTS))
            session.execute(text(_TOPICS))
            session.execute(text(_INCIDENTS), {"incidents": N_INCIDENTS})
        _analyze(url)
        yield Timing("count all, for the first time", [_taken(engine, _count_all)])
        _analyze(url)
        for what, work in _works(n_communities).items():
            yield Timing(what, [_taken(engine, work) for _ in range(N_TIMES)])
        engine.dispose()


def _analyze(url: str) -> None:
    owner = create_engine(url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    owner.dispose()


def _count_all(session: Session) -> None:
    count_blocks(session, now=NOW)


def _works(n_communities: int) -> dict[str, Callable[[Session], object]]:
    month, year = parse_period("2025-05"), parse_period("2025")
    middle = n_communities // 2
    which = "SELECT id FROM division_unit WHERE level = 'community' ORDER BY id OFFSET :n LIMIT 1"

    def community(session: Session) -> int:
        return session.scalar(text(which), {"n": middle})

    def many_moved(session: Session) -> None:
        session.execute(
            text("UPDATE household SET people = people + 1 WHERE hashtext(number) % 20 = 0")
        )
        begun = perf_counter()
        count_blocks(session, now=NOW + timedelta(hours=1))
        session.info["taken"] = perf_counter() - begun

    works: dict[str, Callable[[Session], object]] = {
        "count all, nothing changed": _count_all,
        "count all, one in 20 changed": many_moved,
    }
    for by in ("grid", "community", "county"):
        for topic in ("topic1", "all"):
            for period, name in ((month, "month"), (year, "year")):

                def ask(
                    session: Session,
                    by: str = by,
                    topic: str = topic,
                    period: object = period,
                ) -> object:
                    return statistics(session, SYSTEM, by=by, topic=topic, period=period)

                works[f"statistics {by} {topic} {name}"] = ask
    today = NOW.date()
    works["what a plan hands over"] = lambda s: handover_counts(s, community(s), today=today)
    works["what makes work"] = lambda s: work_counts(s, community(s), today=today)
    works["whether anything changed"] = lambda s: ground_stamp(s, community(s))
    return works


def _taken(engine: object, work: Callable[[Session], object]) -> float:
    """Time a piece of work in a transaction of its own."""
    with transaction(engine) as session:
        begun = perf_counter()
        work(session)
        return session.info.pop("taken", None) or perf_counter() - begun


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subject."""
    parser.add_argument("--communities", type=int, default=N_COMMUNITIES, help="of 1,000 each")


def run(options: argparse.Namespace) -> Iterator[Timing]:
    """Give the rows of the table."""
    yield from time_counts(options.communities)
