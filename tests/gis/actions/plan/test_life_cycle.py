"""The life of a plan: handed in, returned with remarks, announced for a day to come, in force."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.plan import draw
from gis.actions.plan.branching import branch_plan
from gis.actions.plan.plans import (
    approve_plan,
    publish_plan,
    return_plan,
    submit_plan,
    withdraw_plan,
)
from gis.actions.plan.publishing import put_due_in_force
from gis.actions.plan.workers import assign_worker
from gis.actions.plan.workspace import discard, take_step
from gis.domain.access import SYSTEM, Scope
from gis.errors import Conflict
from gis.store import tables as t
from gis.store.plan.plan_history import read_history
from gis.store.plan.plans import live_plan_id
from gis.store.plan.workspaces import saved_numbers
from tests.drawn_town import NOW
from tests.factories import make_user
from tests.gis.actions.conftest import build_blocks_of
from tests.gis.actions.plan.test_branching import rebuild
from tests.gis.actions.plan.test_workspace import border_move

TODAY = NOW + timedelta(days=1)
COMING = (NOW + timedelta(days=30)).date()
THEN = NOW + timedelta(days=30)


@pytest.fixture
def people(town_session):
    """Two planners and an official."""
    roles = {"planner1": "planner", "planner2": "planner", "official1": "official"}
    made = {login: make_user(town_session, login, role) for login, role in roles.items()}
    return [Scope(p.id, p.login, p.name, frozenset({roles[p.login]}), None) for p in made.values()]


@pytest.fixture
def draft(town, town_session):
    """A draft of four grids beside the three in force."""
    return draw.draw_community(
        Work(town_session, SYSTEM, TODAY), town.communities[0].id, minimum=30, n_grids=4, fresh=True
    )


def approve(session, plan_id, now=TODAY):
    submit_plan(Work(session, SYSTEM, now), plan_id)
    approve_plan(Work(session, SYSTEM, now), plan_id)


def announce(session, plan_id, day=COMING, now=TODAY):
    approve(session, plan_id, now)
    return publish_plan(Work(session, SYSTEM, now), plan_id, effective_from=day)


def live(session, town):
    return live_plan_id(session, town.communities[0].id)


def states(session, *plans):
    found = [session.get(t.Plan, p) for p in plans]
    return [(p.state, p.effective_from, p.effective_to) for p in found]


# Handing in


def test_handing_in_tells_whose_edits_wait_and_they_are_there_after_a_return(
    town_session, draft, people
):
    one, two, official = people
    block, _, other = border_move(town_session, two, draft)
    take_step(Work(town_session, two, TODAY), draft, "paint", {block: other})
    done = submit_plan(Work(town_session, one, TODAY), draft, note="for the new school")
    assert done.unsaved_by == (two.name,)
    with pytest.raises(Conflict, match="submitted"):
        take_step(Work(town_session, two, TODAY), draft, "paint", {block: 0})
    return_plan(Work(town_session, official, TODAY), draft, remarks=" mind the bridge ")
    again = take_step(Work(town_session, two, TODAY), draft, "lock", {}, lock=["grid:1"])
    assert again.copy.division.number[block] == other


def test_ones_own_unsaved_edits_must_be_saved_or_discarded_first(town_session, draft, people):
    block, _, other = border_move(town_session, people[0], draft)
    take_step(Work(town_session, people[0], TODAY), draft, "paint", {block: other})
    with pytest.raises(Conflict, match="unsaved changes"):
        submit_plan(Work(town_session, people[0], TODAY), draft)
    discard(Work(town_session, people[0], TODAY), draft)
    assert submit_plan(Work(town_session, people[0], TODAY), draft).unsaved_by == ()


def test_the_thread_of_remarks_keeps_who_said_what_and_when(town_session, draft, people):
    one, _, official = people
    submit_plan(Work(town_session, one, TODAY), draft, note="first try")
    return_plan(Work(town_session, official, TODAY), draft, remarks="mind the bridge")
    submit_plan(Work(town_session, one, TODAY), draft, note="bridge minded")
    return_plan(Work(town_session, official, TODAY), draft, remarks="and the river")
    submit_plan(Work(town_session, one, TODAY), draft)
    approve_plan(Work(town_session, official, TODAY), draft, note="good")
    history = read_history(town_session, one, draft)
    assert [(r.step, r.by, r.note) for r in history.remarks] == [
        ("submit", one.name, "first try"),
        ("return", official.name, "mind the bridge"),
        ("submit", one.name, "bridge minded"),
        ("return", official.name, "and the river"),
        ("approve", official.name, "good"),
    ]
    assert {r.at for r in history.remarks} == {TODAY}
    assert [s.step for s in history.steps][-1] == "draw"


def test_a_plan_on_blocks_that_were_built_anew_is_not_handed_in(town, town_session, draft):
    rebuild(town_session, town)
    with pytest.raises(Conflict, match="built anew"):
        submit_plan(Work(town_session, SYSTEM, TODAY), draft)


# A day to come


def test_an_announced_plan_is_not_in_force_before_its_day(town, town_session, draft):
    done = announce(town_session, draft)
    assert done.change.new and done.released == ()
    assert live(town_session, town) == town.plan_id
    assert states(town_session, town.plan_id, draft) == [
        ("published", NOW.date(), COMING),
        ("published", COMING, None),
    ]
    assert put_due_in_force(Work(town_session, SYSTEM, THEN - timedelta(days=1))) == ([], [])
    codes = select(t.GridCode.code).where(t.GridCode.code.in_(done.change.new))
    assert not town_session.scalars(codes.where(t.GridCode.issued_at.is_not(None))).all()


@pytest.mark.parametrize("days_late", [0, 3])
def test_on_its_day_it_comes_into_force_once(town, town_session, draft, days_late):
    worker = make_user(town_session, "w1", "worker").id
    foreseen = announce(town_session, draft)
    now = THEN + timedelta(days=days_late)
    assert put_due_in_force(Work(town_session, SYSTEM, now)) == ([draft], [])
    assert put_due_in_force(Work(town_session, SYSTEM, now)) == ([], [])
    assert live(town_session, town) == draft
    assert states(town_session, town.plan_id, draft) == [
        ("superseded", NOW.date(), COMING),
        ("published", COMING, None),
    ]
    issued = town_session.get(t.GridCode, foreseen.change.new[0])
    assert issued.issued_at == now and worker
    steps = [s.step for s in read_history(town_session, SYSTEM, draft).steps]
    assert steps[:2] == ["begin", "publish"]
    ended = read_history(town_session, SYSTEM, town.plan_id).steps[0]
    assert (ended.step, ended.other_plan, ended.effective_from) == ("supersede", draft, COMING)


def test_workers_of_codes_that_end_are_released_on_the_day_not_before(town, town_session):
    community = town.communities[0]
    unit = town_session.get(t.DivisionUnit, community.id)
    query = select(t.Grid.code).where(t.Grid.plan_id == town.plan_id).order_by(t.Grid.code)
    for n, code in enumerate(town_session.scalars(query).all()):
        worker = make_user(town_session, f"w{n}", "worker", (unit,)).id
        assign_worker(Work(town_session, SYSTEM, NOW), code, worker, valid_from=NOW.date())
    plan = draw.draw_community(
        Work(town_session, SYSTEM, TODAY), community.id, maximum=95, n_grids=2
    )
    done = announce(town_session, plan)
    (gone,) = done.change.retired
    assigned = select(t.GridWorker).where(t.GridWorker.grid_code == gone)
    assert town_session.scalars(assigned).one().valid_to is None
    put_due_in_force(Work(town_session, SYSTEM, THEN))
    town_session.expire_all()
    assert town_session.scalars(assigned).one().valid_to == COMING


def test_nothing_else_is_published_while_a_plan_is_announced(town, town_session, draft):
    other = branch_plan(Work(town_session, SYSTEM, TODAY), town.plan_id, name="Other").plan_id
    announce(town_session, draft)
    approve(town_session, other)
    for day in (TODAY.date(), COMING, COMING + timedelta(days=9)):
        with pytest.raises(Conflict, match="withdraw it first"):
            publish_plan(Work(town_session, SYSTEM, TODAY), other, effective_from=day)
    withdraw_plan(Work(town_session, SYSTEM, TODAY), draft, note="too early")
    publish_plan(Work(town_session, SYSTEM, TODAY), other, effective_from=TODAY.date())
    assert live(town_session, town) == other


def test_an_announcement_is_withdrawn_and_the_plan_is_approved_again(town, town_session, draft):
    announce(town_session, draft)
    withdraw_plan(Work(town_session, SYSTEM, TODAY), draft, note="too early")
    assert states(town_session, town.plan_id, draft) == [
        ("published", NOW.date(), None),
        ("approved", None, None),
    ]
    assert put_due_in_force(Work(town_session, SYSTEM, THEN)) == ([], [])
    note = read_history(town_session, SYSTEM, draft).remarks[-1]
    assert (note.step, note.note) == ("withdraw", "too early")


def test_what_is_in_force_is_not_withdrawn(town, town_session, draft):
    with pytest.raises(Conflict, match="in force"):
        withdraw_plan(Work(town_session, SYSTEM, TODAY), town.plan_id)
    announce(town_session, draft)
    with pytest.raises(Conflict, match="in force"):
        withdraw_plan(Work(town_session, SYSTEM, THEN), draft)


def test_an_announced_plan_comes_into_force_on_blocks_built_anew_meanwhile(
    town, town_session, draft
):
    announce(town_session, draft)
    rebuild(town_session, town)
    assert put_due_in_force(Work(town_session, SYSTEM, THEN)) == ([draft], [])
    numbers = saved_numbers(town_session, draft)
    assert 0 not in numbers.values() and len(numbers) == 37


def test_the_first_plan_of_a_community_may_be_announced_too(town, town_session):
    community = town.communities[1]
    build_blocks_of(town_session, community, TODAY)
    plan = draw.draw_community(Work(town_session, SYSTEM, TODAY), community.id)
    done = announce(town_session, plan)
    assert live_plan_id(town_session, community.id) is None and len(done.change.new) > 0
    put_due_in_force(Work(town_session, SYSTEM, THEN))
    assert live_plan_id(town_session, community.id) == plan


def test_a_plan_that_cannot_begin_is_left_as_it_was_and_the_others_begin(
    town, town_session, draft, monkeypatch
):
    announce(town_session, draft)
    from gis.actions.plan import publishing

    def refuse(*_arguments, **_options):
        raise Conflict("somebody else is at it")

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "apply_succession", refuse)
        assert put_due_in_force(Work(town_session, SYSTEM, THEN)) == ([], [draft])
    town_session.expire_all()
    assert live(town_session, town) == town.plan_id
    assert put_due_in_force(Work(town_session, SYSTEM, THEN)) == ([draft], [])
