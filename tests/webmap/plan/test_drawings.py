"""Drawing from a page: what stands in the way, begin, follow, stop; and the report of a plan."""

import pytest

from gis.actions.access.work import Work
from gis.actions.plan.drawings import begin_drawing
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput
from gis.geometry.partition.obstacles import Obstacle
from gis.store import tables as t
from gis.store.jobs.queue import claim_one, hold
from webmap.jobs.here import work_here
from webmap.plan.words.findings import border_parts, findings_of
from webmap.plan.words.obstacles import _SENTENCES, word_obstacle
from webmap.shell.session import now

FIRST = "/api/v1/communities/522632100001/drafts"
BAND = {"minimum": 10, "target": 12, "maximum": 15}


@pytest.fixture
def planner(app, sign_in):
    """A planner whose drawings are done within the request."""
    return sign_in("planner")


def test_a_draft_is_drawn_and_followed_to_its_plan(planner):
    answer = planner.post(FIRST, json=BAND)
    assert answer.status_code == 202
    drawing = planner.get(f"/api/v1/drawings/{answer.json['id']}").json
    assert (drawing["state"], drawing["fraction"]) == ("done", 1.0)
    page = planner.get(f"/planner/community/522632100001?plan={drawing['plan_id']}")
    text = page.get_data(as_text=True)
    assert "Households keep their grid" in text and "More figures" in text
    assert "open ground" in text or "minor road" in text or "main road" in text
    assert "Deviation of workload" in text and "Balance of people" in text


def test_a_drawing_that_is_refused_says_why(planner, town, monkeypatch):
    def refuse(_request, _tell):
        raise InvalidInput("the ground is torn")

    monkeypatch.setattr("gis.actions.plan.drawings.divide", refuse)
    drawing = planner.post(FIRST, json=BAND).json
    assert (drawing["state"], drawing["message"]) == ("failed", "the ground is torn")


def test_a_mistake_of_ours_ends_the_drawing_without_telling_its_inside(planner, monkeypatch):
    def break_down(_request, _tell):
        raise RuntimeError("secret")

    monkeypatch.setattr("gis.actions.plan.drawings.divide", break_down)
    drawing = planner.post(FIRST, json=BAND).json
    assert drawing["state"] == "failed" and "secret" not in drawing["message"]


def test_a_community_is_drawn_once_at_a_time(planner, town, session):
    begun = begin_drawing(Work(session, SYSTEM, now()), town.communities[0].id)
    session.commit()
    answer = planner.post(FIRST, json=BAND)
    assert answer.status_code == 409 and "being drawn already" in answer.json["message"]
    page = planner.get("/planner/community/522632100001").get_data(as_text=True)
    assert f'"drawing": {begun}' in page or f'"drawing":{begun}' in page


def test_a_drawing_is_stopped_by_who_may_draw(planner, town, session):
    begun = begin_drawing(Work(session, SYSTEM, now()), town.communities[0].id)
    session.commit()
    at = f"/api/v1/drawings/{begun}"
    claimed = claim_one(session, begun, now=now())
    session.commit()
    assert planner.delete(at).json["state"] == "running", "until its worker hears of it"
    session.expire_all()
    assert session.get(t.Job, begun).cancel_wished and not hold(session, claimed)
    assert planner.delete(at).status_code == 200
    assert planner.get("/api/v1/drawings/999999").status_code == 404


def test_a_drawing_that_nobody_has_begun_is_stopped_at_once(planner, town, session):
    begun = begin_drawing(Work(session, SYSTEM, now()), town.communities[0].id)
    session.commit()
    told = planner.delete(f"/api/v1/drawings/{begun}").json
    assert (told["state"], told["plan_id"]) == ("cancelled", None)


def test_a_drawing_is_stored_with_the_rights_of_when_it_is_drawn(planner, town, session, app):
    planned = town.users["planner"]
    begun = begin_drawing(
        Work(session, town.scope("planner"), now()), town.communities[0].id, rules=BAND
    )
    session.query(t.UserRole).filter_by(user_id=planned.id).delete()
    session.commit()
    with app.app_context():
        work_here(begun)
    session.expire_all()
    job = session.get(t.Job, begun)
    assert job.state == "failed" and "roles" in str(job.message)


def test_what_stands_in_the_way_is_told_in_the_language_of_the_page(planner):
    body = {"minimum": 10, "target": 11, "maximum": 11}
    told = planner.post(f"{FIRST}/check", json=body).json["obstacles"]
    assert [o["rule"] for o in told] == ["between_bands"] and not told[0]["stops"]
    assert "Raise the maximum" in told[0]["remedy"]
    planner.set_cookie("language", "zh")
    chinese = planner.post(f"{FIRST}/check", json=body).json["obstacles"][0]
    assert "24 户" in chinese["text"] and "上限" in chinese["remedy"]


def test_an_impossible_number_of_grids_stops(planner):
    told = planner.post(f"{FIRST}/check", json=BAND | {"n_grids": 5}).json["obstacles"]
    assert (told[0]["rule"], told[0]["stops"], told[0]["asks"]) == ("too_few", True, True)
    assert planner.post(f"{FIRST}/check", json=BAND | {"n_grids": 2}).json["obstacles"] == []


@pytest.mark.parametrize("locks", ["001", [1], ["000000000000000"]])
def test_nonsense_locks_are_refused(planner, locks):
    assert planner.post(f"{FIRST}/check", json=BAND | {"locks": locks}).status_code == 400


@pytest.mark.parametrize("favour", ["luck", 7])
def test_an_unknown_wish_is_refused(planner, favour):
    answer = planner.post(f"{FIRST}/check", json=BAND | {"favour": favour})
    assert answer.status_code == 400 and "favour" in answer.json["message"]
    assert planner.post(f"{FIRST}/check", json=BAND | {"favour": "borders"}).status_code == 200


