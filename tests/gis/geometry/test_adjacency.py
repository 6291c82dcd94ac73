import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geometry.adjacency import BARRIER_FACTORS, block_graph
from gis.geometry.borders import match_vertices, shared_lengths, weld_vertices


def plain_edges(shapes):
    """Intersect every pair: slow, and right for any coverage."""
    found = {}
    for i in range(len(shapes)):
        for j in range(i + 1, len(shapes)):
            length = shapely.intersection(shapes[i], shapes[j]).length
            if length > 0.5:
                found[i, j] = length
    return found


@settings(max_examples=15, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 40))
def test_edges_and_lengths_are_those_of_pairwise_intersection(seed, n, voronoi_coverage):
    shapes = voronoi_coverage(seed, n)
    graph = block_graph(gpd.GeoDataFrame(geometry=list(shapes)))
    plain = plain_edges(shapes)
    assert [tuple(e) for e in graph.edges.tolist()] == sorted(plain)
    assert np.allclose(graph.shared_length_m, [plain[k] for k in sorted(plain)])
    assert np.allclose(graph.cost, graph.shared_length_m)
    assert set(graph.barrier) <= {""}
    assert graph.n_blocks == len(shapes)


def test_blocks_that_meet_at_a_corner_are_no_neighbours(boxes):
    graph = block_graph(boxes((0, 0, 9, 9), (9, 9, 20, 20), (9, 0, 20, 9), (0, 9, 9, 20)))
    assert [tuple(e) for e in graph.edges.tolist()] == [(0, 2), (0, 3), (1, 2), (1, 3)]


@pytest.mark.parametrize("kind", BARRIER_FACTORS)
def test_a_border_along_a_barrier_costs_its_factor(kind, boxes, lines):
    blocks = boxes((0, 0, 50, 40), (50, 0, 100, 40))
    graph = block_graph(blocks, barriers=lines([(51, -9), (51, 60)], kind=kind))
    assert graph.barrier.tolist() == [kind]
    assert graph.cost[0] == pytest.approx(40 * BARRIER_FACTORS[kind])
    assert graph.along_barrier_m[0] == pytest.approx(40)


def test_of_two_barriers_the_stronger_one_counts(boxes, lines):
    both = lines([(51, 0), (51, 40)], [(49, 0), (49, 40)])
    both["kind"] = ["path", "river"]
    graph = block_graph(boxes((0, 0, 50, 40), (50, 0, 100, 40)), barriers=both)
    assert graph.barrier.tolist() == ["river"]


def test_a_barrier_that_only_crosses_the_border_leaves_it_open(boxes, lines):
    graph = block_graph(
        boxes((0, 0, 50, 40), (50, 0, 100, 40)), barriers=lines([(0, 20), (100, 20)], kind="river")
    )
    assert graph.barrier.tolist() == [""]
    assert graph.along_barrier_m[0] <= 10


def test_a_missing_kind_counts_as_a_minor_road(boxes, lines):
    graph = block_graph(
        boxes((0, 0, 50, 40), (50, 0, 100, 40)), barriers=lines([(50, 0), (50, 40)])
    )
    assert graph.barrier.tolist() == ["minor_road"]


def test_blocks_drawn_elsewhere_without_equal_vertices_still_have_neighbours(boxes):
    graph = block_graph(boxes((0, 0, 50, 40), (50, 0, 100, 15), (50, 15, 100, 40)))
    assert [tuple(e) for e in graph.edges.tolist()] == [(0, 1), (0, 2), (1, 2)]
    assert graph.shared_length_m.tolist() == [15, 25, 50]


def test_degrees_are_measured_in_metres(boxes):
    blocks = boxes((0, 0, 50, 40), (50, 0, 100, 40))
    blocks = blocks.set_geometry(blocks.translate(538_000, 5_213_000)).set_crs("EPSG:32632")
    graph = block_graph(blocks.to_crs("EPSG:4326"))
    assert graph.shared_length_m[0] == pytest.approx(40, abs=0.05)


def test_one_block_alone_has_no_edges(boxes):
    graph = block_graph(boxes((0, 0, 9, 9)))
    assert graph.edges.shape == (0, 2)
    assert len(graph.cost) == len(graph.barrier) == 0


@settings(max_examples=15, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 30))
def test_vertices_missing_on_one_side_are_put_in(seed, n, voronoi_coverage):
    shapes = voronoi_coverage(seed, n)
    torn = shapes.copy()
    torn[::2] = shapely.segmentize(torn[::2], 37.0)
    matched = match_vertices(torn, within_m=1e-4)
    assert shapely.coverage_is_valid(matched)
    assert np.allclose(shapely.area(matched), shapely.area(shapes), atol=0.1)
    assert shared_lengths(matched)[1].sum() == pytest.approx(shared_lengths(shapes)[1].sum())


def test_welding_leaves_vertices_that_lie_apart(boxes):
    shapes = boxes((0, 0, 9, 9), (9, 0, 18, 9)).geometry.array
    assert shapely.equals(weld_vertices(shapes, within_m=1.0), shapes).all()
