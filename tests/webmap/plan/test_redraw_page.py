"""The page on which a planner redraws a draft: who reaches it, what it carries, what it refuses."""

import json
import re

import pytest


@pytest.fixture
def plans(town):
    """The plan in force and the draft of the second community."""
    by_state = {plan.state: plan for plan in town.communities[1].plans}
    return by_state["published"], by_state["draft"]


def at(plan):
    return f"/planner/plan/{plan.id}/redraw"


def test_a_draft_comes_with_every_tool_and_its_key(sign_in, plans):
    page = sign_in("planner").get(at(plans[1])).text
    tools = dict(re.findall(r'data-tool="(\w+)"[^>]*aria-keyshortcuts="(\w)"', page))
    assert set(tools) == {
        "select", "paint", "lasso", "border", "erase", "split", "merge", "move", "cut"
    }  # fmt: skip
    acts = dict(re.findall(r'data-act="(\w+)"[^>]*aria-keyshortcuts="([^"]+)"', page))
    assert {"halves", "new", "rebalance", "contiguous", "enclaves", "unassigned"} < set(acts)
    assert len({*tools.values(), *acts.values()}) == len(tools) + len(acts)


def test_the_script_is_told_which_plan_and_nothing_personal(sign_in, plans):
    page = sign_in("planner").get(at(plans[1])).text
    data = json.loads(re.search(r"start\(map_main, layers_by_key, (\{.*?\})\);", page)[1])
    assert (data["plan"], data["editable"]) == (plans[1].id, True)
    assert set(data) == {"plan", "community", "kinds", "editable", "user"}


def test_what_is_no_draft_says_so_and_leads_back(sign_in, plans):
    page = sign_in("planner").get(at(plans[0])).text
    assert "Only a draft can be redrawn" in page and "data-tool" not in page
    assert "/planner/community/" in page


def test_a_plan_that_is_not_there_is_not_found(sign_in):
    assert sign_in("planner").get("/planner/plan/999999/redraw").status_code == 404