def test_kept_grids_keep_their_blocks_and_code(planner, town, session):
    plan, grid = town.communities[0].plans[0], town.communities[0].grids[0]
    wishes = BAND | {"from_plan": plan.id, "locks": [grid.code], "seed": 5}
    drawn = planner.post(FIRST, json=wishes).json
    assert drawn["state"] == "done", drawn["message"]

    def blocks(plan_id):
        rows = session.query(t.BlockAssignment.block_id).join(
            t.Grid, t.Grid.id == t.BlockAssignment.grid_id
        )
        return {b for (b,) in rows.filter(t.Grid.plan_id == plan_id, t.Grid.code == grid.code)}

    assert blocks(plan.id) and blocks(drawn["plan_id"]) == blocks(plan.id)


def test_borders_are_told_by_pair_and_kind(planner, town):
    plan = town.communities[0].plans[0]
    shapes = planner.get(f"/api/v1/plans/{plan.id}/borders").json["features"]
    codes = {g.code for g in town.communities[0].grids}
    assert shapes and all({f["properties"]["a"], f["properties"]["b"]} <= codes for f in shapes)
    assert all(f["properties"]["length_m"] > 0 for f in shapes)


def test_a_community_without_blocks_is_told_how_to_get_them(planner, town, session):
    community = town.communities[0]
    at = f"/planner/community/{community.unit.code}"
    assert 'id="draw"' in planner.get(at).get_data(as_text=True)
    session.get(t.BlockBuild, community.build.id).current = False
    session.commit()
    page = planner.get(at).get_data(as_text=True)
    assert 'id="draw"' not in page and "community-grid blocks --community" in page


# Words


def grid(**more):
    plain = {"border_shares": {}, "barrier_share": None, "border_m": 100.0}
    return t.Grid(**(plain | {"flags": [], "reasons": {}, "figures": {}} | more))


def test_a_border_is_told_by_kind_and_the_rest_is_open(app):
    with app.test_request_context():
        parts = border_parts(grid(border_shares={"path": 0.3, "river": 0.5}, barrier_share=0.8))
        assert [(p.kind, round(p.share, 2)) for p in parts] == [
            ("river", 0.5),
            ("path", 0.3),
            ("open", 0.2),
        ]
        assert border_parts(grid()) == [], "never measured"
        assert border_parts(grid(barrier_share=0.0, border_m=0.0)) == [], "the only grid"


FIGURES = {
    "below_minimum": {"cause": "small_community"},
    "above_maximum": {"cause": "between_bands", "weight": 700.0},
    "oversize": {},
    "no_households": {},
    "several_parts": {},
    "straddles": {},
    "thin": {},
}
WHOLE = {
    "weight": 120.0,
    "limit": 300.0,
    "total": 120.0,
    "minimum": 300.0,
    "maximum": 500.0,
    "measure": "households",
    "largest": 600.0,
    "parts": 2,
    "kind": "river",
    "length_m": 340,
    "cut_off": 45.0,
    "compactness": 0.1,
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_finding_is_worded_from_its_figures(app, language):
    figures = {rule: WHOLE | more for rule, more in FIGURES.items()}
    reasons = dict.fromkeys(FIGURES, "as it was stored")
    odd = grid(flags=list(FIGURES), reasons=reasons, figures=figures)
    with app.test_request_context(headers={"Cookie": f"language={language}"}):
        found = findings_of(odd)
    assert [f.rule for f in found] == list(FIGURES)
    for finding in found:
        assert finding.reason and finding.reason != "as it was stored", finding.rule
        assert any("\u4e00" <= c <= "\u9fff" for c in finding.reason) == (language == "zh")


def test_a_finding_without_figures_keeps_the_stored_sentence(app):
    old = grid(flags=["thin", "new_rule"], reasons={"thin": "It is thin.", "new_rule": "New."})
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert [f.reason for f in findings_of(old)] == ["It is thin.", "New."]
        broken = grid(flags=["thin"], reasons={"thin": "It is thin."}, figures={"thin": {}})
        assert findings_of(broken)[0].reason == "It is thin."


OBSTACLE = {
    "grids": 5,
    "pieces": 3,
    "blocks": 3,
    "total": 550.0,
    "minimum": 300.0,
    "maximum": 500.0,
    "measure": "households",
    "raised": 550.0,
    "lowered": 275.0,
    "fewest": 2,
    "most": 1,
    "weight": 700.0,
    "block": "7",
    "locked": 4,
    "grid": 3,
    "label": "school",
    "split": [[["1", "2"], 300.0], [["3"], 400.0]],
}


@pytest.mark.parametrize("rule", sorted(_SENTENCES))
def test_every_obstacle_is_worded_in_both_languages(app, rule):
    obstacle = Obstacle(rule, "in English", "do this", figures=OBSTACLE)
    for language in ("en", "zh"):
        with app.test_request_context(headers={"Cookie": f"language={language}"}):
            text, remedy = word_obstacle(obstacle)
        assert text != "in English" and remedy != "do this"
        assert any("\u4e00" <= c <= "\u9fff" for c in text + remedy) == (language == "zh")


def test_an_obstacle_that_is_not_known_keeps_its_english(app):
    with app.test_request_context(headers={"Cookie": "language=zh"}):
        assert word_obstacle(Obstacle("new", "Says.", "Helps.")) == ("Says.", "Helps.")
        assert word_obstacle(Obstacle("too_few", "Says.", "Helps.")) == ("Says.", "Helps.")
