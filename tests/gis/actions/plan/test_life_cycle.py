"""The life of a plan: handed in, returned with remarks, announced for a day to come, in force."""

from datetime import timedelta

import pytest
from sqlalchemy import select

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
        town_session, SYSTEM, town.communities[0].id, minimum=30, n_grids=4, fresh=True, now=TODAY
    )


def approve(session, plan_id, now=TODAY):
    submit_plan(session, SYSTEM, plan_id, now=now)
    approve_plan(session, SYSTEM, plan_id, now=now)


def announce(session, plan_id, day=COMING, now=TODAY):
    approve(session, plan_id, now)
    return publish_plan(session, SYSTEM, plan_id, effective_from=day, now=now)


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
    take_step(town_session, two, draft, "paint", {block: other}, now=TODAY)
    done = submit_plan(town_session, one, draft, note="for the new school", now=TODAY)
    assert done.unsaved_by == (two.name,)
    with pytest.raises(Conflict, match="submitted"):
        take_step(town_session, two, draft, "paint", {block: 0}, now=TODAY)
    return_plan(town_session, official, draft, remarks=" mind the bridge ", now=TODAY)
    again = take_step(town_session, two, draft, "lock", {}, lock=["grid:1"], now=TODAY)
    assert again.copy.division.number[block] == other


def test_ones_own_unsaved_edits_must_be_saved_or_discarded_first(town_session, draft, people):
    block, _, other = border_move(town_session, people[0], draft)
    take_step(town_session, people[0], draft, "paint", {block: other}, now=TODAY)
    with pytest.raises(Conflict, match="unsaved changes"):
        submit_plan(town_session, people[0], draft, now=TODAY)
    discard(town_session, people[0], draft, now=TODAY)
    assert submit_plan(town_session, people[0], draft, now=TODAY).unsaved_by == ()


def test_the_thread_of_remarks_keeps_who_said_what_and_when(town_session, draft, people):
    one, _, official = people
    submit_plan(town_session, one, draft, note="first try", now=TODAY)
    return_plan(town_session, official, draft, remarks="mind the bridge", now=TODAY)
    submit_plan(town_session, one, draft, note="bridge minded", now=TODAY)
    return_plan(town_session, official, draft, remarks="and the river", now=TODAY)
    submit_plan(town_session, one, draft, now=TODAY)
    approve_plan(town_session, official, draft, note="good", now=TODAY)
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
        submit_plan(town_session, SYSTEM, draft, now=TODAY)


# A day to come


def test_an_announced_plan_is_not_in_force_before_its_day(town, town_session, draft):
    done = announce(town_session, draft)
    assert done.change.new and done.released == ()
    assert live(town_session, town) == town.plan_id
    assert states(town_session, town.plan_id, draft) == [
        ("published", NOW.date(), COMING),
        ("published", COMING, None),
    ]
    assert put_due_in_force(town_session, SYSTEM, now=THEN - timedelta(days=1)) == ([], [])
    codes = select(t.GridCode.code).where(t.GridCode.code.in_(done.change.new))
    assert not town_session.scalars(codes.where(t.GridCode.issued_at.is_not(None))).all()


@pytest.mark.parametrize("days_late", [0, 3])
def test_on_its_day_it_comes_into_force_once(town, town_session, draft, days_late):
    worker = make_user(town_session, "w1", "worker").id
    foreseen = announce(town_session, draft)
    now = THEN + timedelta(days=days_late)
    assert put_due_in_force(town_session, SYSTEM, now=now) == ([draft], [])
    assert put_due_in_force(town_session, SYSTEM, now=now) == ([], [])
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
        assign_worker(town_session, SYSTEM, code, worker, valid_from=NOW.date(), now=NOW)
    plan = draw.draw_community(town_session, SYSTEM, community.id, maximum=95, n_grids=2, now=TODAY)
    done = announce(town_session, plan)
    (gone,) = done.change.retired
    assigned = select(t.GridWorker).where(t.GridWorker.grid_code == gone)
    assert town_session.scalars(assigned).one().valid_to is None
    put_due_in_force(town_session, SYSTEM, now=THEN)
    town_session.expire_all()
    assert town_session.scalars(assigned).one().valid_to == COMING


def test_nothing_else_is_published_while_a_plan_is_announced(town, town_session, draft):
    other = branch_plan(town_session, SYSTEM, town.plan_id, name="Other", now=TODAY).plan_id
    announce(town_session, draft)
    approve(town_session, other)
    for day in (TODAY.date(), COMING, COMING + timedelta(days=9)):
        with pytest.raises(Conflict, match="withdraw it first"):
            publish_plan(town_session, SYSTEM, other, effective_from=day, now=TODAY)
    withdraw_plan(town_session, SYSTEM, draft, note="too early", now=TODAY)
    publish_plan(town_session, SYSTEM, other, effective_from=TODAY.date(), now=TODAY)
    assert live(town_session, town) == other


def test_an_announcement_is_withdrawn_and_the_plan_is_approved_again(town, town_session, draft):
    announce(town_session, draft)
    withdraw_plan(town_session, SYSTEM, draft, note="too early", now=TODAY)
    assert states(town_session, town.plan_id, draft) == [
        ("published", NOW.date(), None),
        ("approved", None, None),
    ]
    assert put_due_in_force(town_session, SYSTEM, now=THEN) == ([], [])
    note = read_history(town_session, SYSTEM, draft).remarks[-1]
    assert (note.step, note.note) == ("withdraw", "too early")


def test_what_is_in_force_is_not_withdrawn(town, town_session, draft):
    with pytest.raises(Conflict, match="in force"):
        withdraw_plan(town_session, SYSTEM, town.plan_id, now=TODAY)
    announce(town_session, draft)
    with pytest.raises(Conflict, match="in force"):
        withdraw_plan(town_session, SYSTEM, draft, now=THEN)


def test_an_announced_plan_comes_into_force_on_blocks_built_anew_meanwhile(
    town, town_session, draft
):
    announce(town_session, draft)
    rebuild(town_session, town)
    assert put_due_in_force(town_session, SYSTEM, now=THEN) == ([draft], [])
    numbers = saved_numbers(town_session, draft)
    assert 0 not in numbers.values() and len(numbers) == 37


def test_the_first_plan_of_a_community_may_be_announced_too(town, town_session):
    community = town.communities[1]
    build_blocks_of(town_session, community, TODAY)
    plan = draw.draw_community(town_session, SYSTEM, community.id, now=TODAY)
    done = announce(town_session, plan)
    assert live_plan_id(town_session, community.id) is None and len(done.change.new) > 0
    put_due_in_force(town_session, SYSTEM, now=THEN)
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
        assert put_due_in_force(town_session, SYSTEM, now=THEN) == ([], [draft])
    town_session.expire_all()
    assert live(town_session, town) == town.plan_id
    assert put_due_in_force(town_session, SYSTEM, now=THEN) == ([draft], [])
