"""Doubtful points of a whole file through the command line: at the dry run and when geocoded."""

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.actions.provenance.kept_doubts import read_doubts
from gis.database.engine import open_engine
from gis.geometry.crs import project_points
from gis.geometry.datum import bd09_from_gcj02, gcj02_from_wgs84
from gis.store import tables as t
from tests.drawn_town import (
    NAMES,
    STREETS,
    addresses,
    barriers,
    buildings,
    communities,
    house_place,
    houses,
    number_of,
)
from tests.gis.cli.test_cli import write
from tests.gis.cli.test_misplacement import ground  # noqa: F401  (a fixture)
from webmap.shell.language import say

EVERY = houses()
LON, LAT = np.array([house_place(*h) for h in EVERY]).T
TEXTS = [f"{NAMES[i]}{STREETS[r]}{number_of(i, c)}号" for i, r, c in EVERY]


def household_file(path, lon, lat, texts):
    numbers = [f"S{n}" for n in range(len(texts))]
    rows = {"number": numbers, "people": 2, "address_text": texts, "lon": lon, "lat": lat}
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def mixed():
    given = gcj02_from_wgs84(LON, LAT)
    is_right = np.arange(len(LON)) % 2 == 0
    return [np.where(is_right, r, g) for r, g in zip((LON, LAT), given, strict=True)]


SECOND = " (rows 2, 4, 6, 8, 10, 12, 14, 16, …)"
CASES = {
    "two datums": (*mixed(), TEXTS, (f"36 lie as they should and 36{SECOND}", "as GCJ-02 does")),
    "two datums, no address": (*mixed(), [""] * 72, ("two datums in one file", SECOND)),
    "one point": (
        np.full(72, LON[0]), np.full(72, LAT[0]), TEXTS,
        ("72 of 72 rows (rows 1, 2, 3, 4, 5, 6, 7, 8, …)", "share one point", "name 72 houses"),
    ),
    "rounded": (LON.round(3), LAT.round(3), TEXTS, ("72 of 72 rows", "to 3 decimals", "111 m")),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_it_is_told_at_the_dry_run_and_when_geocoded_and_nothing_changes(
    ground,  # noqa: F811
    run,
    tmp_path,
    case,
):
    lon, lat, texts, words = CASES[case]
    file = household_file(tmp_path / "f.csv", lon, lat, texts)
    dry = run("import", "households", file)
    assert dry.status == 0 and all(w in dry.err for w in words), dry.err
    assert run("import", "households", file, "--commit").status == 0
    located = run("geocode", "households")
    assert located.status == 0 and all(w in located.err for w in words), located.err


def gcj02_rounded():
    return [v.round(3) for v in gcj02_from_wgs84(LON, LAT)]


def bd09_rounded():
    return [v.round(3) for v in bd09_from_gcj02(*gcj02_from_wgs84(LON, LAT))]


def metres_rounded():
    return [v.round(-2) for v in project_points(LON, LAT, source="EPSG:4326", target="EPSG:4545")]


WRITTEN = {
    "gcj02": (gcj02_rounded, ("--datum", "gcj02"), ("to 3 decimals", "about 111 m")),
    "bd09": (bd09_rounded, ("--datum", "bd09"), ("to 3 decimals", "about 111 m")),
    "metres": (metres_rounded, ("--crs", "EPSG:4545"), ("of a raster", "about 100 m")),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_rounding_is_seen_in_the_numbers_as_they_are_written(
    ground,  # noqa: F811
    run,
    tmp_path,
    case,
):
    written, options, words = WRITTEN[case]
    file = household_file(tmp_path / "f.csv", *written(), TEXTS)
    words = ("72 of 72 rows have coordinates rounded", *words)
    stored = run("import", "households", file, *options, "--commit")
    assert stored.status == 0 and all(w in stored.err for w in words), stored.err
    located = run("geocode", "households")
    assert located.status == 0 and all(w in located.err for w in words), located.err


def test_what_is_found_when_the_register_comes_later_names_the_rows_of_the_file(
    run, database, tmp_path
):
    def put(kind, records):
        answer = run("import", kind, write(records, tmp_path / f"{kind}.geojson"), "--commit")
        assert answer.status == 0, answer.err

    put("communities", communities())
    lon, lat = mixed()
    file = household_file(tmp_path / "f.csv", lon, lat, TEXTS)
    first = run("import", "households", file, "--commit")
    assert first.status == 0 and "two datums" not in first.err
    assert kept(database) == []
    for kind, records in (
        ("barriers", barriers()), ("buildings", buildings()), ("addresses", addresses())
    ):  # fmt: skip
        put(kind, records)
    assert run("blocks", "--all").status == 0
    assert f"36{SECOND} as GCJ-02 does" in run("geocode", "households").err
    (doubt,) = kept(database)
    assert f"36{SECOND} as GCJ-02 does" in doubt
    assert "（第 2, 4, 6, 8, 10, 12, 14, 16 行, …）" in say(doubt, "zh")
    assert "GCJ-02" in say(doubt, "zh") and "rows" not in say(doubt, "zh")


def kept(url):
    """Read the doubts that are kept with the households of a file."""
    engine = open_engine(url)
    with Session(engine) as session:
        query = select(t.ImportBatch.doubts).where(t.ImportBatch.kind == "households")
        found = session.scalars(query).one()
    engine.dispose()
    return list(read_doubts(found).told)


def test_a_right_file_and_a_tower_are_not_told(ground, run, tmp_path):  # noqa: F811
    texts = [*TEXTS, *(f"{TEXTS[0]}{n}01室" for n in range(40))]
    lon, lat = np.append(LON, np.full(40, LON[0])), np.append(LAT, np.full(40, LAT[0]))
    file = household_file(tmp_path / "f.csv", lon, lat, texts)
    assert "warning" not in run("import", "households", file, "--commit").err
    assert "warning" not in run("geocode", "households").err
