"""What planners read: rights where rows are chosen, sums that agree with the tiny town."""

from datetime import date

import pytest

from gis.errors import NotAllowed, NotFound
from gis.store.plan.balance import list_balances
from gis.store.plan.plans import block_features, compare_plans, get_plan, list_grids, list_plans
from tests.factories import TODAY


def test_the_balance_table_sums_each_community_of_the_area(session, town):
    rows = list_balances(session, town.scope("planner"), today=TODAY)
    assert [r.code for r in rows] == ["522632100001", "522632100002"]
    first, second = rows
    assert (first.households, first.people, first.plan_state) == (24, 72, "published")
    assert first.balance.n_grids == 2 and first.balance.in_band == 1.0
    assert (first.vacancies, second.vacancies) == (1, 2)
    assert second.open_plans == {"draft": 1}


def test_a_community_without_a_plan_still_has_its_row(session, town):
    rows = list_balances(session, town.scope("official"), today=TODAY)
    assert len(rows) == 3
    assert rows[2].plan_id is None and rows[2].balance is None and rows[2].households == 24


def test_a_worker_may_not_read_plans(session, town):
    with pytest.raises(NotAllowed):
        list_balances(session, town.scope("worker"), today=TODAY)


def test_a_plan_outside_the_area_is_not_found(session, town):
    foreign = town.communities[1].plans[0]
    with pytest.raises(NotFound):
        get_plan(session, town.scope("community_manager"), foreign.id)


def test_grids_name_their_worker_only_while_assigned(session, town):
    plan, scope = town.communities[0].plans[0], town.scope("planner")
    today = list_grids(session, scope, plan.id, today=TODAY)
    assert [g.worker for g in today] == ["Worker", None]
    before = list_grids(session, scope, plan.id, today=date(2025, 1, 1))
    assert [g.worker for g in before] == [None, None]


def test_comparing_counts_what_changes_grid(session, town):
    published, draft = town.communities[1].plans
    scope = town.scope("planner")
    (change,) = compare_plans(session, scope, draft.id, published.id)
    assert (change.from_code[-3:], change.to_code[-3:]) == ("001", "002")
    assert (change.blocks, change.households, change.people) == (1, 2, 6)
    assert compare_plans(session, scope, published.id, published.id) == []


def test_blocks_of_another_build_are_compared_by_where_they_lie(session, town):
    published, draft = town.communities[1].plans
    published.build_id = town.communities[1].build.id
    rebuilt = _copy_build(session, town.communities[1], draft)
    (change,) = compare_plans(session, town.scope("planner"), rebuilt, published.id)
    assert (change.blocks, change.from_code[-3:], change.to_code[-3:]) == (1, "001", "002")


def _copy_build(session, community, draft):
    """Move the draft to blocks of a new build with the same shapes."""
    from gis.store import tables as t

    community.build.current = False
    session.flush()
    build = t.BlockBuild(community_id=community.id, input_digest="new", built_at=draft.created_at)
    session.add(build)
    session.flush()
    rows = session.query(t.BlockAssignment).filter_by(plan_id=draft.id).all()
    grid_of = {r.block_id: r.grid_id for r in rows}
    for row in rows:
        session.delete(row)
    session.flush()
    draft.build_id = build.id
    session.flush()
    for old in community.blocks:
        new = t.Block(
            build_id=build.id,
            community_id=community.id,
            number=old.number,
            area_m2=old.area_m2,
            geom=old.geom,
        )
        session.add(new)
        session.flush()
        session.add(
            t.BlockAssignment(
                plan_id=draft.id,
                block_id=new.id,
                community_id=community.id,
                grid_id=grid_of[old.id],
            )
        )
    session.flush()
    return draft.id


def test_the_list_of_plans_says_which_is_live_and_who_drew_it(session, town):
    plans = list_plans(session, town.scope("planner"), town.communities[1].id)
    assert [(p.state, p.live) for p in plans] == [("draft", False), ("published", True)]
    assert plans[0].created_by_name == "Planner" and plans[0].n_grids == 2


def test_block_features_hold_counts_and_no_name(session, town):
    text = block_features(session, town.scope("planner"), town.communities[0].plans[0].id)
    assert text.count('"Feature"') == 12 and "张" not in text
