"""The interface of a working copy: what a page is told, steps, undo, saving, merging."""

from uuid import uuid4

import pytest

from gis.store import tables as t
from gis.store.plan.workspaces import saved_numbers
from tests.factories import PASSWORD, make_user


@pytest.fixture
def draft(town):
    """The draft of the second community: two columns of blocks in each of two grids."""
    return next(p for p in town.communities[1].plans if p.state == "draft")


@pytest.fixture
def at(draft):
    return f"/api/v1/plans/{draft.id}/workspace"


@pytest.fixture
def planner(sign_in):
    return sign_in("planner")


@pytest.fixture
def colleague(app, session, town):
    """A second planner of the same area."""
    make_user(session, "colleague", "planner", (town.communities[1].unit,))
    session.commit()
    browser = app.test_client()
    browser.post("/login", data={"login": "colleague", "password": PASSWORD})
    return browser


def movable(town, draft, session):
    """Give a block of the first grid that may join the second, and both numbers."""
    numbers = saved_numbers(session, draft.id)
    block = town.communities[1].blocks[5].id
    other = next(n for n in sorted(set(numbers.values())) if n != numbers[block])
    return block, numbers[block], other


def paint(browser, at, block, number, **more):
    return browser.post(f"{at}/steps", json={"kind": "paint", "moves": [[block, number]], **more})


def test_a_page_is_told_everything_it_needs_to_edit(planner, draft, at, session):
    found = planner.get(at).json
    assert found["editable"] and found["position"] == 0 and not found["changed"]
    ids = found["ground"]["block_id"]
    assert len(ids) == len(found["numbers"]) == len(found["saved"]) == len(found["published"]) == 12
    assert dict(zip(ids, found["numbers"], strict=True)) == saved_numbers(session, draft.id)
    figures = found["effect"]["figures"]
    assert {str(f["number"]) for f in figures} == set(found["grids"])
    assert sum(f["households"] for f in figures) == found["effect"]["totals"]["households"] > 0
    assert found["next_number"] == 3


def test_a_step_tells_its_effect_and_is_undone_and_done_again(planner, town, draft, at, session):
    block, home, other = movable(town, draft, session)
    told = paint(planner, at, block, other, client_id=str(uuid4())).json
    assert told["moves"] == [[block, other]] and told["position"] == 1 and told["changed"]
    assert {f["number"] for f in told["effect"]["figures"]} == {home, other}
    assert told["effect"]["impact"]["blocks"] >= 1
    assert all(m["from_code"] != m["to_code"] for m in told["effect"]["impact"]["moves"])
    assert planner.post(f"{at}/undo").json["moves"] == [[block, home]]
    assert planner.post(f"{at}/undo").status_code == 409
    assert planner.post(f"{at}/redo").json["moves"] == [[block, other]]
    assert planner.get(at).json["steps"][0]["kind"] == "paint"
    assert planner.post(f"{at}/discard").json["moves"] == [[block, home]]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "paint", "moves": "all"},
        {"kind": "paint", "moves": [[1]]},
        {"kind": "paint", "moves": [["a", 1]]},
        {"kind": "paint", "moves": [[True, 1]]},
        {"kind": "paint", "moves": [[999999999, 1]]},
        {"kind": "lock", "lock": ["gird:1"]},
        {"kind": "nothing"},
        {"kind": "lock", "lock": ["grid:1"], "client_id": "no"},
    ],
)
def test_a_senseless_step_is_refused_with_a_reason(planner, at, body):
    answer = planner.post(f"{at}/steps", json=body)
    assert answer.status_code == 400 and len(answer.json["message"]) > 10
    assert planner.get(at).json["steps"] == []


def test_a_division_that_breaks_a_rule_is_not_saved_and_says_which(
    planner, town, draft, at, session
):
    block, _, _ = movable(town, draft, session)
    faults = paint(planner, at, block, 0).json["effect"]["faults"]
    assert [(f["rule"], f["blocks"], f["stops"]) for f in faults if f["stops"]] == [
        ("unassigned", [block], True)
    ]
    refusal = planner.post(f"{at}/save", json={})
    assert refusal.status_code == 400 and "1 block is in no grid" in refusal.json["defects"][0]


def test_saving_makes_the_next_edition(planner, town, draft, at, session):
    block, _, other = movable(town, draft, session)
    assert planner.post(f"{at}/save", json={}).status_code == 409
    paint(planner, at, block, other)
    saved = planner.post(f"{at}/save", json={"note": "the new market"}).json
    assert (saved["edition"], saved["blocks"]) == (2, 1)
    found = planner.get(at).json
    assert not found["changed"] and found["saved"] == found["numbers"]
    assert saved_numbers(session, draft.id)[block] == other
    audit = session.query(t.AuditEntry).filter_by(action="plan.edit").one()
    assert audit.detail["edition"] == 2


def test_two_planners_are_brought_together(planner, colleague, town, draft, at, session):
    block, _, other = movable(town, draft, session)
    second = town.communities[1].blocks[1].id
    paint(planner, at, block, other)
    assert len(colleague.get(at).json["others"]) == 1
    paint(colleague, at, second, other)
    assert planner.post(f"{at}/save", json={"note": "first"}).status_code == 200
    assert colleague.post(f"{at}/save", json={}).status_code == 409
    found = colleague.get(f"{at}/merge").json
    assert found["clashes"] == [] and found["theirs"]["note"] == "first"
    assert found["blocks"] == {"mine": 1, "theirs": 1}
    told = colleague.post(f"{at}/merge", json={"prefer": "mine"}).json
    assert told["moves"] == [[block, other]] and not told["behind"]
    assert planner.get(f"{at}/merge").status_code == 409


def test_what_is_no_draft_is_shown_as_not_editable(planner, town):
    published = town.communities[1].plans[0]
    found = planner.get(f"/api/v1/plans/{published.id}/workspace").json
    assert found == {
        "editable": False,
        "why_not": "not_draft",
        "plan": {"id": published.id, "state": "published"},
    }
    assert planner.post(f"/api/v1/plans/{published.id}/workspace/undo").status_code == 409
