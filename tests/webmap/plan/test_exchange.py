"""Plans in and out of files over the interface, and the pages for it."""

import io
import json

import geopandas as gpd
import pytest
from shapely import affinity, union_all

from gis.store import tables as t
from tests.factories import block_square, grid_numbers
from webmap.plan.sheets import jobs

CODE = "522632100001"
AT = f"/api/v1/communities/{CODE}/divisions"


def outlines(shift: float = 0.0, names=("001", "002")) -> bytes:
    """The two halves of the first community as GeoJSON, moved to the east."""
    halves = [union_all([block_square(0, n) for n in sorted(grid_numbers(h))]) for h in (0, 1)]
    frame = gpd.GeoDataFrame(
        {"code": list(names)},
        geometry=[affinity.translate(half, shift, 0) for half in halves],
        crs=4326,
    )
    return frame.to_json().encode()


def send(browser, content: bytes, name="grids.geojson", **form):
    data = {"file": (io.BytesIO(content), name), **form}
    return browser.post(AT, data=data, content_type="multipart/form-data")


@pytest.fixture
def planner(sign_in):
    return sign_in("planner")


def test_a_dry_run_tells_what_would_become_of_the_file(planner, session):
    before = session.query(t.Plan).count()
    answer = send(planner, outlines())
    assert answer.status_code == 200
    told = answer.json
    assert told["counts"] == {} and told["plan_id"] is None
    assert [g["label"] for g in told["grids"]] == ["001", "002"]
    assert told["figures"]["grids"] == 2
    assert session.query(t.Plan).count() == before


def test_what_is_cut_or_in_a_gap_is_on_the_map(planner):
    told = send(planner, outlines(shift=0.0004)).json
    assert told["counts"]["cut"] > 0 and told["counts"]["gap"] == 1
    assert len(told["shapes"]["cut"]["features"]) == told["counts"]["cut"]
    assert told["shapes"]["gaps"]["features"] and len(told["shapes"]["file"]["features"]) == 2
    assert {f["rule"] for f in told["findings"]} <= set(told["names"])


def test_a_commit_makes_a_draft_with_the_name_of_the_file(planner, session):
    answer = send(planner, outlines(), name="../现状 划分.geojson", commit="1")
    assert answer.status_code == 201
    plan = session.get(t.Plan, answer.json["plan_id"])
    assert (plan.state, plan.name) == ("draft", "现状 划分")


def test_rows_with_defects_stop_a_commit_but_not_a_look(planner):
    features = json.loads(outlines())
    features["features"].append({"type": "Feature", "properties": {"code": "3"}, "geometry": None})
    content = json.dumps(features).encode()
    looked = send(planner, content)
    assert looked.status_code == 200 and looked.json["defects"][0]["row"] == 3
    stopped = send(planner, content, commit="1")
    assert stopped.status_code == 400 and "row 3" in stopped.json["defects"][0]
    assert send(planner, content, commit="1", good_rows="1").status_code == 201


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "grids.geojson"),
        (b"<html>404</html>", "grids.geojson"),
        (b"{" * 50_000, "grids.geojson"),
        (b"PK\x03\x04" + b"\x00" * 60, "grids.zip"),
        (b"SQLite format 3\x00" + bytes(200), "grids.gpkg"),
        (b"a,b\n1,2\n", "grids.csv"),
        (b"block,grid\n999999,001\n", "grids.csv"),
    ],
)
def test_a_hostile_or_odd_file_is_refused_in_words(planner, content, name):
    answer = send(planner, content, name=name)
    assert answer.status_code == 400 and answer.json["message"]
    assert "Traceback" not in answer.text


