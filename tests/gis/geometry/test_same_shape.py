"""Same shapes are found whatever wrote them; different ones are told apart."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geometry.same_shape import SAME_DEGREES, shape_classes

SEEDS = st.integers(0, 2**32 - 1)


def town(rng, n: int, *, noise: float = 0.0) -> np.ndarray:
    """Give polygons on a lattice, every third with a hole, some equal."""
    x, y = (rng.integers(0, 8, n) * 2e-4 for _ in range(2))
    size = rng.integers(2, 8, n) * 2e-5
    boxes = shapely.box(108 + x, 25 + y, 108 + x + size, 25 + y + size)
    holed = np.arange(n) % 3 == 0
    boxes[holed] = shapely.difference(boxes[holed], shapely.buffer(
        shapely.centroid(boxes[holed]), 5e-6))  # fmt: skip
    return boxes


def rewritten(rng, shapes: np.ndarray, noise: float) -> np.ndarray:
    """Write shapes anew: rings the other way, begun elsewhere, in parts, with rounding."""

    def shaken(xy):
        return xy + rng.uniform(-noise, noise, xy.shape)

    out = []
    for nth, shape in enumerate(shapes):
        ring = np.array(shape.exterior.coords)[:-1]
        ring = np.roll(ring, rng.integers(len(ring)), axis=0)[:: rng.choice([-1, 1])]
        again = shapely.Polygon(shaken(ring), [shaken(np.array(h.coords)[:-1]) for h in
                                               shape.interiors])  # fmt: skip
        out.append(shapely.MultiPolygon([again]) if nth % 2 else again)
    return np.array(out, dtype=object)


@settings(deadline=None)
@given(SEEDS, st.integers(1, 40))
def test_rounding_turning_and_wrapping_leave_a_shape_the_same(seed, n):
    rng = np.random.default_rng(seed)
    shapes = town(rng, n)
    order = rng.permutation(n)
    stored, again = shape_classes(shapes, rewritten(rng, shapes[order], SAME_DEGREES / 2))
    assert (again == stored[order]).all()


@settings(deadline=None)
@given(SEEDS, st.integers(1, 40))
def test_a_shape_that_is_moved_by_more_than_the_tolerance_is_another(seed, n):
    rng = np.random.default_rng(seed)
    shapes = town(rng, n)
    moved = shapely.transform(shapes, lambda xy: xy + [3 * SAME_DEGREES, 0])
    stored, given_ = shape_classes(shapes, moved)
    assert not np.isin(given_, stored).any()
    for one, other in ((i, j) for i in range(n) for j in range(n)):
        assert (given_[one] == given_[other]) == moved[one].equals(moved[other])


def test_more_equal_extents_than_are_looked_at_first_are_still_told_apart():
    box = shapely.box(0, 0, 1, 1)
    holes = [shapely.Point(0.1 + 0.02 * k, 0.5).buffer(0.005) for k in range(30)]
    stored = np.array([box - hole for hole in holes], dtype=object)
    shaken = shapely.transform(stored[::-1], lambda xy: xy + 1e-8)
    kept, again = shape_classes(stored, shaken)
    assert (again == kept[::-1]).all()


def test_points_lines_and_nothing_have_classes_too():
    stored = np.array([shapely.Point(1, 1), shapely.LineString([(0, 0), (1, 1)]), None,
                       shapely.Polygon()], dtype=object)  # fmt: skip
    again = np.array([shapely.LineString([(1, 1), (0, 0)]), shapely.Point(1, 1 + 1e-8), None],
                     dtype=object)  # fmt: skip
    kept, found = shape_classes(stored, again)
    assert found.tolist() == [kept[1], kept[0], 0] and kept[2] == kept[3] == 0
    assert shape_classes(stored[:0], again)[1].tolist() == [1, 2, 0]
