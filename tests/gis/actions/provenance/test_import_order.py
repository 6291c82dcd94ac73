"""The order of imports does not matter: whatever waits for its ground finds it when it comes."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from shapely import Point
from sqlalchemy import func, select, text

from gis.actions.access.work import Work
from gis.actions.ground.membership import settle_ground
from gis.actions.location.geocode import geocode_subject, locate_accepted, locate_register
from gis.domain.access import SYSTEM
from gis.store import tables as t
from gis.store.access.real_people import holds_real_rows
from gis.store.area import divisions
from gis.store.counts.counted_blocks import blocks_of
from gis.store.plan.handover_counts import handover_counts
from gis.store.plan.workload import work_counts
from tests.counted import counts_of
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
    put_blocks,
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


def residents():
    """Give two people of each household, and one whose household never comes."""
    numbers = [row["number"] for row in household_rows(1)] + ["HX"]
    rows = [
        {
            "household_number": number,
            "name": f"住户{number}{who}",
            "birth_date": date(1950, 1, n + 1),
        }
        for number in numbers
        for n, who in enumerate("甲乙")
    ]
    return frame("residents", [*rows, {"household_number": "H-lost", "name": "未见"}])


FILES = {
    "communities": communities,
    "barriers": barriers,
    "buildings": buildings,
    "compounds": compounds,
    "addresses": addresses,
    "households": people,
    "residents": residents,
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
    locate_accepted(Work(session, SYSTEM, NOW))
    for subject in ("households", "incidents", "places"):
        geocode_subject(Work(session, SYSTEM, NOW), subject)


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
    "residents": "SELECT name, sex, category, birth_date, household_number, (SELECT number FROM"
    " household h WHERE h.id = t.household_id) FROM resident t",
    "blocks": f"SELECT {OF_COMMUNITY}, n_buildings, round(area_m2::numeric, 1),"
    " ST_AsText(ST_Centroid(geom), 6), e.digest FROM"
    " block t LEFT JOIN LATERAL (SELECT digest FROM enclosure WHERE id = t.enclosure_id) e ON true"
    " WHERE retired_at IS NULL",
    "counts": f"SELECT {IN_BLOCK}, measure, month, day, n FROM block_count t",
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


# Blocks of files


def given_blocks():
    """Give blocks of both communities, three strips each, and one of ground that nobody has."""
    edges = [n * WIDTH / 3 for n in range(7)]
    shapes = [
        rectangle(a, 0, b, 0.004) for a, b in [*zip(edges, edges[1:], strict=False), (0.02, 0.022)]
    ]
    return frame("blocks", [{"reference": f"q{n}"} for n in range(7)], shapes)


BLOCK_FILES = {
    "blocks": lambda session: put_blocks(session, given_blocks()),
    "buildings": lambda session: put(session, "buildings", buildings()),
    "households": lambda session: put(session, "households", people()),
    "west": lambda session: put(session, "communities", communities().iloc[:1]),
    "east": lambda session: put(session, "communities", communities().iloc[1:]),
    "addresses": lambda session: put(session, "addresses", addresses()),
}


def import_with_blocks(session, kinds) -> dict:
    step = session.begin_nested()
    for kind in kinds:
        assert BLOCK_FILES[kind](session).state in ("committed", "unchanged")
    settle_ground(session, SYSTEM)
    locate_register(session, SYSTEM)
    geocode_subject(Work(session, SYSTEM, NOW), "households")
    waiting = sorted(session.scalars(select(t.WaitingBlock.reference)))
    found = content(session) | {"waiting": [(name,) for name in waiting]}
    step.rollback()
    session.expire_all()
    return found


@settings(SLOW, max_examples=6)
@example(order=tuple(BLOCK_FILES), again=["blocks"])
@given(
    order=st.permutations(list(BLOCK_FILES)),
    again=st.lists(st.sampled_from(list(BLOCK_FILES)), max_size=3),
)
def test_blocks_of_a_file_wait_for_their_communities_in_any_order(session, order, again):
    usual = ["west", "east", "addresses", "buildings", "blocks", "households"]
    wanted = import_with_blocks(session, usual)
    assert wanted["waiting"] == [("q6",)] and len(wanted["blocks"]) == 6
    assert sum(int(row[-1]) for row in wanted["counts"] if row[1] == "households") > 60
    assert not different(import_with_blocks(session, [*order, *again]), wanted)


def test_blocks_that_wait_are_counted_and_a_dry_run_of_outlines_says_what_it_would_use(session):
    dry = put_blocks(session, given_blocks(), commit=False)
    assert (dry.state, dry.waiting, dry.defects) == ("dry_run", {"community": 7}, ())
    assert session.scalar(select(func.count()).select_from(t.WaitingBlock)) == 0
    assert put_blocks(session, given_blocks()).rows_stored == 7
    again = put_blocks(session, given_blocks())
    assert (again.state, again.tally.unchanged) == ("unchanged", 7)
    dry = put(session, "communities", communities().iloc[:1], commit=False)
    assert dry.settled["blocks"] == 3
    assert not divisions.communities(session, SYSTEM)
    assert session.scalar(select(func.count()).select_from(t.WaitingBlock)) == 7
    assert put(session, "communities", communities().iloc[:1]).settled["blocks"] == 3
    assert session.scalar(select(func.count()).select_from(t.WaitingBlock)) == 4


def test_blocks_that_wait_give_way_to_those_delivered_for_the_same_ground(session):
    put_blocks(session, given_blocks())
    halves = [rectangle(0, 0, 0.003, 0.004), rectangle(0.003, 0, WIDTH, 0.004)]
    outcome = put_blocks(session, frame("blocks", [{"reference": "h"}] * 2, halves))
    assert (outcome.tally.new, outcome.tally.missing) == (2, 3)
    put(session, "communities", communities())
    live = select(func.count()).where(t.Block.retired_at.is_(None))
    assert session.scalar(live) == 5


def test_blocks_that_do_not_fit_go_on_waiting_and_the_outlines_are_stored(session):
    lapping = frame(
        "blocks", [{}] * 2, [rectangle(0, 0, 0.004, 0.004), rectangle(0.003, 0, 0.006, 0.004)]
    )
    early = put_blocks(session, lapping)
    assert early.state == "committed" and "no clean coverage" in str(early.doubts[0])
    outcome = put(session, "communities", communities())
    assert outcome.state == "committed" and "blocks" not in outcome.settled
    (told,) = [d for d in outcome.doubts if "go on waiting" in str(d)]
    assert NAMES[0] in str(told)
    assert session.scalar(select(func.count()).select_from(t.WaitingBlock)) == 2


def test_an_outline_that_grows_adds_the_blocks_that_waited_beside_it(session):
    small = communities().iloc[:1].copy()
    small.loc[1, "geometry"] = rectangle(0, 0, WIDTH / 3, 0.004)
    put(session, "communities", small)
    assert put_blocks(session, given_blocks()).waiting == {"community": 6}
    assert put(session, "communities", communities().iloc[:1]).settled["blocks"] == 2
    (community,) = divisions.communities(session, SYSTEM)
    shapes = blocks_of(session, community.id).geometry
    assert len(shapes) == 3 and shapely.coverage_is_valid(shapes.to_numpy())


# Residents who come before their households


def test_residents_wait_for_their_households_and_are_counted(session):
    outcome = put(session, "residents", residents())
    assert (outcome.state, outcome.defects) == ("committed", ())
    assert outcome.waiting == {"household": outcome.rows_stored} == {"household": 147}
    assert put(session, "residents", residents()).state == "unchanged"
    assert put(session, "households", people(), commit=False).settled == {"residents": 146}
    assert put(session, "households", people()).settled == {"residents": 146}
    left = session.scalars(select(t.Resident).where(t.Resident.household_id.is_(None))).all()
    assert [r.household_number for r in left] == ["H-lost"]
    assert put(session, "residents", residents()).state == "unchanged"


def test_nothing_of_residents_who_wait_is_counted_or_shown_anywhere(session):
    """What readers ask for is a household; of those who wait there is none."""
    put_ground(session)
    put_people(session, 1)
    put(session, "residents", frame("residents", [{"household_number": "later", "name": "未见",
                                                   "birth_date": date(1930, 1, 1)}]))  # fmt: skip
    (community, _) = divisions.communities(session, SYSTEM)
    build_blocks_of(session, community)
    assert work_counts(session, community.id)["key_people"].sum() == 0
    assert handover_counts(session, community.id, today=date(2026, 1, 1))["special_care"].sum() == 0
    assert holds_real_rows(session), "they are people all the same"


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
    assert locate_accepted(Work(session, SYSTEM, NOW)) == 1
    for community in divisions.communities(session, SYSTEM):
        build_blocks_of(session, community)
    assert locate_accepted(Work(session, SYSTEM, NOW)) == 0
    located = select(t.Household.block_id).where(t.Household.block_id.is_not(None))
    block = session.scalars(located).one()
    assert counts_of(session, "households") == {block: 1}
    assert counts_of(session, "people") == {block: 3}
