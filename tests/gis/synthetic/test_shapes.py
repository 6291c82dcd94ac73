import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.synthetic.shapes import clear_of, clear_of_each_other, make_boxes, winding_line
from gis.synthetic.terrain import HEIGHT_M, WIDTH_M, make_terrain

places = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=30)


@settings(max_examples=50, derandomize=True)
@given(places=places, gap=st.sampled_from([0.5, 2.0, 5.0]))
def test_shapes_that_may_stay_keep_their_distance_and_no_other_could_join_them(places, gap):
    boxes = make_boxes(np.array(places, dtype=float), 6, 4, 0.3)
    stays = clear_of_each_other(boxes, distance_m=gap)
    kept = boxes[stays]
    a, b = shapely.STRtree(kept).query(kept, predicate="dwithin", distance=gap)
    assert (a == b).all()
    assert all(shapely.distance(box, kept).min() <= gap for box in boxes[~stays])


def test_a_box_too_near_an_obstacle_is_not_clear_of_it():
    boxes = make_boxes([[0, 0], [10, 0]], 4, 4, 0)
    wall = np.array([shapely.LineString([(4, -9), (4, 9)])], dtype=object)
    assert clear_of(boxes, wall, distance_m=2.5).tolist() == [False, True]


def test_a_winding_line_keeps_its_ends():
    line = winding_line((0, 0), (900, 400), np.random.default_rng(2))
    ends = shapely.get_coordinates(line)[[0, -1]]
    assert ends.tolist() == [[0, 0], [900, 400]]
    assert line.length > np.hypot(900, 400)


def test_tiles_beside_one_another_share_their_border_and_the_river_runs_on():
    west, east = (make_terrain(column, 0, 9, scale=1.0) for column in (0, 1))
    moved = shapely.transform(east.territory, lambda xy: xy + [WIDTH_M, 0])
    shared = west.territory.intersection(moved.buffer(0.01)).length
    assert shared > HEIGHT_M
    assert west.territory.intersection(moved).area < 1.0
    end = shapely.get_coordinates(west.rivers[0])[-1] - [WIDTH_M, 0]
    start = shapely.get_coordinates(east.rivers[0])[0]
    assert np.hypot(*(end - start)) < 0.1
