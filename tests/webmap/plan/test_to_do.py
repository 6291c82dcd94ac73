"""What waits is shown to whom may do it, and to nobody else."""

import re
from datetime import date

import pytest

from gis.domain.access import ROLES
from gis.store.plan.balance import list_balances
from gis.words.permissions import PERMISSIONS_OF_ROLE

NEEDED = {
    "communities without a plan: draw a draft": "plan.edit",
    "communities with grids out of band": "plan.edit",
    "approved plans to publish": "plan.publish",
    "submitted plans to approve": "plan.approve",
    "drafts to finish and submit": "plan.edit",
    "grids without a worker": "worker.assign",
}
"""What a person must be allowed for each line of the list."""


def to_do(client):
    page = client.get("/planner/").get_data(as_text=True)
    return re.findall(r'class="task[^>]*><b>[\d,]+</b> <span>([^<(]+?) ?(?:\([^<]*)?</span>', page)


@pytest.mark.parametrize(
    "role", [role for role in ROLES if "plan.view" in PERMISSIONS_OF_ROLE[role]]
)
def test_the_list_holds_what_the_role_can_do_and_all_of_it(sign_in, town, role):
    """In the town a draft, a plan to approve and one to publish, and a vacancy wait."""
    second, third = town.communities[1].plans[1], town.communities[1].plans[0]
    planner, official = sign_in("planner"), sign_in("official")
    made = [
        planner.post(f"/api/v1/plans/{third.id}/branch", json={"name": name}).get_json()["plan_id"]
        for name in ("to approve", "to publish")
    ]
    for plan in made:
        assert planner.post(f"/api/v1/plans/{plan}/submit", json={}).status_code == 200
    assert official.post(f"/api/v1/plans/{made[1]}/approve", json={}).status_code == 200
    assert second.state == "draft"
    shown = to_do(sign_in(role))
    may = PERMISSIONS_OF_ROLE[role]
    assert [line for line in shown if NEEDED[line] not in may] == []
    waits = {
        "drafts to finish and submit",
        "submitted plans to approve",
        "approved plans to publish",
        "grids without a worker",
    }
    if role != "community_manager":  # whose community has none of them but the vacancy
        assert {line for line in waits if NEEDED[line] in may} <= set(shown)


def test_nobody_is_asked_to_approve_what_he_submitted_himself(sign_in, town, session):
    plan = town.communities[1].plans[1]
    assert sign_in("planner").post(f"/api/v1/plans/{plan.id}/submit", json={}).status_code == 200
    assert "submitted plans to approve" in to_do(sign_in("official"))
    by_whom = {
        login: sum(
            row.submitted_by_others
            for row in list_balances(session, town.scope(login), today=date(2026, 3, 1))
        )
        for login in ("planner", "official")
    }
    assert by_whom == {"planner": 0, "official": 1}


def test_who_can_do_nothing_of_what_waits_is_told_so(sign_in):
    page = sign_in("official").get("/planner/").get_data(as_text=True)
    assert "Nothing waits that your role can do" in page
    assert "Nothing waits. Every community" not in page
