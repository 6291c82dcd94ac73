"""A draft drawn in the background: one at a time, heard of, given up, and never left hanging."""

from dataclasses import replace

import pytest

from gis.actions.plan import drawings as actions
from gis.actions.plan.apart import divide_apart
from gis.actions.plan.draw import divide, read_request
from gis.domain.access import SYSTEM, Scope
from gis.errors import Conflict, GisError, NotFound
from gis.store.plan import drawings as store
from tests.drawn_town import NOW

LATER = NOW + 2 * store.SILENCE


@pytest.fixture
def begun(town, town_session):
    """A drawing of the first community."""
    return actions.begin_drawing(town_session, SYSTEM, town.communities[0].id, now=NOW)


def test_a_community_is_drawn_once_at_a_time(town, town_session, begun):
    with pytest.raises(Conflict, match="being drawn already"):
        actions.begin_drawing(town_session, SYSTEM, town.communities[0].id, now=NOW)
    assert actions.begin_drawing(town_session, SYSTEM, town.communities[1].id, now=NOW)
    running = store.running_drawing(town_session, town.communities[0].id, now=NOW)
    assert running.id == begun


def test_progress_never_goes_back_and_cancelling_is_heard(town_session, begun):
    def hear(fraction, message):
        return actions.hear_drawing(
            town_session, begun, fraction=fraction, message=message, now=NOW
        )

    assert hear(0.5, "improving") and hear(0.2, "again")
    drawing = store.get_drawing(town_session, SYSTEM, begun)
    assert (drawing.fraction, drawing.message) == (0.5, "again")
    actions.cancel_drawing(town_session, SYSTEM, begun, now=NOW)
    assert not hear(0.6, "")
    actions.end_drawing(town_session, begun, "cancelled", now=NOW)
    assert store.get_drawing(town_session, SYSTEM, begun).state == "cancelled"


def test_an_ended_drawing_stays_as_it_ended(town, town_session, begun):
    actions.end_drawing(town_session, begun, "done", now=NOW, plan_id=town.plan_id)
    actions.end_drawing(town_session, begun, "failed", now=NOW, message="late")
    drawing = actions.cancel_drawing(town_session, SYSTEM, begun, now=NOW)
    assert (drawing.state, drawing.plan_id, drawing.fraction) == ("done", town.plan_id, 1.0)
    assert not actions.hear_drawing(town_session, begun, fraction=1, message="", now=NOW)


def test_a_drawing_whose_process_died_makes_room(town, town_session, begun):
    community = town.communities[0].id
    assert store.running_drawing(town_session, community, now=LATER) is None
    second = actions.begin_drawing(town_session, SYSTEM, community, now=LATER)
    town_session.expire_all()
    assert store.get_drawing(town_session, SYSTEM, begun).state == "failed"
    assert store.running_drawing(town_session, community, now=LATER).id == second


def test_a_drawing_outside_the_area_is_not_there(town, town_session, begun):
    other = Scope(None, "p", "P", frozenset({"planner"}), frozenset({town.communities[1].id}))
    with pytest.raises(NotFound):
        store.get_drawing(town_session, other, begun)
    with pytest.raises(NotFound):
        actions.cancel_drawing(town_session, other, begun, now=NOW)


def test_a_division_apart_is_the_division(town, town_session):
    request = read_request(town_session, SYSTEM, town.communities[0])
    apart = divide_apart(request, lambda fraction, message: True, every_s=0.1)
    assert apart.assignment.equals(divide(request).assignment)


def test_a_division_apart_is_broken_off_when_nobody_wants_it(town, town_session):
    request = read_request(town_session, SYSTEM, town.communities[0])
    heard = []
    assert divide_apart(request, lambda *said: heard.append(said), every_s=0.01) is None
    assert len(heard) == 1


def test_a_refusal_from_apart_keeps_its_words(town, town_session):
    request = read_request(town_session, SYSTEM, town.communities[0])
    nonsense = replace(request, blocks=request.blocks.drop(columns="households"))
    with pytest.raises(GisError, match="no column 'households'"):
        divide_apart(nonsense, lambda *said: True)
