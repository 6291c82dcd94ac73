"""What is odd about a grid is said with the figures other languages need."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.geometry.band import Band
from gis.geometry.partition.flags import explain_grids
from gis.geometry.quality import measure_division

CRS = 32632


def row_of_blocks(households, *, gap_after=None):
    """Blocks of 100 m in a row; behind `gap_after` of them the community has an exclave."""
    x = np.arange(len(households)) * 100.0
    if gap_after is not None:
        x[gap_after:] += 500
    return gpd.GeoDataFrame(
        {"block_id": np.arange(len(households)), "households": households},
        geometry=shapely.box(x, 0, x + 100, 100),
        crs=CRS,
    )


def flags_of(households, numbers, *, minimum=15, maximum=25, gap_after=None, **more):
    blocks = row_of_blocks(households, gap_after=gap_after)
    quality = measure_division(
        blocks,
        dict(enumerate(numbers)),
        weight="households",
        minimum=minimum,
        maximum=maximum,
        **more,
    )
    return explain_grids(
        quality,
        np.asarray(households, float),
        np.asarray(numbers),
        band=Band(minimum, maximum),
        measure="households",
    )


def test_nothing_is_said_of_grids_as_they_should_be():
    assert flags_of([10, 10, 10, 10], [1, 1, 2, 2]) == ()


@pytest.mark.parametrize(
    ("households", "numbers", "rule", "cause"),
    [
        ([10], [1], "below_minimum", "small_community"),
        ([14, 14], [1, 1], "above_maximum", "between_bands"),
        ([10, 10, 10, 10], [1, 2, 2, 2], "below_minimum", "nearest"),
    ],
)
def test_out_of_band_says_why_no_better_was_found(households, numbers, rule, cause):
    flag = flags_of(households, numbers)[0]
    assert (flag.rule, flag.figures["cause"]) == (rule, cause)
    assert flag.figures["weight"] == sum(
        h for h, n in zip(households, numbers, strict=True) if n == 1
    )
    assert flag.figures["total"] == sum(households)


def test_a_block_too_large_is_named_with_its_size():
    (flag,) = flags_of([40, 20], [1, 2])
    assert (flag.rule, flag.figures["largest"], flag.figures["limit"]) == ("oversize", 40, 25)


def test_a_grid_of_several_parts_counts_them():
    (flag,) = flags_of([10, 10], [1, 1], gap_after=1)
    assert (flag.rule, flag.figures) == ("several_parts", {"parts": 2})


def test_a_grid_across_a_river_names_it_and_who_lives_beyond():
    river = gpd.GeoDataFrame(
        {"kind": ["river"]}, geometry=[shapely.LineString([(100, -9), (100, 109)])], crs=CRS
    )
    (flag,) = flags_of([12, 8], [1, 1], barriers=river)
    assert flag.rule == "straddles"
    assert flag.figures == {
        "kind": "river",
        "length_m": 94,
        "cut_off": 8,
        "measure": "households",
    }
    assert "river" in flag.reason and "8 households" in flag.reason


def test_an_exclusive_grid_is_not_told_off_for_its_size():
    assert flags_of([20, 1], [1, 901], exclusive={1: "school"}) == ()


def test_figures_are_plain_values():
    found = flags_of([40, 3, 10, 10], [1, 2, 3, 3], gap_after=3)
    assert {f.rule for f in found} == {"oversize", "below_minimum", "several_parts"}
    assert json.loads(json.dumps([f.figures for f in found])) == [f.figures for f in found]
