"""The review desk: candidates from the register, decisions and undo by the interface."""

import pytest

FIRST, TIED, UNKNOWN = (f"00000000-0000-0000-0000-00000000abc{n}" for n in range(3))


def test_the_desk_counts_what_waits_and_holds_no_name(sign_in):
    page = sign_in("community_manager").get("/review/").get_data(as_text=True)
    assert 'id="total">3<' in page and "Households (3)" in page and "李" not in page


def test_an_area_where_nothing_waits_is_told_so(sign_in, town, session):
    for row in town.waiting:
        row.status, row.block_id = "accepted", town.communities[0].blocks[0].id
    session.commit()
    page = sign_in("community_manager").get("/review/").get_data(as_text=True)
    assert "Nothing waits in your area" in page


def test_rows_say_the_reason_in_words_and_can_be_filtered(sign_in):
    browser = sign_in("town_coordinator")
    rows = browser.get("/api/v1/review/waiting").json
    assert rows["total"] == 3 and {r["title"] for r in rows["rows"]} == {"W0", "W1", "W2"}
    assert browser.get("/api/v1/review/waiting?status=none").json["total"] == 1
    assert browser.get("/api/v1/review/waiting?kind=incident").json["total"] == 0


def test_the_best_candidate_is_accepted_and_undone(sign_in, town):
    browser = sign_in("community_manager")
    found = browser.get(f"/api/v1/review/household/{FIRST}/candidates").json["candidates"]
    assert found and "River Street 3" in found[0]["label"]
    body = {"address_id": found[0]["address_id"]}
    answer = browser.post(f"/api/v1/review/household/{FIRST}/accept", json=body)
    assert answer.status_code == 200
    assert browser.get("/api/v1/review/waiting").json["total"] == 2
    undone = browser.post(f"/api/v1/review/decisions/{answer.json['decision']}/undo", json={})
    assert undone.status_code == 200
    assert browser.get("/api/v1/review/waiting").json["total"] == 3


def test_a_pin_or_putting_aside_settles_what_the_register_does_not_know(sign_in):
    browser = sign_in("community_manager")
    at = f"/api/v1/review/household/{UNKNOWN}"
    assert browser.post(f"{at}/pin", json={"lon": "east", "lat": 1}).status_code == 400
    assert browser.post(f"{at}/pin", json={"lon": 0, "lat": 0}).status_code == 400
    assert browser.post(f"{at}/pin", json={"lon": 108.5005, "lat": 25.9305}).status_code == 200
    aside = browser.post(f"/api/v1/review/household/{TIED}/dismiss", json={})
    assert aside.status_code == 200
    assert browser.get("/api/v1/review/waiting?dismissed=1").json["total"] == 1


def test_ties_are_accepted_only_as_shown(sign_in):
    browser = sign_in("community_manager")
    ties = browser.get("/api/v1/review/ties").json["ties"]
    assert browser.post("/api/v1/review/ties", json={"count": len(ties) + 1}).status_code == 400
    answer = browser.post("/api/v1/review/ties", json={"count": len(ties)})
    assert len(answer.json["decisions"]) == len(ties)


@pytest.mark.parametrize("login", ["planner", "official", "worker", "administrator"])
def test_no_other_role_decides(sign_in, login):
    browser = sign_in(login)
    assert browser.get("/review/").status_code == 403
    assert browser.get("/api/v1/review/waiting").status_code == 403
    assert browser.post(f"/api/v1/review/household/{FIRST}/dismiss", json={}).status_code == 403
