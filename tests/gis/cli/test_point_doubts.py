"""Doubtful points of a whole file through the command line: at the dry run and when geocoded."""

import numpy as np
import pandas as pd
import pytest

from gis.geometry.datum import gcj02_from_wgs84
from tests.drawn_town import NAMES, STREETS, house_place, houses, number_of
from tests.gis.cli.test_misplacement import ground  # noqa: F401  (a fixture)

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


CASES = {
    "two datums": (*mixed(), TEXTS, ("36 lie as they should and 36", "as GCJ-02 does")),
    "two datums, no address": (*mixed(), [""] * 72, ("two datums in one file", "as GCJ-02 does")),
    "one point": (
        np.full(72, LON[0]), np.full(72, LAT[0]), TEXTS,
        ("72 of 72 rows", "share one point", "name 72 houses"),
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


def test_a_right_file_and_a_tower_are_not_told(ground, run, tmp_path):  # noqa: F811
    texts = [*TEXTS, *(f"{TEXTS[0]}{n}01室" for n in range(40))]
    lon, lat = np.append(LON, np.full(40, LON[0])), np.append(LAT, np.full(40, LAT[0]))
    file = household_file(tmp_path / "f.csv", lon, lat, texts)
    assert "warning" not in run("import", "households", file, "--commit").err
    assert "warning" not in run("geocode", "households").err
