"""The checker finds each planted fault."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.errors import InvalidInput
from gis.geometry.quality import measure_division

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
