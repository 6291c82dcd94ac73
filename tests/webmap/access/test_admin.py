"""Administration: accounts change as asked and are audited; the auditor only reads."""

import re

import pytest

from gis.actions.provenance.kept_doubts import PointDoubts
from gis.errors import Message
from gis.messages import plain_message
from gis.store import tables as t
from tests.factories import PASSWORD


def test_an_account_is_added_and_can_sign_in(sign_in, app):
    form = {"login": "new.worker", "name": "New", "password": "Fresh-start-9"}
    form |= {"roles": ["worker"], "areas": "522632100001"}
    assert sign_in("administrator").post("/admin/users", data=form).status_code == 302
    answer = app.test_client().post(
        "/login", data={"login": "new.worker", "password": "Fresh-start-9"}
    )
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": "short"}, "at least 10 characters"),
        ({"roles": []}, "one or more of the roles"),
        ({"areas": "999999999999"}, "no division unit"),
        ({"login": "worker"}, "is taken"),
        ({"name": " "}, "give the person&#39;s name"),
        ({"roles": ["administrator", "auditor"]}, "two different people"),
    ],
)
def test_a_wrong_account_is_refused_with_the_reason(sign_in, change, says):
    form = {"login": "n1", "name": "N", "password": "Fresh-start-9", "roles": ["worker"]} | change
    answer = sign_in("administrator").post("/admin/users", data=form)
    assert answer.status_code == 400 and says in answer.get_data(as_text=True)


def test_closing_an_account_ends_its_session(sign_in, town):
    worker, administrator = sign_in("worker"), sign_in("administrator")
    assert worker.get("/worker/").status_code == 200
    assert administrator.post("/admin/users/worker/closed", data={"closed": "1"}).status_code == 302
    assert worker.get("/worker/").status_code == 302
    assert administrator.post("/admin/users/worker/closed", data={"closed": "0"}).status_code == 302


def test_rights_and_password_are_changed_and_recorded(sign_in, town, session):
    browser = sign_in("administrator")
    rights = {"roles": ["planner"], "areas": "522632100000"}
    assert browser.post("/admin/users/handler/rights", data=rights).status_code == 302
    new = {"password": "Another-one-8"}
    assert browser.post("/admin/users/handler/password", data=new).status_code == 302
    page = browser.get("/admin/users").get_data(as_text=True)
    assert "522632100000" not in page and PASSWORD not in page
    actions = {e.action for e in session.query(t.AuditEntry).all()}
    assert {"user.rights", "user.password"} <= actions


def test_a_refused_account_keeps_what_was_typed(sign_in):
    form = {"login": "n1", "name": "Nina", "password": "short", "roles": ["worker"]}
    form |= {"areas": ["522632100001", "522632100002"]}
    page = sign_in("administrator").post("/admin/users", data=form).get_data(as_text=True)
    assert 'value="Nina"' in page and 'value="worker" checked' in page
    ticked = re.findall(r'name="areas" value="(\d+)"[^>]* checked', page)
    assert ticked == ["522632100001", "522632100002"]


def test_areas_are_shown_by_their_names_from_the_county_down(sign_in, town):
    browser = sign_in("administrator")
    page = browser.get("/admin/users").get_data(as_text=True)
    assert not re.search(r">\s*5226\d{8}", page) and " › " in page
    page = browser.get("/admin/users/planner").get_data(as_text=True)
    assert "data-places" in page and page.count('name="areas"') >= 5


def test_a_name_is_changed_and_recorded(sign_in, session, town):
    browser = sign_in("administrator")
    assert browser.post("/admin/users/handler/name", data={"name": "New  Name"}).status_code == 302
    assert "New Name" in browser.get("/admin/users/handler").get_data(as_text=True)
    assert session.query(t.AuditEntry).filter_by(action="user.rename").count() == 1
    assert browser.post("/admin/users/handler/name", data={"name": " "}).status_code == 400
    assert browser.get("/admin/users/nobody-at-all").status_code == 404


