"""The review desk: candidates from the register, decisions and undo by the interface."""

import pytest

from gis.actions.location import review_bulk
from gis.store import tables as t
from webmap.location.api import review as review_api

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
    browser = sign_in("community_manager")
    rows = browser.get("/api/v1/review/waiting").json
    assert rows["total"] == 3 and {r["title"] for r in rows["rows"]} == {"W0", "W1", "W2"}
    assert browser.get("/api/v1/review/waiting?status=none").json["total"] == 1
    assert browser.get("/api/v1/review/waiting?kind=incident").json["total"] == 0
    (one,) = browser.get(f"/api/v1/review/waiting?record={rows['rows'][1]['id']}").json["rows"]
    assert one == rows["rows"][1]
    assert browser.get("/api/v1/review/waiting?record=none").json["rows"] == []


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


def _post(browser, path, **body):
    return browser.post(f"/api/v1/review/{path}", json=body)


def test_several_records_are_accepted_in_one_go_and_undone_as_one(sign_in):
    browser = sign_in("community_manager")
    rows = browser.get("/api/v1/review/waiting").json["rows"]
    records = [{"subject": r["subject"], "id": r["id"]} for r in rows]
    shown = _post(browser, "bulk/preview", records=records).json
    assert shown["count"] == 3 and shown["groups"][0]["label"]
    answer = _post(browser, "bulk", records=records, do="accept", count=3)
    assert answer.status_code == 200 and answer.json["count"] == 3 - shown["without"]
    assert browser.get("/api/v1/review/waiting").json["total"] == shown["without"]
    undone = _post(browser, f"bulk/{answer.json['bulk']}/undo")
    assert undone.json["count"] == answer.json["count"]
    assert browser.get("/api/v1/review/waiting").json["total"] == 3
    assert _post(browser, f"bulk/{answer.json['bulk']}/undo").status_code == 409


def test_all_that_match_a_filter_are_put_aside_but_only_as_many_as_were_shown(sign_in):
    browser = sign_in("community_manager")
    wanted = {"filters": {"status": "none"}}
    assert _post(browser, "bulk/preview", **wanted).json["count"] == 1
    assert _post(browser, "bulk", **wanted, do="dismiss", count=2).status_code == 400
    assert _post(browser, "bulk", **wanted, do="dismiss", count=1).json["count"] == 1
    assert browser.get("/api/v1/review/waiting").json["total"] == 2


def test_all_records_of_one_text_can_be_meant(sign_in, town, session):
    town.waiting[1].address_text = town.waiting[0].address_text
    session.commit()
    browser = sign_in("community_manager")
    rows = browser.get("/api/v1/review/waiting").json["rows"]
    assert sorted(r["n_same"] for r in rows) == [1, 2, 2]
    text = town.waiting[0].address_text
    assert _post(browser, "bulk/preview", filters={"text": text}).json["count"] == 2


@pytest.mark.parametrize(
    "body", [{}, {"records": [1]}, {"records": [{"id": "x"}]}, {"filters": [], "count": 0}]
)
def test_a_bulk_of_nothing_that_can_be_read_is_refused(sign_in, body):
    browser = sign_in("community_manager")
    assert _post(browser, "bulk", do="accept", **body).status_code == 400


def test_another_area_cannot_be_decided_about_in_bulk(sign_in, town):
    record = {"subject": "household", "id": FIRST}
    browser = sign_in("community_manager")
    foreign = {"subject": "household", "id": str(town.communities[1].households[0].id)}
    assert _post(browser, "bulk/preview", records=[record, foreign]).json["count"] == 1


def test_the_list_is_taken_out_as_a_table_without_names(sign_in, session):
    browser = sign_in("community_manager")
    answer = browser.get("/api/v1/review/waiting.csv?status=none")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/csv" and len(text.strip().splitlines()) == 2
    assert "李" not in text and "W2" in text


def test_more_records_than_are_taken_out_at_once_are_refused_with_the_number(
    sign_in, town, monkeypatch
):
    monkeypatch.setattr(review_bulk, "MOST_EXPORTED", 2)
    browser = sign_in("community_manager")
    refused = browser.get("/api/v1/review/waiting.csv")
    assert refused.status_code == 400 and "3 records match; at most 2" in refused.json["message"]
    assert browser.get("/api/v1/review/waiting.csv?status=none").status_code == 200


def test_a_page_follows_by_key_whatever_was_decided_meanwhile(sign_in, session, town, monkeypatch):
    first = town.waiting[0]
    for nth, (score, text) in enumerate(
        [(0.7, "River Stret 3"), (0.7, "River Stret 3"), (None, None), (0.4, "b"), (None, "a"),
         (0.7, "a"), (0.1 + 0.2, "b"), (0.3, "b"), (None, "the old mill")]
    ):  # fmt: skip
        session.add(
            t.Household(
                number=f"V{nth}", head_name="x", people=1, address_text=text, status="review",
                community_id=first.community_id, score=score, level="number", synthetic=True,
                import_batch_id=first.import_batch_id,
            )
        )  # fmt: skip
    session.commit()
    browser = sign_in("community_manager")
    whole = browser.get("/api/v1/review/waiting").json
    assert whole["next"] is None and len(whole["rows"]) == whole["total"] == 12
    scores = [row["score"] for row in whole["rows"]]
    assert scores == sorted(scores, key=lambda s: (s is None, -(s or 0)))
    monkeypatch.setattr(review_api, "PAGE", 5)
    seen, following = [], ""
    while following is not None:
        page = browser.get("/api/v1/review/waiting", query_string={"after": following}).json
        assert page["total"] == 12 - len(seen)
        for row in page["rows"]:
            seen.append(row["id"])
            put_aside = browser.post(f"/api/v1/review/{row['subject']}/{row['id']}/dismiss")
            assert put_aside.status_code == 200
        following = page["next"]
    assert seen == [row["id"] for row in whole["rows"]]
    assert "River" not in str(page["next"])


@pytest.mark.parametrize(
    "after", ["x", "0.5~household", "0.5~dragon~" + FIRST, "nan~household~" + FIRST, "2~place~x"]
)
def test_an_odd_place_in_the_list_is_refused(sign_in, after):
    answer = sign_in("community_manager").get(
        "/api/v1/review/waiting", query_string={"after": after}
    )
    assert answer.status_code == 400 and "next" in answer.json["message"]


def test_what_was_read_in_the_text_is_shown_beside_the_candidates(sign_in):
    browser = sign_in("community_manager")
    read = browser.get(f"/api/v1/review/household/{FIRST}/candidates").json["read"]
    assert ["Street", "river street"] in read and ["Number", "3"] in read
