"""Coordinates that came with a text: they stand where the text says less and agrees."""

import numpy as np
import pytest
from sqlalchemy import delete, func, select, update

from gis.actions.access.work import Work
from gis.actions.location.geocode import geocode_subject
from gis.domain.access import SYSTEM
from gis.store import tables as t
from tests.drawn_town import NAMES, NOW, at, frame, house_place, incident_row, put


def put_and_locate(session, *rows):
    """Store incidents of (text, place) and locate them; gives them in order."""
    records = [
        incident_row(f"E{i:03d}", text, lon=place[0], lat=place[1])
        for i, (text, place) in enumerate(rows)
    ]
    assert put(session, "incidents", frame("incidents", records)).state == "committed"
    geocode_subject(Work(session, SYSTEM, NOW), "incidents")
    session.expire_all()
    return session.scalars(select(t.Incident).order_by(t.Incident.number)).all()


def place_of(session, thing):
    query = select(func.ST_X(t.Incident.geom), func.ST_Y(t.Incident.geom))
    return tuple(session.execute(query.where(t.Incident.id == thing.id)).one())


def without_register(session):
    session.execute(update(t.Household).values(address_id=None))
    session.execute(delete(t.Address))


COARSE_TEXTS = [
    f"{NAMES[0]}榕江大道",
    "榕江大道",
    NAMES[0],
    "古州镇" + NAMES[0],
    f"{NAMES[0]}长安街9号",
    f"{NAMES[0]}榕江大道88号",
]


@pytest.mark.parametrize("text", COARSE_TEXTS)
def test_a_point_stands_where_the_text_says_less_and_agrees(town, town_session, text):
    place = house_place(0, 1, 4)
    (found,) = put_and_locate(town_session, (text, place))
    assert (found.level, found.status) == ("coordinates", "accepted"), found.evidence
    assert np.allclose(place_of(town_session, found), place) and found.block_id is not None
    assert "coordinates_finer" in found.evidence.split(";")


@pytest.mark.parametrize("text", [f"{NAMES[1]}榕江大道", NAMES[1], f"{NAMES[1]}长安街9号"])
def test_a_point_in_another_community_than_written_goes_to_review(town, town_session, text):
    (found,) = put_and_locate(town_session, (text, house_place(0, 1, 4)))
    assert found.status == "review" and found.block_id is None


def test_a_house_that_is_found_beats_a_point_near_by_and_doubts_one_far_off(town, town_session):
    said = f"{NAMES[0]}滨江路3号"
    near, far = put_and_locate(
        town_session, (said, house_place(0, 1, 3)), (said, house_place(1, 3, 8))
    )
    assert (near.level, near.status) == ("number", "accepted")
    assert np.allclose(place_of(town_session, near), house_place(0, 1, 2))
    assert far.status == "review" and "far_from_given" in far.evidence


def test_a_text_that_names_nothing_known_leaves_its_point_to_a_person(town, town_session):
    (found,) = put_and_locate(town_session, ("长安街1024号", house_place(0, 0, 0)))
    assert (found.level, found.status) == ("coordinates", "review")


def test_a_point_outside_every_community_never_stands(town, town_session):
    (found,) = put_and_locate(town_session, (f"{NAMES[0]}榕江大道", at(-0.001, 0.002)))
    assert found.status == "review" and found.block_id is None


@pytest.mark.parametrize("text", ["长安街1024号", "榕江大道3号", f"{NAMES[0]}滨江路3号", "某处"])
def test_without_any_register_given_points_are_kept(town, town_session, text):
    without_register(town_session)
    place = house_place(0, 2, 6)
    (found,) = put_and_locate(town_session, (text, place))
    assert found.status == "accepted" and np.allclose(place_of(town_session, found), place)


def test_without_any_register_a_named_community_still_contradicts(town, town_session):
    without_register(town_session)
    (found,) = put_and_locate(town_session, (f"{NAMES[1]}滨江路3号", house_place(0, 1, 2)))
    assert found.status == "review"


def test_a_point_that_stands_for_many_houses_stands_for_none(town, town_session):
    office = house_place(0, 0, 0)
    rows = [(f"{NAMES[0]}长安街{n}号", office) for n in range(1, 31)]
    found = put_and_locate(town_session, *rows)
    assert {f.status for f in found} == {"review"}


def test_a_tower_of_many_households_keeps_its_point(town, town_session):
    rows = [(f"{NAMES[0]}长安街7号{n}01室", house_place(0, 0, 0)) for n in range(1, 31)]
    found = put_and_locate(town_session, *rows)
    assert {f.status for f in found} == {"accepted"}
