"""The planner's pages and interface: what is shown, to whom, and what a step answers."""

import pytest


def test_the_first_page_says_what_to_do_now_and_lists_the_area(sign_in):
    page = sign_in("planner").get("/planner/").get_data(as_text=True)
    assert "drafts to finish and submit" in page
    assert "Gurong" in page and "Wolong" in page and "Leli" not in page
    assert "张" not in page


def test_an_official_sees_the_community_without_a_plan(sign_in):
    page = sign_in("official").get("/planner/?show=without").get_data(as_text=True)
    assert "Leli" in page and "Gurong" not in page and "no plan" in page


def test_a_community_page_lists_its_grids_with_worker_and_vacancy(sign_in, town):
    page = sign_in("planner").get("/planner/community/522632100001").get_data(as_text=True)
    assert "Worker" in page and "vacant" in page and "in force" in page
    assert "data-assign" not in page


def test_a_manager_may_assign_workers_in_the_own_community(sign_in):
    page = sign_in("community_manager").get("/planner/community/522632100001")
    assert "data-assign" in page.get_data(as_text=True)
    assert sign_in("community_manager").get("/planner/community/522632100002").status_code == 404


def test_a_draft_is_compared_to_the_plan_in_force(sign_in, town):
    draft = town.communities[1].plans[1]
    page = sign_in("planner").get(f"/planner/community/522632100002?plan={draft.id}")
    text = page.get_data(as_text=True)
    assert "households change grid" in text and "Submit for approval" in text
    assert "too small" not in text and "Put away" in text


def test_a_plan_goes_from_draft_to_force_by_two_people(sign_in, town):
    plan = town.communities[1].plans[1].id
    planner, official = sign_in("planner"), sign_in("official")
    at = f"/api/v1/plans/{plan}"
    assert planner.post(f"{at}/submit", json={}).status_code == 200
    assert planner.post(f"{at}/approve", json={}).status_code == 403
    assert official.post(f"{at}/return", json={}).status_code == 400
    assert official.post(f"{at}/return", json={"remarks": "mind the bridge"}).status_code == 200
    page = planner.get(f"/planner/community/522632100002?plan={plan}").get_data(as_text=True)
    assert "mind the bridge" in page
    assert planner.post(f"{at}/submit", json={}).status_code == 200
    assert official.post(f"{at}/approve", json={}).status_code == 200
    assert planner.post(f"{at}/publish", json={"effective_from": "soon"}).status_code == 400
    answer = planner.post(f"{at}/publish", json={"effective_from": "2026-02-01"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert planner.post(f"{at}/retire", json={}).status_code == 409


def test_shapes_come_as_geojson_with_an_etag(sign_in, town):
    browser = sign_in("planner")
    plan = town.communities[0].plans[0].id
    first = browser.get(f"/api/v1/plans/{plan}/blocks")
    assert first.mimetype == "application/geo+json" and len(first.json["features"]) == 12
    again = browser.get(
        f"/api/v1/plans/{plan}/blocks", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert len(browser.get("/api/v1/planning/communities").json["features"]) == 2
    assert len(browser.get("/api/v1/planning/grids").json["features"]) == 4


def test_the_balance_is_offered_as_json(sign_in):
    rows = sign_in("planner").get("/api/v1/planning/balance").json["communities"]
    assert rows[0]["households"] == 24 and rows[0]["balance"]["n_grids"] == 2


def test_a_worker_is_assigned_and_taken_away_by_the_interface(sign_in, town):
    browser, code = sign_in("community_manager"), town.communities[0].grids[1].code
    body = {"user_id": town.users["worker_without_grid"].id, "from": "2026-03-10"}
    assert browser.put(f"/api/v1/grids/{code}/worker", json=body).status_code == 200
    gone = {"user_id": None, "from": "2026-03-20"}
    assert browser.put(f"/api/v1/grids/{code}/worker", json=gone).status_code == 200
    assert browser.put(f"/api/v1/grids/{code}/worker", json={"from": "x"}).status_code == 400


@pytest.mark.parametrize("body", [None, [], {"minimum": "many"}, {"minimum": -1}])
def test_a_nonsense_wish_for_a_draft_is_refused(sign_in, body):
    answer = sign_in("planner").post("/api/v1/communities/522632100001/drafts", json=body)
    assert answer.status_code == 400


@pytest.mark.parametrize("login", ["worker", "auditor", "handler"])
def test_who_may_not_view_plans_gets_nothing(sign_in, login):
    browser = sign_in(login)
    assert browser.get("/planner/").status_code == 403
    assert browser.get("/api/v1/planning/balance").status_code == 403


def test_buildings_kept_whole_are_counted_and_listed_with_their_place(sign_in, session, town):
    at = "/planner/community/522632100001"
    assert "kept-whole" not in sign_in("planner").get(at).get_data(as_text=True)
    places = [{"name": f"<b>{n}</b>", "box": [108.5, 25.9, 108.51, 25.91]} for n in range(2)]
    build = town.communities[0].build
    build.report = {**build.report, "buildings_across": 1203, "kept_whole": places}
    session.commit()
    page = sign_in("planner").get(at).get_data(as_text=True)
    assert "Buildings kept whole (1,203)" in " ".join(page.split())
    assert page.count('data-box="108.5,25.9,108.51,25.91"') == 2
    assert "&lt;b&gt;1&lt;/b&gt;" in page and "The first 2 are listed." in page
    build.report = {"buildings_across": 3}
    session.commit()
    page = sign_in("planner").get(at).get_data(as_text=True)
    assert "after the next building of blocks" in page, "a build of an older release has no list"
