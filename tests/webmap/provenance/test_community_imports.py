"""Communities imported by a page: told row by row, repaired only when a person has ticked it."""

import io

import pytest

from gis.store import tables as t
from tests.drawn_town import NAMES, communities, rectangle

AT = "/api/v1/imports/communities"
OPTIONS = {"code_prefix": "522632100", "accept_far": "1"}


def outlines(east: float, names=("新榕社区", "新卧社区")) -> bytes:
    """Give two communities as GeoJSON, the second of which begins at a place."""
    records = communities()[["name", "geometry"]]
    records["name"] = list(names)
    records.loc[2, "geometry"] = rectangle(east, 0, 0.012, 0.004)
    records["geometry"] = records.geometry.translate(0.5, 0)
    return records.to_json().encode()


def send(browser, content, **form):
    data = {"file": (io.BytesIO(content), "../社区.geojson"), **OPTIONS, **form}
    answer = browser.post(AT, data=data, content_type="multipart/form-data")
    return answer.status_code, answer.json


def stored(session):
    return session.query(t.DivisionUnit).filter(t.DivisionUnit.name.like("新%")).count()


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


def test_a_repair_is_told_with_row_area_and_width_and_made_when_ticked(administrator, session):
    file = outlines(0.00599)
    status, told = send(administrator, file)
    assert (status, told["state"], stored(session)) == (200, "dry_run", 0)
    assert {d["code"] for d in told["defects"]} == {"no_code", "communities_overlap"}
    (repair,) = told["repairs"]
    assert (repair["row"], repair["other"], repair["state"]) == (2, "新榕社区", "asked")
    assert repair["area_m2"] == pytest.approx(444, rel=0.05)
    assert repair["width_m"] == pytest.approx(1.0, rel=0.05)
    ticked = {"number_communities": "1", "accept_repairs": "1"}
    status, told = send(administrator, file, **ticked)
    assert not told["defects"] and [r["state"] for r in told["repairs"]] == ["mended"]
    status, told = send(administrator, file, **ticked, commit="1")
    assert (status, told["rows_stored"], stored(session)) == (201, 2, 2)
    assert "社区.geojson" in administrator.get("/admin/imports").get_data(as_text=True)


def test_what_is_not_accepted_is_not_stored_and_the_attempt_is_on_record(administrator, session):
    status, told = send(administrator, outlines(0.00599), number_communities="1", commit="1")
    assert (status, told["state"], stored(session)) == (200, "refused", 0)
    assert session.query(t.ImportBatch).filter_by(state="refused").count() == 1
    status, told = send(
        administrator, outlines(0.00599), number_communities="1", good_rows="1", commit="1"
    )
    assert (status, told["rows_stored"], stored(session)) == (201, 1, 1)


def test_answers_are_in_the_language_of_the_page_and_name_no_option(administrator):
    administrator.post("/language", data={"language": "zh", "next": "/"})
    _, told = send(administrator, outlines(0.00599))
    words = " ".join(d["message"] for d in told["defects"])
    assert "重叠" in words and "--" not in words
    assert NAMES[0] not in words


def test_only_who_may_import_is_answered(sign_in):
    assert send(sign_in("planner"), outlines(0.006))[0] == 403
