"""Existing divisions taken over from files: the same again, cut ones repaired, bad ones refused."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import affinity
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.location.geocode import geocode_subject
from gis.actions.plan.adoption import adopt_file
from gis.actions.plan.plan_files import export_plan, read_wanted
from gis.actions.plan.workspace import open_copy
from gis.domain.access import SYSTEM, Scope
from gis.errors import InvalidInput, NotAllowed
from gis.exchange.division_file import read_division
from gis.store import tables as t
from gis.store.ground.exclusive import exclusive_blocks
from gis.store.plan import plan_export
from tests.drawn_town import NOW, frame, house_place, put


@pytest.fixture
def community(town):
    return town.communities[0]


@pytest.fixture
def adopt(town_session, community, tmp_path):
    """Give a function that takes over a frame or file for the first community."""

    def take(given, *, commit=False, name="division", **options):
        path = given
        if isinstance(given, gpd.GeoDataFrame):
            path = tmp_path / f"{name}.gpkg"
            given.to_file(path, driver="GPKG", layer="grids")
        elif isinstance(given, pd.DataFrame):
            path = tmp_path / f"{name}.csv"
            given.to_csv(path, index=False)
        file = read_division(path, **options)
        (adopted,) = adopt_file(Work(town_session, SYSTEM, NOW), file, [community], commit=commit)
        return adopted

    return take


@pytest.fixture
def grids(town_session, town):
    """The grids in force: code and outline."""
    return plan_export.plan_layers(town_session, SYSTEM, [town.plan_id])["grids"]


def assignment_of(session, plan_id):
    query = (
        select(t.BlockAssignment.block_id, t.Grid.code)
        .join(t.Grid, t.Grid.id == t.BlockAssignment.grid_id)
        .where(t.BlockAssignment.plan_id == plan_id)
    )
    return {row.block_id: row.code for row in session.execute(query)}


@pytest.mark.parametrize("name", ["p.gpkg", "p.geojson", "p.zip", "p.csv", "p.xlsx"])
def test_what_was_exported_comes_back_the_same_with_nothing_cut(
    adopt, town_session, town, tmp_path, name
):
    path = tmp_path / name
    export_plan(Work(town_session, SYSTEM, NOW), town.plan_id, path, read_wanted(path))
    adopted = adopt(path, commit=True)
    assert adopted.findings == []
    again = assignment_of(town_session, adopted.plan_id)
    assert again == assignment_of(town_session, town.plan_id)


def test_a_building_over_the_edge_of_the_community_is_not_taken_for_a_cut(
    adopt, grids, town_session, community
):
    west, south, _, _ = grids.total_bounds
    over = shapely.box(west - 0.0002, south + 0.0004, west + 0.0001, south + 0.0006)
    batch = town_session.scalar(select(t.ImportBatch.id).limit(1))
    town_session.add(
        t.Building(
            community_id=community.id,
            import_batch_id=batch,
            geom=f"SRID=4326;{shapely.MultiPolygon([over]).wkt}",
        )
    )
    town_session.flush()
    assert adopt(grids[["code", "geometry"]]).findings == []


def test_a_dry_run_stores_nothing(adopt, grids, town_session):
    before = town_session.query(t.Plan).count()
    assert adopt(grids[["code", "geometry"]]).plan_id is None
    assert town_session.query(t.Plan).count() == before


def test_a_draft_that_was_imported_says_so_and_can_be_edited(adopt, grids, town_session, town):
    adopted = adopt(grids[["code", "geometry"]], commit=True, name="from the survey")
    plan = town_session.get(t.Plan, adopted.plan_id)
    edition = town_session.get(t.PlanEdition, (plan.id, 1))
    assert (plan.state, plan.name, plan.parent_id) == ("draft", "from the survey", town.plan_id)
    assert edition.kind == "imported" and plan.parameters["imported"]["file"].endswith(".gpkg")
    assert not open_copy(Work(town_session, SYSTEM, NOW), plan.id).is_changed


def test_shifted_outlines_are_repaired_to_blocks_and_every_cut_is_told(adopt, grids):
    shifted = grids[["code", "geometry"]].copy()
    shifted["geometry"] = [affinity.translate(g, 0.00035, 0.0002) for g in shifted.geometry]
    adopted = adopt(shifted, commit=True)
    rules = {f.rule for f in adopted.findings}
    assert {"cut", "gap", "outside"} <= rules
    cut = [f for f in adopted.findings if f.rule == "cut"]
    assert all(0 < f.share < 1 and f.block is not None for f in cut)
    assert adopted.division.quality.is_sound
    assert adopted.division.assignment.notna().all()


def test_an_outline_that_is_missing_leaves_blocks_that_are_given_to_neighbours(adopt, grids):
    adopted = adopt(grids[["code", "geometry"]].iloc[1:], commit=True)
    loose = {f.block for f in adopted.findings if f.rule == "without_grid"}
    moved = {f.block for f in adopted.findings if f.rule == "repaired"}
    assert loose and loose <= moved
    assert len(adopted.codes) == len(grids) - 1


def test_outlines_over_one_another_are_told_with_their_area(adopt, grids):
    twice = grids[["code", "geometry"]].copy()
    twice.loc[0, "geometry"] = shapely.union_all(grids.geometry.iloc[:2])
    found = [f for f in adopt(twice).findings if f.rule == "overlap"]
    assert len(found) == 1 and found[0].area_m2 > 1000
    assert {found[0].grid, found[0].other} == set(twice["code"].iloc[:2])


def test_three_digits_mean_the_codes_of_the_community(adopt, grids, community):
    short = grids[["code", "geometry"]].assign(code=[f"{int(c[-3:])}" for c in grids["code"]])
    assert set(adopt(short).codes.values()) == set(grids["code"])


def test_any_name_will_do_and_codes_go_on_by_the_majority(adopt, grids):
    named = grids[["code", "geometry"]].assign(code=["甲", "乙", "丙"][: len(grids)])
    adopted = adopt(named)
    assert sorted(adopted.labels.values()) == sorted(named["code"])
    assert set(adopted.codes.values()) == set(grids["code"])


def test_a_code_in_use_for_other_ground_is_not_given_again(adopt, grids):
    turned = grids[["code", "geometry"]].assign(code=list(reversed(grids["code"])))
    adopted = adopt(turned)
    settled = [f for f in adopted.findings if f.rule == "code_settled"]
    assert settled and set(adopted.codes.values()) == set(grids["code"])
    assert all(f.other != f.grid for f in settled)


def test_households_say_where_the_grids_are(adopt, town_session, town, community):
    rows = town_session.execute(
        select(t.Household.number, t.Grid.code)
        .join(t.BlockAssignment, t.BlockAssignment.block_id == t.Household.block_id)
        .join(t.Grid, t.Grid.id == t.BlockAssignment.grid_id)
        .where(t.BlockAssignment.plan_id == town.plan_id)
    ).all()
    table = pd.DataFrame(rows, columns=["户号", "网格"])
    table.loc[len(table)] = ["H-unknown", rows[0].code]
    adopted = adopt(table, commit=True)
    lived = assignment_of(town_session, town.plan_id)
    again = assignment_of(town_session, adopted.plan_id)
    homes = town_session.scalars(
        select(t.Household.block_id).where(t.Household.community_id == community.id)
    )
    assert all(again[b] == lived[b] for b in homes if b is not None)
    assert [f.row for f in adopted.findings if f.rule == "unknown"] == [len(table)]


def test_no_household_number_is_in_the_findings(adopt, town_session, community):
    table = pd.DataFrame({"household": ["secret-77", "H0001"], "grid": ["001", "001"]})
    number = town_session.scalar(
        select(t.Household.number).where(
            t.Household.block_id.is_not(None), t.Household.community_id == community.id
        )
    )
    table.loc[1, "household"] = number
    adopted = adopt(table)
    assert not any(
        "secret-77" in str(f.as_row()) or number in str(f.as_row()) for f in adopted.findings
    )


def test_rows_without_a_grid_are_told_and_left_out(adopt, grids):
    lost = grids[["code", "geometry"]].copy()
    lost.loc[0, "code"] = None
    assert [f.row for f in adopt(lost).findings if f.rule == "row_without_grid"] == [1]


def test_outlines_of_another_town_are_refused(adopt, grids):
    away = grids[["code", "geometry"]].assign(
        code="1", geometry=[affinity.translate(g, 1.0, 1.0) for g in grids.geometry]
    )
    with pytest.raises(InvalidInput, match="none of its 3 rows lies in"):
        adopt(away)


def test_outlines_that_hardly_touch_the_community_are_refused(adopt, grids):
    west, south, _, _ = grids.total_bounds
    speck = shapely.box(west, south, west + 0.00001, south + 0.00001)
    frame = gpd.GeoDataFrame({"code": ["001"]}, geometry=[speck], crs=4326)
    with pytest.raises(InvalidInput, match="lie in no grid of the file"):
        adopt(frame)


def test_an_exclusive_place_within_an_outline_becomes_a_grid_of_its_own(
    adopt, grids, town_session, community
):
    lon, lat = house_place(0, 0, 4)
    row = {"name": "第一小学", "kind": "school", "exclusive": "true"}
    put(town_session, "places", frame("places", [row], [shapely.Point(lon, lat)]))
    geocode_subject(Work(town_session, SYSTEM, NOW), "places")
    (block,) = exclusive_blocks(town_session, SYSTEM, community.id)
    adopted = adopt(grids[["code", "geometry"]], commit=True)
    assert [f.block for f in adopted.findings if f.rule == "exclusive"] == [block]
    codes = assignment_of(town_session, adopted.plan_id)
    assert codes[block][12:] == "901" and list(codes.values()).count(codes[block]) == 1
    school = town_session.scalars(
        select(t.Grid).where(t.Grid.plan_id == adopted.plan_id, t.Grid.kind == "exclusive")
    ).one()
    assert school.name == "第一小学"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"block": [1, "x"], "grid": ["001", "001"]}, "none of its|defects"),
        (
            {"street": ["a"], "grid": ["1"]},
            "which column holds the block or household",
        ),
    ],
)
def test_tables_that_say_nothing_are_refused_with_what_to_do(adopt, table, words):
    with pytest.raises(InvalidInput, match=words):
        adopt(pd.DataFrame(table), commit=True)


def test_rounded_codes_are_defects_that_stop_a_commit(adopt, town_session, town):
    blocks = list(assignment_of(town_session, town.plan_id))
    table = pd.DataFrame({"block": blocks, "grid": ["5.22632E+14", *["001"] * (len(blocks) - 1)]})
    with pytest.raises(InvalidInput) as refused:
        adopt(table, commit=True)
    assert [d.row for d in refused.value.defects] == [1]
    assert "store it as text" in refused.value.defects[0].message


def test_broken_outlines_give_one_line_each_and_no_trace(adopt, grids):
    bow = shapely.Polygon([(108.5, 25.93), (108.51, 25.94), (108.51, 25.93), (108.5, 25.94)])
    broken = grids[["code", "geometry"]].copy()
    broken.loc[len(broken)] = ["009", bow]
    broken.loc[len(broken)] = ["010", None]
    with pytest.raises(InvalidInput) as refused:
        adopt(broken, commit=True)
    assert [d.row for d in refused.value.defects] == [len(grids) + 1, len(grids) + 2]


def test_who_may_not_edit_plans_may_not_import_them(town_session, community, grids, tmp_path):
    path = tmp_path / "g.gpkg"
    grids[["code", "geometry"]].to_file(path, layer="grids", driver="GPKG")
    viewer = Scope(None, "v", "V", frozenset({"official"}), None)
    with pytest.raises(NotAllowed):
        adopt_file(Work(town_session, viewer, NOW), read_division(path), [community])
