"""The drawn town taken the whole way once per module; every test undoes what it does."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.ground.blocks import cut_ground, read_ground
from gis.actions.location.geocode import geocode_subject, locate_register
from gis.actions.plan.draw import draw_community
from gis.actions.plan.plans import approve_plan, publish_plan, submit_plan
from gis.actions.plan.renewed_blocks import store_blocks
from gis.domain.access import SYSTEM
from gis.store.area import divisions
from tests.drawn_town import NOW, put_ground, put_people


def build_blocks_of(session: Session, community: divisions.Community, now=NOW) -> dict | None:
    """Build the blocks of a community; None when they are up to date."""
    given = read_ground(session, SYSTEM, community)
    if given is None:
        return None
    return store_blocks(Work(session, SYSTEM, now), given, cut_ground(given))


def publish_draft(session: Session, plan_id: int, *, now=NOW) -> None:
    """Take a draft through every step."""
    submit_plan(Work(session, SYSTEM, now), plan_id)
    approve_plan(Work(session, SYSTEM, now), plan_id)
    publish_plan(Work(session, SYSTEM, now), plan_id, effective_from=now.date())


@dataclass
class DrawnTown:
    """The two communities, the reports of their builds, and the plan in force of the first."""

    communities: list[divisions.Community]
    reports: list[dict]
    plan_id: int


@pytest.fixture(scope="module")
def drawn(engine):
    """Give a connection on which the town is imported, built, located, drawn and published."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            town = _take_the_whole_way(session)
            session.commit()
        yield connection, town
        outer.rollback()


def _take_the_whole_way(session: Session) -> DrawnTown:
    put_ground(session)
    put_people(session)
    communities = divisions.communities(session, SYSTEM)
    reports = [build_blocks_of(session, c) for c in communities]
    locate_register(session, SYSTEM)
    geocode_subject(Work(session, SYSTEM, NOW), "households")
    plan_id = draw_community(Work(session, SYSTEM, NOW), communities[0].id, name="First")
    publish_draft(session, plan_id)
    return DrawnTown(communities, reports, plan_id)


@pytest.fixture
def town(drawn) -> DrawnTown:
    """Give the drawn town."""
    return drawn[1]


@pytest.fixture
def town_session(drawn):
    """Give a session on the drawn town; everything is undone when the test ends."""
    connection = drawn[0]
    step = connection.begin_nested()
    with Session(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as session:
        yield session
    step.rollback()
