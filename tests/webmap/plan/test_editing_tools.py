"""The interface of the tools: proposals, explanations, cutting a block."""

import pytest

from gis.store import tables as t
from gis.store.plan.workspaces import saved_numbers
from tests.factories import block_square


@pytest.fixture
def draft(town):
    """The draft of the second community: two columns of blocks in each of two grids."""
    return next(p for p in town.communities[1].plans if p.state == "draft")


@pytest.fixture
def tools(draft):
    return f"/api/v1/plans/{draft.id}/workspace/tools"


@pytest.fixture
def planner(sign_in):
    return sign_in("planner")


def test_a_proposal_is_told_with_figures_before_and_after_and_taken_as_a_step(
    planner, draft, tools, session
):
    found = planner.post(f"{tools}/split_halves", json={"grid": 1}).json
    assert found["kind"] == "split" and 0 < len(found["moves"]) < 6
    before = {row["number"]: row["households"] for row in found["before"]}
    after = {row["number"]: row["households"] for row in found["after"]}
    assert set(before) == {1} and set(after) == {1, 3}
    assert after[1] + after[3] == before[1]
    assert set(saved_numbers(session, draft.id).values()) == {1, 2}
    step = {"kind": found["kind"], "moves": found["moves"]}
    at = tools.removesuffix("/tools")
    told = planner.post(f"{at}/steps", json=step).json
    assert told["effect"]["totals"]["grids"] == 3
    assert told["effect"]["grids"]["3"]["code"].endswith("003")


def test_a_border_is_explained_by_what_it_follows_and_what_moving_it_would_do(planner, tools):
    found = planner.post(f"{tools}/explain_border", json={"a": 1, "b": 2}).json
    assert found["follows"][0]["kind"] == "river"
    assert sum(row["share"] for row in found["follows"]) == pytest.approx(1, abs=1e-3)
    assert {row["reason"] for row in found["blocks"]} and found["length_m"] > 100
    assert planner.post(f"{tools}/explain_border", json={"a": 1, "b": 9}).status_code == 400
    assert planner.post(f"{tools}/explain_border", json={"a": 1}).status_code == 400


def test_a_change_is_explained_by_what_it_breaks_and_what_would_make_it_legal(planner, town, tools):
    corner = town.communities[1].blocks[0].id
    found = planner.post(f"{tools}/explain_change", json={"moves": [[corner, 2]]}).json
    assert not found["legal"]
    assert [fault["rule"] for fault in found["broken"] if fault["stops"]] == ["not_connected"]
    assert found["further"]
    assert planner.post(f"{tools}/explain_change", json={"moves": [[1, 2, 3]]}).status_code == 400
    assert planner.post(f"{tools}/explain_change", json={"moves": [[0, 1]]}).status_code == 400


def test_an_unknown_tool_is_named_with_those_there_are(planner, tools):
    answer = planner.post(f"{tools}/hammer", json={})
    assert answer.status_code == 404 and "rebalance" in answer.json["message"]


def test_a_block_is_cut_and_a_senseless_line_refused(planner, town, session):
    block = town.communities[1].blocks[5]
    at = f"/api/v1/blocks/{block.id}/cut"
    for line in (None, [[1, 2]], [[1, 2], ["a", 3]], [[0, 0], [1, 1]]):
        answer = planner.post(at, json={"line": line})
        assert answer.status_code == 400 and answer.json["message"]
    assert planner.post("/api/v1/blocks/99999999/cut", json={"line": []}).status_code == 404
    west, south, east, north = block_square(1, 5).bounds
    line = [[west + 0.1 * (east - west), y] for y in (south - 1e-3, north + 1e-3)]
    done = planner.post(at, json={"line": line}).json
    assert len(done["children"]) == 2 and done["left_to_locate"] == 0
    session.expire_all()
    assert session.get(t.Block, block.id).retired_at is not None
