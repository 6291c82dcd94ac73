"""The checker finds each planted fault."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.errors import InvalidInput
from gis.geometry.quality import BARRIER_KINDS, measure_division, trace_borders

CRS = 32632
GOOD = {1: 1, 2: 1, 3: 2, 4: 2}
BAND = {"weight": "households", "minimum": 15, "maximum": 25}


def street(shapes=None):
    """Four blocks of 100 m in a row, ten households each."""
    x = np.arange(4) * 100
    return gpd.GeoDataFrame(
        {"block_id": [1, 2, 3, 4], "households": [10] * 4, "people": [25] * 4},
        geometry=shapely.box(x, 0, x + 100, 100) if shapes is None else shapes,
        crs=CRS,
    )


def rules(assignment=GOOD, blocks=None, **options):
    blocks = street() if blocks is None else blocks
    quality = measure_division(blocks, assignment, **(BAND | options))
    return {violation.rule for violation in quality.violations}


def test_a_sound_division_has_no_violation():
    assert rules() == set()


def test_figures_are_those_of_the_drawing():
    line = gpd.GeoDataFrame(geometry=[shapely.LineString([(201, -5), (201, 50)])], crs=CRS)
    quality = measure_division(street(), GOOD, **BAND, barriers=line)
    grid = quality.grids.loc[1]
    assert (grid["weight"], grid["people"], grid["area_m2"]) == (20, 50, 20_000)
    assert grid["compactness"] == pytest.approx(4 * np.pi * 20_000 / 600**2)
    assert quality.totals["internal_border_m"] == 100
    assert quality.totals["barrier_share"] == pytest.approx(0.53, abs=0.01)


def test_a_torn_grid_is_found():
    assert rules({1: 1, 2: 2, 3: 1, 4: 2}) == {"not_connected"}


def test_a_grid_joined_by_a_corner_only_is_found():
    shapes = shapely.box(
        [0, 100, 0, 100], [0, 100, 100, 0], [100, 200, 100, 200], [100, 200, 200, 100]
    )
    assert "not_connected" in rules({1: 1, 2: 1, 3: 2, 4: 2}, street(shapes))


def test_a_grid_may_span_pieces_of_the_community():
    x = np.array([0, 100, 200, 900])
    assert rules(blocks=street(shapely.box(x, 0, x + 100, 100))) == set()


def test_an_unassigned_block_is_found():
    assert "unassigned" in rules({1: 1, 2: 1, 3: 2})


def test_an_unknown_block_is_found():
    assert rules(GOOD | {99: 1}) == {"unknown_block"}


def test_too_many_and_too_few_households_are_found():
    assert rules({1: 1, 2: 1, 3: 1, 4: 2}) == {"above_maximum", "below_minimum"}


def test_an_overlap_is_found():
    x = np.array([0, 90, 200, 300])
    shapes = shapely.box(x, 0, [100, 200, 300, 400], 100)
    assert {"overlap", "coverage"} <= rules(blocks=street(shapes))


def test_a_gap_and_an_overhang_are_found():
    assert rules(boundary=shapely.box(0, 0, 400, 110)) == {"gap"}
    assert rules(boundary=shapely.box(0, 0, 390, 100)) == {"outside"}


def test_a_cut_building_is_found_and_a_grazed_one_is_not():
    cut, grazed = shapely.box(190, 10, 210, 30), shapely.box(150, 10, 200.1, 30)
    houses = gpd.GeoDataFrame(geometry=[cut, grazed], crs=CRS)
    quality = measure_division(street(), GOOD, **BAND, buildings=houses)
    assert [v.rule for v in quality.violations] == ["building_cut"]
    assert quality.totals["buildings_cut"] == 1


def test_a_repeated_block_id_is_refused():
    blocks = street().assign(block_id=[1, 1, 2, 3])
    with pytest.raises(InvalidInput, match="more than one row"):
        measure_division(blocks, GOOD, **BAND)


def test_a_cut_compound_is_found_and_a_whole_one_is_not():
    cut, whole = shapely.box(150, 10, 250, 90), shapely.box(210, 10, 390, 90)
    yards = gpd.GeoDataFrame(geometry=[cut, whole], crs=CRS)
    quality = measure_division(street(), GOOD, **BAND, compounds=yards)
    assert [v.rule for v in quality.violations] == ["compound_cut"]
    assert quality.totals["compounds_cut"] == 1


def test_a_broken_lock_is_found_and_names_grid_and_blocks():
    quality = measure_division(street(), GOOD, **BAND, locked={1: 1, 2: 2, 3: 2})
    found = [(v.rule, v.grid, v.blocks) for v in quality.violations]
    assert found == [("lock_broken", 2, (2,))]
    assert rules(locked={1: 1, 4: 2}) == set()


def test_a_lock_on_a_block_that_lies_in_no_grid_is_broken():
    assert rules(locked={99: 1}) == {"lock_broken"}


def test_exclusive_ground_that_shares_its_grid_is_found():
    assert rules(exclusive={3: "hospital"}) == {"exclusive_mixed"}
    assert rules(exclusive={3: "hospital", 4: "school"}) == {"exclusive_mixed"}


def test_exclusive_ground_in_several_grids_is_found():
    spread = {1: 1, 2: 1, 3: 901, 4: 902}
    assert rules(spread, exclusive={3: "market", 4: "market"}) == {"exclusive_split"}


def test_an_exclusive_grid_is_outside_band_and_mean():
    quality = measure_division(
        street(), {1: 1, 2: 1, 3: 2, 4: 901}, **(BAND | {"minimum": 10}), exclusive={4: "school"}
    )
    assert quality.violations == ()
    assert quality.grids["exclusive"].tolist() == [None, None, "school"]
    assert quality.grids["deviation"].round(3).tolist()[:2] == [0.333, -0.333]
    assert np.isnan(quality.grids.loc[901, "deviation"])
    assert rules({1: 1, 2: 1, 3: 2, 4: 2, 5: 901}, blocks=with_a_tower(), exclusive={5: "x"}) == (
        set()
    )


def with_a_tower():
    """The street and at its end a block of 90 households."""
    tower = gpd.GeoDataFrame(
        {"block_id": [5], "households": [90], "people": [90]},
        geometry=[shapely.box(400, 0, 500, 100)],
        crs=CRS,
    )
    return gpd.GeoDataFrame(pd.concat([street(), tower], ignore_index=True), crs=CRS)


def lines(**kinds):
    """Barriers by kind, each a list of ends."""
    return gpd.GeoDataFrame(
        {"kind": list(kinds)}, geometry=[shapely.LineString(xy) for xy in kinds.values()], crs=CRS
    )


def test_a_metre_of_border_counts_for_the_strongest_barrier_once():
    ground = lines(
        path=[(200, -9), (200, 109)], river=[(199, -9), (199, 40)], wall=[(202, 30), (202, 60)]
    )
    quality = measure_division(street(), GOOD, **BAND, barriers=ground)
    border = quality.borders.iloc[0]
    reach = np.sqrt(3**2 - 1**2)
    assert border["river_m"] == pytest.approx(40 + reach, abs=0.05)
    assert border["river_m"] + border["wall_m"] == pytest.approx(60 + np.sqrt(5), abs=0.05)
    assert border["barrier_m"] == pytest.approx(100)
    kinds = [f"{kind}_m" for kind in BARRIER_KINDS]
    assert border[kinds].sum() == pytest.approx(border["barrier_m"])
    assert border[["rail_m", "motorway_m", "main_road_m", "minor_road_m"]].tolist() == [0] * 4
    assert quality.grids.loc[1, "river_share"] == pytest.approx(border["river_m"] / 100)
    assert quality.totals["path_share"] == pytest.approx(border["path_m"] / 100)


def test_without_barriers_shares_are_unknown_rather_than_nought():
    quality = measure_division(street(), GOOD, **BAND)
    assert np.isnan(quality.grids["river_share"]).all()
    assert np.isnan(quality.totals["barrier_share"])


def test_traced_borders_add_up_to_the_measured_ones():
    ground = lines(rail=[(201, -9), (201, 45)])
    halves = gpd.GeoDataFrame(
        {"grid": ["a", "b"]},
        geometry=[shapely.box(0, 0, 200, 100), shapely.box(200, 0, 400, 100)],
        crs=CRS,
    )
    traced = trace_borders(halves.to_crs(4326), barriers=ground)
    assert traced.crs == 4326
    assert traced.groupby("kind")["length_m"].sum().round().to_dict() == {"": 52, "rail": 48}


RIVER = [(100, -50), (100, 150)]
ROAD = [(-50, 50), (450, 50)]


def straddling(barriers, blocks=None):
    return measure_division(street() if blocks is None else blocks, GOOD, **BAND, barriers=barriers)


def test_a_grid_across_a_river_without_a_bridge_straddles():
    quality = straddling(lines(river=RIVER))
    grid = quality.grids.loc[1]
    assert grid["straddled_m"] == pytest.approx(94, abs=0.1)
    assert (grid["straddled_kind"], grid["straddles"], grid["cut_off"]) == ("river", True, 10)
    assert quality.totals["grids_straddling"] == 1
    assert quality.violations == (), "straddling is a finding, not a broken rule"
    assert not quality.grids.loc[2, "straddles"]


@pytest.mark.parametrize("way", ["main_road", "minor_road", "path"])
def test_a_way_across_the_river_joins_both_sides(way):
    quality = straddling(lines(river=RIVER, **{way: ROAD}))
    assert quality.totals["grids_straddling"] == 0
    assert quality.grids.loc[1, "straddled_m"] > 0


@pytest.mark.parametrize("other", ["motorway", "rail", "wall"])
def test_another_barrier_across_the_river_is_no_bridge(other):
    assert straddling(lines(river=RIVER, **{other: ROAD})).totals["grids_straddling"] == 1


def test_a_way_that_ends_on_one_bank_is_no_bridge():
    ground = lines(river=RIVER, path=[(-50, 50), (95, 50)])
    assert straddling(ground).totals["grids_straddling"] == 1


def test_a_river_along_the_border_or_a_second_track_beside_it_is_not_inside():
    ground = lines(river=[(201, -9), (201, 109)], rail=[(208, -9), (208, 109)])
    quality = straddling(ground)
    assert quality.grids["straddled_m"].tolist() == [0, 0]


def test_a_river_that_ends_in_the_grid_cuts_nobody_off():
    quality = straddling(lines(river=[(100, -50), (100, 60)]))
    assert quality.grids.loc[1, "straddled_m"] > 50
    assert not quality.grids.loc[1, "straddles"]


def test_a_side_with_hardly_any_household_does_not_count():
    blocks = street().assign(households=[2000, 15, 10, 10])
    assert straddling(lines(river=RIVER), blocks).totals["grids_straddling"] == 0


def test_two_tracks_with_a_level_crossing_are_crossed():
    rails = gpd.GeoDataFrame(
        {"kind": ["rail", "rail", "minor_road"]},
        geometry=[
            shapely.LineString([(98, -9), (98, 109)]),
            shapely.LineString([(130, -9), (130, 109)]),
            shapely.LineString(ROAD),
        ],
        crs=CRS,
    )
    assert straddling(rails).totals["grids_straddling"] == 0
    assert straddling(rails[:2]).totals["grids_straddling"] == 1


def test_exclaves_of_the_community_are_no_sides_of_a_river():
    x = np.array([0, 300, 400, 500])
    blocks = street(shapely.box(x, 0, x + 100, 100))
    assert straddling(lines(river=[(200, -50), (200, 150)]), blocks).totals["straddled_m"] == 0


def test_people_and_workload_are_measured_beside_the_weight():
    blocks = street().assign(people=[10, 10, 30, 30], workload=[1.0, 2.0, 3.0, 0.0])
    quality = measure_division(blocks, GOOD, **BAND)
    assert quality.grids["people_deviation"].tolist() == [-0.5, 0.5]
    assert quality.grids["workload"].tolist() == [3, 3]
    totals = quality.totals
    assert (totals["cv"], totals["people_cv"], totals["workload_cv"]) == (0, 0.5, 0)
    assert (totals["within_5_share"], totals["people_within_10_share"]) == (1, 0)


def test_what_is_kept_of_a_former_division_is_measured():
    blocks = street().assign(households=[10, 20, 5, 5])
    quality = measure_division(
        blocks, {1: 1, 2: 1, 3: 1, 4: 4}, **BAND, previous={1: 1, 2: 1, 3: 2, 4: 4}
    )
    assert quality.totals["households_kept_share"] == pytest.approx(35 / 40)
    assert quality.totals["numbers_kept_share"] == pytest.approx(2 / 3)
    assert "households_kept_share" not in measure_division(blocks, GOOD, **BAND).totals
