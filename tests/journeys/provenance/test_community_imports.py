"""An administrator imports communities by the page: look, tick the repair, store."""

import pytest

from gis.database.engine import transaction
from gis.store import tables as t
from tests.drawn_town import communities, rectangle


@pytest.fixture
def outlines(tmp_path):
    """Write a file of two communities that overlap by a metre and have no codes."""
    records = communities()[["name", "geometry"]]
    records["name"] = ["新榕社区", "新卧社区"]
    records.loc[2, "geometry"] = rectangle(0.00599, 0, 0.012, 0.004)
    records["geometry"] = records.geometry.translate(0.1, 0)
    file = tmp_path / "outlines.geojson"
    file.write_text(records.to_json())
    return file


@pytest.mark.browser
def test_a_repair_is_ticked_by_a_person_before_communities_are_stored(visit, served, outlines):
    page = visit("administrator", "/admin/imports")
    page.select_option("[name=kind]", "communities")
    page.click("text=Choose the file")
    page.set_input_files("#import [name=file]", outlines)
    page.click("#import .more-wishes > summary")
    page.fill("#import [name=code_prefix]", "522632100")
    page.check("#import [name=number_communities]")
    page.click("#import button.primary")
    page.wait_for_selector("#report:not([hidden])")
    row = page.locator("#report table[data-table=repairs] tbody tr")
    assert row.count() == 1 and "新榕社区" in row.inner_text()
    store = page.locator("#report button.primary")
    assert store.is_disabled(), "nobody has accepted the repair"
    page.check("#report section > .tick input, #report section > p .tick input")
    page.wait_for_selector("#report button.primary:not([disabled])")
    assert not page.locator("#report table[data-table=defects]").count()
    with page.expect_navigation():
        store.click()
    page.wait_for_selector("#undo-title")
    assert "outlines.geojson" in page.inner_text("h1")
    with transaction(served.engine) as session:
        names = session.query(t.DivisionUnit).filter(t.DivisionUnit.name.like("新%")).count()
    assert names == 2
    page.click("text=Undo the import")
    page.click("dialog[open] button.danger")
    page.wait_for_selector("text=as it was before.")
    with transaction(served.engine) as session:
        assert not session.query(t.DivisionUnit).filter(t.DivisionUnit.name.like("新%")).count()
