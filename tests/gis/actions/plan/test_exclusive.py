"""Schools, hospitals and markets that are grids of their own, with codes from 901."""

from datetime import timedelta

from shapely import Point
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.ground.blocks import read_ground
from gis.actions.location.geocode import geocode_subject, locate_register
from gis.actions.plan import draw
from gis.actions.plan.plans import approve_plan, publish_plan, submit_plan
from gis.domain.access import SYSTEM
from gis.store import tables as t
from gis.store.counts.counted_blocks import blocks_of
from gis.store.ground.exclusive import exclusive_blocks
from gis.store.plan.former_grids import assigned_blocks
from tests.drawn_town import NOW, frame, house_place, put, rectangle
from tests.gis.actions.conftest import build_blocks_of

NEXT_DAY = NOW + timedelta(days=1)


def put_school(session, *, exclusive: str = "true") -> None:
    """Mark the house in row 0, column 4 as a school."""
    lon, lat = house_place(0, 0, 4)
    row = {"name": "第一小学", "kind": "school", "exclusive": exclusive}
    put(session, "places", frame("places", [row], [Point(lon, lat)]))
    geocode_subject(Work(session, SYSTEM, NOW), "places")


def put_market(session) -> None:
    """Wall in the north-western corner, four houses, as an exclusive market."""
    row = {"name": "古州市场", "kind": "institution", "exclusive": "true"}
    put(session, "compounds", frame("compounds", [row], [rectangle(0, 0.0021, 0.0013, 0.004)]))


def grids(session, plan_id: int) -> list[t.Grid]:
    return list(
        session.scalars(select(t.Grid).where(t.Grid.plan_id == plan_id).order_by(t.Grid.code))
    )


def drawn(session, town, *, now=NEXT_DAY, **rules) -> int:
    return draw.draw_community(Work(session, SYSTEM, now), town.communities[0].id, **rules)


def test_a_school_is_a_grid_of_its_own_with_a_code_from_901_and_its_name(town, town_session):
    put_school(town_session)
    community = town.communities[0]
    (block,) = exclusive_blocks(town_session, SYSTEM, community.id)
    *basic, school = grids(town_session, drawn(town_session, town, minimum=30))
    assert (school.kind, school.name, school.code[12:]) == ("exclusive", "第一小学", "901")
    assert school.deviation is None and all(g.kind == "basic" for g in basic)
    blocks = assigned_blocks(town_session, school.plan_id)
    assert blocks.loc[blocks["code"] == school.code, "block_id"].tolist() == [block]


def test_a_school_that_is_not_marked_stays_in_a_common_grid(town, town_session):
    put_school(town_session, exclusive="false")
    assert exclusive_blocks(town_session, SYSTEM, town.communities[0].id) == {}
    assert {g.kind for g in grids(town_session, drawn(town_session, town))} == {"basic"}


def test_a_marked_compound_takes_its_blocks_and_a_place_elsewhere_its_own(town, town_session):
    put_market(town_session)
    community = town.communities[0]
    assert read_ground(town_session, SYSTEM, community) is not None
    build_blocks_of(town_session, community, NEXT_DAY)
    locate_register(town_session, SYSTEM)
    put_school(town_session)
    found = exclusive_blocks(town_session, SYSTEM, community.id)
    assert set(found.values()) == {"古州市场", "第一小学"}
    blocks = blocks_of(town_session, community.id).set_index("block_id")
    market = rectangle(0, 0.0021, 0.0013, 0.004)
    inside = [b for b, name in found.items() if name == "古州市场"]
    shared = [blocks.geometry[b].intersection(market).area for b in inside]
    least = [min(blocks.geometry[b].area, market.area) for b in inside]
    assert inside and all(s > of / 2 for s, of in zip(shared, least, strict=True))


def test_two_places_of_one_name_are_two_grids(town, town_session):
    rows = [{"name": "幼儿园", "kind": "school", "exclusive": "true"}] * 2
    shapes = [Point(house_place(0, 0, c)) for c in (1, 7)]
    put(town_session, "places", frame("places", rows, shapes))
    geocode_subject(Work(town_session, SYSTEM, NOW), "places")
    names = set(exclusive_blocks(town_session, SYSTEM, town.communities[0].id).values())
    assert len(names) == 2 and all(n.startswith("幼儿园 ") for n in names)
    plan = drawn(town_session, town, minimum=30)
    assert [g.code[12:] for g in grids(town_session, plan)][-2:] == ["901", "902"]


def test_an_exclusive_code_stays_with_its_place_and_is_not_reused(town, town_session):
    put_school(town_session)
    for day in (1, 2):
        now = NOW + timedelta(days=day)
        plan = drawn(town_session, town, now=now, minimum=30)
        assert grids(town_session, plan)[-1].code[12:] == "901"
        submit_plan(Work(town_session, SYSTEM, now), plan)
        approve_plan(Work(town_session, SYSTEM, now), plan)
        publish_plan(Work(town_session, SYSTEM, now), plan, effective_from=now.date())
    town_session.query(t.Place).update({"exclusive": False})
    now = NOW + timedelta(days=3)
    plan = drawn(town_session, town, now=now)
    assert {g.kind for g in grids(town_session, plan)} == {"basic"}
    submit_plan(Work(town_session, SYSTEM, now), plan)
    approve_plan(Work(town_session, SYSTEM, now), plan)
    done = publish_plan(Work(town_session, SYSTEM, now), plan, effective_from=now.date())
    assert [c[12:] for c in done.change.retired] == ["901"]
    town_session.query(t.Place).update({"exclusive": True})
    again = drawn(town_session, town, now=NOW + timedelta(days=4), minimum=30)
    assert grids(town_session, again)[-1].code[12:] == "902"
