"""The bench of blocks: what it builds is what it says, and the peer is held to the same check."""

import geopandas as gpd
import pytest
import shapely

from scripts.benchmarks.blocks import Ground, judge, tessellate_by_momepy, time_blocks, with_road


@pytest.fixture
def ground():
    places = [(x, y + x % 7) for x in range(20, 380, 40) for y in (20, 80, 140)]
    houses = [shapely.box(x, y, x + 10 + y % 3, y + 10) for x, y in places]
    road = gpd.GeoDataFrame({"kind": ["minor_road"]}, geometry=[shapely.LineString(
        [(200, -5), (200, 205)])], crs=26986)  # fmt: skip
    boundary = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 400, 200)], crs=26986)
    return Ground(boundary, road, gpd.GeoDataFrame(geometry=houses, crs=26986))


def test_the_rows_tell_the_full_build_the_rebuild_and_the_peer(ground):
    rows = list(time_blocks("drawn", [ground, ground], peer_limit_s=0))
    methods = [r.method for r in rows]
    assert methods[:4] == ["full build", "kept whole", "full, road added", "rebuild, road added"]
    assert methods[4].startswith("momepy")
    assert rows[0].says == "54 buildings, 54 blocks in 2 communities"
    assert rows[3].says.endswith("valid, 0.0 m² uncovered, 0 buildings cut")
    assert "stopped at 0 s" in rows[4].says or "not installed" in rows[4].says


def test_the_added_road_cuts_an_enclosure_in_two(ground):
    from gis.geometry.blocks import build_blocks

    blocks = build_blocks(ground.boundary, **ground.layers)
    more = with_road(ground, blocks)
    after = build_blocks(more.boundary, **more.layers)
    assert after["enclosure_id"].nunique() > blocks["enclosure_id"].nunique()


def test_the_peer_is_given_the_same_ground_and_held_to_the_same_check(ground):
    pytest.importorskip("momepy", reason="install the extra named peers")
    cells = tessellate_by_momepy(ground)
    assert len(cells) >= len(ground.buildings)
    assert cells.intersects(ground.buildings.union_all()).sum() >= len(ground.buildings)
    assert "m² uncovered" in judge(cells, ground)