def test_a_worker_is_given_a_grid_by_its_name_and_loses_it_again(sign_in, session, town):
    browser, path = sign_in("administrator"), "/admin/users/worker"
    page = browser.get(path).get_data(as_text=True)
    free = re.search(r'<option value="(\d{15})">\d{3}[^<]*nobody', page)[1]
    assert (
        browser.post(f"{path}/grids", data={"grid": free, "day": "2020-01-01"}).status_code == 302
    )
    page = browser.get(path).get_data(as_text=True)
    assert f"grid {free[-3:]}" in page and "since 2020-01-01" in page
    again = browser.post(f"{path}/grids", data={"grid": free, "day": "2020-02-01"})
    assert again.status_code == 409 or "already" in again.get_data(as_text=True)
    ended = {"grid": free, "day": "2020-03-01", "ended": "1"}
    assert browser.post(f"{path}/grids", data=ended).status_code == 302
    assert "since 2020-01-01" not in browser.get(path).get_data(as_text=True)
    wrong = browser.post(f"{path}/grids", data={"grid": free, "day": "soon"})
    assert wrong.status_code == 400 and "expected a date" in wrong.get_data(as_text=True)
    assert sign_in("planner").post(f"{path}/grids", data=ended).status_code == 403


def test_nobody_changes_the_own_rights(sign_in):
    browser = sign_in("administrator")
    answer = browser.post("/admin/users/administrator/rights", data={"roles": ["planner"]})
    assert answer.status_code == 400


def test_imports_show_their_defects(sign_in, session, town):
    batch = t.ImportBatch(kind="households", file_name="bad.csv", state="refused", rows_read=3)
    session.add(batch)
    session.flush()
    session.add(
        t.ImportDefect(
            batch_id=batch.id, row_number=2, field="people", code="number", message="got <b>x</b>"
        )
    )
    session.commit()
    browser = sign_in("administrator")
    assert "bad.csv" in browser.get("/admin/imports").get_data(as_text=True)
    page = browser.get(f"/admin/imports/{batch.id}").get_data(as_text=True)
    assert "got &lt;b&gt;x&lt;/b&gt;" in page
    assert browser.get("/admin/imports/999999").status_code == 404


def test_what_was_refused_is_said_in_the_language_of_the_page(sign_in, session, town):
    told = Message("{name}: expected a number from 0 to {largest:,}", name="people", largest=5000)
    batch = t.ImportBatch(kind="incidents", file_name="bad.csv", state="refused", rows_read=1)
    session.add(batch)
    session.flush()
    session.add(
        t.ImportDefect(
            batch_id=batch.id, row_number=1, code="x", message=str(told), said=plain_message(told)
        )
    )
    session.commit()
    browser = sign_in("administrator")
    path = f"/admin/imports/{batch.id}"
    page = browser.get(path).get_data(as_text=True)
    assert "people: expected a number from 0 to 5,000" in page and "incident records" in page
    browser.post("/language", data={"language": "zh"})
    page = browser.get(path).get_data(as_text=True)
    assert "expected a number" not in page and "5,000" in page and "事件" in page
    assert "<td>incidents</td>" not in browser.get("/admin/imports").get_data(as_text=True)


def test_an_import_shows_how_it_compared_with_what_was_stored(sign_in, session, town):
    counts = {"new": 3, "changed": 1200, "unchanged": 7, "repeated": 2, "missing": 2, "outside": 4}
    batch = t.ImportBatch(kind="buildings", file_name="b.gpkg", state="committed",
                          tally=counts | {"missing_names": ["b<1>"]})  # fmt: skip
    session.add(batch)
    session.commit()
    page = sign_in("administrator").get(f"/admin/imports/{batch.id}").get_data(as_text=True)
    assert "3 new, 1,200 changed, 7 unchanged" in page and "no community yet: 4" in page
    assert "Not in this file, and kept: 2. b&lt;1&gt;, …" in page


