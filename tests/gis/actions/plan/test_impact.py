"""Whom a plan concerns: sums by grid and worker."""

import pytest

from gis.actions.plan.impact import read_impact
from gis.errors import NotAllowed
from tests.factories import TODAY, make_plan


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


def test_what_changes_grid_is_summed_by_grids_and_workers(session, town, draft):
    found = read_impact(session, town.scope("planner"), draft, today=TODAY)
    west, east = codes(town)
    assert found.base_plan == town.communities[0].plans[0].id
    (move,) = found.impact.moves.to_dict("records")
    assert (move["from_code"], move["to_code"]) == (west, east)
    assert (move["blocks"], move["households"], move["people"]) == (1, 2, 6)
    assert found.impact.totals["households"] == found.changing_worker == 2
    assert [(h.code, h.worker, h.households_out, h.households_in) for h in found.hand_overs] == [
        (west, "Worker", 2, 0),
        (east, None, 0, 2),
    ]


def test_the_plan_in_force_and_a_first_plan_concern_nobody(session, town):
    live = town.communities[0].plans[0].id
    found = read_impact(session, town.scope("planner"), live, today=TODAY)
    assert found.impact.totals["households"] == 0 and found.hand_overs == ()
    first = make_plan(session, town.communities[2], state="draft", name="First").id
    found = read_impact(session, town.scope("official"), first, today=TODAY)
    assert (found.base_plan, found.hand_overs, found.changing_worker) == (None, (), 0)


def test_who_may_not_look_at_plans_is_refused(session, town):
    draft = town.communities[1].plans[1].id
    with pytest.raises(NotAllowed):
        read_impact(session, town.scope("handler"), draft, today=TODAY)
