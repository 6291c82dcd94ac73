"""How long the search box takes on a large register, and what its other designs would cost.

A throw-away database is filled with a generated register. The same typed texts are asked of the
stored keys (what the application does), of trigrams over whole addresses, and of a sorted list of
keys in memory. Typed texts are the beginnings of names of the register as people type them: Han,
pinyin, initials, a name with a number; and the dearest: single letters.
"""

from __future__ import annotations

import argparse
import bisect
import random
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.actions.location.search import refresh_search
from gis.database.bulk import copy_frame
from gis.database.engine import open_engine, transaction
from gis.domain.access import Scope
from gis.store.installation import Installation
from gis.store.location.search import search
from gis.store.tables import Address, DivisionUnit, ImportBatch, SearchKey, SearchName
from scripts.evaluation.geocoding.guzhou import large_register

N_ROWS = 300_000
N_QUERIES = 300
PLANNER = Scope(None, "bench", "bench", frozenset({"planner"}), None)
HEADING = f"{'typed':<22}{'method':<34}{'n':>5}{'p50_ms':>9}{'p95_ms':>9}{'most_ms':>9}  note"


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    typed: str
    method: str
    times_ms: list[float]
    note: str = ""

    def __str__(self) -> str:
        """Write the line."""
        p50, p95, most = np.percentile(self.times_ms, [50, 95, 100])
        return (
            f"{self.typed:<22}{self.method:<34}{len(self.times_ms):>5}"
            f"{p50:>9.1f}{p95:>9.1f}{most:>9.1f}  {self.note}"
        )


