"""A draft drawn as a job: one at a time in a community, and seen where its community is."""

import pytest

from gis.actions.access.work import Work
from gis.actions.jobs.asking import ask_job
from gis.actions.jobs.tasks import perform_here, tasks_by_name
from gis.actions.plan import drawings as actions
from gis.domain.access import SYSTEM, Scope
from gis.errors import Conflict, NotFound
from gis.store.plan import drawings as store
from gis.store.tables import Plan
from tests.drawn_town import NOW


@pytest.fixture
def begun(town, town_session):
    """A drawing of the first community."""
    return actions.begin_drawing(Work(town_session, SYSTEM, NOW), town.communities[0].id)


def test_a_community_is_drawn_once_at_a_time(town, town_session, begun):
    with pytest.raises(Conflict, match="being drawn already"):
        actions.begin_drawing(Work(town_session, SYSTEM, NOW), town.communities[0].id)
    assert actions.begin_drawing(Work(town_session, SYSTEM, NOW), town.communities[1].id)
    running = store.running_drawing(town_session, town.communities[0].id)
    assert running.id == begun


def test_a_drawing_outside_the_area_is_not_there(town, town_session, begun):
    other = Scope(None, "p", "P", frozenset({"planner"}), frozenset({town.communities[1].id}))
    with pytest.raises(NotFound):
        store.get_drawing(town_session, other, begun)
    with pytest.raises(NotFound):
        actions.cancel_drawing(Work(town_session, other, NOW), begun)


def test_a_job_of_another_kind_is_no_drawing(town_session):
    other = ask_job(Work(town_session, SYSTEM, NOW), "sheets")
    with pytest.raises(NotFound):
        store.get_drawing(town_session, SYSTEM, other)


def test_a_drawing_names_the_plan_that_came_of_it(town, town_session):
    community = town.communities[0].id
    begun = actions.begin_drawing(Work(town_session, SYSTEM, NOW), community, rules={"seed": 3})
    town_session.flush()
    heard = []
    perform_here(
        town_session.connection(),
        tasks_by_name(actions.DRAW),
        begun,
        clock=lambda: NOW,
        system=SYSTEM,
        tell=lambda fraction, _message: heard.append(fraction),
    )
    town_session.expire_all()
    job = store.get_drawing(town_session, SYSTEM, begun)
    assert job.state == "done" and heard == sorted(heard), job.message
    plan = town_session.get(Plan, job.result["plan_id"])
    assert plan.community_id == community and plan.state == "draft"
    assert store.running_drawing(town_session, community) is None
