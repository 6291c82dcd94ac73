"""A planner takes over a division drawn elsewhere: looks first, then makes the draft."""

import json

import geopandas as gpd
import pytest
from shapely import affinity, union_all

from tests.factories import block_square, grid_numbers
from webmap.plan.sheets.chromium import find_chromium

pytestmark = pytest.mark.browser

CODE = "522632100001"


@pytest.fixture
def drawn_elsewhere(tmp_path):
    """Two halves of the community, some 40 m too far east."""
    halves = [union_all([block_square(0, n) for n in sorted(grid_numbers(h))]) for h in (0, 1)]
    frame = gpd.GeoDataFrame(
        {"code": ["西片", "东片"]},
        geometry=[affinity.translate(half, 0.0004, 0) for half in halves],
        crs=4326,
    )
    path = tmp_path / "片区.geojson"
    frame.to_file(path, driver="GeoJSON")
    return path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_a_file_to_a_draft(visit, served, drawn_elsewhere, language):
    page = visit("planner", f"/planner/community/{CODE}")
    page.context.add_cookies([{"name": "language", "value": language, "url": served.url}])
    page.goto(f"{served.url}/planner/community/{CODE}")
    page.click("details.exchange > summary")
    page.click(f"a[href='/planner/community/{CODE}/import']")
    page.set_input_files("input[name=file]", drawn_elsewhere)
    page.click("#import button.primary")
    page.wait_for_selector("#report:not([hidden])")
    words = {"zh": "最小单元被文件切开", "en": "block cut by the file"}[language]
    assert words in page.inner_text("#report")
    assert page.locator("#report table[data-table=grids] tbody tr").count() == 2
    page.click("#report button.primary")
    page.wait_for_url("**?plan=*")
    page.wait_for_selector("#plan-choice")
    assert "片区" in page.locator("#plan-choice option:checked").inner_text()


def test_another_file_takes_the_report_away(visit, drawn_elsewhere, tmp_path):
    page = visit("planner", f"/planner/community/{CODE}/import")
    page.set_input_files("input[name=file]", drawn_elsewhere)
    page.click("#import button.primary")
    page.wait_for_selector("#report:not([hidden])")
    broken = tmp_path / "broken.geojson"
    broken.write_text(json.dumps({"type": "nothing"}))
    page.set_input_files("input[name=file]", broken)
    assert page.locator("#report").is_hidden()
    page.click("#import button.primary")
    page.wait_for_selector("#import-state .alert")
    assert page.locator("#report").is_hidden()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_says_what_to_do_in_words_of_the_page(visit, served, tmp_path, language):
    page = visit("planner", f"/planner/community/{CODE}/import")
    page.context.add_cookies([{"name": "language", "value": language, "url": served.url}])
    page.reload()
    table = tmp_path / "grids.csv"
    for text in ("a,b\n1,2\n", "number,grid\nX1,001\n", 'number,grid\nX1,"001\nX2,002\n'):
        table.write_text(text)
        page.set_input_files("input[name=file]", table)
        page.click("#import button.primary")
        page.wait_for_selector("#import-state .alert")
        said = page.inner_text("#import-state")
        assert "null" not in said and "--" not in said and "community-grid" not in said
        assert len(said) > 20


def test_how_a_file_was_read_is_told(visit, tmp_path, drawn_elsewhere):
    document = json.loads(drawn_elsewhere.read_text())
    for feature in document["features"]:
        feature["properties"]["colour"] = "red"
    drawn_elsewhere.write_text(json.dumps(document))
    page = visit("planner", f"/planner/community/{CODE}/import")
    page.set_input_files("input[name=file]", drawn_elsewhere)
    page.click("#import button.primary")
    page.wait_for_selector("#report:not([hidden])")
    page.click("#report details.notes > summary")
    assert "colour" in page.inner_text("#report details.notes")


@pytest.mark.slow
def test_the_sheets_of_a_plan_are_printed_on_request(visit, served):
    if find_chromium() is None:
        pytest.skip("Chromium is not installed; `./scripts/test` installs it")
    page = visit("planner", f"/planner/community/{CODE}")
    page.click("details.exchange > summary")
    page.select_option("#sheets select[name=grid]", f"{CODE}001")
    page.click("#sheets button")
    page.wait_for_selector("#sheets-state a", timeout=120_000)
    address = page.locator("#sheets-state a").get_attribute("href")
    answer = page.request.get(served.url + address)
    assert answer.status == 200 and answer.body().startswith(b"%PDF")