def test_an_import_with_doubtful_coordinates_offers_a_correction_and_its_undoing(
    sign_in, session, town
):
    found = {
        "correction": "gcj02", "n_compared": 640, "n_right_before": 3, "n_right_after": 612,
        "before_m": 530.2, "after_m": 12.0,
    }  # fmt: skip
    batch = t.ImportBatch(
        kind="incidents", file_name="shifted.csv", state="committed", misplacement=found
    )
    session.add(batch)
    session.commit()
    browser, path = sign_in("administrator"), f"/admin/imports/{batch.id}"
    assert "coordinates?" in browser.get("/admin/imports").get_data(as_text=True)
    page = browser.get(path).get_data(as_text=True)
    assert "612 of 640 rows lie 530 m from their addresses" in page and "GCJ-02" in page
    assert browser.post(f"{path}/correction", data={"undo": "0"}).status_code == 302
    session.expire_all()
    assert session.get(t.ImportBatch, batch.id).correction == "gcj02"
    assert "Undo the correction" in browser.get(path).get_data(as_text=True)
    assert browser.post(f"{path}/correction", data={"undo": "1"}).status_code == 302
    session.expire_all()
    assert session.get(t.ImportBatch, batch.id).correction is None
    assert browser.post(f"{path}/correction", data={"undo": "1"}).status_code == 409
    assert sign_in("official").post(f"{path}/correction").status_code == 403


def test_doubts_about_points_are_marked_and_told_in_both_languages(sign_in, session, town):
    rounded = Message(
        "{n:,} of {total:,} rows have coordinates rounded {what}, about {step_m:,.0f} m: "
        "they may lie in another grid than their houses; ask for the exact ones",
        n=1200,
        total=1300,
        what=Message("to {n} decimals of a degree", n=3),
        step_m=111.3,
    )
    plain = t.ImportBatch(kind="households", file_name="exact.csv", state="committed",
                          doubts=PointDoubts().as_record())  # fmt: skip
    doubtful = t.ImportBatch(kind="households", file_name="rounded.csv", state="committed",
                             doubts=PointDoubts(points=(rounded,)).as_record())  # fmt: skip
    session.add_all([plain, doubtful])
    session.commit()
    browser = sign_in("administrator")
    assert browser.get("/admin/imports").get_data(as_text=True).count("points?") == 1
    words = {
        "en": "1,200 of 1,300 rows have coordinates rounded to 3 decimals of a degree",
        "zh": "1,300 行中有 1,200 行",
    }
    for language, said in words.items():
        browser.set_cookie("language", language)
        assert said in browser.get(f"/admin/imports/{doubtful.id}").get_data(as_text=True)
        told = browser.get(f"/api/v1/imports/{doubtful.id}").json
        assert said in told["doubts"][0] and told["is_misplaced"] is False
        assert "doubts-title" not in browser.get(f"/admin/imports/{plain.id}").get_data(True)
    listed = {row["file_name"]: row for row in browser.get("/api/v1/imports").json["imports"]}
    assert listed["exact.csv"]["doubts"] == [] and len(listed["rounded.csv"]["doubts"]) == 1
    assert browser.get("/api/v1/imports/999999").status_code == 404
    assert sign_in("planner").get("/api/v1/imports").status_code == 403


def test_the_auditor_filters_the_trail_and_changes_nothing(sign_in, town):
    sign_in("worker").get("/api/v1/households")
    browser = sign_in("auditor")
    assert browser.get("/admin/").headers["Location"].endswith("/admin/audit")
    page = browser.get("/admin/audit?action=household").get_data(as_text=True)
    assert "household.list" in page and ">login<" not in page and "张" not in page
    assert browser.get("/admin/audit?since=soon").status_code == 400
    assert browser.get("/admin/users").status_code == 403
    assert browser.get("/admin/imports").status_code == 403


@pytest.mark.parametrize("login", ["planner", "official", "worker", "community_manager"])
def test_no_other_role_administers(sign_in, login):
    browser = sign_in(login)
    assert browser.get("/admin/").status_code == 403
    assert browser.post("/admin/users", data={}).status_code == 403
