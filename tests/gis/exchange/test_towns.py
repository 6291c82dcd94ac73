"""Real files of two towns go through the readers whole."""

from pathlib import Path

import pytest

from gis.exchange.columns import parse_mapping
from gis.exchange.records import read_records

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = [
    pytest.mark.town,
    pytest.mark.skipif(
        not (DATA / "cambridge_ma").exists(), reason="no real towns beside the repository"
    ),
]

CAMBRIDGE = [
    ("neighborhoods.geojson", "communities", ["code=N_HOOD"], 13),
    (
        "street_centerlines.geojson",
        "barriers",
        [
            "kind=MajorRoad{1:main_road,*:minor_road}",
            *(f"{side}=" for side in ("left_from", "left_to", "right_from", "right_to")),
        ],
        2643,
    ),
    ("rail.geojson", "barriers", ["kind:=rail"], 97),
    ("water_bodies.geojson", "land_cover", ["kind:=water"], 74),
    ("parcels.gpkg", "buildings", [], 13210),
    ("master_addresses_2021.csv.gz", "addresses", ["street=street+type"], 24099),
    (
        "incidents_crashes_2010_2016.csv.gz",
        "incidents",
        ["number=Crash Number", "topic:=crash", "occurred_at=datetime"],
        10335,
    ),
]


@pytest.mark.parametrize(("file", "kind", "pairs", "n_rows"), CAMBRIDGE)
def test_cambridge_is_read_without_a_defect(file, kind, pairs, n_rows):
    result = read_records(
        DATA / "cambridge_ma" / file,
        kind,
        mapping=parse_mapping(pairs),
        code_prefix="990002001",
        within=(-71.3, 42.3, -70.9, 42.5),
    )
    places = [d for d in result.defects if d.code != "outside_county"]
    assert not places, [str(d) for d in places[:5]]
    assert result.n_rows == n_rows
    assert len(result.frame) >= 0.99 * n_rows


def test_thefts_of_taipei_are_read_with_their_chinese_columns():
    result = read_records(
        DATA / "taipei" / "incidents_theft.csv.gz",
        "incidents",
        mapping=parse_mapping(
            ["number=編號+案類", "topic=案類", "occurred_at=date", "address_text=發生地點"]
        ),
    )
    assert result.n_rows == 11435
    assert {d.code for d in result.defects} <= {"repeated", "missing"}
