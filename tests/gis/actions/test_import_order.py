"""The order of imports does not matter: whatever waits for its ground finds it when it comes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from shapely import Point
from sqlalchemy import func, select, text

from gis.actions.geocode import geocode_subject, locate_accepted, locate_register
from gis.actions.membership import settle_ground
from gis.domain.access import SYSTEM
from gis.store import divisions
from gis.store import tables as t
from tests.drawn_town import (
    CODES,
    NAMES,
    NOW,
    WIDTH,
    addresses,
    at,
    barriers,
    buildings,
    communities,
    frame,
    house_place,
    household_rows,
    incident_row,
    put,
    put_ground,
    put_people,
    rectangle,
)
from tests.gis.actions.conftest import build_blocks_of

MOVED = WIDTH - 0.002
"""Where the border between the two communities lies in the outlines delivered later."""


def outlines_with_border(x: float):
    """Give the outlines with the border between the communities at another place."""
    records = communities()
    records.loc[1, "geometry"] = rectangle(0, 0, x, 0.004)
    records.loc[2, "geometry"] = rectangle(x, 0, 2 * WIDTH, 0.004)
    return records


def compounds():
    rows = [{"reference": "c1", "name": "榕江小区"}, {"reference": "c2", "exclusive": "true"}]
    shapes = [rectangle(0.0003, 0.0003, 0.0012, 0.0008), rectangle(0.0103, 0.0003, 0.0112, 0.0008)]
    return frame("compounds", rows, shapes)


def places():
    rows = [{"name": "古榕小学", "kind": "school"}, {"name": "卧龙市场", "kind": "market"},
            {"name": "云上公园", "kind": "park"}]  # fmt: skip
    return frame("places", rows, [Point(at(0.003, 0.001)), Point(at(0.009, 0.003)),
                                  Point(at(0.05, 0.05))])  # fmt: skip


def incidents():
    near = at(0.0011, 0.0021)
    rows = [
        incident_row("E1", f"{NAMES[0]}榕江大道1号"),
        incident_row("E2", None, lon=near[0], lat=near[1]),
        incident_row("E3", "天上街9号"),
    ]
    return frame("incidents", rows)


def people():
    lon, lat = house_place(0, 1, 8)
    more = [{"number": "HX", "people": 2, "lon": lon, "lat": lat}]
    return frame("households", [*household_rows(1), *more])


FILES = {
    "communities": communities,
    "barriers": barriers,
    "buildings": buildings,
    "compounds": compounds,
    "addresses": addresses,
    "households": people,
    "incidents": incidents,
    "places": places,
}
KINDS = tuple(FILES)


def work(session) -> None:
    """Cut blocks and locate everything, as the commands do."""
    settle_ground(session, SYSTEM)
    for community in divisions.communities(session, SYSTEM):
        build_blocks_of(session, community)
    locate_register(session, SYSTEM)
    locate_accepted(session, SYSTEM, now=NOW)
    for subject in ("households", "incidents", "places"):
        geocode_subject(session, SYSTEM, subject, now=NOW)


IN_BLOCK = """(SELECT concat_ws(' ', u.code, ST_AsText(ST_Centroid(b.geom), 6))
  FROM block b JOIN division_unit u ON u.id = b.community_id WHERE b.id = {t}.block_id)"""
OF_COMMUNITY = "(SELECT code FROM division_unit u WHERE u.id = {t}.community_id)"
CONTENT = {
    "units": "SELECT code, name, level, minimum, target, maximum, metric_epsg,"
    " round(ST_Area(geom)::numeric, 12) FROM division_unit",
    "barriers": "SELECT kind, name, bridge, ST_AsBinary(geom) FROM barrier",
    "buildings": f"SELECT reference, levels, {OF_COMMUNITY}, ST_AsBinary(geom) FROM building t",
    "compounds": f"SELECT reference, name, kind, exclusive, {OF_COMMUNITY}, ST_AsBinary(geom)"
    " FROM compound t",
    "addresses": f"SELECT text, {OF_COMMUNITY}, {IN_BLOCK}, ST_AsBinary(geom) FROM address t",
    "blocks": f"SELECT {OF_COMMUNITY}, n_buildings, round(area_m2::numeric, 1),"
    " ST_AsText(ST_Centroid(geom), 6), e.digest FROM"
    " block t LEFT JOIN LATERAL (SELECT digest FROM enclosure WHERE id = t.enclosure_id) e ON true"
    " WHERE retired_at IS NULL",
    "loads": f"SELECT {IN_BLOCK}, households, people FROM block_load t",
    "counts": f"SELECT {IN_BLOCK}, topic, month, incidents FROM block_incident_count t",
    "names": f"SELECT kind, name, n_doors, {OF_COMMUNITY} FROM search_name t",
    **{
        f"{table}s": f"SELECT {named}, {OF_COMMUNITY}, {IN_BLOCK}, level, status, evidence, score,"
        f" (SELECT text FROM address a WHERE a.id = t.address_id),"
        f" ST_AsText(geom, 9) FROM {table} t"
        for table, named in (("household", "number"), ("incident", "number"), ("place", "name"))
    },
}  # fmt: skip


def content(session) -> dict[str, list[tuple]]:
    """Give what is stored, without ids, times and the vertices that noding leaves on a line."""
    session.flush()
    return {
        name: sorted(tuple(map(str, row)) for row in session.execute(text(query.format(t="t"))))
        for name, query in CONTENT.items()
    }


def import_all(session, kinds) -> dict:
    """Import files in an order; ``work`` among them cuts blocks and locates in between."""
    step = session.begin_nested()
    for kind in kinds:
        if kind == "work":
            work(session)
        elif kind == "later outlines":
            assert put(session, "communities", outlines_with_border(MOVED)).state == "committed"
        else:
            assert put(session, kind, FILES[kind]()).state in ("committed", "unchanged")
    work(session)
    found = content(session)
    step.rollback()
    session.expire_all()
    return found


def different(found: dict, wanted: dict) -> dict:
    """Give what differs, for a message that can be read."""
    return {
        name: (sorted(set(found[name]) - set(rows))[:2], sorted(set(rows) - set(found[name]))[:2])
        for name, rows in wanted.items()
        if found[name] != rows
    }


SLOW = settings(
    max_examples=3,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.slow
@SLOW
@example(order=KINDS[::-1], again=KINDS)
@example(order=(*KINDS[1:4], "work", *KINDS[4:], "work", KINDS[0]), again=())
@given(order=st.permutations([*KINDS, "work"]), again=st.permutations([*KINDS, "work"]))
def test_every_order_of_the_imports_ends_in_the_same_database(session, order, again):
    wanted = import_all(session, KINDS)
    assert sum(len(rows) for rows in wanted.values()) > 300
    assert not different(import_all(session, [*order, *again[:5]]), wanted)


@pytest.mark.slow
@SLOW
@example(order=(*KINDS, "work"), late=1)
@example(order=KINDS[::-1], late=0)
@given(order=st.permutations([*KINDS, "work"]), late=st.integers(0, 8))
def test_outlines_that_come_again_changed_leave_nothing_where_it_was(session, order, late):
    plain = [kind for kind in KINDS if kind != "communities"]
    wanted = import_all(session, ["communities", "later outlines", *plain])
    after = order.index("communities") + 1
    place = min(after + late, len(order))
    found = import_all(session, [*order[:place], "later outlines", *order[place:]])
    assert not different(found, wanted)


# What imports say, one by one


def test_buildings_and_addresses_before_their_communities_are_adopted_by_them(session):
    for kind, records in (("buildings", buildings()), ("compounds", compounds()),
                          ("addresses", addresses())):  # fmt: skip
        outcome = put(session, kind, records)
        assert outcome.rows_outside == outcome.rows_stored == len(records)
    outcome = put(session, "communities", communities())
    assert outcome.settled == {"buildings": 72, "compounds": 2, "addresses": 72}
    for model in (t.Building, t.Compound, t.Address):
        assert session.scalar(select(func.count()).where(model.community_id.is_(None))) == 0


def test_an_import_counts_the_rows_that_lie_in_no_community(session):
    put(session, "communities", communities())
    records = buildings()
    records.loc[1, "geometry"] = rectangle(0.05, 0.05, 0.0502, 0.0502)
    assert put(session, "buildings", records, commit=False).rows_outside == 1
    roads = barriers()
    assert put(session, "barriers", roads, commit=False).rows_outside == 0
    roads.loc[1, "geometry"] = roads.loc[1, "geometry"].__class__([at(0.05, 0.05), at(0.05, 0.06)])
    assert put(session, "barriers", roads, commit=False).rows_outside == 1
    assert put(session, "places", places()).rows_outside == 1
    nowhere = frame("households", [{"number": "H1", "address_text": "古榕路1号"}])
    assert put(session, "households", nowhere).rows_outside == 0, "nothing is known of its place"


def test_ground_stored_without_its_community_by_an_older_release_is_settled_before_blocks(session):
    put_ground(session)
    session.execute(text("UPDATE building SET community_id = NULL"))
    assert settle_ground(session, SYSTEM)["buildings"] == 72
    assert settle_ground(session, SYSTEM)["buildings"] == 0
    first = divisions.communities(session, SYSTEM)[0]
    assert build_blocks_of(session, first)["blocks"] == 36


def test_a_building_on_the_border_of_two_communities_goes_to_the_smaller_code(session):
    square = rectangle(WIDTH - 0.0001, 0.001, WIDTH + 0.0001, 0.0012)
    put(session, "buildings", frame("buildings", [{"reference": "b"}], [square]))
    put(session, "communities", communities().iloc[::-1])
    code = select(t.DivisionUnit.code).join(
        t.Building, t.Building.community_id == t.DivisionUnit.id
    )
    assert session.scalar(code) == CODES[0]


def test_records_that_a_person_placed_find_their_block_when_it_is_cut(session):
    put_ground(session)
    put_people(session, 1)
    lon, lat = house_place(0, 0, 0)
    session.execute(
        text("UPDATE household SET status = 'accepted', level = 'pin',"
             " geom = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) WHERE number = 'H0001'"),
        {"lon": lon, "lat": lat},
    )  # fmt: skip
    assert locate_accepted(session, SYSTEM, now=NOW) == 1
    for community in divisions.communities(session, SYSTEM):
        build_blocks_of(session, community)
    assert locate_accepted(session, SYSTEM, now=NOW) == 0
    found = session.execute(
        select(t.BlockLoad.households, t.BlockLoad.people).join(
            t.Household, t.Household.block_id == t.BlockLoad.block_id
        )
    ).one()
    assert tuple(found) == (1, 3)
