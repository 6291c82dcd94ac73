"""Who changes grid: counts for planners, names for those who may read households."""

import pytest
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.plan.workspace import take_step
from gis.actions.register.households_changing_grid import (
    read_households_changing_grid,
    read_working_households_changing_grid,
)
from gis.domain.access import Scope
from gis.errors import NotFound
from gis.store import tables as t
from tests.factories import NOW, make_plan


@pytest.fixture
def town(session, tiny_town):
    """The tiny town; its first community has a draft in which block 9 changes grid."""
    town = tiny_town
    make_plan(session, town.communities[0], state="draft", name="Spring", swap=frozenset({9}))
    return town


@pytest.fixture
def draft(town):
    return town.communities[0].plans[1].id


def codes(town):
    return [grid.code for grid in town.communities[0].grids]


def reads(session):
    query = select(t.AuditEntry).where(t.AuditEntry.action == "household.list")
    return [(e.actor, e.object_kind, e.detail["rows"]) for e in session.scalars(query)]


def test_planners_and_officials_get_counts_and_no_name(session, town, draft):
    for login in ("planner", "official", "town_coordinator"):
        found = read_households_changing_grid(
            Work(session, town.scope(login), NOW), draft, *codes(town)
        )
        assert (found.count, found.households) == (2, None)
    assert reads(session) == []


def test_the_community_manager_gets_names_and_is_recorded(session, town, draft):
    found = read_households_changing_grid(
        Work(session, town.scope("community_manager"), NOW), draft, *codes(town)
    )
    assert found.count == len(found.households) == 2
    block = town.communities[0].blocks[9].id
    there = select(t.Household.head_name).where(t.Household.block_id == block)
    assert {m.name for m in found.households} == set(session.scalars(there))
    assert reads(session) == [("community_manager", "plan", 2)]


def test_a_worker_reads_who_leaves_the_own_grid_of_a_plan_handed_in(session, town, draft):
    worker = town.scope("worker")
    with pytest.raises(NotFound):
        read_households_changing_grid(Work(session, worker, NOW), draft, *codes(town))
    session.get(t.Plan, draft).state = "submitted"
    session.flush()
    found = read_households_changing_grid(Work(session, worker, NOW), draft, *codes(town))
    assert len(found.households) == 2
    with pytest.raises(NotFound):
        read_households_changing_grid(Work(session, worker, NOW), draft, *reversed(codes(town)))
    with pytest.raises(NotFound):
        read_households_changing_grid(
            Work(session, town.scope("worker_without_grid"), NOW), draft, *codes(town)
        )


def test_names_of_another_community_stay_hidden(session, town):
    draft = town.communities[1].plans[1].id
    with pytest.raises(NotFound):
        read_households_changing_grid(
            Work(session, town.scope("community_manager"), NOW), draft, "a", "b"
        )


def test_a_working_copy_tells_who_would_move_before_anything_is_saved(session, town, draft):
    planner, blocks = town.scope("planner"), town.communities[0].blocks
    west, east = codes(town)
    take_step(Work(session, planner, NOW), draft, "paint", {blocks[5].id: 2})
    found = read_working_households_changing_grid(Work(session, planner, NOW), draft, west, east)
    assert (found.count, found.households) == (4, None)
    both = Scope(
        planner.user_id,
        planner.login,
        planner.name,
        frozenset({"planner", "community_manager"}),
        planner.community_ids,
    )
    named = read_working_households_changing_grid(Work(session, both, NOW), draft, west, east)
    assert len(named.households) == 4 and len(reads(session)) == 1
    assert read_households_changing_grid(Work(session, planner, NOW), draft, west, east).count == 2
    take_step(Work(session, planner, NOW), draft, "paint", {blocks[0].id: 0})
    assert (
        read_working_households_changing_grid(Work(session, planner, NOW), draft, west, "").count
        == 2
    )
