"""Towns without a database: blocks cut once and kept, households counted by block, pictures."""

from importlib.util import find_spec

import geopandas as gpd
import numpy as np
import pytest
import shapely

from scripts.evaluation.drawing.attempt import Attempt
from scripts.evaluation.drawing.ground import Ground, community_instances, near, rows_within
from scripts.evaluation.drawing.judge import judge

CRS = "EPSG:26986"


@pytest.fixture
def ground():
    r"""Two communities of four houses each; a road through both, a pond in the second.

    +-----------+-----------+
    | h 400  h  | h  h  (~) |
    +---road----+-----------+
    | h      h  | h  h 400  |
    +-----------+-----------+
    """
    outlines = [shapely.box(0, 0, 200, 200), shapely.box(200, 0, 400, 200)]
    middles = [(50, 50), (150, 50), (50, 150), (150, 150)]
    middles += [(250, 50), (330, 50), (250, 150), (330, 150)]
    houses = [shapely.box(x - 10, y - 10, x + 10, y + 10) for x, y in middles]
    road, pond = shapely.LineString([(0, 100), (400, 100)]), shapely.box(370, 150, 390, 170)
    homes = {"households": [100.0, 250, 400, 50, 100, 300, 200, 100], "people": 1.0}
    return Ground(
        "drawn",
        gpd.GeoDataFrame(
            {"code": ["1", "2"], "name": ["west", "east"]}, geometry=outlines, crs=CRS
        ),
        gpd.GeoDataFrame({"kind": ["main_road", "river"]}, geometry=[road, pond], crs=CRS),
        gpd.GeoDataFrame(geometry=houses, crs=CRS),
        None,
        gpd.GeoDataFrame(homes, geometry=[shapely.Point(m) for m in middles], crs=CRS),
        "drawn by hand",
    )


def test_every_household_is_counted_in_the_block_of_its_house(ground, tmp_path):
    west, east = community_instances(ground, tmp_path)
    assert west.weights.sum() == 800 and east.weights.sum() == 700
    assert sorted(west.weights[west.weights > 0]) == [50, 100, 250, 400]
    assert len(west.buildings) == 4 and west.boundary.equals(ground.communities.geometry[0])


def test_blocks_are_cut_once_and_read_again(ground, tmp_path):
    first = list(community_instances(ground, tmp_path))
    kept = sorted((tmp_path / "blocks").iterdir())
    again = list(community_instances(ground, tmp_path))
    assert len(kept) == 2 and sorted((tmp_path / "blocks").iterdir()) == kept
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.edges, other.edges) and np.array_equal(one.cost, other.cost)
        assert one.blocks.geometry.geom_equals(other.blocks.geometry).all()


def test_a_border_along_the_road_is_cheap(ground, tmp_path):
    west = next(iter(community_instances(ground, tmp_path)))
    north = west.blocks.geometry.representative_point().y.to_numpy() > 100
    across = north[west.edges[:, 0]] != north[west.edges[:, 1]]
    row = judge(west, Attempt("by the road", north.astype(int), 0.0, 0.0))
    assert west.cost[across].sum() == pytest.approx(0.1 * 200)
    assert row.along == 100 and row.border_km == pytest.approx(0.2) and row.verdict == "valid"


def test_of_water_only_the_shore_is_a_barrier(ground):
    found = near(ground.barriers, ground.communities.geometry[1])
    assert set(found.geom_type) == {"LineString"}
    assert len(near(ground.barriers, ground.communities.geometry[0])) == 1


def test_a_point_in_no_area_has_no_row():
    areas = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    points = shapely.points([[0.5, 0.5], [1.5, 0.5], [1.0, 0.5], [9, 9]])
    assert rows_within(points, areas).tolist() == [0, 1, 0, -1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_a_picture_is_small_and_shows_what_is_out_of_band(ground, tmp_path):
    if find_spec("matplotlib") is None:
        pytest.skip("matplotlib is not installed; it comes with the extra 'peers'")
    from scripts.evaluation.drawing.pictures import FILLS, collect, draw_picture, fills_of

    drawn = [
        (one, Attempt("one grid each", np.zeros(one.n_blocks, np.int64), None, 0.0))
        for one in community_instances(ground, tmp_path)
    ]
    picture = collect(ground, drawn, title="Drawn", word="households", thing="buildings")
    assert picture.title == "Drawn: 2 grids of 300 to 500 households"
    assert picture.figures.startswith("0.0% of 1,500 households")
    assert not picture.grids["in_band"].any()
    west, east = fills_of(picture.grids)
    assert west != east and {west, east} <= set(FILLS)
    draw_picture(picture, tmp_path / "drawn.png")
    assert 5_000 < (tmp_path / "drawn.png").stat().st_size < 300_000
