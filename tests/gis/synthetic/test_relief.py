import numpy as np
import pytest
import shapely

from gis.synthetic.relief import contour_lines
from gis.synthetic.terrain import make_terrain


@pytest.fixture(scope="module", params=[(0, 1.0), (1, 0.15), (2, 1.0)], ids=str)
def terrain(request):
    seed, scale = request.param
    return make_terrain(0, 0, seed, scale=scale)


def _sides(xy):
    """Points 200 m to the left and to the right of each vertex of a line."""
    along = np.gradient(xy, axis=0)
    along /= np.hypot(*along.T)[:, None]
    aside = np.stack([-along[:, 1], along[:, 0]], axis=1)
    return xy + 200 * aside, xy - 200 * aside


def test_every_river_falls_all_the_way(terrain):
    for line in (*terrain.rivers, *terrain.streams):
        assert (np.diff(terrain.relief.height(shapely.get_coordinates(line))) < 0).all()


def test_every_river_lies_below_the_ground_on_either_side(terrain):
    for line in (*terrain.rivers, *terrain.streams):
        xy = shapely.get_coordinates(line)
        bed = terrain.relief.height(xy)
        for side in _sides(xy):
            dry = shapely.distance(terrain.water, shapely.points(side)) > 0
            assert (terrain.relief.height(side)[dry] > bed[dry]).all()


def test_streams_run_into_the_large_river(terrain):
    assert len(terrain.streams) >= 5
    mouths = shapely.points([line.coords[-1] for line in (terrain.rivers[1], *terrain.streams)])
    assert (shapely.distance(terrain.rivers[0], mouths) < 1).all()


def test_the_border_runs_on_a_ridge(terrain):
    """Outside the valley floor the ground inside the border is lower than the border."""
    border = shapely.segmentize(terrain.territory.exterior, 60.0)
    xy = shapely.get_coordinates(border)
    inner = shapely.get_coordinates(
        shapely.line_interpolate_point(
            shapely.shortest_line(shapely.points(xy), terrain.territory.buffer(-150).exterior), 150
        )
    )
    hill = ~shapely.intersects(terrain.valley.buffer(300), shapely.points(xy))
    relief = terrain.relief
    assert (relief.height(inner)[hill] < relief.height(xy)[hill]).mean() > 0.9


def test_the_outline_is_no_rectangle(terrain):
    assert terrain.territory.area / shapely.envelope(terrain.territory).area < 0.85
    assert terrain.territory.is_valid


def test_the_same_seed_gives_the_same_heights():
    first, again, other = (make_terrain(0, 0, seed, scale=0.2) for seed in (5, 5, 6))
    assert (first.relief.grid == again.relief.grid).all()
    assert first.water.equals_exact(again.water)
    assert not first.territory.equals(other.territory)


def test_contours_lie_at_their_height_and_a_trace_stays_on_its_own(terrain):
    relief = terrain.relief
    x, y = relief.axes
    everywhere = np.ones((len(y) - 1, len(x) - 1), dtype=bool)
    lines = contour_lines(relief.grid, x, y, every_m=50.0, where=everywhere)
    height = relief.rough_height(shapely.get_coordinates(lines))
    assert np.abs(height / 50 - np.round(height / 50)).max() < 0.35
    starts = shapely.get_coordinates(
        shapely.line_interpolate_point(lines[:200], 0.5, normalized=True)
    )
    path = relief.trace(starts, 20.0, 5, uphill=False)
    drift = np.abs(relief.rough_height(path[:, -1]) - relief.rough_height(path[:, 0]))
    assert np.median(drift) < 3
