"""Addresses a second: whole ones, the rest, and what is done elsewhere for the same texts.

One process throughout. A row asks a share of the texts small enough for its method; the note gives
addresses for each second of the processor, which a busy machine does not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from gis.address.geocoder import Geocoder
from gis.address.normalise import normalise
from gis.address.parse import parse_many
from scripts.benchmarks.spatial_database import connect, scratch_database
from scripts.evaluation.geocoding.guzhou import SEED, is_right, large_register
from scripts.evaluation.geocoding.judge import Clock, timed
from scripts.evaluation.geocoding.noiser import PARTS, spoil_register
from scripts.evaluation.geocoding.table import Row

if TYPE_CHECKING:
    import psycopg

    from scripts.evaluation.geocoding.setting import Setting

N_WHOLE, N_SPOILT, N_PEERS = 100_000, 20_000, 100
N_QUICK = 2_000
REGION = "贵州省榕江县"
GIN_THRESHOLD = 0.3


def rates(setting: Setting) -> Iterator[Row]:
    """Time ours on whole and on spoilt addresses, and the peers on the spoilt ones."""
    register = large_register()
    geocoder = setting.geocoder("guzhou", lambda: Geocoder(register.drop(columns="text")))
    rng = np.random.default_rng(SEED)
    entries = register.set_index("address_id")[list(PARTS)]
    at = rng.permutation(len(register))[: N_QUICK if setting.quick else N_WHOLE]
    whole = [REGION + t for t in register["text"].iloc[at]]
    yield _parsed(whole)
    yield _geocoded("parse + exact keys", geocoder, whole, register.iloc[at], entries)
    yield _geocoded("the same, once more", geocoder, whole, register.iloc[at], entries)
    asked = spoil_register(register, N_QUICK if setting.quick else N_SPOILT, rng)
    rest = asked[~geocoder.is_whole(asked["text"])]
    truth = register.iloc[rest["row"]]
    yield _geocoded("the rest, in full", geocoder, rest["text"].tolist(), truth, entries)
    if setting.peers:
        yield from _peers(register, rest.head(N_PEERS))


def _row(method: str, n: int, clock: Clock, right: np.ndarray | None, note: str) -> Row:
    per_cpu_s = n / max(clock.cpu_s, 1e-9)
    return Row(
        "speed",
        method,
        n,
        right=None if right is None else 100 * float(np.mean(right)),
        rows_s=n / clock.seconds,
        cpu_s=clock.cpu_s,
        note=f"{per_cpu_s:,.0f} per second of the processor; {note}",
    )


def _parsed(texts: list[str]) -> Row:
    with timed() as clock:
        read = parse_many(texts)
    told = np.array([bool(a.community) for a in read])
    return _row("parse alone", len(texts), clock, told, "right: community read; no look-up")


def _geocoded(
    method: str, geocoder: Geocoder, texts: list[str], truth: pd.DataFrame, entries: pd.DataFrame
) -> Row:
    with timed() as clock:
        found = geocoder.geocode(texts)
    right = is_right(found, truth.reset_index(drop=True), entries)
    right &= found["status"].to_numpy() == "accepted"
    return _row(
        method, len(texts), clock, right, "right: accepted and right, table of answers made"
    )


def _peers(register: pd.DataFrame, asked: pd.DataFrame) -> Iterator[Row]:
    """Give whole-text likeness over the register: in memory, and in PostgreSQL."""
    texts, known = [normalise(t) for t in asked["text"]], register["text"].tolist()
    rows = asked["row"].to_numpy()

    def by_rapidfuzz(text: str) -> int:
        return process.extractOne(text, known, scorer=fuzz.ratio)[2]

    yield _asked("rapidfuzz extractOne", texts[:40], rows[:40], by_rapidfuzz, "")
    with scratch_database() as url, connect(url) as connection:
        _load(connection, known)
        for name, ask in _TRIGRAM_QUERIES.items():

            def by_trigrams(text: str, ask: str = ask) -> int:
                found = connection.execute(ask, {"text": text}).fetchone()
                return -1 if found is None else found[0]

            note = f"threshold {GIN_THRESHOLD}" if "GIN" in name else ""
            yield _asked(name, texts, rows, by_trigrams, note)
    yield Row("speed", "libpostal", 0, note=_about_libpostal())


_TRIGRAM_QUERIES = {
    "pg_trgm, GIN index": (
        "SELECT id FROM entry WHERE text %% %(text)s ORDER BY similarity(text, %(text)s) DESC, id"
        " LIMIT 1"
    ),
    "pg_trgm, GiST nearest": "SELECT id FROM entry ORDER BY text <-> %(text)s LIMIT 1",
}


def _load(connection: psycopg.Connection, known: list[str]) -> None:
    connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection.execute("CREATE TABLE entry (id int, text text)")
    with connection.cursor().copy("COPY entry FROM STDIN") as copy:
        for i, text in enumerate(known):
            copy.write_row((i, text))
    connection.execute("CREATE INDEX ON entry USING gin (text gin_trgm_ops)")
    connection.execute("CREATE INDEX ON entry USING gist (text gist_trgm_ops)")
    connection.execute("ANALYZE entry")
    connection.execute(f"SET pg_trgm.similarity_threshold = {GIN_THRESHOLD}")


def _asked(
    method: str, texts: list[str], rows: np.ndarray, ask: Callable[[str], int], note: str
) -> Row:
    with timed() as clock:
        found = [ask(text) for text in texts]
    if "pg_trgm" in method:
        clock.cpu_s = clock.seconds
        note = f"the server's processor time is not seen: the clock's; {note}"
    right = np.array(found) == rows
    return _row(method, len(texts), clock, right, f"right: the first is the very entry; {note}")


def _about_libpostal() -> str:
    try:
        import postal.parser  # noqa: F401
    except ImportError:
        return "not installed: Debian has no package of it, and its models are a download apart"
    return "installed, but it reads no 栋, 单元 or 社区: left out"
