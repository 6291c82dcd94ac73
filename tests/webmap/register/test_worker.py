"""The worker's page and interface: own grid only, masked, every read on record."""

import gzip
from datetime import timedelta

import pytest

from gis.store.tables import AuditEntry
from webmap.shell import session as sessions


def _entries(session):
    found = session.query(AuditEntry).filter(AuditEntry.action.like("household%"))
    return found.order_by(AuditEntry.id).all()


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


def test_the_list_is_the_own_grid_in_clear_and_recorded_once_a_day(sign_in, town, session):
    browser = sign_in("worker")
    body = browser.get("/api/v1/households").json
    assert len(body["rows"]) == 12 and {r[-1] for r in body["rows"]} == {"522632100001001"}
    own = {str(h.id): h.phone for h in town.communities[0].households}
    assert all(own[r[0]] == r[3] for r in body["rows"]) and body["after"] is None
    browser.get("/api/v1/households")
    browser.get(f"/api/v1/households/{body['rows'][0][0]}")
    (entry,) = _entries(session)
    assert entry.action == "household.list" and entry.detail["rows"] == 12
    assert set(entry.detail["households"]) == {r[0] for r in body["rows"]}
    assert entry.detail["grids"] == ["522632100001001"]


def test_the_next_day_it_is_recorded_again(sign_in, app, session, monkeypatch):
    sign_in("worker").get("/api/v1/households")
    with app.app_context():  # a day begins by the clock of the platform
        later = sessions.now() + timedelta(days=1)
    monkeypatch.setattr(sessions, "now", lambda: later)
    sign_in("worker").get("/api/v1/households")
    assert [e.action for e in _entries(session)] == ["household.list"] * 2


def test_an_own_household_is_opened_in_clear_without_a_reason(sign_in, town, session):
    browser, household = sign_in("worker"), town.communities[0].households[0]
    at = f"/api/v1/households/{household.id}"
    shown = browser.get(at).json["household"]
    assert (shown["name"], shown["phone"]) == (household.head_name, household.phone)
    assert shown["clear"] is True
    assert browser.post(f"{at}/phone").json == {"phone": household.phone}
    assert _actions(session) == ["household.view"]


def test_outside_the_own_grid_a_number_needs_a_reason_and_counts(sign_in, app, town, session):
    app.config["NUMBERS_PER_DAY"] = 3
    browser, households = sign_in("community_manager"), town.communities[0].households
    at = [f"/api/v1/households/{h.id}/phone" for h in households[:5]]
    assert browser.post(at[0]).status_code == 400
    refused = browser.post(at[0], json={"reason": " \n "})
    assert refused.status_code == 400 and "why this number" in refused.json["message"]
    said = {"reason": "call about the leak"}
    for path, household in zip(at[:3], households, strict=False):
        assert browser.post(path, json=said).json == {"phone": household.phone}
    assert browser.post(at[0], json=said).status_code == 200, "the same number counts once"
    over = browser.post(at[3], json=said)
    assert over.status_code == 429 and "3 numbers" in over.json["message"]
    entries = [e for e in _entries(session) if e.action == "household.reveal_phone"]
    assert [e.object_id for e in entries] == [str(households[i].id) for i in (0, 1, 2, 0)]
    assert {e.detail["reason"] for e in entries} == {"call about the leak"}


def test_numbers_in_lists_outside_the_own_grid_are_masked_and_each_page_is_recorded(
    sign_in, town, session
):
    browser, seen, after = sign_in("community_manager"), [], ""
    while after is not None:
        page = browser.get(f"/api/v1/households?limit=10&after={after}").json
        seen.append([r[0] for r in page["rows"]])
        assert all("****" in r[3] and r[8] is False for r in page["rows"])
        after = page["after"]
    assert [len(ids) for ids in seen] == [10, 10, 4]
    entries = _entries(session)
    assert [e.detail["households"] for e in entries] == seen
    grids = [g.code for g in town.communities[0].grids]
    assert [e.detail["grids"] for e in entries] == [grids[:1], grids, grids[1:]]
    assert browser.get("/api/v1/households?after=x").status_code == 400
    assert browser.get("/api/v1/households?limit=-1").status_code == 400


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
