"""An extract of OpenStreetMap by a page: looked at, stored as a whole, refused in words."""

import io
from pathlib import Path

import pytest

from gis.cli.bundled import bundled_file
from gis.cli.demo import OSM_FILE
from gis.store import tables as t

AT = "/api/v1/extracts"


def send(browser, content: bytes, **form):
    data = {"file": (io.BytesIO(content), "li.osm.pbf"), "code_prefix": "990001", **form}
    answer = browser.post(AT, data=data, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    return answer.status_code, answer.json


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


def test_an_extract_is_looked_at_and_then_stored_whole(administrator, session):
    content = Path(bundled_file(OSM_FILE)).read_bytes()
    status, told = send(administrator, content, accept_far="1")
    kinds = {k["kind"]: k for k in told["kinds"]}
    assert (status, told["committed"]) == (200, False)
    assert list(kinds) == ["communities", "barriers", "land_cover", "buildings", "addresses"]
    assert kinds["communities"]["new"] == 11 and kinds["communities"]["n_defects"] == 0
    before = session.query(t.Building).count()
    status, told = send(administrator, content, accept_far="1", commit="1")
    assert (status, told["committed"]) == (201, True)
    new = next(k["rows_stored"] for k in told["kinds"] if k["kind"] == "buildings")
    assert session.query(t.Building).count() == before + new
    assert session.query(t.Job).filter_by(task="import.extract", state="done").count() == 2


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"code_prefix": "99"}, "expected 6 (county) or 9 (town) digits"),
        ({"admin_level": "٣"}, "expected a number from 2 to 11"),
        ({}, "li.osm.pbf"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(administrator, form, said):
    status, told = send(administrator, b"no extract at all", **form)
    assert status == 400 and said in told["message"]


def test_the_page_asks_for_a_file_and_others_are_told_who_may(administrator, sign_in):
    page = administrator.get("/admin/imports/extract").get_data(as_text=True)
    assert 'accept=".pbf"' in page and "OpenStreetMap" in page
    assert sign_in("planner").get("/admin/imports/extract").status_code == 403
