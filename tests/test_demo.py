"""The demo end to end: the bundled town from its map extract to grids in force, and again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.database.engine import open_engine
from gis.database.roles import SUPERUSER
from gis.store import tables as t
from tests.counted import counts_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[1]
DIARIES = ("audit_entry", "geocode_run")
"""What was done when; a run that finds nothing to do is told too."""

RESIDENTS = 36_838
"""Of Liechtenstein at the end of 2012, spread over the mapped buildings."""


def run_demo(url: str, out: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gis", "demo", "--no-serve", "--out", str(out)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def state_of(url: str) -> dict:
    """Give how many rows every table has, the plans in force, and where people live."""
    engine = open_engine(url)
    with Session(engine) as session:
        state = {
            name: session.scalar(select(func.count()).select_from(table))
            for name, table in t.Base.metadata.tables.items()
            if name not in DIARIES
        }
        state["plans"] = sorted(session.scalars(select(t.LivePlan.plan_id)))
        by_status = select(t.Household.status, func.sum(t.Household.people))
        state["people"] = dict(session.execute(by_status.group_by(t.Household.status)).all())
        state["in_blocks"] = sum(counts_of(session, "people").values())
        live = select(func.sum(t.Grid.people)).join(
            t.LivePlan, t.LivePlan.plan_id == t.Grid.plan_id
        )
        state["in_grids"] = session.scalar(live)
    engine.dispose()
    return state


@pytest.fixture(scope="module")
def demo(new_database, drop, tmp_path_factory):
    """Run the demo twice on one database; give both folders and both states."""
    url, out = new_database("demo", role=SUPERUSER), tmp_path_factory.mktemp("demo")
    states = []
    for folder in ("first", "second"):
        run_demo(url, out / folder)
        states.append(state_of(url))
    yield out, states
    drop(url)


@pytest.fixture(scope="module")
def report(demo) -> dict:
    return json.loads((demo[0] / "first" / "report.json").read_text(encoding="utf-8"))


def test_a_second_run_changes_nothing(demo):
    first, second = demo[1]
    assert first == second and len(first["plans"]) == 11


def test_both_runs_write_the_same_grids(demo):
    files = [(demo[0] / run / "grids.gpkg").read_bytes() for run in ("first", "second")]
    assert files[0] == files[1]


def test_blocks_are_valid_everywhere_and_cut_no_building(report):
    assert len(report["blocks"]) == 11
    for community in report["blocks"]:
        assert community["is_valid"], community["name"]
        assert community["buildings_cut"] == 0 and community["overlapping_m2"] < 1
        assert community["uncovered_m2"] < 10 and community["outside_m2"] < 10


def test_most_households_live_in_grids_within_the_band(report):
    total = sum(c["households"] for c in report["division"])
    assert sum(c["in_band"] for c in report["division"]) / total >= 0.95


def test_every_resident_is_accounted_for(demo):
    state = demo[1][0]
    assert sum(state["people"].values()) == RESIDENTS
    assert state["people"]["accepted"] >= 0.95 * RESIDENTS
    assert state["in_blocks"] == state["in_grids"] == state["people"]["accepted"]


def test_households_and_incidents_are_located_and_the_doubtful_wait(report):
    found = report["geocoding"]
    for subject in ("households", "incidents"):
        assert found[subject]["accepted"] / sum(found[subject].values()) > 0.7
    assert found["incidents"]["review"] > 0, "planted typos are for a person to see"


def test_the_grids_open_in_any_gis_and_tile_the_country(demo, report):
    file = demo[0] / "first" / "grids.gpkg"
    grids, blocks = (gpd.read_file(file, layer=layer) for layer in ("grids", "blocks"))
    assert len(grids) == sum(c["grids"] for c in report["division"]) == grids["code"].nunique()
    assert len(blocks) == sum(c["blocks"] for c in report["blocks"])
    assert grids.geometry.is_valid.all() and grids["people"].sum() == blocks["people"].sum()
    area_km2 = grids.to_crs(32632).area.sum() / 1e6
    assert area_km2 == pytest.approx(160.5, abs=1.0)


def test_the_map_is_one_file_without_a_person_in_it(demo):
    page = (demo[0] / "first" / "map.html").read_text(encoding="utf-8")
    assert "<html" in page and "synthetic" in page.lower()
    assert not [word for word in ('"head_name":', '"phone":', '"address_text":') if word in page]
