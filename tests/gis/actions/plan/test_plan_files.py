"""Plans written to files: what is in them, and that nobody's name is."""

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.plan.plan_files import export_plan, read_wanted
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput
from gis.store import tables as t
from tests.drawn_town import NOW


@pytest.fixture
def export(town_session, town, tmp_path):
    """Give a function that writes the plan in force under a file name."""

    def write(name: str, content: str | None = None) -> Path:
        path = tmp_path / name
        wanted = read_wanted(path, content=content)
        export_plan(Work(town_session, SYSTEM, NOW), town.plan_id, path, wanted)
        return path

    return write


def test_every_map_format_holds_the_same_grids(export):
    geopackage = gpd.read_file(export("plan.gpkg"), layer="grids").sort_values("code")
    geojson = gpd.read_file(export("plan.geojson")).sort_values("code")
    shapes = gpd.read_file(f"zip://{export('plan.zip')}!grids.shp").sort_values("code")
    for other in (geojson, shapes):
        assert other["code"].tolist() == geopackage["code"].tolist()
        assert other["households"].tolist() == geopackage["households"].tolist()
        assert other.crs == geopackage.crs
        difference = shapely.symmetric_difference(other.geometry.values, geopackage.geometry.values)
        assert shapely.area(difference).max() < 1e-11  # a tenth of a square metre


def test_shapefiles_say_that_their_text_is_utf8(export):
    with zipfile.ZipFile(export("plan.zip")) as archive:
        assert archive.read("grids.cpg") == b"UTF-8"
        assert {Path(n).stem for n in archive.namelist()} == {"grids", "blocks"}


def test_the_same_plan_gives_the_same_bytes(export):
    for name in ("plan.zip", "plan.gpkg", "plan.geojson", "plan.xlsx", "plan.json"):
        assert export(name).read_bytes() == export(f"again.{name}").read_bytes()


def test_a_table_lists_every_block_with_its_grid_and_no_household(export, town_session, town):
    table = pd.read_csv(export("plan.csv"), dtype={"grid_code": str})
    assigned = town_session.execute(
        select(t.BlockAssignment.block_id, t.Grid.code)
        .join(t.Grid, t.Grid.id == t.BlockAssignment.grid_id)
        .where(t.BlockAssignment.plan_id == town.plan_id)
    ).all()
    assert dict(table[["block", "grid_code"]].to_numpy()) == dict(map(tuple, assigned))
    assert set(table) == {"block", "grid_code", "n_buildings", "area_m2", "households", "people"}


def test_codes_come_with_what_they_were_before(export):
    codes = pd.read_csv(export("codes.csv", "codes"), dtype=str)
    assert list(codes) == ["former_code", "code", "households", "reason", "effective_from"]
    assert set(codes["reason"]) == {"first"} and codes["former_code"].isna().all()
    assert set(codes["effective_from"]) == {NOW.date().isoformat()}


def test_the_report_sums_up_the_plan(export):
    report = json.loads(export("plan.json").read_text("utf-8"))
    assert report["plan"]["state"] == "published" and report["plan"]["edition"] == 1
    assert [g["code"] for g in report["grids"]] == sorted(g["code"] for g in report["grids"])
    assert sum(c["households"] for c in report["codes"]) == sum(
        g["households"] for g in report["grids"]
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("plan.doc", None, "rename it"), ("plan.gpkg", "codes", "no shapes"), ("p.csv", "x", "grids")],
)
def test_what_cannot_be_written_is_refused_with_what_can(name, content, words):
    with pytest.raises(InvalidInput, match=words):
        read_wanted(Path(name), content=content)


def test_an_export_is_in_the_audit_trail(export, town_session, town):
    export("plan.csv")
    line = town_session.scalars(select(t.AuditEntry).order_by(t.AuditEntry.id.desc())).first()
    assert (line.action, line.object_id) == ("plan.export", str(town.plan_id))
