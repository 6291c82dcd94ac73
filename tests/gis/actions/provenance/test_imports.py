"""Importing: whole or not at all, every defect by row and field, nothing twice."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely
from shapely import Point, box
from sqlalchemy import func, select

from gis.actions.access.work import Work
from gis.actions.provenance.frame_digest import frame_digest
from gis.actions.provenance.imports import Source, import_records
from gis.domain.access import Scope
from gis.errors import Defect, InvalidInput, NotAllowed, with_hints
from gis.messages import read_message
from gis.store import tables as t
from tests.drawn_town import (
    CODES,
    NOW,
    SOURCE,
    at,
    barriers,
    buildings,
    communities,
    frame,
    household_rows,
    incident_row,
    put,
    put_ground,
    put_people,
    rectangle,
)


def count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model))


def stored_rows(session) -> dict[str, int]:
    return {name: session.scalar(select(func.count()).select_from(table))
            for name, table in t.Base.metadata.tables.items()}  # fmt: skip


def households(*rows: dict):
    return frame("households", list(rows))


def test_a_dry_run_counts_and_stores_nothing_at_all(session):
    before = stored_rows(session)
    outcome = put(session, "communities", communities(), commit=False)
    assert (outcome.state, outcome.rows_read, outcome.rows_good) == ("dry_run", 2, 2)
    assert outcome.rows_stored == 0 and stored_rows(session) == before


def test_communities_bring_their_towns_and_counties_with_outlines_and_one_metric_crs(session):
    put(session, "communities", communities())
    units = {u.code: u for u in session.scalars(select(t.DivisionUnit))}
    assert set(units) == {"522632000000", "522632100000", *CODES}
    town = units["522632100000"]
    assert (town.name, town.level, town.parent_id) == ("古州镇", "town", units["522632000000"].id)
    assert units[CODES[0]].parent_id == town.id
    assert len({units[c].metric_epsg for c in CODES}) == 1
    parts = select(func.ST_Area(func.ST_Union(t.DivisionUnit.geom))).where(
        t.DivisionUnit.level == "community"
    )
    whole = select(func.ST_Area(t.DivisionUnit.geom)).where(t.DivisionUnit.level == "county")
    assert session.scalar(whole) == pytest.approx(session.scalar(parts), rel=1e-9)


def test_a_commit_stores_the_rows_their_batch_and_an_audit_entry(session):
    put_ground(session)
    outcome = put(session, "households", households(*household_rows(1)))
    assert (outcome.state, outcome.rows_stored) == ("committed", 72)
    assert count(session, t.Household) == 72
    batch = session.scalars(select(t.ImportBatch).where(t.ImportBatch.kind == "households")).one()
    assert (batch.state, batch.rows_read, batch.rows_stored) == ("committed", 72, 72)
    assert set(session.scalars(select(t.Household.import_batch_id))) == {batch.id}
    entry = session.scalars(
        select(t.AuditEntry).where(t.AuditEntry.action == "import.households")
    ).one()
    assert entry.detail == {"file": "drawn.gpkg", "rows": 72, "new": 72, "changed": 0}


def test_a_refused_import_stores_no_record_but_the_report_of_the_attempt(session):
    rows = household_rows(1)[:3]
    other = {"head_name": "别家", "address_text": "都柳江路99号"}
    put(session, "households", households({**rows[1], **other}))
    read = Defect("expected a number, got 'x'", file="h.csv", row=4, field="people", code="number")
    outcome = put(session, "households", households(*rows), defects=(read,))
    assert (outcome.state, outcome.rows_read, outcome.rows_stored) == ("refused", 4, 0)
    assert [(d.row, d.field, d.code) for d in outcome.defects] == [
        (4, "people", "number"),
        (2, "number", "number_taken"),
    ]
    assert count(session, t.Household) == 1
    refused = session.scalars(select(t.ImportBatch).where(t.ImportBatch.state == "refused")).one()
    kept = session.scalars(
        select(t.ImportDefect)
        .where(t.ImportDefect.batch_id == refused.id)
        .order_by(t.ImportDefect.row_number)
    ).all()
    assert [(d.row_number, d.field, d.code) for d in kept] == [
        (2, "number", "number_taken"),
        (4, "people", "number"),
    ]
    assert [str(read_message(d.said)) for d in kept] == [d.message for d in kept]


def test_good_rows_only_leaves_out_the_others_and_lists_them(session):
    rows = household_rows(1)[:3]
    other = {"head_name": "别家", "address_text": "都柳江路99号"}
    put(session, "households", households({**rows[1], **other}))
    outcome = put(session, "households", households(*rows), good_rows_only=True)
    assert (outcome.state, outcome.rows_stored) == ("committed", 2)
    assert [(d.row, d.field) for d in outcome.defects] == [(2, "number")]
    assert set(session.scalars(select(t.Household.number))) == {r["number"] for r in rows}


def test_the_same_file_twice_changes_nothing_the_second_time(session):
    records = barriers()
    source = Source("roads.gpkg", sha256=frame_digest(records), name="roads", attribution="Drawn")
    assert put(session, "barriers", records, source=source).state == "committed"
    before = stored_rows(session)
    assert put(session, "barriers", records, source=source).state == "unchanged"
    assert stored_rows(session) == before


def test_a_refused_file_may_come_again(session):
    rows = households(household_rows(1)[0])
    defect = Defect("wrong", file="h.csv", row=2, code="odd")
    source = Source("h.csv", sha256="0" * 64)
    assert put(session, "households", rows, source=source, defects=(defect,)).state == "refused"
    assert put(session, "households", rows, source=source).state == "committed"


def test_the_digest_of_a_frame_sees_texts_shapes_and_gaps():
    records = buildings()
    same = frame_digest(records)
    assert frame_digest(buildings()) == same
    moved = records.copy()
    moved.loc[1, "geometry"] = shapely.affinity.translate(records.geometry[1], 1e-6, 0)
    renamed = records.assign(reference=[*records["reference"][:-1], "other"])
    unnamed = records.assign(reference=[*records["reference"][:-1], None])
    assert len({same, frame_digest(moved), frame_digest(renamed), frame_digest(unnamed)}) == 4


def test_the_source_of_the_data_is_kept_with_its_notices_and_renewed_by_name(session):
    for notice in ("合成数据", "全部为合成数据"):
        source = Source("a.gpkg", name="drawn", attribution="Us", notice_zh=notice, synthetic=True)
        put(session, "barriers", barriers(), source=source)
    kept = session.scalars(select(t.DataSource)).one()
    assert (kept.notice_zh, kept.synthetic, kept.attribution) == ("全部为合成数据", True, "Us")


def test_someone_without_the_right_imports_nothing(session):
    planner = Scope(None, "planner", "Planner", frozenset({"planner"}), None)
    with pytest.raises(NotAllowed):
        import_records(Work(session, planner, NOW), "barriers", barriers(), source=SOURCE)


def test_an_unknown_kind_is_refused_with_the_known_ones(session):
    with pytest.raises(InvalidInput, match="households"):
        put(session, "dragons", barriers())


# Communities


def test_communities_that_overlap_are_refused_and_both_are_named(session):
    records = communities()
    records.loc[2, "geometry"] = rectangle(0.005, 0, 0.012, 0.004)
    outcome = put(session, "communities", records)
    assert outcome.state == "refused" and count(session, t.DivisionUnit) == 0
    (defect,) = outcome.defects
    assert (defect.row, defect.field, defect.code) == (2, "geometry", "communities_overlap")
    assert "古榕社区" in defect.message and "卧龙社区" in defect.message


def test_a_narrow_overlap_is_mended_when_accepted_and_the_stored_outline_does_not_move(session):
    put(session, "communities", communities().iloc[[0]])
    late = communities().iloc[[1]]
    late.loc[2, "geometry"] = rectangle(0.00599, 0, 0.012, 0.004)
    refused = put(session, "communities", late)
    assert refused.state == "refused" and "1.0" in refused.defects[0].message
    accepted = put(session, "communities", late, accept_repairs=True)
    assert accepted.state == "committed" and "古榕社区" in accepted.doubts[-1]
    session.expire_all()
    query = select(func.ST_AsBinary(t.DivisionUnit.geom)).where(t.DivisionUnit.code.in_(CODES))
    shapes = shapely.from_wkb([bytes(g) for g in session.scalars(query)])
    assert shapely.coverage_is_valid(shapes)
    assert shapely.union_all(shapes).equals(rectangle(0, 0, 0.012, 0.004))


def outlines(session) -> np.ndarray:
    """Give the outlines of the two communities as stored, by code."""
    session.expire_all()
    query = select(func.ST_AsBinary(t.DivisionUnit.geom)).where(t.DivisionUnit.code.in_(CODES))
    return shapely.from_wkb(
        [bytes(g) for g in session.scalars(query.order_by(t.DivisionUnit.code))]
    )


def test_a_wide_overlap_stays_refused_and_says_how_wide_may_be_mended(session):
    put(session, "communities", communities().iloc[[0]])
    late = communities().iloc[[1]]
    late.loc[2, "geometry"] = rectangle(0.00595, 0, 0.012, 0.004)
    outcome = put(session, "communities", late, accept_repairs=True)
    assert outcome.state == "refused" and [d.row for d in outcome.defects] == [2]
    assert "up to 5.0 m wide; only overlaps up to 2 m wide" in outcome.defects[0].message


def test_narrow_overlaps_within_one_file_are_mended_and_told_with_the_width(session):
    both = communities()
    both.loc[2, "geometry"] = rectangle(0.00599, 0, 0.012, 0.004)
    refused = put(session, "communities", both)
    assert [(d.row, d.code) for d in refused.defects] == [(2, "communities_overlap")]
    assert "--accept-repairs" in with_hints(refused.defects[0])
    outcome = put(session, "communities", both, accept_repairs=True)
    assert outcome.state == "committed"
    assert "repairs reach overlaps and gaps up to 2 m wide" in outcome.doubts[-1]
    shapes = outlines(session)
    assert shapely.coverage_is_valid(shapes)
    assert shapely.union_all(shapes).equals(rectangle(0, 0, 0.012, 0.004))


def test_a_narrow_gap_goes_to_the_new_outline_when_accepted_and_is_told(session):
    first, second = communities().iloc[[0]], communities().iloc[[1]]
    notch = rectangle(0.005995, 0.001, 0.006, 0.003)
    first.loc[1, "geometry"] = first.geometry[1] - notch
    put(session, "communities", first)
    asked = put(session, "communities", second, commit=False)
    assert not asked.defects and "--accept-repairs" in with_hints(asked.doubts[-1])
    assert [(r.row, r.other, r.state) for r in asked.repairs] == [(2, None, "asked")]
    put(session, "communities", second)
    assert shapely.union_all(outlines(session)).area < 0.012 * 0.004 - notch.area * 0.9, "left open"
    outcome = put(session, "communities", second, accept_repairs=True)
    assert outcome.state == "committed"
    assert "gap" in outcome.doubts[-1] and "卧龙社区" in outcome.doubts[-1]
    shapes = outlines(session)
    assert shapely.coverage_is_valid(shapes)
    assert shapely.union_all(shapes).equals(rectangle(0, 0, 0.012, 0.004))


def in_strips(*edges: tuple[float, float]):
    """Give communities side by side, from west to east edge each, in this order of rows."""
    rows = [{"code": f"52263210000{n + 1}", "name": f"社区{n + 1}"} for n in range(len(edges))]
    shapes = [rectangle(west, 0, east, 0.004) for west, east in edges]
    return frame("communities", rows, shapes)


def stored_outlines(session) -> dict[str, shapely.Geometry]:
    session.expire_all()
    query = select(t.DivisionUnit.code, func.ST_AsBinary(t.DivisionUnit.geom))
    found = session.execute(query.where(t.DivisionUnit.level == "community"))
    return {code: shapely.from_wkb(bytes(g)) for code, g in found}


def test_ground_is_never_left_to_a_row_that_is_refused(session):
    """The second row is refused for what it shares with the first; the third needs nothing then."""
    records = in_strips((0, 0.003), (0.002, 0.006), (0.00599, 0.009))
    outcome = put(session, "communities", records, accept_repairs=True, good_rows_only=True)
    assert [(d.row, d.code) for d in outcome.defects] == [(2, "communities_overlap")]
    assert [(r.row, r.state) for r in outcome.repairs] == [(2, "too_wide")]
    shapes = stored_outlines(session)
    assert set(shapes) == {CODES[0], "522632100003"}
    assert shapes["522632100003"].equals(records.geometry[3])


def test_of_a_chain_of_overlaps_only_those_rows_are_refused_that_must_be(session):
    records = in_strips((0, 0.003), (0.002, 0.006), (0.005, 0.009), (0.008, 0.012))
    outcome = put(session, "communities", records, good_rows_only=True)
    assert [d.row for d in outcome.defects] == [2, 4]


def test_a_stored_outline_gives_way_only_to_a_row_of_its_code_that_is_stored(session):
    put(session, "communities", in_strips((0, 0.003), (0.003, 0.006)))
    again = in_strips((0, 0.002), (0.001, 0.006), (0.0045, 0.009))
    outcome = put(session, "communities", again, good_rows_only=True)
    assert [d.row for d in outcome.defects] == [2, 3], "what is stored of the second stays"
    shapes = stored_outlines(session)
    assert shapes[CODES[1]].equals(rectangle(0.003, 0, 0.006, 0.004))


@pytest.mark.parametrize("accepted", [False, True])
def test_rows_that_are_refused_for_other_reasons_take_no_ground(session, accepted):
    far, uncoded, plain = (0.7, 0.71), (0.002, 0.006), (0.00599, 0.009)
    records = in_strips(far, uncoded, plain)
    records.loc[2, "code"] = None
    options = {"good_rows_only": True, "accept_repairs": accepted, "code_prefix": CODES[0][:9]}
    outcome = put(session, "communities", records, **options)
    assert [(d.row, d.code) for d in outcome.defects] == [(1, "far_away"), (2, "no_code")]
    assert stored_outlines(session)["522632100003"].equals(records.geometry[3])


def test_a_wide_gap_is_ground_of_its_own_and_stays(session):
    both = communities()
    yard = rectangle(0.0055, 0.001, 0.006, 0.003)
    both.loc[1, "geometry"] = both.geometry[1] - yard
    put(session, "communities", both)
    assert shapely.union_all(outlines(session)).area == pytest.approx(
        0.012 * 0.004 - yard.area, rel=1e-9
    )


@pytest.mark.parametrize("east", [0.006, 0.00599])
def test_a_file_that_comes_again_is_unchanged_though_its_outlines_were_fitted(session, east):
    first, second = communities().iloc[[0]], communities().iloc[[1]]
    second.loc[2, "geometry"] = rectangle(east, 0, 0.012, 0.0037)
    put(session, "communities", first)
    put(session, "communities", second, accept_repairs=True)
    assert shapely.get_num_coordinates(outlines(session)[0]) > 5, "it got its neighbour's corner"
    before = shapely.to_wkb(outlines(session)).tolist()
    for again in (first, second):
        outcome = put(session, "communities", again, accept_repairs=True)
        assert (outcome.state, outcome.tally.unchanged) == ("unchanged", 1)
    assert shapely.to_wkb(outlines(session)).tolist() == before


def test_a_community_that_overlaps_a_stored_one_is_refused(session):
    put(session, "communities", communities())
    late = communities().iloc[[1]].assign(code="522632100003", name="七里社区")
    outcome = put(session, "communities", late)
    assert outcome.state == "refused"
    assert [d.row for d in outcome.defects] == [2] and "卧龙社区" in outcome.defects[0].message


def test_the_same_community_again_brings_its_outline_and_name_up_to_date(session):
    put(session, "communities", communities())
    again = communities().iloc[[0]].assign(name="古榕新社区", target=None)
    again.loc[1, "geometry"] = rectangle(0, 0, 0.005, 0.004)
    assert put(session, "communities", again).state == "committed"
    session.expire_all()
    unit = session.scalars(select(t.DivisionUnit).where(t.DivisionUnit.code == CODES[0])).one()
    assert (unit.name, unit.target) == ("古榕新社区", 60)
    assert session.scalar(select(func.ST_Area(unit.geom))) == pytest.approx(0.005 * 0.004)


# What lies where


def test_buildings_know_their_community_and_those_outside_are_kept_without(session):
    put(session, "communities", communities())
    records = buildings()
    records.loc[1, "geometry"] = rectangle(0.1, 0.1, 0.1002, 0.1002)
    put(session, "buildings", records)
    counts = dict(
        session.execute(
            select(t.DivisionUnit.code, func.count(t.Building.id))
            .select_from(t.Building)
            .outerjoin(t.DivisionUnit, t.DivisionUnit.id == t.Building.community_id)
            .group_by(t.DivisionUnit.code)
        ).all()
    )
    assert counts == {CODES[0]: 35, CODES[1]: 36, None: 1}


def test_a_water_polygon_is_land_cover_and_its_outline_a_barrier(session):
    lake = box(*at(0.001, 0.001), *at(0.002, 0.002)) - box(*at(0.0014, 0.0014), *at(0.0016, 0.0016))
    records = frame("barriers", [{"kind": "river", "name": "莲花湖"}], [lake])
    outcome = put(session, "barriers", records)
    assert outcome.rows_stored == 1
    cover = session.scalars(select(t.LandCover)).one()
    assert (cover.kind, cover.name) == ("water", "莲花湖")
    lengths = select(func.sum(func.ST_Length(t.Barrier.geom))).where(t.Barrier.kind == "river")
    assert session.scalar(lengths) == pytest.approx(lake.length)
    assert count(session, t.Barrier) == 2, "the shore and the shore of the island"


def test_a_line_of_several_parts_becomes_one_barrier_each_and_no_kind_a_minor_road(session):
    line = shapely.from_wkt(
        "MULTILINESTRING ((108.5 25.93, 108.6 25.93), (108.7 25.93, 108.8 25.93))"
    )
    put(session, "barriers", frame("barriers", [{"kind": None, "bridge": "true"}], [line]))
    rows = session.execute(select(t.Barrier.kind, t.Barrier.bridge)).all()
    assert [tuple(r) for r in rows] == [("minor_road", True)] * 2


# Addresses, households, residents, incidents


def test_addresses_get_their_text_from_the_parts_and_their_point_from_lon_lat(session):
    put(session, "communities", communities())
    lon, lat = at(0.001, 0.001)
    rows = [
        {"street": "榕江大道", "number": "12", "lon": lon, "lat": lat},
        {"text": "River Street 3", "street": "River Street", "number": "3"},
    ]
    put(session, "addresses", frame("addresses", rows, [None, Point(at(0.007, 0.001))]))
    first, second = session.scalars(select(t.Address).order_by(t.Address.id))
    assert first.text == "榕江大道12号" and second.text == "River Street 3"
    placed = session.execute(
        select(func.ST_X(t.Address.geom), func.ST_Y(t.Address.geom)).order_by(t.Address.id)
    ).all()
    assert np.allclose(placed, [(lon, lat), at(0.007, 0.001)])
    codes = [session.get(t.DivisionUnit, a.community_id).code for a in (first, second)]
    assert codes == list(CODES)


def test_an_address_that_says_nothing_is_refused(session):
    records = frame("addresses", [{"street": "榕江大道"}, {"text": " "}], [Point(at(0, 0))] * 2)
    outcome = put(session, "addresses", records)
    assert [(d.row, d.code) for d in outcome.defects] == [(2, "empty")]


def test_an_incident_closed_before_it_occurred_is_refused_and_an_open_one_taken(session):
    day = datetime(2026, 3, 2, 8, tzinfo=UTC)
    closings = [None, day + timedelta(days=3), day - timedelta(days=1)]
    rows = [
        incident_row(f"E{nth}", "榕江大道1号", occurred_at=day, closed_at=closed)
        for nth, closed in enumerate(closings, start=1)
    ]
    records = frame("incidents", rows)
    outcome = put(session, "incidents", records)
    assert [(d.row, d.field, d.code) for d in outcome.defects] == [
        (3, "closed_at", "closed_too_early")
    ]
    assert put(session, "incidents", records.iloc[:2]).rows_stored == 2
    closed = dict(session.execute(select(t.Incident.number, t.Incident.closed_at)).all())
    assert closed == {"E1": None, "E2": closings[1]}


def test_unknown_topics_are_refused_and_known_ones_taken_in_both_languages(session):
    rows = [
        incident_row("E1", "榕江大道1号", topic="noise"),
        incident_row("E2", "榕江大道1号", topic="噪声扰民"),
        incident_row("E3", "榕江大道1号", topic="dragons"),
    ]
    records = frame("incidents", rows)
    outcome = put(session, "incidents", records)
    assert outcome.state == "refused"
    assert [(d.row, d.field, d.code) for d in outcome.defects] == [(3, "topic", "unknown_topic")]
    assert "dragons" in outcome.defects[0].message and "(rows: 1)" in outcome.defects[0].message
    assert put(session, "incidents", records.iloc[:2]).rows_stored == 2
    assert set(session.scalars(select(t.Incident.topic))) == {"noise"}


def test_residents_join_their_household_or_wait_for_it(session):
    put(session, "households", households(household_rows(1)[0]))
    rows = [
        {"household_number": "H0001", "name": "张三", "sex": "male"},
        {"household_number": "H0001", "name": "张小三", "category": "floating"},
        {"household_number": "H9999", "name": "李四", "sex": "female"},
    ]
    outcome = put(session, "residents", frame("residents", rows))
    assert (outcome.rows_stored, outcome.waiting) == (3, {"household": 1})
    r = t.Resident
    query = select(r.name, r.sex, r.category, r.household_number, r.household_id.is_(None))
    assert [tuple(row) for row in session.execute(query.order_by(r.sex))] == [
        ("李四", "female", "registered", "H9999", True),
        ("张三", "male", "registered", None, False),
        ("张小三", "unknown", "floating", None, False),
    ]


def test_households_keep_what_the_source_said_of_their_place(session):
    lon, lat = at(0.001, 0.001)
    rows = [{"number": "H1", "lon": lon, "lat": lat}, {"number": "H2", "address_text": "古州路3号"}]
    put(session, "households", frame("households", rows, [None, Point(at(0.002, 0.002))]))
    first, second = session.scalars(select(t.Household).order_by(t.Household.number))
    assert (first.given_lon, first.given_lat, first.people) == (lon, lat, 1)
    assert (second.given_lon, second.given_lat) == at(0.002, 0.002)
    assert {first.status, second.status} == {"none"} and first.block_id is None


def test_people_and_ground_of_the_drawn_town_import_without_defects(session):
    put_ground(session)
    put_people(session, 1)
    assert count(session, t.Address) == count(session, t.Household) == 72


@pytest.mark.parametrize(
    "kind", ["communities", "barriers", "addresses", "households", "incidents"]
)
def test_a_file_without_a_good_row_is_refused_and_not_a_crash(session, kind):
    defect = Defect("expected a code", file="x.csv", row=1, field="code", code="code")
    outcome = put(session, kind, frame(kind, []), defects=(defect,), rows_read=1)
    assert (outcome.state, outcome.rows_good, len(outcome.defects)) == ("refused", 0, 1)