BOW_TIE = [[108.5, 25.9], [108.6, 26.0], [108.6, 25.9], [108.5, 26.0], [108.5, 25.9]]
ODD = {
    "a bow tie": (
        "grids.geojson",
        json.dumps(
            {
                "type": "Feature",
                "properties": {"code": "001"},
                "geometry": {"type": "Polygon", "coordinates": [BOW_TIE]},
            }
        ).encode(),
    ),
    "swapped axes": (
        "grids.geojson",
        json.dumps(
            {
                "type": "Feature",
                "properties": {"code": "001"},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[25.9, 108.5], [26.0, 108.5], [26.0, 108.6], [25.9, 108.5]]],
                },
            }
        ).encode(),
    ),
    "no column": ("grids.csv", b"a,b\n1,2\n"),
    "another encoding": ("grids.csv", "name\nZ\xfcrich".encode("latin-1")),
    "an odd line": ("grids.csv", "户号,网格\nH1,甲\n".encode() + "H2,乙\n".encode("gbk")),
    "an open quote": ("grids.csv", b'number,grid\nH1,"001\nH2,002\n'),
    "unknown households": ("grids.csv", b"number,grid\nH1,001\nH2,002\n"),
    "KML": ("grids.kml", b"<kml/>"),
    "OpenStreetMap": ("grids.osm", b"<osm version='0.6'/>"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("odd", ODD)
def test_a_refusal_on_the_page_is_in_words_of_the_page(planner, odd, language):
    name, content = ODD[odd]
    planner.set_cookie("language", language)
    answer = send(planner, content, name=name)
    told = json.dumps(answer.json, ensure_ascii=False)
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.json["defects"]
    assert "--" not in told and "community-grid" not in told and "`" not in told
    if language == "zh":
        assert "检查" in told or "请" in told or "应为" in told or "没有" in told


def test_a_table_that_names_no_grid_by_zero_is_told(planner, town):
    """0 and a blank mean that there is none yet, and the page says how many."""
    numbers = [h.number for h in town.communities[0].households][:6]
    grids = ["001", "001", "002", "002", "0", ""]
    rows = "".join(f"{n},{g}\n" for n, g in zip(numbers, grids, strict=True))
    answer = send(planner, f"户号,网格\n{rows}".encode(), name="grids.csv")
    assert "000" not in [grid["label"] for grid in answer.json["grids"]]
    assert answer.json["counts"]["row_without_grid"] == 2
    assert any("“0”" in note for note in answer.json["notes"])


def test_a_household_in_two_rows_is_told_and_the_first_row_counts(planner, town):
    numbers = [h.number for h in town.communities[0].households][:4]
    grids = ["001", "001", "002", "002"]
    rows = [f"{n},{g}\n" for n, g in zip(numbers, grids, strict=True)]
    content = "户号,网格\n" + "".join([*rows, f"{numbers[0]},002\n", f"{numbers[1]},001\n"])
    answer = send(planner, content.encode(), name="grids.csv").json
    twice = [f for f in answer["findings"] if f["rule"] == "twice"]
    assert [(f["row"], f["grid"], f["other"]) for f in twice] == [(5, "002", "001")]


def test_without_a_file_it_says_which_files_there_are(planner):
    answer = planner.post(AT, data={})
    assert answer.status_code == 400 and "GeoPackage" in answer.json["message"]


def test_another_community_is_not_found(planner):
    foreign = "/api/v1/communities/522632200001/divisions"
    assert planner.post(foreign, data={}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        ("format=gpkg", b"SQLite format 3"),
        ("format=geojson", b'{"type":"FeatureCollection"'),
        ("format=shp", b"PK"),
        ("format=csv", b"\xef\xbb\xbfblock,"),
        ("format=csv&content=codes", b"\xef\xbb\xbfformer_code,"),
        ("format=xlsx&content=grids", b"PK"),
        ("format=json", b'{\n "community"'),
    ],
)
def test_a_plan_is_given_in_every_format(planner, town, asked, begins):
    answer = planner.get(f"/api/v1/plans/{town.communities[0].plans[0].id}/file?{asked}")
    assert answer.status_code == 200 and answer.data.startswith(begins)
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_exported_plan_comes_back_with_nothing_cut(planner, town):
    plan = town.communities[0].plans[0]
    content = planner.get(f"/api/v1/plans/{plan.id}/file?format=gpkg").data
    told = send(planner, content, name="plan.gpkg").json
    assert told["counts"] == {}
    assert [g["code"] for g in told["grids"]] == [g.code for g in town.communities[0].grids]


def test_a_format_that_is_not_written_is_refused(planner, town):
    at = f"/api/v1/plans/{town.communities[0].plans[0].id}/file?format=dwg"
    assert planner.get(at).status_code == 400


def test_the_import_page_shows_its_form(planner):
    page = planner.get(f"/planner/community/{CODE}/import").text
    assert 'id="import"' in page and "Look at it first" in page


def test_the_community_page_leads_to_files_sheets_and_the_import(planner):
    page = planner.get(f"/planner/community/{CODE}").text
    assert f"/planner/community/{CODE}/import" in page
    assert "format=gpkg" in page and 'id="sheets"' in page


def test_sheets_can_be_looked_at_without_printing(planner, town):
    grid = town.communities[0].grids[1]
    at = f"/planner/plans/{town.communities[0].plans[0].id}/sheets"
    assert planner.get(at).text.count('class="sheet') == 4
    one = planner.get(f"{at}?paper=A3&grid={grid.code}").text
    assert one.count('class="sheet') == 1 and "297.0mm" in one


@pytest.fixture
def printing(app, monkeypatch):
    """Print without a browser."""
    monkeypatch.setattr(jobs, "print_pdf", lambda html: b"%PDF " + html.encode())


def begin(browser, town, **wish):
    plan = town.communities[0].plans[0]
    return browser.post(f"/api/v1/plans/{plan.id}/sheets", json=wish)


def test_printed_sheets_are_for_the_one_who_asked(printing, planner, sign_in, town):
    job = begin(planner, town, language="zh").json
    assert job["state"] == "done" and job["bytes"] > 1000
    at = f"/api/v1/sheets/{job['id']}"
    assert planner.get(at).json == job
    content = planner.get(f"{at}/file").data
    assert content.startswith(b"%PDF") and "图例".encode() in content
    assert sign_in("town_coordinator").get(at).status_code == 404


def test_sheets_that_cannot_be_printed_say_why(printing, planner, town):
    job = begin(planner, town, grids=["522632100001999"]).json
    assert job["state"] == "failed" and "999 is no grid" in job["message"]
    assert planner.get(f"/api/v1/sheets/{job['id']}/file").status_code == 404


@pytest.mark.parametrize("job", ["nothing", "..", "0" * 32])
def test_sheets_that_nobody_printed_are_not_found(printing, planner, job):
    assert planner.get(f"/api/v1/sheets/{job}").status_code in (404, 308)


def test_an_administrator_sees_no_sheets_of_others(printing, planner, sign_in, town):
    job = begin(planner, town).json
    at = f"/api/v1/sheets/{job['id']}/file"
    assert sign_in("administrator").get(at).status_code == 404
    assert planner.get(at).status_code == 200
