"""Files imported by a page: told row by row, mended only when ticked, and undone again."""

import io

import pytest

from gis.domain.kinds import KINDS
from gis.store import tables as t
from tests.drawn_town import NAMES, communities, rectangle
from webmap.provenance.api.file_imports import FILE_KINDS

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


TABLE = "number,people,address_text,head_name\nN1,3,滨江路1号,张三\nN2,x,滨江路2号,李四\n"


def send_table(browser, text, kind="households", **form):
    data = {"file": (io.BytesIO(text.encode()), "住户.csv"), **form}
    answer = browser.post(f"/api/v1/imports/{kind}", data=data, content_type="multipart/form-data")
    return answer.status_code, answer.json


def test_a_table_is_looked_at_stored_and_undone(administrator, session):
    before = session.query(t.Household).count()
    status, told = send_table(administrator, TABLE)
    assert (status, told["state"], told["rows_read"], told["rows_good"]) == (200, "dry_run", 2, 1)
    (defect,) = told["defects"]
    assert (defect["row"], defect["field"]) == (2, "people") and "张" not in str(told)
    assert session.query(t.Household).count() == before and told["batch"] is None
    status, told = send_table(administrator, TABLE, good_rows="1", commit="1")
    assert (status, told["state"], told["new"]) == (201, "committed", 1)
    assert session.query(t.Household).count() == before + 1
    page = f"/admin/imports/{told['batch']}"
    shown = administrator.get(page).get_data(as_text=True)
    assert "Nothing rests on it" in shown and "Locate now" in shown and "住户.csv" in shown
    assert administrator.post(f"{page}/undo").status_code == 302
    session.expire_all()
    assert session.query(t.Household).count() == before
    assert "Undone on" in administrator.get(page).get_data(as_text=True)
    assert "undone" in administrator.get("/admin/imports").get_data(as_text=True)
    again = administrator.post(f"{page}/undo")
    assert again.status_code == 409 and "undone already" in again.get_data(as_text=True)


def test_what_rests_on_an_import_is_said_instead_of_undoing_it(administrator, session, town):
    _, told = send_table(administrator, "number,people,address_text\nN1,3,滨江路1号\n", commit="1")
    residents = "household_number,name,relation\nN1,王五,本人\n"
    status, _ = send_table(administrator, residents, kind="residents", commit="1")
    assert status == 201
    page = administrator.get(f"/admin/imports/{told['batch']}").get_data(as_text=True)
    assert "1 resident of other imports belongs to its households" in page
    assert "Undo the import" not in page
    at = f"/api/v1/imports/{told['batch']}"
    refused = administrator.delete(at)
    assert refused.status_code == 409 and "resident" in refused.json["message"]
    administrator.post("/language", data={"language": "zh", "next": "/"})
    assert "居民" in administrator.delete(at).json["message"]


def test_an_import_is_undone_through_the_interface(administrator, session, sign_in):
    _, told = send_table(administrator, "name,kind,lon,lat\n小学,school,108.5,25.93\n",
                         kind="places", commit="1", accept_far="1")  # fmt: skip
    at = f"/api/v1/imports/{told['batch']}"
    assert sign_in("planner").delete(at).status_code == 403
    assert administrator.delete(at).status_code == 202
    assert administrator.get(at).json["state"] == "undone"


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_there_is_a_page_for_files_of_every_kind(administrator, kind):
    page = administrator.get(f"/admin/imports/new?kind={kind}").get_data(as_text=True)
    assert f'data-to="/api/v1/imports/{kind}"' in page
    for field in KINDS[kind].fields:
        assert f'name="{field.name}"' in page
    options = {"file", "layer", "worksheet", "crs", "datum", "encoding", "code_prefix", "commit"}
    assert not options & {field.name for field in KINDS[kind].fields}


def test_there_is_no_page_and_no_way_in_for_what_is_no_kind(administrator):
    assert administrator.get("/admin/imports/new?kind=dragons").status_code == 404
    assert send_table(administrator, TABLE, kind="dragons")[0] == 404
