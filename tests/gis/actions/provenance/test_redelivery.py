"""A file that comes again: known rows are updated, the same ones left alone, missing ones named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point, affinity
from sqlalchemy import func, select, text

from gis.actions.access.work import Work
from gis.actions.location.geocode import geocode_subject, locate_register
from gis.actions.location.review import place_pin, undo
from gis.domain.access import SYSTEM, Scope
from gis.errors import Conflict
from gis.geometry import same_shape
from gis.store import tables as t
from gis.store.area import divisions
from tests.counted import counts_of
from tests.drawn_town import (
    CODES,
    NOW,
    addresses,
    at,
    barriers,
    buildings,
    communities,
    frame,
    house_place,
    household_rows,
    incident_row,
    number_of,
    put,
    put_blocks,
    put_ground,
    put_people,
    rectangle,
)
from tests.factories import make_user
from tests.gis.actions.conftest import build_blocks_of

LATER = NOW.replace(day=9)


def compounds():
    rows = [{"reference": "c1", "name": "榕江小区"}, {"name": "卧龙小区", "exclusive": "true"}]
    shapes = [rectangle(0.0003, 0.0003, 0.0012, 0.0008), rectangle(0.0103, 0.0003, 0.0112, 0.0008)]
    return frame("compounds", rows, shapes)


def places():
    rows = [{"name": "古榕小学", "kind": "school"}, {"name": "市场", "address_text": "滨江路1号"},
            {"name": "市场", "address_text": "滨江路12号"}]  # fmt: skip
    return frame("places", rows, [Point(at(0.003, 0.001)), None, None])


def incidents():
    return frame("incidents", [incident_row(f"E{n}", f"滨江路{n}号") for n in range(1, 6)])


def households():
    return frame("households", household_rows(1))


def residents():
    rows = [{"household_number": r["number"], "name": f"人{n}", "relation": "本人"}
            for n, r in enumerate(household_rows(1)[:6])]  # fmt: skip
    return frame("residents", [*rows, dict(rows[0])])


FILES = {
    "communities": communities,
    "barriers": barriers,
    "buildings": buildings,
    "compounds": compounds,
    "addresses": addresses,
    "households": households,
    "residents": residents,
    "places": places,
    "incidents": incidents,
}
TABLES = {
    "communities": t.DivisionUnit, "barriers": t.Barrier, "buildings": t.Building,
    "compounds": t.Compound, "addresses": t.Address, "households": t.Household,
    "residents": t.Resident, "places": t.Place, "incidents": t.Incident,
}  # fmt: skip


def rows_stored(session, kind) -> list[tuple]:
    """Give everything that is stored of a kind, ids and batches included."""
    session.flush()
    table = TABLES[kind].__tablename__
    return sorted(map(str, session.execute(text(f"SELECT * FROM {table}"))))


def tally(outcome) -> tuple[int, int, int, int]:
    counts = outcome.tally
    return counts.new, counts.changed, counts.unchanged, counts.missing


def put_all(session, *, until: str) -> None:
    for kind, records in FILES.items():
        assert put(session, kind, records()).state == "committed"
        if kind == until:
            return


def as_another_format(records):
    """Give the records as another program writes them: turned rings, six digits, other order."""
    turned = shapely.reverse(np.array(records.geometry, dtype=object))
    rounded = shapely.transform(turned, lambda xy: np.round(xy, 6))
    again = records.set_geometry(list(rounded)).set_crs(4326, allow_override=True)
    return again.sample(frac=1, random_state=3).set_axis(range(1, len(again) + 1))


@pytest.mark.parametrize("kind", FILES)
def test_the_same_file_again_stores_nothing_in_whatever_order_and_format(session, kind):
    put_all(session, until=kind)
    before = rows_stored(session, kind)
    n = len(FILES[kind]())
    for records in (FILES[kind](), as_another_format(FILES[kind]())):
        dry = put(session, kind, records, commit=False)
        assert (dry.state, tally(dry)) == ("dry_run", (0, 0, n, 0))
        assert put(session, kind, records).state == "unchanged"
    assert rows_stored(session, kind) == before
    batches = select(func.count()).where(t.ImportBatch.kind == kind)
    assert session.scalar(batches) == 1


@pytest.mark.parametrize("kind", [k for k in FILES if k != "communities"])
def test_a_part_of_a_file_names_what_it_lacks_and_removes_nothing(session, kind):
    put_all(session, until=kind)
    before = rows_stored(session, kind)
    n = len(FILES[kind]())
    lost = min(2, n - 1)
    outcome = put(session, kind, FILES[kind]().iloc[lost:])
    assert (outcome.state, tally(outcome)) == ("unchanged", (0, 0, n - lost, lost))
    assert rows_stored(session, kind) == before
    assert 1 <= len(outcome.tally.missing_names) <= lost


CHANGES = {
    "communities": ("name", "古榕新社区"),
    "barriers": ("name", "新街"),
    "buildings": ("dwellings", 12),
    "compounds": ("name", "新小区"),
    "households": ("people", 7),
    "residents": ("relation", "户主"),
    "places": ("kind", "hospital"),
    "incidents": ("description", "已处理"),
}


@pytest.mark.parametrize(("kind", "change"), CHANGES.items())
def test_a_changed_row_is_updated_in_place(session, kind, change):
    put_all(session, until=kind)
    field, value = change
    records = FILES[kind]()
    records.loc[2, field] = value
    table = TABLES[kind]
    ids = set(session.scalars(select(table.id)))
    outcome = put(session, kind, records)
    assert (outcome.state, tally(outcome)) == ("committed", (0, 1, len(records) - 1, 0))
    assert set(session.scalars(select(table.id))) == ids
    column = getattr(table, field)
    assert session.scalar(select(func.count()).where(column == value)) == 1


def test_a_file_may_bring_new_changed_and_the_same_rows_at_once(session):
    put_all(session, until="buildings")
    records = buildings().iloc[5:]
    records.loc[10, "levels"] = 9
    square = rectangle(0.0001, 0.0001, 0.0002, 0.0002)
    fresh = frame("buildings", [{"reference": "new"}], [square]).set_axis([99])
    outcome = put(session, "buildings", pd.concat([records, fresh]))
    assert tally(outcome) == (1, 1, 66, 5) and outcome.rows_stored == 2
    assert outcome.tally.missing_names == tuple(sorted(buildings()["reference"][:5]))
    batch = session.scalars(select(t.ImportBatch).order_by(t.ImportBatch.id.desc())).first()
    assert (batch.tally["new"], batch.tally["missing"]) == (1, 5)


def test_a_column_that_the_file_does_not_have_leaves_what_is_stored(session):
    put(session, "households", frame("households", [{"number": "H1", "head_name": "张三",
        "phone": "13800000000", "people": 3}]))  # fmt: skip
    again = put(session, "households", frame("households", [{"number": "H1", "people": 4}]))
    assert tally(again) == (0, 1, 0, 0)
    row = session.scalars(select(t.Household)).one()
    session.refresh(row)
    assert (row.head_name, row.phone, row.people) == ("张三", "13800000000", 4)


def test_the_names_of_town_and_county_stay_where_a_file_does_not_have_them(session):
    put(session, "communities", communities())
    records = communities().assign(town_name=None, county_name=None)
    records.loc[1, "name"] = "新名"
    assert tally(put(session, "communities", records)) == (0, 1, 1, 0)
    names = set(session.scalars(select(t.DivisionUnit.name)))
    assert {"古州镇", "榕江县", "新名"} <= names


def test_missing_communities_are_those_of_the_towns_that_come_again(session):
    put(session, "communities", communities())
    outcome = put(session, "communities", communities().iloc[:1])
    assert tally(outcome) == (0, 0, 1, 1)
    assert outcome.tally.missing_names == (f"{CODES[1]} 卧龙社区",)


# Rows without a name of their own, and names that cannot be right


def test_an_equal_shape_is_the_same_building_whatever_it_is_called(session):
    put_all(session, until="buildings")
    for references in ([None] * 72, [f"n{n}" for n in range(72)]):
        outcome = put(session, "buildings", buildings().assign(reference=references))
        assert outcome.tally.new == 0 and outcome.tally.missing == 0
    assert session.scalar(select(func.count()).select_from(t.Building)) == 72
    assert set(session.scalars(select(t.Building.reference))) == {f"n{n}" for n in range(72)}


def test_rows_that_say_the_same_in_everything_are_stored_once(session):
    put(session, "communities", communities())
    twice = pd.concat([buildings().assign(reference=None)] * 2).set_axis(range(1, 145))
    outcome = put(session, "buildings", twice)
    assert (outcome.rows_stored, outcome.tally.repeated) == (72, 72)
    roads = pd.concat([barriers()] * 2).set_axis(range(1, 13))
    assert put(session, "barriers", roads).rows_stored == 6
    assert put(session, "barriers", barriers()).state == "unchanged"


@pytest.mark.parametrize("kind", ["buildings", "compounds", "addresses"])
def test_one_reference_for_two_things_of_a_file_is_refused_by_row(session, kind):
    records = FILES[kind]().iloc[:2].assign(reference="same")
    outcome = put(session, kind, records)
    assert outcome.state == "refused"
    assert [(d.row, d.field, d.code) for d in outcome.defects] == [
        (1, "reference", "repeated"), (2, "reference", "repeated"),
    ]  # fmt: skip
    assert "row 2" in outcome.defects[0].message and "same" in outcome.defects[0].message


def test_files_that_number_from_one_in_every_community_do_not_overwrite_one_another(session):
    put(session, "communities", communities())
    first, second = buildings().iloc[:36], buildings().iloc[36:]
    numbers = [str(n) for n in range(36)]
    put(session, "buildings", first.assign(reference=numbers))
    outcome = put(session, "buildings", second.assign(reference=numbers))
    assert outcome.state == "refused" and {d.code for d in outcome.defects} == {"elsewhere"}
    assert len(outcome.defects) == 36 and "stored 6" in outcome.defects[0].message
    assert session.scalar(select(func.count()).select_from(t.Building)) == 36
    moved = put(session, "buildings", second.assign(reference=numbers), accept_moves=True)
    assert tally(moved) == (0, 36, 0, 0)


def test_a_building_that_was_drawn_better_is_the_same_with_a_new_shape(session):
    put_all(session, until="buildings")
    for community in divisions.communities(session, SYSTEM):
        build_blocks_of(session, community)
    records = buildings()
    records.loc[3, "geometry"] = affinity.translate(records.geometry[3], 0.0001, 0)
    outcome = put(session, "buildings", records)
    assert tally(outcome) == (0, 1, 71, 0) and outcome.stale == (CODES[0],)
    first, second = divisions.communities(session, SYSTEM)
    assert build_blocks_of(session, second) is None
    assert build_blocks_of(session, first)["enclosures_kept"] == 5


def test_the_ground_is_out_of_date_where_lines_or_outlines_change_and_only_there(session):
    put_all(session, until="buildings")
    for community in divisions.communities(session, SYSTEM):
        build_blocks_of(session, community)
    road = LineString([at(0.007, 0), at(0.007, 0.001)])
    street = frame("barriers", [{"kind": "path"}], [road])
    assert put(session, "barriers", street, commit=False).stale == (CODES[1],)
    assert put(session, "barriers", barriers(), commit=False).stale == ()
    records = communities()
    records.loc[1, "geometry"] = rectangle(0, 0, 0.006, 0.0041)
    assert put(session, "communities", records, commit=False).stale == (CODES[0],)
    assert put(session, "communities", communities(), commit=False).stale == ()


@pytest.mark.parametrize("kind", FILES)
def test_a_file_without_a_good_row_says_so_whatever_is_stored(session, kind):
    put_all(session, until="buildings")
    for community in divisions.communities(session, SYSTEM):
        build_blocks_of(session, community)
    outcome = put(session, kind, FILES[kind]().iloc[:0], commit=False)
    assert outcome.state == "dry_run" and outcome.rows_good == 0


def test_a_number_of_another_household_is_refused_and_may_be_accepted(session):
    put(session, "households", frame("households", household_rows(1)[:2]))
    other = {"number": household_rows(1)[0]["number"], "head_name": "李四", "people": 1,
             "address_text": "别处街7号"}  # fmt: skip
    outcome = put(session, "households", frame("households", [other]))
    assert [(d.row, d.field, d.code) for d in outcome.defects] == [(1, "number", "number_taken")]
    assert "李四" not in str(outcome.defects[0]) and outcome.state == "refused"
    done = put(session, "households", frame("households", [other]), accept_moves=True)
    assert tally(done) == (0, 1, 0, 1)


def test_water_that_comes_again_is_not_stored_twice(session):
    lake = rectangle(0.001, 0.001, 0.002, 0.002)
    records = frame("barriers", [{"kind": "river", "name": "莲花湖"}], [lake])
    put(session, "barriers", records)
    assert put(session, "barriers", records).state == "unchanged"
    assert session.scalar(select(func.count()).select_from(t.LandCover)) == 1


def test_an_address_whose_point_is_put_right_stays_the_same_entry(session):
    put_all(session, until="addresses")
    records = addresses()
    records.loc[1, "geometry"] = Point(at(0.0005, 0.0006))
    ids = set(session.scalars(select(t.Address.id)))
    assert tally(put(session, "addresses", records)) == (0, 1, 71, 0)
    assert set(session.scalars(select(t.Address.id))) == ids


def test_an_address_with_another_name_is_found_by_it(session):
    put_all(session, until="addresses")
    named = addresses().assign(reference=[f"a{n}" for n in range(72)])
    assert tally(put(session, "addresses", named)) == (0, 72, 0, 0)
    named.loc[1, "street"] = "新生街"
    outcome = put(session, "addresses", named)
    assert tally(outcome) == (0, 1, 71, 0)
    doors = text("SELECT count(*) FROM search_name WHERE name = '新生街' AND n_doors = 1")
    assert session.scalar(doors) == 1


# What people decided


@pytest.fixture
def located(session):
    """Give a session on the town whose households are located."""
    put_ground(session)
    put_people(session, 1)
    for community in divisions.communities(session, SYSTEM):
        build_blocks_of(session, community)
    locate_register(session, SYSTEM)
    geocode_subject(Work(session, SYSTEM, NOW), "households")
    return session


def household(session, number):
    row = session.scalars(select(t.Household).where(t.Household.number == number)).one()
    session.refresh(row)
    return row


def pinned(session):
    """Put a household elsewhere by hand; gives its number, the person and the decision."""
    user = make_user(session, "manager", "community_manager")
    person = Scope(user.id, "m", "M", frozenset({"community_manager"}), None)
    row = household(session, "H0001")
    lon, lat = house_place(0, 3, 8)
    decision = place_pin(Work(session, person, NOW), "household", row.id, lon=lon, lat=lat)
    return row.number, person, decision


def test_a_confirmed_place_survives_a_file_that_says_the_same_of_the_address(located):
    number, _, _ = pinned(located)
    records = households()
    records["people"] = 4
    outcome = put(located, "households", records, now=LATER)
    assert tally(outcome) == (0, 72, 0, 0)
    geocode_subject(Work(located, SYSTEM, LATER), "households", everything=True)
    row = household(located, number)
    assert (row.level, row.status, row.people) == ("pin", "accepted", 4)
    assert sum(counts_of(located, "people").values()) == 4 * 72


def test_a_new_address_overtakes_what_was_decided_about_the_former(located):
    number, person, decision = pinned(located)
    records = households()
    street = "都柳江路"
    records.loc[1, "address_text"] = f"卧龙社区{street}{number_of(1, 4)}号101室"
    assert tally(put(located, "households", records, now=LATER)) == (0, 1, 71, 0)
    row = household(located, number)
    assert (row.status, row.block_id, row.community_id) == ("none", None, None)
    with pytest.raises(Conflict, match="another place since"):
        undo(Work(located, person, LATER), decision)
    geocode_subject(Work(located, SYSTEM, LATER), "households")
    row = household(located, number)
    assert row.status == "accepted" and row.level == "number"
    assert located.get(t.DivisionUnit, row.community_id).code == CODES[1]


def test_unchanged_rows_keep_the_import_whose_coordinates_were_corrected(located):
    rows = [{"number": "K1", "lon": 108.501, "lat": 25.931}, {"number": "K2", "lon": 108.502,
            "lat": 25.932}]  # fmt: skip
    put(located, "households", frame("households", rows))
    batch = located.scalar(select(t.Household.import_batch_id).where(t.Household.number == "K1"))
    located.get(t.ImportBatch, batch).correction = "gcj02"
    rows[1]["lat"], rows[0]["people"] = 25.9333, 5
    assert tally(put(located, "households", frame("households", rows))) == (0, 2, 0, 0)
    assert household(located, "K1").import_batch_id == batch
    assert household(located, "K2").import_batch_id != batch


# Blocks of a file


def quarters(*xs: float):
    edges = [0, *xs, 0.006]
    shapes = [rectangle(a, 0, b, 0.004) for a, b in zip(edges, edges[1:], strict=False)]
    return frame("blocks", [{"reference": f"q{n}"} for n in range(len(shapes))], shapes)


def test_blocks_of_a_file_stay_where_their_shapes_do(session):
    put(session, "communities", communities())
    assert tally(put_blocks(session, quarters(0.002, 0.004))) == (3, 0, 0, 0)
    ids = set(session.scalars(select(t.Block.id)))
    again = put_blocks(session, as_another_format(quarters(0.002, 0.004)))
    assert (again.state, tally(again)) == ("unchanged", (0, 0, 3, 0))
    other = put_blocks(session, quarters(0.002, 0.005))
    assert tally(other) == (2, 0, 1, 2)
    live = select(t.Block.id).where(t.Block.retired_at.is_(None))
    assert len(ids & set(session.scalars(live))) == 1
    assert session.scalar(select(func.count()).where(t.Block.retired_at.is_(None))) == 3


def test_shapes_within_the_tolerance_are_not_told_apart():
    assert same_shape.SAME_DEGREES > 5e-7, "what six digits can be off"
