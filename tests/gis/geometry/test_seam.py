"""Blocks laid on the outline of their community meet each other everywhere."""

import numpy as np
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from gis.geometry.local_plane import METRES_PER_DEGREE
from gis.geometry.seam import meets_everywhere, settle

NONE = np.empty((0, 2))


def in_degrees(shapes):
    return shapely.transform(np.array(shapes, dtype=object), lambda xy: xy / METRES_PER_DEGREE)


@given(
    rise_m=st.floats(-40, 40),
    share=st.floats(0.02, 0.98),
    beside_m=st.floats(0, 2e-4),
    cornered=st.booleans(),
)
@example(rise_m=8.75, share=0.24, beside_m=1e-4, cornered=True)
@example(rise_m=0.0, share=0.5, beside_m=0.0, cornered=True)
def test_a_border_that_ends_a_hair_beside_the_rim_leaves_no_thorn(
    rise_m, share, beside_m, cornered
):
    """West and east lie under a straight rim; their border ends beside it, east goes on to A."""
    a, c = np.array([0, 90.0]), np.array([100, 90.0 + rise_m])
    end = a + share * (c - a) - (0, beside_m)
    foot = (50, 0)
    west = shapely.Polygon([(0, 0), foot, end, a])
    east = shapely.Polygon([foot, (100, 0), c, *([a] if cornered else []), end])
    outline = shapely.Polygon([(0, 0), (100, 0), c, a])
    settled = settle(in_degrees([west, east]), in_degrees([outline])[0], NONE)
    assert shapely.is_valid(settled).all() and meets_everywhere(settled)
    left_over = shapely.symmetric_difference(shapely.union_all(settled), in_degrees([outline])[0])
    assert left_over.area * METRES_PER_DEGREE**2 < 0.05
