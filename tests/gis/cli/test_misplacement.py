"""A file in GCJ-02 through the command line: told at the import, offered, corrected, undone."""

import json

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.database.engine import open_engine
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


@pytest.fixture
def ground(run, database, tmp_path):
    """Give a town with blocks and a register, and no people."""
    for kind, records in (
        ("communities", communities()),
        ("barriers", barriers()),
        ("buildings", buildings()),
        ("addresses", addresses()),
    ):
        file = write(records, tmp_path / f"{kind}.geojson")
        answer = run("import", kind, file, "--commit")
        assert answer.status == 0 and "warning" not in answer.err
    assert run("blocks", "--all").status == 0
    return database


def household_file(path, shift):
    lon, lat = shift(*np.array([house_place(*h) for h in houses()]).T)
    texts = [f"{NAMES[i]}{STREETS[r]}{number_of(i, c)}号" for i, r, c in houses()]
    numbers = [f"S{i}{r}{c}" for i, r, c in houses()]
    rows = {"number": numbers, "people": 2, "address_text": texts, "lon": lon, "lat": lat}
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def stored(url):
    engine = open_engine(url)
    with Session(engine) as session:
        h = t.Household
        rows = session.execute(
            select(h.number, h.status, h.block_id, h.given_lon, func.ST_X(h.geom)).order_by(
                h.number
            )
        ).all()
    engine.dispose()
    return rows


def test_a_file_in_gcj02_is_told_offered_corrected_and_undone(run, ground, tmp_path):
    file = household_file(tmp_path / "households.csv", gcj02_from_wgs84)
    dry = run("import", "households", file)
    assert dry.status == 0 and "72 of 72 rows lie 5" in dry.err
    assert "as GCJ-02 coordinates do; import again with --datum gcj02" in dry.err
    kept = run("import", "households", file, "--commit")
    assert kept.status == 0 and "geocode households --correct gcj02" in kept.err
    located = run("geocode", "households", "--json")
    assert "warning: households.csv: 72 of 72 rows" in located.err
    before = stored(ground)
    assert {row.status for row in before} == {"review"}
    corrected = run("geocode", "households", "--correct", "gcj02", "--json")
    assert corrected.status == 0 and json.loads(corrected.out)[0]["accepted"] == 72
    after = stored(ground)
    assert {row.status for row in after} == {"accepted"}
    assert [row.given_lon for row in after] == [row.given_lon for row in before]
    assert run("geocode", "households", "--correct", "gcj02").status == 1, "it is in force"
    undone = run("geocode", "households", "--correct", "none")
    assert undone.status == 0 and stored(ground) == before


def test_the_advice_is_right_imported_that_way_there_is_no_doubt(run, ground, tmp_path):
    def twice(lon, lat):
        return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))

    file = household_file(tmp_path / "households.csv", twice)
    assert "import again with --datum bd09" in run("import", "households", file).err
    answer = run("import", "households", file, "--datum", "bd09", "--commit")
    assert answer.status == 0 and "warning" not in answer.err
    assert run("geocode", "households").status == 0
    rows = stored(ground)
    assert {row.status for row in rows} == {"accepted"} and None not in {r.block_id for r in rows}


def test_a_wrong_datum_option_is_told(run, ground, tmp_path):
    file = household_file(tmp_path / "households.csv", lambda lon, lat: (lon, lat))
    assert "warning" not in run("import", "households", file).err
    answer = run("import", "households", file, "--datum", "gcj02")
    assert "as WGS84 coordinates do that were taken for GCJ-02" in answer.err
    assert "import again with --datum wgs84" in answer.err


def test_what_is_not_offered_is_refused(run, ground):
    answer = run("geocode", "households", "--correct", "bd09")
    assert answer.status == 1 and "offered: none" in answer.err
    assert run("geocode", "households", "--correct", "mars").status == 1
