"""Locating people and incidents: by text, by coordinates, by both; doubt goes to a person."""

import numpy as np
import pytest
from shapely import Point
from sqlalchemy import func, select, text

from gis.actions.access.work import Work
from gis.actions.location.candidates import geocoder_of
from gis.actions.location.geocode import geocode_subject, locate_register
from gis.actions.location.review import place_pin
from gis.domain.access import SYSTEM, Scope
from gis.errors import NotAllowed
from gis.store import tables as t
from gis.store.ground.locate import block_at
from tests.counted import counts_of, incident_counts
from tests.drawn_town import (
    NAMES,
    NOW,
    addresses,
    at,
    frame,
    house_place,
    incident_row,
    put,
)
from tests.factories import make_user


def put_incidents(session, *rows: dict) -> None:
    assert put(session, "incidents", frame("incidents", list(rows))).state == "committed"


def locate_incidents(session, **options):
    return geocode_subject(Work(session, SYSTEM, NOW), "incidents", **options)


def incident(session, number: str) -> t.Incident:
    session.expire_all()
    return session.scalars(select(t.Incident).where(t.Incident.number == number)).one()


def place_of(session, thing) -> tuple[float, float]:
    model = type(thing)
    return tuple(
        session.execute(
            select(func.ST_X(model.geom), func.ST_Y(model.geom)).where(model.id == thing.id)
        ).one()
    )


def block_of_house(session, community: int, row: int, column: int) -> int:
    return block_at(session, *house_place(community, row, column)).block_id


def manager(session) -> Scope:
    user = make_user(session, "manager", "community_manager")
    return Scope(user.id, user.login, user.name, frozenset({"community_manager"}), None)


def load(session) -> dict[int, tuple[int, int]]:
    people = counts_of(session, "people")
    return {
        block: (n, people.get(block, 0)) for block, n in counts_of(session, "households").items()
    }


def by_topic(session) -> set[tuple[int, str, int]]:
    return {(block, topic, n) for (block, topic, _), n in incident_counts(session).items()}


# Texts


def test_every_household_of_the_drawn_town_lies_in_the_block_of_its_house(town, town_session):
    rows = town_session.execute(
        select(t.Household.number, t.Household.block_id, t.Household.status, t.Household.level)
    ).all()
    assert len(rows) == 360 and {r.status for r in rows} == {"accepted"}
    for number, block, _, level in rows:
        house = (int(number[1]), int(number[2]), int(number[3]))
        assert block == block_of_house(town_session, *house)
        assert level in ("room", "number", "building")


def test_register_entries_know_their_blocks_and_are_not_looked_at_twice(town, town_session):
    without = select(func.count()).where(t.Address.block_id.is_(None))
    assert town_session.scalar(without) == 0
    assert locate_register(town_session, SYSTEM) == 0


def test_a_text_of_the_register_is_found_exactly(town, town_session):
    put_incidents(town_session, incident_row("E1", f"{NAMES[0]}滨江路3号"))
    outcome = locate_incidents(town_session)
    assert (outcome.total, outcome.accepted) == (1, 1) and outcome.by_level == {"number": 1}
    found = incident(town_session, "E1")
    assert (found.status, found.level, found.score) == ("accepted", "number", 1.0)
    assert np.allclose(place_of(town_session, found), house_place(0, 1, 2))
    assert found.block_id == block_of_house(town_session, 0, 1, 2)
    assert found.community_id == town.communities[0].id and found.address_id is not None


def test_an_unknown_text_is_no_match_and_lies_in_no_block(town, town_session):
    put_incidents(town_session, incident_row("E1", "长安街1024号"))
    assert locate_incidents(town_session).unmatched == 1
    found = incident(town_session, "E1")
    assert (found.status, found.level, found.block_id) == ("none", "none", None)


def test_a_thing_that_says_nothing_at_all_is_no_match(town, town_session):
    put_incidents(town_session, incident_row("E1", None), incident_row("E2", "  "))
    assert locate_incidents(town_session).unmatched == 2


# Coordinates


def test_coordinates_alone_are_accepted(town, town_session):
    lon, lat = house_place(1, 2, 4)
    put_incidents(town_session, incident_row("E1", None, lon=lon, lat=lat))
    assert locate_incidents(town_session).by_level == {"coordinates": 1}
    found = incident(town_session, "E1")
    assert (found.status, found.community_id) == ("accepted", town.communities[1].id)
    assert found.block_id == block_of_house(town_session, 1, 2, 4)


def test_coordinates_outside_every_community_go_to_review(town, town_session):
    lon, lat = at(0.1, 0.1)
    put_incidents(town_session, incident_row("E1", None, lon=lon, lat=lat))
    assert locate_incidents(town_session).review == 1
    found = incident(town_session, "E1")
    assert found.block_id is None and "outside" in found.evidence


def test_text_and_coordinates_that_agree_are_accepted_and_far_apart_go_to_review(
    town, town_session
):
    near, far = house_place(0, 1, 3), house_place(1, 3, 8)
    said = f"{NAMES[0]}滨江路3号"
    put_incidents(
        town_session,
        incident_row("E1", said, lon=near[0], lat=near[1]),
        incident_row("E2", said, lon=far[0], lat=far[1]),
    )
    outcome = locate_incidents(town_session)
    assert (outcome.accepted, outcome.review) == (1, 1)
    assert incident(town_session, "E1").status == "accepted"
    doubtful = incident(town_session, "E2")
    assert (doubtful.status, doubtful.block_id) == ("review", None)
    assert "far_from_given" in doubtful.evidence


