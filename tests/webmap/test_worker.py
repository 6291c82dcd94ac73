"""The worker's page and interface: own grid only, masked, every read on record."""

import gzip

import pytest

from gis.store.tables import AuditEntry


def _actions(session):
    return [
        e.action for e in session.query(AuditEntry).filter(AuditEntry.action.like("household%"))
    ]


def test_the_page_itself_holds_no_person(sign_in, town):
    page = sign_in("worker").get("/worker/").get_data(as_text=True)
    assert "My grid 001" in page and "12" in page
    assert "张" not in page and "138" not in page


def test_a_worker_without_a_grid_is_told_what_to_expect(sign_in):
    page = sign_in("worker_without_grid").get("/worker/").get_data(as_text=True)
    assert "No grid is assigned to you" in page


def test_the_list_is_the_own_grid_masked_and_recorded_once(sign_in, town, session):
    body = sign_in("worker").get("/api/v1/households").json
    assert len(body["rows"]) == 12 and {r[-1] for r in body["rows"]} == {"522632100001001"}
    assert all("****" in r[3] for r in body["rows"])
    assert _actions(session) == ["household.list"]


def test_opening_and_revealing_are_recorded(sign_in, town, session):
    browser, household = sign_in("worker"), town.communities[0].households[0]
    at = f"/api/v1/households/{household.id}"
    assert browser.get(at).json["household"]["name"] == household.head_name
    assert browser.post(f"{at}/phone").json == {"phone": household.phone}
    assert _actions(session) == ["household.view", "household.reveal_phone"]


def test_a_household_of_another_grid_is_not_there(sign_in, town, session):
    browser, household = sign_in("worker"), town.communities[0].households[-1]
    assert browser.get(f"/api/v1/households/{household.id}").status_code == 404
    assert browser.post(f"/api/v1/households/{household.id}/phone").status_code == 404
    assert _actions(session) == []


def test_the_own_grid_is_one_shape(sign_in):
    shapes = sign_in("worker").get("/api/v1/households/own-grids").json["features"]
    assert [s["properties"] for s in shapes] == [{"code": "522632100001001"}]


def test_the_list_is_small_on_the_line(sign_in):
    raw = sign_in("worker").get("/api/v1/households").get_data()
    assert len(gzip.compress(raw)) < 12 * 120


@pytest.mark.parametrize("login", ["planner", "official", "administrator", "auditor"])
def test_no_other_role_gets_households(sign_in, login):
    browser = sign_in(login)
    assert browser.get("/api/v1/households").status_code == 403
    assert browser.get("/worker/").status_code == 403
