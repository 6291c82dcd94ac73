"""Scenarios: a new draft from any plan or edition, on the blocks there are now."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from gis.actions.access.work import Work
from gis.actions.plan import draw
from gis.actions.plan.branching import branch_plan, describe_plan
from gis.actions.plan.editions import save_copy
from gis.actions.plan.plans import retire_plan, submit_plan
from gis.actions.plan.workspace import open_copy, take_step
from gis.domain.access import SYSTEM, Scope
from gis.errors import Conflict, InvalidInput, NotAllowed, NotFound
from gis.store import tables as t
from gis.store.plan.former_grids import assigned_blocks
from gis.store.plan.grid_codes import issued_codes
from gis.store.plan.plan_grids import grid_names
from gis.store.plan.plan_history import read_history
from gis.store.plan.plan_numbers import numbers_of_edition
from gis.store.plan.workspaces import saved_numbers
from tests.drawn_town import NOW, frame, put, rectangle
from tests.gis.actions.conftest import build_blocks_of, publish_draft
from tests.gis.actions.plan.test_workspace import border_move

LATER = NOW + timedelta(days=1)


def branch(session, plan_id, name="What if", **options):
    return branch_plan(Work(session, SYSTEM, LATER), plan_id, name=name, **options)


def rebuild(session, town):
    """Let a house be built, so that the blocks around it are cut anew."""
    house = frame("buildings", [{"reference": "n"}], [rectangle(0.0001, 0.0018, 0.0002, 0.0019)])
    put(session, "buildings", house)
    return build_blocks_of(session, town.communities[0], LATER)


def code_of_blocks(session, plan_id):
    """Give the grid code of each block in use under a plan."""
    return assigned_blocks(session, plan_id).set_index("block_id")["code"].to_dict()


def codes(session, plan_id):
    return {n: row.code for n, row in grid_names(session, plan_id).items()}


def test_a_branch_of_the_plan_in_force_is_the_same_division_with_the_same_codes(town, town_session):
    made = branch(town_session, town.plan_id, purpose="the school moves")
    plan = town_session.get(t.Plan, made.plan_id)
    assert (plan.state, plan.edition, plan.parent_id) == ("draft", 1, town.plan_id)
    assert not made.needs_repair
    assert saved_numbers(town_session, plan.id) == saved_numbers(town_session, town.plan_id)
    assert codes(town_session, plan.id) == codes(town_session, town.plan_id)
    first = town_session.get(t.PlanEdition, (plan.id, 1))
    assert (first.kind, first.note) == ("branched", "the school moves")
    submit_plan(Work(town_session, SYSTEM, LATER), plan.id)


def test_figures_and_shapes_of_a_branch_are_those_of_its_source(town, town_session):
    made = branch(town_session, town.plan_id)
    wanted = ("code", "kind", "households", "people", "area_m2", "compactness", "barrier_share")
    query = select(*(getattr(t.Grid, name) for name in wanted)).order_by(t.Grid.code)
    of = [
        town_session.execute(query.where(t.Grid.plan_id == p)).all()
        for p in (town.plan_id, made.plan_id)
    ]
    for before, after in zip(*of, strict=True):
        assert before[:4] == after[:4]
        assert before[4:] == pytest.approx(after[4:], rel=1e-6)


def test_an_earlier_edition_can_be_branched_while_the_draft_goes_on(town, town_session):
    source = draw.draw_community(Work(town_session, SYSTEM, LATER), town.communities[0].id)
    begun = saved_numbers(town_session, source)
    block, _, other = border_move(town_session, SYSTEM, source)
    take_step(Work(town_session, SYSTEM, LATER), source, "paint", {block: other}, lock=["grid:1"])
    save_copy(Work(town_session, SYSTEM, LATER), source)
    old, new = (branch(town_session, source, edition=e).plan_id for e in (1, None))
    assert saved_numbers(town_session, old) == begun
    assert saved_numbers(town_session, new) == begun | {block: other}
    assert town_session.get(t.Plan, new).locks == ["grid:1"]
    with pytest.raises(NotFound, match="no edition 9"):
        branch(town_session, source, edition=9)


def test_a_superseded_plan_comes_back_as_a_draft_that_can_be_published(town, town_session):
    next_plan = draw.draw_community(
        Work(town_session, SYSTEM, LATER), town.communities[0].id, minimum=30, n_grids=4, fresh=True
    )
    publish_draft(town_session, next_plan, now=LATER)
    made = branch(town_session, town.plan_id, "Back")
    issued = issued_codes(town_session, town.communities[0].id)
    publish_draft(town_session, made.plan_id, now=LATER + timedelta(days=1))
    blocks = [code_of_blocks(town_session, p) for p in (made.plan_id, town.plan_id)]
    pairs = {(blocks[0][b], code) for b, code in blocks[1].items()}
    assert len(pairs) == len(set(blocks[0].values())) == len(set(blocks[1].values()))
    assert set(blocks[0].values()) <= issued


def test_a_branch_lies_on_the_blocks_built_anew(town, town_session):
    before = len(saved_numbers(town_session, town.plan_id))
    assert rebuild(town_session, town)["blocks_retired"] > 0
    made = branch(town_session, town.plan_id)
    numbers = saved_numbers(town_session, made.plan_id)
    assert len(numbers) == before + 1 and made.unassigned == 0
    assert numbers == saved_numbers(town_session, town.plan_id)
    copy = open_copy(Work(town_session, SYSTEM, LATER), made.plan_id)
    assert copy.division.number == numbers


def test_an_edition_from_before_the_blocks_were_built_anew_goes_by_ground(town, town_session):
    source = draw.draw_community(Work(town_session, SYSTEM, LATER), town.communities[0].id)
    block, home, other = border_move(town_session, SYSTEM, source)
    take_step(Work(town_session, SYSTEM, LATER), source, "paint", {block: other})
    save_copy(Work(town_session, SYSTEM, LATER), source)
    plan = town_session.get(t.Plan, source)
    drawn_on = numbers_of_edition(town_session, plan, 1)
    rebuild(town_session, town)
    old = numbers_of_edition(town_session, plan, 1)
    kept = set(old) & set(drawn_on)
    assert {b: old[b] for b in kept} == {b: drawn_on[b] for b in kept}
    assert set(old.values()) == set(drawn_on.values())
    newest = numbers_of_edition(town_session, plan, 2)
    if block in kept:
        assert (old[block], newest[block]) == (home, other)
    else:
        assert sum(old[b] != newest[b] for b in old) >= 1


def unassign_one(session, plan_id):
    """Take the grid of one block away, as ground has none that a plan does not know."""
    block = min(saved_numbers(session, plan_id))
    session.execute(
        delete(t.BlockAssignment).where(
            t.BlockAssignment.plan_id == plan_id, t.BlockAssignment.block_id == block
        )
    )
    return block


def test_a_branch_with_blocks_in_no_grid_says_so_and_cannot_be_submitted_until_repaired(
    town, town_session
):
    source = branch(town_session, town.plan_id).plan_id
    block = unassign_one(town_session, source)
    made = branch(town_session, source)
    assert (made.unassigned, made.needs_repair) == (1, True)
    with pytest.raises(InvalidInput, match="repair it first") as refusal:
        submit_plan(Work(town_session, SYSTEM, LATER), made.plan_id)
    assert "unassigned" in [d.code for d in refusal.value.defects]
    home = saved_numbers(town_session, town.plan_id)[block]
    take_step(Work(town_session, SYSTEM, LATER), made.plan_id, "repair", {block: home})
    save_copy(Work(town_session, SYSTEM, LATER), made.plan_id)
    assert submit_plan(Work(town_session, SYSTEM, LATER), made.plan_id).plan.state == "submitted"


def test_a_scenario_is_renamed_and_says_what_it_is_for(town, town_session):
    made = branch(town_session, town.plan_id, "  Without   the market ").plan_id
    assert town_session.get(t.Plan, made).name == "Without the market"
    describe_plan(Work(town_session, SYSTEM, LATER), made, name="With it", purpose="for May")
    assert town_session.get(t.Plan, made).name == "With it"
    history = read_history(town_session, SYSTEM, made)
    assert [e.note for e in history.editions] == ["for May"]
    assert [s.step for s in history.steps] == ["rename", "branch"]
    for name in ("", "  ", "x" * 121):
        with pytest.raises(InvalidInput, match="needs a name"):
            describe_plan(Work(town_session, SYSTEM, LATER), made, name=name)
    with pytest.raises(Conflict, match="keeps its name"):
        describe_plan(Work(town_session, SYSTEM, LATER), town.plan_id, name="Other")


def test_who_may_not_edit_plans_branches_none(town, town_session):
    official = Scope(None, "o", "o", frozenset({"official"}), None)
    with pytest.raises(NotAllowed):
        branch_plan(Work(town_session, official, LATER), town.plan_id, name="x")
    elsewhere = Scope(None, "p", "p", frozenset({"planner"}), frozenset())
    with pytest.raises(NotFound):
        branch_plan(Work(town_session, elsewhere, LATER), town.plan_id, name="x")


def test_a_plan_put_away_can_still_be_branched(town, town_session):
    gone = branch(town_session, town.plan_id).plan_id
    retire_plan(Work(town_session, SYSTEM, LATER), gone)
    made = branch(town_session, gone).plan_id
    assert town_session.get(t.Plan, made).state == "draft"
