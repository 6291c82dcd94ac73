"""The life of plans from the command line: branch, name, publish for a day to come, ask."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from gis.database.engine import open_engine, transaction
from gis.store import tables as t
from tests.factories import block_square, make_town


@pytest.fixture
def engine(database):
    engine = open_engine(database)
    with transaction(engine) as session:
        make_town(session)
    yield engine
    engine.dispose()


@pytest.fixture
def plans(engine):
    """The plan in force and the draft of the second community."""
    with transaction(engine) as session:
        query = select(t.Plan.id).join(t.DivisionUnit, t.DivisionUnit.id == t.Plan.community_id)
        return session.scalars(
            query.where(t.DivisionUnit.code == "522632100002").order_by(t.Plan.id)
        ).all()


def states(engine):
    with transaction(engine) as session:
        return dict(session.execute(select(t.Plan.id, t.Plan.state)).all())


def in_force(engine):
    with transaction(engine) as session:
        return set(session.scalars(select(t.LivePlan.plan_id)))


def test_a_scenario_is_branched_renamed_and_its_history_shown(run, engine, plans):
    made = run("plan", "branch", plans[0], "--name", "What if", "--for", "the bridge")
    assert made.status == 0, made.err
    new = max(states(engine))
    assert f"plan {new} made from plan {plans[0]}" in made.err
    assert run("plan", "rename", new, "--name", "With a bridge").status == 0
    assert run("plan", "rename", new).status == 2
    rows = json.loads(run("plan", "history", new, "--json").out)
    assert [(r["kind"], r["note"]) for r in rows if r["what"] == "edition 1"] == [
        ("branched", "the bridge")
    ]
    refused = run("plan", "revert", new, 1)
    assert refused.status == 1 and "is what is saved now" in refused.err


def test_a_plan_is_announced_withdrawn_announced_again_and_due(run, engine, plans):
    live, draft = plans
    run("plan", "submit", draft, "--note", "please")
    run("plan", "approve", draft)
    coming = (datetime.now(UTC) + timedelta(days=40)).date()
    done = run("plan", "publish", draft, "--from", coming)
    assert done.status == 0, done.err
    assert f"in force from {coming}" in done.err and draft not in in_force(engine)
    assert run("plan", "withdraw", draft).status == 0 and states(engine)[draft] == "approved"
    run("plan", "publish", draft, "--from", coming)
    with transaction(engine) as session:
        today = datetime.now(UTC).date()
        session.get(t.Plan, live).effective_to = today
        session.flush()
        session.get(t.Plan, draft).effective_from = today
    assert "plans came into force now" in run("plan", "due").err
    assert draft in in_force(engine) and states(engine)[live] == "superseded"


def test_any_day_can_be_asked_which_grid_a_place_was_in(run, engine):
    spot = block_square(0, 0).centroid
    where = ("plan", "at", "--lon", spot.x, "--lat", spot.y)
    (row,) = json.loads(run(*where, "--on", "2026-02-01", "--json").out)
    assert (row["grid"], row["worker"]) == ("522632100001001", "Worker")
    assert json.loads(run(*where, "--on", "2020-01-01", "--json").out) == []
    assert len(json.loads(run(*where, "--json").out)) == 1
