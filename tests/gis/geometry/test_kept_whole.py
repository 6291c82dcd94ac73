"""Buildings that a line would have cut are found, and no others."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, box

from gis.geometry.kept_whole import find_kept_whole

HOUSE = box(0, 0, 10, 10)
TWO_WINGS = MultiPolygon([box(0, 0, 10, 10), box(0, 20, 10, 30)])
NONE = np.array([], dtype=object)


@pytest.mark.parametrize(
    ("house", "line", "is_across"),
    [
        (HOUSE, [(5, -5), (5, 15)], True),
        (HOUSE, [(-5, 9.95), (15, 9.95)], False),
        (HOUSE, [(5, -5), (5, 5)], False),
        (HOUSE, [(10, -5), (10, 15)], False),
        (TWO_WINGS, [(-5, 15), (15, 15)], True),
        (TWO_WINGS, [(-5, 35), (15, 35)], False),
        (TWO_WINGS, [(-5, 25), (15, 25)], True),
    ],
)
def test_a_barrier_across_a_building_or_between_its_parts_is_found(house, line, is_across):
    far = box(100, 100, 110, 110)
    found = find_kept_whole(np.array([far, house]), np.array([LineString(line)]), NONE)
    assert found.tolist() == ([1] if is_across else [])


@given(st.integers(-40, 40))
def test_a_building_lies_across_an_edge_when_it_lies_on_both_sides(shift):
    house = shapely.affinity.translate(HOUSE, 100 + shift, 20)
    found = find_kept_whole(np.array([house]), NONE, np.array([box(0, 0, 100, 100)]))
    assert found.tolist() == ([0] if -10 < shift < 0 else [])


def test_two_lines_that_only_together_cut_a_building_are_seen_and_a_lake_counts_by_its_shore():
    halves = np.array([LineString([(5, -5), (5, 5)]), LineString([(5, 5), (5, 15)])])
    assert find_kept_whole(np.array([HOUSE]), halves, NONE).tolist() == [0]
    assert find_kept_whole(np.array([HOUSE]), np.array([box(5, -9, 50, 50)]), NONE).tolist() == [0]
    assert find_kept_whole(NONE, halves, NONE).tolist() == []
