"""Plans in and out of files on the command line: dry runs, drafts, reports, sheets."""

import json

import geopandas as gpd
import pandas as pd
import pytest
from sqlalchemy.orm import Session

from gis.database.engine import open_engine, transaction
from gis.store import tables as t
from tests.factories import make_town

CODE = "522632100001"


@pytest.fixture
def town(database):
    """The tiny town in the database of the commands; its first plan is in force."""
    engine = open_engine(database)
    with transaction(engine) as session:
        made = make_town(session)
        plan_id = made.communities[0].plans[0].id
    yield plan_id
    engine.dispose()


def plans(database) -> int:
    engine = open_engine(database)
    with Session(engine) as session:
        number = session.query(t.Plan).count()
    engine.dispose()
    return number


def test_a_plan_goes_out_and_comes_back_as_a_draft(run, town, database, tmp_path):
    path = tmp_path / "plan.gpkg"
    assert run("plan", "export", town, "--out", path).status == 0
    before = plans(database)
    looked = run("plan", "import", path, "--community", CODE, "--json")
    assert looked.status == 0 and "dry run" in looked.err
    assert (
        json.loads(looked.out)[0] | {"grids": 2, "cut": 0, "plan": None}
        == json.loads(looked.out)[0]
    )
    assert plans(database) == before
    made = run("plan", "import", path, "--community", CODE, "--name", "again", "--commit", "--json")
    assert made.status == 0 and json.loads(made.out)[0]["plan"] is not None
    assert plans(database) == before + 1


def test_what_is_not_as_in_the_file_is_printed_and_written(run, town, tmp_path):
    path, report = tmp_path / "blocks.csv", tmp_path / "report.csv"
    run("plan", "export", town, "--out", path)
    table = pd.read_csv(path, dtype=str).iloc[1:]
    table.to_csv(path, index=False)
    answer = run("plan", "import", path, "--community", CODE, "--report", report)
    assert answer.status == 0 and "the file puts this block in no grid" in answer.err
    assert set(pd.read_csv(report)["rule"]) == {"without_grid", "repaired"}


def test_a_column_can_be_named(run, town, tmp_path):
    path = tmp_path / "blocks.csv"
    run("plan", "export", town, "--out", path)
    table = pd.read_csv(path, dtype=str)
    table.rename(columns={"block": "b", "grid_code": "g"}).to_csv(path, index=False)
    refused = run("plan", "import", path, "--community", CODE)
    assert refused.status == 1 and "--map block=COLUMN" in refused.err
    options = ("--map", "block=b", "--map", "grid=g", "--commit")
    assert run("plan", "import", path, "--community", CODE, *options).status == 0


def test_defects_are_one_line_each_and_the_exit_status_says_so(run, town, tmp_path):
    path = tmp_path / "grids.geojson"
    run("plan", "export", town, "--out", path)
    frame = gpd.read_file(path)[["code", "geometry"]]
    frame.loc[2] = ["003", None]
    frame.to_file(path, driver="GeoJSON")
    answer = run("plan", "import", path, "--community", CODE)
    assert answer.status == 1
    assert answer.err.count("grids.geojson, row 3, geometry") == 1


def test_all_communities_of_one_file_become_drafts_together(run, town, database, tmp_path):
    first, second, both = (tmp_path / n for n in ("a.geojson", "b.geojson", "both.geojson"))
    run("plan", "export", town, "--out", first)
    run("plan", "export", town + 1, "--out", second)
    frames = [gpd.read_file(p)[["code", "geometry"]] for p in (first, second)]
    pd.concat(frames, ignore_index=True).to_file(both, driver="GeoJSON")
    before = plans(database)
    answer = run("plan", "import", both, "--all", "--commit", "--json")
    assert answer.status == 0, answer.err
    assert [row["cut"] for row in json.loads(answer.out)] == [0, 0]
    assert plans(database) == before + 2


def test_codes_and_reports_are_written_by_name(run, town, tmp_path):
    codes, report = tmp_path / "codes.csv", tmp_path / "plan.json"
    assert run("plan", "export", town, "--out", codes, "--content", "codes").status == 0
    assert run("plan", "export", town, "--out", report).status == 0
    assert json.loads(report.read_text("utf-8"))["community"]["code"] == CODE


def test_a_name_that_tells_no_format_is_refused(run, town, tmp_path):
    answer = run("plan", "export", town, "--out", tmp_path / "plan.dwg")
    assert answer.status == 1 and "rename it" in answer.err
    assert not list(tmp_path.iterdir())


def test_sheets_are_written_into_one_file_or_a_folder(run, town, tmp_path):
    one = tmp_path / "sheets.html"
    assert run("plan", "sheets", town, "--out", one, "--language", "zh").status == 0
    assert one.read_text("utf-8").count('class="sheet') == 4 and "图例" in one.read_text("utf-8")
    folder = tmp_path / "sheets"
    assert run("plan", "sheets", town, "--out", folder, "--format", "html").status == 0
    names = sorted(p.name for p in folder.iterdir())
    assert names == [f"{CODE}001.html", f"{CODE}002.html", "overview.html"]


def test_a_sheet_of_a_grid_that_is_not_there_is_refused(run, town, tmp_path):
    out = tmp_path / "sheet.html"
    answer = run("plan", "sheets", town, "--out", out, "--grid", f"{CODE}777")
    assert answer.status == 1 and "777 is no grid of this plan" in answer.err
    assert not out.exists()
