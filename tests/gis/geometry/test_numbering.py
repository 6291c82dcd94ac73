"""Numbers read like a page: rows from the north, each from the west."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geometry.numbering import reading_order


def test_a_lattice_is_read_like_a_page():
    x, y = np.meshgrid(np.arange(3), np.arange(2, -1, -1))
    shapes = shapely.box(x.ravel(), y.ravel(), x.ravel() + 1, y.ravel() + 1)
    assert reading_order(shapes).tolist() == list(range(1, 10))


@settings(derandomize=True, max_examples=25)
@given(st.permutations(range(9)))
def test_the_order_of_the_input_does_not_matter(order):
    x, y = np.meshgrid(np.arange(3), np.arange(3))
    shapes = shapely.box(x.ravel(), y.ravel(), x.ravel() + 1, y.ravel() + 1)
    shuffled = np.array(order)
    assert (reading_order(shapes[shuffled]) == reading_order(shapes)[shuffled]).all()


def test_no_shapes_have_no_order():
    assert len(reading_order(np.array([], dtype=object))) == 0
