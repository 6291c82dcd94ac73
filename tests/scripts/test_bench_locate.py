"""The benches of locating and storing: the ground is what it says, every method answers alike."""

import numpy as np
import pytest
import shapely

from scripts.benchmarks import copy, locate
from scripts.benchmarks.spatial_database import duckdb_located


def test_the_ground_is_a_coverage_of_polygons_of_about_a_hundred_vertices_with_holes():
    polygons = locate.make_polygons(400)
    assert len(polygons) == 400 and shapely.is_valid(polygons).all()
    assert np.median(shapely.get_num_coordinates(polygons)) == 101
    assert shapely.get_num_interior_rings(polygons).sum() == 4
    assert shapely.area(polygons).sum() == pytest.approx(shapely.union_all(polygons).area)


def test_a_few_per_cent_of_the_points_lie_outside_and_some_on_borders():
    polygons = locate.make_polygons(400)
    x, y = locate.make_points(polygons, 20_000)
    outside = (locate.by_tree(polygons, x, y) < 0).mean()
    assert 0.02 < outside < 0.06
    assert len(shapely.STRtree(polygons).query(shapely.points(x, y), "touches")[0]) > 150


def test_every_method_gives_the_answers_of_shapely():
    rows = list(locate.time_locating(2_000, 100))
    assert [r.method for r in rows][:2] == ["PolygonLocator", "PolygonLocator, 4096 cells"]
    assert {r.method.split()[0] for r in rows} >= {"shapely", "geopandas", "PostGIS,", "DuckDB"}
    assert [r.method for r in rows if r.n_unlike] == []
    assert all(len(str(r)) > 60 for r in rows)


def test_duckdb_is_left_out_where_it_is_not_installed(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    ((_, _, _, _, found),) = duckdb_located(locate.make_polygons(4), np.zeros(1), np.zeros(1))
    assert found is None


def test_every_way_of_storing_brings_all_points_in_unchanged():
    rows = list(copy.time_storing(1_500))
    assert len(rows) == 5 and all(r.is_alike for r in rows)
    assert "geopandas" in str(rows[-1])
