"""Two plans side by side: figures of each grid in both, what moves, and which code goes on."""

from datetime import date

import pytest
from sqlalchemy import update

from gis.errors import NotFound
from gis.store import tables as t
from gis.store.plan.comparison import compare_whole
from gis.store.plan.plans import compare_plans
from tests.factories import TODAY, make_plan


def compare(session, town, base, plan, login="planner"):
    return compare_whole(session, town.scope(login), base.id, plan.id, target=12, today=TODAY)


def test_every_grid_stands_in_one_row_with_its_figures_under_both_plans(session, town):
    base, plan = town.communities[1].plans
    found = compare(session, town, base, plan)
    assert [
        (g.fate, g.before.households, g.after.households, g.moved_out, g.moved_in)
        for g in found.grids
    ] == [("kept", 12, 10, 2, 0), ("kept", 12, 14, 0, 2)]
    assert (found.households, found.moving, found.by_code) == (24, 2, True)
    assert found.share_kept == pytest.approx(11 / 12)
    assert found.blocks == (town.communities[1].blocks[9].id,)
    assert found.grids[0].after.deviation == pytest.approx(-1 / 6)


def test_sums_agree_with_the_list_of_changes(session, town):
    base, plan = town.communities[1].plans
    found = compare(session, town, base, plan)
    assert list(found.changes) == compare_plans(session, town.scope("planner"), plan.id, base.id)
    assert found.moving == sum(c.households for c in found.changes)


def test_a_plan_beside_itself_differs_in_nothing(session, town):
    base = town.communities[1].plans[0]
    found = compare(session, town, base, base)
    assert (found.moving, found.blocks, found.changes, found.share_kept) == (0, (), (), 1.0)
    assert {g.fate for g in found.grids} == {"kept"}


def test_of_drafts_a_grid_goes_on_as_the_one_that_takes_most_of_its_households(session, town):
    one, two = (
        make_plan(session, town.communities[1], state="draft", name=n, swap=frozenset(s))
        for n, s in (("A", {9}), ("B", ()))
    )
    first, second = (g for g in session.query(t.Grid).filter_by(plan_id=two.id).order_by("code"))
    session.add(
        t.GridCode(code=f"{town.communities[1].unit.code}007", community_id=first.community_id)
    )
    session.flush()
    query = update(t.Grid).where(t.Grid.id == first.id)
    session.execute(query.values(code=f"{town.communities[1].unit.code}007"))
    session.expire_all()
    found = compare(session, town, one, two)
    assert not found.by_code and found.moving == 2
    assert [(g.fate, g.after.code[-3:]) for g in found.grids] == [
        ("kept", "002"),
        ("recoded", "007"),
    ]
    assert second.code.endswith("002")


def test_of_a_plan_in_force_codes_that_end_and_begin_are_told(session, town):
    base, plan = town.communities[1].plans
    new = f"{town.communities[1].unit.code}008"
    session.add(t.GridCode(code=new, community_id=town.communities[1].id))
    session.flush()
    gone = f"{town.communities[1].unit.code}002"
    query = update(t.Grid).where(t.Grid.plan_id == plan.id, t.Grid.code == gone)
    session.execute(query.values(code=new))
    session.expire_all()
    found = compare(session, town, base, plan)
    fates = {(g.after or g.before).code: (g.fate, g.moved_out, g.moved_in) for g in found.grids}
    assert fates[new] == ("new", 0, 14) and fates[gone] == ("gone", 12, 0)
    assert found.moving == 14


def test_plans_of_two_communities_or_outside_the_area_are_not_compared(session, town):
    base, other = town.communities[0].plans[0], town.communities[1].plans[0]
    with pytest.raises(NotFound, match="one community"):
        compare(session, town, base, other)
    with pytest.raises(NotFound):
        compare(session, town, other, other, login="community_manager")
    assert date(2026, 1, 1) == base.effective_from