def time_search(n_rows: int = N_ROWS, n_queries: int = N_QUERIES) -> Iterator[str | Row]:
    """Fill a database and time every kind of text by every design."""
    with tempfile.TemporaryDirectory(prefix="community-grid-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        installation = Installation(Path(folder), None, "search")
        try:
            engine = installation.make_ready()
            yield _fill(engine, n_rows)
            yield _measure_names(installation.owning_url())
            with transaction(engine) as session:
                yield from _time_all(session, n_queries)
            engine.dispose()
        finally:
            installation.cluster.stop()


def _fill(engine: object, n_rows: int) -> str:
    """Store a register with its communities, and name it; says how long that took."""
    register = large_register()
    register = register.sample(min(n_rows, len(register)), random_state=0).sort_index()
    with transaction(engine) as session:
        batch = ImportBatch(kind="addresses", file_name="register", state="committed")
        session.add(batch)
        session.flush()
        units = _add_units(session, register)
        frame = register.drop(columns=["address_id", "lon", "lat", "region"]).replace("", None)
        lies_in = zip(register.town, register.community, strict=True)
        frame["community_id"] = [units[key] for key in lies_in]
        frame["import_batch_id"] = batch.id
        frame["geom"] = shapely.points(register.lon, register.lat)
        copy_frame(session, Address, frame)
        start = perf_counter()
        refresh_search(session)
        named_s = perf_counter() - start
    return f"{len(register):,} addresses named in {named_s:.1f} s"


def _measure_names(url: str) -> str:
    """Let the planner know the tables, as their owner; say how large the names are."""
    engine = open_engine(url)
    with transaction(engine) as session:
        session.execute(text("ANALYZE"))
        sizes = session.execute(text(_SIZES)).one()
    engine.dispose()
    return f"{sizes.names:,} names, {sizes.keys:,} keys, {sizes.bytes / 1024**2:.0f} MB"


_SIZES = """
SELECT (SELECT count(*) FROM search_name) AS names, (SELECT count(*) FROM search_key) AS keys,
  pg_total_relation_size('search_name') + pg_total_relation_size('search_key')
  + pg_total_relation_size('search_door') AS bytes
"""


def _add_units(session: Session, register: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Add the county, its towns and communities around their addresses; ids by both names."""
    county = _unit(session, "522632000000", "county", "榕江县", None, register)
    ids = {}
    for i, (town, group) in enumerate(register.groupby("town"), 1):
        above = _unit(session, f"522632{i:03d}000", "town", town, county, group)
        for j, (community, rows) in enumerate(group.groupby("community"), 1):
            code = f"522632{i:03d}{j:03d}"
            ids[town, community] = _unit(session, code, "community", community, above, rows).id
    return ids


def _unit(
    session: Session,
    code: str,
    level: str,
    name: str,
    above: DivisionUnit | None,
    rows: pd.DataFrame,
) -> DivisionUnit:
    """Add a division unit around some addresses."""
    box = shapely.box(rows.lon.min(), rows.lat.min(), rows.lon.max(), rows.lat.max()).buffer(1e-4)
    unit = DivisionUnit(
        code=code, level=level, name=name, parent_id=above.id if above else None,
        parent_level=above.level if above else None, metric_epsg=4545, synthetic=True,
        geom=f"SRID=4326;{shapely.MultiPolygon([box]).wkt}",
    )  # fmt: skip
    session.add(unit)
    session.flush()
    return unit


# -- what is typed ------------------------------------------------------------------------------


def typed_texts(session: Session, n: int) -> dict[str, list[str]]:
    """Make texts of each kind out of names of the register."""
    rng = random.Random(0)
    query = select(SearchName.name, SearchKey.key, SearchKey.rank).join(
        SearchKey, SearchKey.name_id == SearchName.id
    )
    rows = session.execute(query.order_by(SearchName.id, SearchKey.key)).all()
    written = sorted({r.name for r in rows if r.rank == 0})
    sounds = sorted({r.key for r in rows if r.rank == 1})

    def pick(names: list[str]) -> list[str]:
        return [rng.choice(names) for _ in range(n)]

    def cut(names: list[str]) -> list[str]:
        return [w[: rng.randint(1, min(len(w), 6))] for w in pick(names)]

    return {
        "Han, 1-6 characters": cut(written),
        "pinyin or initials": cut(sounds),
        "name and number": [f"{w} {rng.randint(1, 99)}" for w in pick(written)],
        "misspelt": [w[:2] + "某" + w[3:] for w in pick([w for w in written if len(w) > 4])],
        "one letter": list("abcdefghjklmnopqrstwxyz"),
        "one common character": list("路社区花新大小村江山"),
    }


def _time_all(session: Session, n: int) -> Iterator[str | Row]:
    texts = typed_texts(session, n)
    memory = _MemoryIndex(session)
    methods: dict[str, Callable[[str], object]] = {
        "stored keys (the application)": lambda typed: search(session, PLANNER, typed, limit=8),
        "trigrams over addresses": lambda typed: _by_trigrams(session, typed),
        "sorted keys in memory": memory.find,
    }
    for kind, typed in texts.items():
        for name, find in methods.items():
            few = typed[:40] if name.startswith("trigrams") else typed
            times, hits = [], 0
            for one in few:
                start = perf_counter()
                hits += bool(find(one))
                times.append(1000 * (perf_counter() - start))
            note = f"{hits / len(few):.0%} answered"
            yield Row(kind, name, times, note)
    yield f"sorted keys in memory take {memory.megabytes:.0f} MB in every process, without doors"


def _by_trigrams(session: Session, typed: str) -> list:
    query = "SELECT id, text FROM address WHERE text ILIKE :like ORDER BY length(text) LIMIT 8"
    like = f"%{typed.replace(' ', '')}%"
    return session.execute(text(query), {"like": like}).all()


class _MemoryIndex:
    """Keys in a sorted list: names only, no doors, no area."""

    def __init__(self, session: Session) -> None:
        tracemalloc.start()
        query = select(SearchKey.key, SearchKey.name_id, SearchKey.rank)
        self._keys = sorted(tuple(r) for r in session.execute(query))
        self.megabytes = tracemalloc.get_traced_memory()[0] / 1024**2
        tracemalloc.stop()

    def find(self, typed: str) -> list[tuple]:
        start = bisect.bisect_left(self._keys, (typed,))
        end = bisect.bisect_left(self._keys, (typed + "\U0010ffff",))
        return sorted(self._keys[start:end], key=lambda k: (k[2], len(k[0])))[:8]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--rows", type=int, default=N_ROWS, help="of the register to search")


def run(options: argparse.Namespace) -> Iterator[str | Row]:
    """Give the rows of the table."""
    yield from time_search(options.rows)
