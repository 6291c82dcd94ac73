"""How long publishing a county takes, and how long its readers wait meanwhile.

All plans of a county of 120,000 households are replaced in one transaction of a durable cluster.
Two processes read the planner's balance table and the shapes of all grids over and over, before and
meanwhile; every reading must be all old or all new.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, text

from gis.actions.access.work import Work
from gis.actions.plan.publishing import publish_plans
from gis.database.engine import open_engine, snapshot, transaction
from gis.domain.access import SYSTEM
from gis.store.installation import Installation
from gis.store.plan.balance import list_balances
from gis.store.plan.outlines import standing_grids
from scripts.benchmarks.county_plans import HOUSEHOLDS_PER_COMMUNITY, NOW, make_county

N_COMMUNITIES = 120
N_READERS = 2
WARM_S = 6.0

HEADING = f"{'what':<24} {'median s':>9} {'p95 s':>9} {'longest s':>9} {'times':>6}  result"


@dataclass(frozen=True)
class Timing:
    """One row of the table."""

    what: str
    seconds: list[float]
    says: str

    def __str__(self) -> str:
        """Give the row."""
        if not self.seconds:
            return f"{self.what:<24} no reading  {self.says}"
        median, p95 = np.quantile(self.seconds, [0.5, 0.95])
        return (
            f"{self.what:<24} {median:9.3f} {p95:9.3f} {max(self.seconds):9.3f}"
            f" {len(self.seconds):6d}  {self.says}"
        )


@dataclass(frozen=True)
class Reading:
    """One reading: when it began, how long it took, and what was in force by it."""

    begun: float
    seconds: float
    generation: str


def time_publishing(n_communities: int = N_COMMUNITIES) -> Iterator[Timing]:
    """Make the county, read it, publish it while it is read, and tell how long all took."""
    with durable_database() as installation:
        url = installation.url()
        engine = open_engine(url)
        with transaction(engine) as session:
            plans = make_county(session, n_communities)
        _analyze(installation.owning_url())
        with readers(url, set(plans)) as told:
            time.sleep(WARM_S)
            begun = time.monotonic()
            seconds = _publish(engine, plans)
            time.sleep(1.0)
        readings = [reading for one in told for reading in one]
        engine.dispose()
    yield from _sum_up(readings, begun, seconds, n_communities)


def _publish(engine: Engine, plans: list[int]) -> float:
    begun = time.monotonic()
    with transaction(engine) as session:
        publish_plans(Work(session, SYSTEM, NOW), plans, effective_from=NOW.date())
    return time.monotonic() - begun


def _sum_up(
    readings: list[Reading], begun: float, seconds: float, n_communities: int
) -> Iterator[Timing]:
    ended = begun + seconds
    before = [r.seconds for r in readings if r.begun + r.seconds < begun]
    meanwhile = [r for r in readings if r.begun < ended and r.begun + r.seconds >= begun]
    mixed = sum(r.generation == "mixed" for r in readings)
    new = sum(r.generation == "new" for r in readings)
    households = n_communities * HOUSEHOLDS_PER_COMMUNITY
    yield Timing("publish", [seconds], f"{n_communities} plans, {households:,} households")
    yield Timing("reading before", before, f"{N_READERS} processes")
    says = f"{mixed} of {len(readings)} readings mixed, {new} after"
    yield Timing("reading meanwhile", [r.seconds for r in meanwhile], says)


# Readers


@contextmanager
def readers(url: str, new_plans: set[int]) -> Iterator[list[list[Reading]]]:
    """Read in processes of their own while the block runs; the list is filled at its end."""
    context = multiprocessing.get_context("spawn")
    end, told = context.Event(), []
    pipes = [context.Pipe(duplex=False) for _ in range(N_READERS)]
    work = [
        context.Process(target=read_on, args=(url, new_plans, end, sender), daemon=True)
        for _, sender in pipes
    ]
    for process in work:
        process.start()
    for receiver, _ in pipes:
        receiver.recv()
    yield told
    end.set()
    told.extend(receiver.recv() for receiver, _ in pipes)
    for process in work:
        process.join()


def read_on(url: str, new_plans: set[int], end: object, sender: object) -> None:
    """Read until told to end; sends a sign of readiness, and at the end all readings."""
    engine = open_engine(url)
    read_once(engine, new_plans)
    sender.send("ready")
    readings = []
    while not end.is_set():
        readings.append(read_once(engine, new_plans))
    sender.send(readings)
    engine.dispose()


def read_once(engine: Engine, new_plans: set[int]) -> Reading:
    """Read what a planner's first page shows, and say whether it is old, new or mixed."""
    begun = time.monotonic()
    with snapshot(engine) as session:
        rows = list_balances(session, SYSTEM, today=NOW.date())
        n_shapes = standing_grids(session, SYSTEM).count('"Feature"')
    seconds = time.monotonic() - begun
    ages = {row.plan_id in new_plans for row in rows}
    agrees = n_shapes == sum(row.balance.n_grids for row in rows)
    words = {frozenset({True}): "new", frozenset({False}): "old"}
    return Reading(begun, seconds, words.get(frozenset(ages), "mixed") if agrees else "mixed")


# The database


@contextmanager
def durable_database() -> Iterator[Installation]:
    """Give an installation with a migrated database; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="community-grid-bench-", dir="/tmp"))
    folder.chmod(0o711)
    installation = Installation(folder, None, "bench")
    try:
        installation.make_ready().dispose()
        yield installation
    finally:
        installation.cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _analyze(url: str) -> None:
    """Let the planner know the tables, as their owner."""
    engine = open_engine(url)
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    engine.dispose()


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--communities", type=int, default=N_COMMUNITIES, help="of the county")


def run(options: argparse.Namespace) -> Iterator[Timing]:
    """Give the rows of the table."""
    yield from time_publishing(options.communities)
