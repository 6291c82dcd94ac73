"""What the checker measures on random ground is what a plain count over the blocks gives."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.geometry.adjacency import PIECE_M, block_graph
from gis.geometry.borders import shared_lengths
from gis.geometry.quality import BARRIER_KINDS, measure_division

CRS = 32632


def ground(voronoi_coverage, seed, n, n_grids):
    """Random blocks, a random grid of each, and barriers round some blocks and across all."""
    rng = np.random.default_rng(seed)
    shapes = voronoi_coverage(seed, n)
    blocks = gpd.GeoDataFrame(
        {"block_id": np.arange(len(shapes)), "households": rng.integers(0, 30, len(shapes))},
        geometry=list(shapes),
        crs=CRS,
    )
    round_blocks = shapely.boundary(rng.choice(shapes, 4))
    across = shapely.linestrings(rng.uniform(0, 1000, (3, 3, 2)))
    barriers = gpd.GeoDataFrame(
        {"kind": rng.choice(BARRIER_KINDS, 7)}, geometry=[*round_blocks, *across], crs=CRS
    )
    return blocks, rng.integers(1, n_grids + 1, len(shapes)), barriers


def measure(blocks, grid, barriers=None, **more):
    rules = {"weight": "households", "minimum": 0, "maximum": 10**6}
    assignment = dict(zip(blocks["block_id"], grid, strict=True))
    return measure_division(blocks, assignment, barriers=barriers, **rules, **more)


@settings(max_examples=15, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 40), n_grids=st.integers(1, 5))
def test_borders_and_pieces_are_those_of_the_block_graph(seed, n, n_grids, voronoi_coverage):
    blocks, grid, _ = ground(voronoi_coverage, seed, n, n_grids)
    quality = measure(blocks, grid)
    graph = block_graph(blocks)
    edges, length_m = shared_lengths(blocks.geometry.to_numpy())
    between = length_m[grid[edges[:, 0]] != grid[edges[:, 1]]].sum()
    assert quality.totals["internal_border_m"] == pytest.approx(between)
    cut = grid[graph.edges[:, 0]] != grid[graph.edges[:, 1]]
    within = graph.edges[~cut]
    links = coo_array((np.ones(len(within)), within.T), shape=(len(blocks), len(blocks)))
    pieces = connected_components(links, directed=False)[0]
    torn = {v.grid for v in quality.violations if v.rule == "not_connected"}
    if pieces == len(np.unique(grid)):
        assert torn == set()
    assert quality.grids["n_parts"].sum() == pieces


@settings(max_examples=15, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 40))
def test_metres_along_barriers_agree_with_counting_short_pieces(seed, n, voronoi_coverage):
    blocks, grid, barriers = ground(voronoi_coverage, seed, n, 4)
    quality = measure(blocks, grid, barriers)
    graph = block_graph(blocks, barriers=barriers)
    cut = grid[graph.edges[:, 0]] != grid[graph.edges[:, 1]]
    counted = graph.along_barrier_m[cut].sum()
    measured = quality.borders["barrier_m"].sum()
    assert abs(counted - measured) <= 2 * PIECE_M * (cut.sum() + 1)
    kinds = quality.borders[[f"{kind}_m" for kind in BARRIER_KINDS]].sum(axis=1)
    assert np.allclose(kinds, quality.borders["barrier_m"])
    assert (quality.borders["barrier_m"] <= quality.borders["length_m"] + 1e-6).all()


@settings(max_examples=15, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 40), swap=st.integers(1, 4))
def test_what_is_kept_and_cut_off_stays_within_what_there_is(seed, n, swap, voronoi_coverage):
    blocks, grid, barriers = ground(voronoi_coverage, seed, n, 4)
    before = dict(zip(blocks["block_id"], (grid + swap) % 4 + 1, strict=True))
    quality = measure(blocks, grid, barriers, previous=before)
    assert 0 <= quality.totals["households_kept_share"] <= 1
    assert 0 <= quality.totals["numbers_kept_share"] <= 1
    assert (quality.grids["cut_off"] <= quality.grids["weight"] / 2 + 1e-9).all()
    assert (quality.grids["straddles"] <= (quality.grids["straddled_m"] > 0)).all()
