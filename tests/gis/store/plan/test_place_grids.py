"""Which grid a place was in on any day: by the plan of that day, by the border rule."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput, NotAllowed
from gis.store import tables as t
from gis.store.plan.place_grids import grid_at, list_grids_of_place, worker_on
from tests.factories import SIDE, SOUTH, TODAY, WEST, block_square, make_plan

SPRING = date(2026, 4, 1)


def middle(community, number):
    point = block_square(community, number).centroid
    return point.x, point.y


@pytest.fixture
def town(session, tiny_town):
    """The tiny town whose first community gets another plan on 1 April: block 9 changes grid."""
    town = tiny_town
    first = town.communities[0]
    live = session.get(t.LivePlan, first.id)
    old = session.get(t.Plan, live.plan_id)
    old.state, old.effective_to = "superseded", SPRING
    session.delete(live)
    session.flush()
    new = make_plan(session, first, state="draft", name="Spring", swap=frozenset({9}))
    new.state, new.effective_from = "published", SPRING
    session.flush()
    session.add(t.LivePlan(community_id=first.id, plan_id=new.id))
    session.flush()
    return town


def code_on(session, scope, place, day):
    found = grid_at(session, scope, *place, day)
    return found and found.grid_code[-3:]


def test_a_place_is_in_the_grid_of_the_plan_that_was_in_force_that_day(session, town):
    scope = town.scope("planner")
    answers = {
        day: code_on(session, scope, middle(0, 9), day)
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), SPRING, TODAY)
    }
    assert list(answers.values()) == [None, "001", "001", "002", "001"]
    assert code_on(session, scope, middle(0, 0), SPRING) == "001"


def test_the_history_of_a_place_lists_every_plan_in_order(session, town):
    found = list_grids_of_place(session, town.scope("planner"), *middle(0, 9))
    assert [(g.grid_code[-3:], g.effective_from, g.effective_to) for g in found] == [
        ("001", date(2026, 1, 1), SPRING),
        ("002", SPRING, None),
    ]


def test_drafts_say_nothing_about_where_a_place_is(session, town):
    found = list_grids_of_place(session, town.scope("planner"), *middle(1, 9))
    assert [g.plan_name for g in found] == [town.communities[1].plans[0].name]


def test_what_lies_outside_every_block_or_ones_area_is_in_no_grid(session, town):
    assert list_grids_of_place(session, town.scope("planner"), 0.0, 0.0) == []
    manager = town.scope("community_manager")
    assert grid_at(session, manager, *middle(1, 0), SPRING) is None
    with pytest.raises(InvalidInput, match="is no place"):
        list_grids_of_place(session, manager, 200.0, 0.0)
    with pytest.raises(NotAllowed):
        list_grids_of_place(session, town.scope("handler"), *middle(0, 0))


@settings(
    max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(column=st.integers(0, 7), row=st.integers(0, 3), along=st.sampled_from([0.0, 0.3, 0.5]))
def test_on_a_border_the_smaller_block_decides_also_between_communities(
    session, town, column, row, along
):
    lon, lat = WEST + (column + along) * SIDE, SOUTH + row * SIDE
    place = (min(lon, WEST + 8 * SIDE), lat)
    found = list_grids_of_place(session, town.scope("planner"), *place)
    days = {(g.community_code, g.effective_from) for g in found}
    assert len(days) == len(found) <= 2
    assert len({g.community_code for g in found}) <= 1
    if along and 0 < row < 3:
        below = list_grids_of_place(session, town.scope("planner"), place[0], lat - SIDE / 2)
        assert [g.grid_code for g in found] == [g.grid_code for g in below]


def test_a_block_built_anew_does_not_rewrite_the_past(session, town):
    first = town.communities[0]
    old = first.blocks[9]
    new = t.Block(
        build_id=first.build.id, community_id=first.id, number=99, area_m2=1.0, geom=old.geom
    )
    session.add(new)
    session.flush()
    plan = first.plans[1]
    other = next(g for g in session.query(t.Grid).filter_by(plan_id=plan.id, number=1))
    session.add(
        t.BlockAssignment(
            plan_id=plan.id,
            block_id=new.id,
            community_id=first.id,
            grid_id=other.id,
            carried=True,
        )
    )
    session.flush()
    assert code_on(session, town.scope("planner"), middle(0, 9), SPRING) == "002"


def test_children_of_a_cut_block_say_where_they_went(session, town):
    first = town.communities[0]
    old, plan = first.blocks[9], first.plans[1]
    child = t.Block(
        build_id=first.build.id,
        community_id=first.id,
        number=98,
        area_m2=1.0,
        parent_id=old.id,
        geom=old.geom,
    )
    session.add(child)
    session.flush()
    other = session.query(t.Grid).filter_by(plan_id=plan.id, number=1).one()
    session.add(
        t.BlockAssignment(
            plan_id=plan.id,
            block_id=child.id,
            community_id=first.id,
            grid_id=other.id,
            carried=True,
        )
    )
    session.flush()
    assert code_on(session, town.scope("planner"), middle(0, 9), SPRING) == "001"


def test_the_worker_of_a_day_is_named(session, town):
    code = town.communities[0].grids[0].code
    assert worker_on(session, code, TODAY) == "Worker"
    assert worker_on(session, code, date(2025, 1, 1)) is None
