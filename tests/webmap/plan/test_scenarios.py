"""Scenarios through the interface: branch, name, go back, hand in, announce, ask about a day."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from gis.actions.jobs.tasks import perform_here
from gis.actions.plan.due import BEGIN_DUE_PLANS
from gis.domain.access import SYSTEM
from gis.store import tables as t
from gis.store.jobs.queue import add_job
from gis.store.plan.plans import live_plan_id
from gis.store.plan.workspaces import saved_numbers
from tests.factories import block_square
from webmap.shell import session as web_session


@pytest.fixture
def second(town):
    """The second community: a plan in force and a draft."""
    return town.communities[1]


@pytest.fixture
def planner(sign_in):
    return sign_in("planner")


@pytest.fixture
def official(sign_in):
    return sign_in("official")


def at(plan):
    return f"/api/v1/plans/{plan if isinstance(plan, int) else plan.id}"


def branch(planner, plan, **body):
    return planner.post(f"{at(plan)}/branch", json={"name": "What if", **body})


def approve(planner, official, plan):
    assert planner.post(f"{at(plan)}/submit", json={"note": "please"}).status_code == 200
    assert official.post(f"{at(plan)}/approve", json={}).status_code == 200


def test_a_plan_in_force_is_branched_named_edited_and_taken_back(planner, second, session):
    made = branch(planner, second.plans[0], purpose="the bridge").json
    assert (made["unassigned"], made["needs_repair"]) == (0, False)
    plan = made["plan_id"]
    renamed = planner.patch(at(plan), json={"name": "With the bridge", "purpose": "May"})
    assert renamed.json["name"] == "With the bridge"
    before = saved_numbers(session, plan)
    block = second.blocks[5].id
    moves = [[block, 3 - before[block]]]
    planner.post(f"{at(plan)}/workspace/steps", json={"kind": "paint", "moves": moves})
    planner.post(f"{at(plan)}/workspace/save", json={"note": "over the river"})
    assert planner.post(f"{at(plan)}/revert", json={"edition": 1}).json["edition"] == 3
    session.expire_all()
    assert saved_numbers(session, plan) == before
    history = planner.get(f"{at(plan)}/history").json
    assert [(e["edition"], e["kind"], e["note"]) for e in history["editions"]] == [
        (3, "reverted", "edition 1"),
        (2, "edited", "over the river"),
        (1, "branched", "May"),
    ]
    assert [s["step"] for s in history["steps"]] == ["rename", "branch"]
    assert history["editions"][1]["households"] == 2


@pytest.mark.parametrize("body", [{"name": ""}, {"name": 7}, {"name": "x", "edition": "two"}])
def test_a_senseless_branch_is_refused(planner, second, body):
    assert branch(planner, second.plans[0], **body).status_code == 400
    assert planner.post(f"{at(second.plans[1])}/revert", json={}).status_code == 400


def test_a_branch_of_an_edition_that_never_was_is_not_found(planner, second):
    assert branch(planner, second.plans[0], edition=7).status_code == 404


def test_handing_in_tells_whose_edits_wait(planner, official, second, session):
    plan = second.plans[1]
    colleague = second.plans[1].created_by
    assert colleague is not None
    block = second.blocks[5].id
    planner.post(f"{at(plan)}/workspace/steps", json={"kind": "paint", "moves": [[block, 0]]})
    refused = planner.post(f"{at(plan)}/submit", json={})
    assert refused.status_code == 409 and "unsaved changes" in refused.json["message"]
    planner.post(f"{at(plan)}/workspace/discard")
    assert planner.post(f"{at(plan)}/submit", json={}).json["unsaved_by"] == []


def test_a_plan_with_ground_in_no_grid_is_not_handed_in(planner, second, session):
    plan = second.plans[1]
    block = second.blocks[5].id
    row = session.get(t.BlockAssignment, (plan.id, block))
    session.delete(row)
    session.commit()
    refused = planner.post(f"{at(plan)}/submit", json={})
    assert refused.status_code == 400 and "1 block is in no grid" in refused.json["defects"][0]


def test_a_plan_announced_for_a_day_comes_into_force_with_the_job_of_that_day(
    app, planner, official, second, session
):
    plan = second.plans[1]
    approve(planner, official, plan)
    now = web_session.now()
    coming = (now + timedelta(days=20)).date().isoformat()
    answer = planner.post(f"{at(plan)}/publish", json={"effective_from": coming})
    assert answer.status_code == 200, answer.json
    assert live_plan_id(session, second.id) == second.plans[0].id
    for days, in_force in ((19, second.plans[0]), (20, plan)):
        moment = now + timedelta(days=days)
        job = add_job(session, BEGIN_DUE_PLANS.name, asked_by=None, now=moment)
        session.commit()
        tasks, engine = {BEGIN_DUE_PLANS.name: BEGIN_DUE_PLANS}, app.extensions["engine"]
        perform_here(engine, tasks, job.id, clock=lambda at=moment: at, system=SYSTEM)
        assert live_plan_id(session, second.id) == in_force.id


def test_an_announcement_is_withdrawn(planner, official, second, session):
    plan = second.plans[1]
    approve(planner, official, plan)
    coming = (web_session.now() + timedelta(days=20)).date().isoformat()
    planner.post(f"{at(plan)}/publish", json={"effective_from": coming})
    page = planner.get(f"/planner/community/522632100002?plan={plan.id}").get_data(as_text=True)
    assert "Withdraw" in page and "announced" in page.lower()
    assert planner.post(f"{at(plan)}/withdraw", json={"note": "later"}).status_code == 200
    steps = planner.get(f"{at(plan)}/history").json["steps"]
    assert [(s["step"], s["note"]) for s in steps[:2]] == [("withdraw", "later"), ("publish", "")]
    assert planner.post(f"{at(plan)}/withdraw", json={}).status_code == 409


def test_any_day_can_be_asked_which_grid_a_place_was_in(planner, sign_in, town):
    spot = block_square(0, 0).centroid
    where = f"/api/v1/grids/at?lon={spot.x}&lat={spot.y}"
    found = planner.get(f"{where}&on=2026-02-01").json
    assert found["grid"]["grid_code"] == "522632100001001"
    assert found["grid"]["worker"] == "Worker" and len(found["history"]) == 1
    assert planner.get(f"{where}&on=2025-02-01").json["grid"] is None
    assert planner.get("/api/v1/grids/at?lon=here&lat=1").status_code == 400
    assert planner.get(f"{where}&on=yesterday").status_code == 400


def test_whom_a_plan_concerns_is_told_to_the_approver_in_counts(official, sign_in, second, session):
    found = official.get(f"{at(second.plans[1])}/impact").json
    assert (found["households"], len(found["moves"]), len(found["workers"])) == (2, 1, 2)
    pair = f"?from={found['moves'][0]['from_code']}&to={found['moves'][0]['to_code']}"
    told = official.get(f"{at(second.plans[1])}/impact{pair}")
    assert told.json == {"count": 2, "households": None, "after": None}
    assert "no-store" in told.headers["Cache-Control"]
    worker = sign_in("worker")
    assert worker.get(f"{at(second.plans[1])}/impact").status_code == 400
    assert worker.get(f"{at(second.plans[1])}/impact{pair}").status_code == 404
    entries = select(t.AuditEntry).where(t.AuditEntry.action == "household.list")
    assert session.scalars(entries).all() == []


def test_the_manager_of_a_community_is_told_names_and_recorded(sign_in, planner, town, session):
    plan = branch(planner, town.communities[0].plans[0]).json["plan_id"]
    block = town.communities[0].blocks[5].id
    moves = [[block, 2]]
    planner.post(f"{at(plan)}/workspace/steps", json={"kind": "paint", "moves": moves})
    pair = "from=522632100001001&to=522632100001002"
    assert planner.get(f"{at(plan)}/workspace/impact?{pair}").json["count"] == 2
    assert planner.get(f"{at(plan)}/workspace/impact").status_code == 400
    planner.post(f"{at(plan)}/workspace/save", json={})
    manager = sign_in("community_manager")
    named = manager.get(f"{at(plan)}/impact?{pair}").json["households"]
    assert len(named) == 2 and all(row["name"] for row in named)
    entries = select(t.AuditEntry).where(t.AuditEntry.action == "household.list")
    (entry,) = session.scalars(entries)
    assert (entry.actor, entry.detail["rows"]) == ("community_manager", 2)
