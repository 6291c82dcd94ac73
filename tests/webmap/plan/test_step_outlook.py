"""What a step of a plan will do is told by the server, and a step is held to what was told."""

import pytest


@pytest.fixture
def draft(town):
    return town.communities[1].plans[1].id


def outlook(client, plan, step):
    answer = client.get(f"/api/v1/plans/{plan}/steps/{step}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def test_the_figures_are_those_of_the_plan_against_the_one_in_force(sign_in, draft):
    told = outlook(sign_in("planner"), draft, "submit")
    assert (told["grids"], told["households"]) == (2, 24)
    assert (told["changing_grid"], told["changing_worker"]) == (2, 0)
    assert (told["special_care"], told["open_incidents"]) == (0, 0)
    assert told["in_force"] == "First division"
    assert told["out_of_band"] == []
    assert [code[-3:] for code in told["vacant"]] == ["001", "002"]


def test_who_decides_next_is_named_and_is_never_the_one_who_asks(sign_in, draft, town):
    told = outlook(sign_in("planner"), draft, "submit")
    names = {town.users[login].name for login in ("official", "town_coordinator")}
    assert names <= set(told["next_by"])
    assert town.users["planner"].name not in told["next_by"]


@pytest.mark.parametrize(
    ("login", "step", "status"),
    [
        ("planner", "submit", 200),
        ("planner", "retire", 200),
        ("planner", "publish", 409),
        ("planner", "approve", 403),
        ("official", "submit", 403),
        ("official", "return", 409),
        ("planner", "supersede", 404),
        ("planner", "sing", 404),
        ("worker", "submit", 403),
    ],
)
def test_a_step_is_told_to_whom_may_take_it_while_it_can_be_taken(
    sign_in, draft, login, step, status
):
    assert sign_in(login).get(f"/api/v1/plans/{draft}/steps/{step}").status_code == status


def test_a_step_is_refused_once_what_was_told_no_longer_holds(sign_in, town):
    planner, coordinator = sign_in("planner"), sign_in("town_coordinator")
    first = town.communities[0]
    made = planner.post(f"/api/v1/plans/{first.plans[0].id}/branch", json={"name": "anew"})
    draft = made.get_json()["plan_id"]
    told = outlook(planner, draft, "submit")
    (vacant,) = told["vacant"]
    worker = {"user_id": town.users["worker"].id, "from": "2026-01-02"}
    assert coordinator.put(f"/api/v1/grids/{vacant}/worker", json=worker).status_code == 200
    refused = planner.post(f"/api/v1/plans/{draft}/submit", json={"seen": told["seen"]})
    assert refused.status_code == 409
    assert "have changed since" in refused.get_json()["message"]
    again = outlook(planner, draft, "submit")
    assert (again["state"], again["vacant"]) == ("draft", [])
    taken = planner.post(f"/api/v1/plans/{draft}/submit", json={"seen": again["seen"]})
    assert taken.status_code == 200