def test_coordinates_are_proposed_where_the_text_is_unknown(town, town_session):
    lon, lat = house_place(0, 0, 0)
    put_incidents(town_session, incident_row("E1", "长安街1024号", lon=lon, lat=lat))
    assert locate_incidents(town_session).review == 1
    found = incident(town_session, "E1")
    assert (found.level, found.score, found.block_id) == ("coordinates", 0.5, None)
    assert np.allclose(place_of(town_session, found), (lon, lat))


# Again, and by hand


def test_what_a_person_decided_is_not_located_again(town, town_session):
    put_incidents(town_session, incident_row("E1", f"{NAMES[0]}滨江路3号"))
    locate_incidents(town_session)
    lon, lat = house_place(1, 3, 8)
    moved, scope = incident(town_session, "E1").id, manager(town_session)
    place_pin(Work(town_session, scope, NOW), "incident", moved, lon=lon, lat=lat)
    assert locate_incidents(town_session, everything=True).total == 0
    found = incident(town_session, "E1")
    assert (found.level, found.block_id) == ("pin", block_of_house(town_session, 1, 3, 8))


def test_only_what_has_no_place_is_looked_at_unless_everything_is_asked(town, town_session):
    put_incidents(town_session, incident_row("E1", f"{NAMES[0]}滨江路3号"))
    assert locate_incidents(town_session).total == 1
    assert locate_incidents(town_session).total == 0
    assert locate_incidents(town_session, everything=True).total == 1


def test_locating_everything_again_changes_nothing(town, town_session):
    every = select(t.Household.id, t.Household.block_id, t.Household.located_at).order_by(
        t.Household.id
    )
    before, loads = town_session.execute(every).all(), load(town_session)
    geocode_subject(Work(town_session, SYSTEM, NOW), "households", everything=True)
    assert town_session.execute(every).all() == before and load(town_session) == loads


def test_a_register_entry_that_moved_within_its_block_moves_what_lies_there(town, town_session):
    put_incidents(town_session, incident_row("E1", f"{NAMES[0]}滨江路3号"))
    locate_incidents(town_session)
    found = incident(town_session, "E1")
    lon, lat = house_place(0, 1, 2)
    moved = (lon + 0.00002, lat)
    town_session.execute(
        text("UPDATE address SET geom = ST_SetSRID(ST_MakePoint(:x, :y), 4326) WHERE id = :id"),
        {"x": moved[0], "y": moved[1], "id": found.address_id},
    )
    locate_incidents(town_session, everything=True)
    assert np.allclose(place_of(town_session, incident(town_session, "E1")), moved, atol=1e-9)


# Counts


def test_counts_follow_what_is_located(town, town_session):
    counted = load(town_session)
    assert sum(h for h, _ in counted.values()) == 360
    assert set(counted.values()) == {(5, 15)}, "five households of three in every block"
    home = block_of_house(town_session, 0, 0, 0)
    rows = [{"number": "N1", "people": 4, "address_text": f"{NAMES[0]}榕江大道1号901室"}]
    put(town_session, "households", frame("households", rows))
    geocode_subject(Work(town_session, SYSTEM, NOW), "households")
    assert load(town_session)[home] == (6, 19)


def test_incidents_are_counted_by_block_topic_and_month_and_forgotten_when_moved(
    town, town_session
):
    said = f"{NAMES[0]}榕江大道1号"
    put_incidents(
        town_session,
        incident_row("E1", said),
        incident_row("E2", said),
        incident_row("E3", said, topic="theft"),
        incident_row("E4", "长安街1024号"),
    )
    locate_incidents(town_session)
    home = block_of_house(town_session, 0, 0, 0)
    assert by_topic(town_session) == {(home, "noise", 2), (home, "theft", 1)}
    lon, lat = house_place(0, 3, 8)
    theft = incident(town_session, "E3").id
    scope = manager(town_session)
    place_pin(Work(town_session, scope, NOW), "incident", theft, lon=lon, lat=lat)
    locate_incidents(town_session)
    away = block_of_house(town_session, 0, 3, 8)
    assert by_topic(town_session) == {
        (home, "noise", 2),
        (away, "theft", 1),
    }


def test_the_grids_show_the_new_sums(town, town_session):
    rows = [{"number": "N1", "people": 4, "address_text": f"{NAMES[0]}榕江大道1号901室"}]
    put(town_session, "households", frame("households", rows))
    geocode_subject(Work(town_session, SYSTEM, NOW), "households")
    sums = select(func.sum(t.Grid.households), func.sum(t.Grid.people))
    assert town_session.execute(sums.where(t.Grid.plan_id == town.plan_id)).one() == (181, 544)


def test_someone_without_the_right_locates_nothing(town, town_session):
    official = Scope(None, "o", "O", frozenset({"official"}), None)
    with pytest.raises(NotAllowed):
        geocode_subject(Work(town_session, official, NOW), "households")


# The register


def test_the_geocoder_of_the_register_keeps_order_and_length(town, town_session):
    texts = ["长安街1024号", f"{NAMES[1]}古州路15号", "", f"{NAMES[0]}滨江路3号"]
    found = geocoder_of(town_session).geocode(texts)
    assert list(found["status"] == "accepted") == [False, True, False, True]


def test_an_address_outside_the_communities_has_no_block(town, town_session):
    records = addresses().iloc[[0]].assign(number="99")
    records.loc[1, "geometry"] = Point(at(0.1, 0.1))
    put(town_session, "addresses", records)
    assert locate_register(town_session, SYSTEM) == 1
    row = town_session.scalars(select(t.Address).where(t.Address.number == "99")).one()
    assert (row.community_id, row.block_id) == (None, None)
