"""Households, people and workload of the blocks that a division balances."""

from datetime import date

import pytest
from shapely import Point
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.location.geocode import geocode_subject
from gis.actions.plan import draw
from gis.actions.plan.block_loads import count_blocks
from gis.actions.plan.obstacles import check_request
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput
from gis.store import tables as t
from gis.store.plan.workload import work_counts
from tests.drawn_town import NOW, frame, house_place, incident_row, put

TODAY = date(2026, 3, 2)


def put_work(session, town) -> int:
    """Add two key people, a place and an incident to the house in row 0, column 4; its block."""
    point = Point(house_place(0, 0, 4))
    put(session, "places", frame("places", [{"name": "小卖部", "kind": "shop"}], [point]))
    put(session, "incidents", frame("incidents", [incident_row("E1", None)], [point]))
    for subject in ("places", "incidents"):
        geocode_subject(Work(session, SYSTEM, NOW), subject)
    block = session.scalars(select(t.Place.block_id)).one()
    household = session.scalars(
        select(t.Household).where(t.Household.block_id == block).order_by(t.Household.number)
    ).first()
    batch = household.import_batch_id
    for born, category in (
        (date(1961, 3, 2), "registered"),
        (date(1961, 3, 3), "registered"),
        (date(2000, 1, 1), "floating"),
        (None, "permanent"),
    ):
        session.add(
            t.Resident(
                household_id=household.id,
                name="某人",
                birth_date=born,
                category=category,
                import_batch_id=batch,
            )
        )
    session.flush()
    count_blocks(session, now=NOW)
    return block


def test_what_makes_work_is_counted_in_its_block_and_only_there(town, town_session):
    block = put_work(town_session, town)
    counts = work_counts(town_session, town.communities[0].id, today=TODAY)
    assert counts.loc[block].to_dict() == {"key_people": 2, "places": 1, "incidents": 1}
    assert counts.drop(index=block).to_numpy().sum() == 0 and len(counts) == 36


def test_a_division_is_given_households_people_and_workload_of_every_block(town, town_session):
    block = put_work(town_session, town)
    request = draw.read_request(town_session, SYSTEM, town.communities[0], today=TODAY)
    load = request.blocks.set_index("block_id")[["households", "people", "workload"]]
    assert load.loc[block].tolist() == [5, 15, 5 + 2 * 3 + 3 + 0.5]
    assert (load.drop(index=block)["workload"] == 5).all()


def test_the_band_is_taken_in_proportion_when_not_households_are_divided(town, town_session):
    community = town.communities[0]
    people = draw.read_request(town_session, SYSTEM, community, weight="people")
    assert (people.minimum, people.target, people.maximum) == (120, 180, 210)
    own = draw.read_request(
        town_session, SYSTEM, community, weight="people", minimum=90, maximum=300
    )
    assert (own.minimum, own.target, own.maximum) == (90, 180, 300)
    plan = draw.draw_community(Work(town_session, SYSTEM, NOW), community.id, weight="workload")
    grids = town_session.scalars(select(t.Grid).where(t.Grid.plan_id == plan)).all()
    assert [g.workload for g in grids] == [60.0] * 3


def test_an_unknown_measure_or_wish_is_refused_with_those_there_are(town, town_session):
    community = town.communities[0]
    with pytest.raises(InvalidInput, match="households, people, workload"):
        draw.read_request(town_session, SYSTEM, community, weight="area")
    with pytest.raises(InvalidInput, match="balance, borders, compactness, stability"):
        draw.read_request(town_session, SYSTEM, community, favour="beauty")


def test_what_stands_in_the_way_is_told_before_anything_is_drawn(town, town_session):
    community = town.communities[0]
    assert check_request(draw.read_request(town_session, SYSTEM, community)) == ()
    request = draw.read_request(town_session, SYSTEM, community, n_grids=9)
    (obstacle,) = check_request(request)
    assert obstacle.stops and obstacle.rule == "too_few" and "20" in obstacle.remedy


def test_a_building_too_large_for_a_grid_is_offered_a_split_by_its_entrances(town, town_session):
    community = town.communities[0]
    household = town_session.scalars(
        select(t.Household)
        .where(t.Household.community_id == community.id, t.Household.block_id.is_not(None))
        .order_by(t.Household.number)
    ).first()
    inside = town_session.scalars(
        select(t.Household).where(t.Household.block_id == household.block_id)
    ).all()
    for stairwell, homes in (("1", inside[:2]), ("2", inside[2:])):
        address = t.Address(
            text=f"3栋{stairwell}单元",
            building="3",
            stairwell=stairwell,
            import_batch_id=household.import_batch_id,
        )
        town_session.add(address)
        town_session.flush()
        for home in homes:
            home.address_id = address.id
    count_blocks(town_session, now=NOW)
    request = draw.read_request(town_session, SYSTEM, community, minimum=2, target=3, maximum=4)
    by_block = {o.blocks: o for o in check_request(request) if o.rule == "block_above_maximum"}
    tower = by_block[(household.block_id,)]
    assert tower.figures["split"] == [[["3-1"], 2.0], [["3-2"], 3.0]]
    assert "Its entrances would make 2 grids" in tower.remedy
