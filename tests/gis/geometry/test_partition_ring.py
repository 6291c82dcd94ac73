"""Faces of planar graphs, and the least border between two parts, held against enumeration."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay

from gis.geometry.band import Band
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.faces import find_blocks, find_faces
from gis.geometry.partition.graph import build_graph, find_components, take_nodes
from gis.geometry.partition.prolong import Prolongation
from gis.geometry.partition.ring import bound_border, bound_cost
from gis.geometry.partition.score import plain_terms
from gis.geometry.partition.search import Search, Work

NO_LIMIT = Deadline(None)


def lattice(rows, columns):
    number = np.arange(rows * columns).reshape(rows, columns)
    across = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    return np.vstack([across, np.column_stack([number[:-1].ravel(), number[1:].ravel()])])


def triangles(n_nodes, rng):
    corners = Delaunay(rng.random((n_nodes, 2))).simplices
    pairs = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    return np.unique(np.sort(pairs, axis=1), axis=0)


def thinned(edges, n_nodes, rng, share):
    """Drop edges as long as the graph stays connected."""
    kept = list(map(tuple, edges.tolist()))
    for edge in rng.permutation(edges).tolist():
        rest = [e for e in kept if e != tuple(edge)]
        net = coo_array((np.ones(len(rest)), np.array(rest).T), shape=(n_nodes, n_nodes))
        if rng.random() < share and connected_components(net, directed=False)[0] == 1:
            kept = rest
    return np.array(kept)


def unit_graph(edges, weights):
    return build_graph(np.asarray(weights, float), edges, np.ones(len(edges)))


def least_cut(graph, edges, terms):
    best = None
    for labels in product(range(2), repeat=graph.n_nodes - 1):
        part = np.array((0, *labels))
        loads = np.bincount(part, graph.weight, 2)
        if loads.min() < terms.minimum or loads.max() > terms.maximum:
            continue
        if find_components(graph, part).max() == 1:
            cut = int((part[edges[:, 0]] != part[edges[:, 1]]).sum())
            best = (cut, part) if best is None or cut < best[0] else best
    return best


@settings(derandomize=True, max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n_nodes=st.integers(4, 60), share=st.floats(0, 1))
def test_every_block_of_a_planar_graph_has_as_many_faces_as_euler_says(seed, n_nodes, share):
    rng = np.random.default_rng(seed)
    edges = thinned(triangles(n_nodes, rng), n_nodes, rng, share)
    graph = unit_graph(edges, np.ones(n_nodes))
    blocks = find_blocks(graph)
    assert sorted(map(tuple, np.vstack(blocks).tolist())) == sorted(map(tuple, edges.tolist()))
    for pairs in blocks:
        nodes = np.unique(pairs)
        if len(nodes) > 2:
            face = find_faces(take_nodes(graph, nodes))
            assert face.max() + 1 == len(pairs) - len(nodes) + 2


@pytest.mark.parametrize(
    "edges",
    [
        [(a, b) for a in range(5) for b in range(a + 1, 5)],
        [(a, b) for a in range(3) for b in range(3, 6)],
    ],
)
def test_what_cannot_be_drawn_without_crossings_is_told(edges):
    edges = np.array(edges)
    graph = unit_graph(edges, np.ones(edges.max() + 1))
    assert find_faces(graph) is None
    known = np.arange(graph.n_nodes) % 2
    assert bound_border(graph, plain_terms(2, Band(1, 9)), known, NO_LIMIT) is None


@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    share=st.floats(0, 1),
    width=st.floats(0.02, 0.4),
    dense=st.booleans(),
)
def test_no_division_into_two_undercuts_the_bound(seed, share, width, dense):
    rng = np.random.default_rng(seed)
    n_nodes = 11
    edges = triangles(n_nodes, rng) if dense else lattice(3, 4)
    edges = edges[(edges < n_nodes).all(axis=1)]
    edges = thinned(edges, n_nodes, rng, share)
    graph = unit_graph(edges, rng.integers(0, 9, n_nodes) + 1)
    half = graph.weight.sum() / 2
    terms = plain_terms(2, Band((1 - width) * half, (1 + width) * half))
    best = least_cut(graph, edges, terms)
    if best is None:
        return
    cut, part = best
    assert bound_border(graph, terms, part, NO_LIMIT) <= cut


@pytest.mark.parametrize(("rows", "columns", "cut"), [(6, 10, 6), (9, 9, 10), (12, 20, 12)])
def test_the_bound_of_a_lattice_is_its_shorter_side(rows, columns, cut):
    edges = lattice(rows, columns)
    graph = unit_graph(edges, np.ones(rows * columns))
    half = rows * columns / 2
    terms = plain_terms(2, Band(np.floor(half), np.ceil(half)))
    part = (np.arange(rows * columns) >= half).astype(np.int64)
    assert bound_border(graph, terms, part, NO_LIMIT) == min(rows, columns) + (half % 1 > 0) == cut


def test_nothing_is_said_of_other_questions_or_without_time():
    graph = unit_graph(lattice(4, 4), np.ones(16))
    part = np.repeat([0, 1], 8)
    assert bound_cost(graph, plain_terms(2, Band(8, 8)), part, NO_LIMIT) == 4
    assert bound_cost(graph, plain_terms(2, Band(8, 8)), part, Deadline(0.0)) == 0
    assert bound_cost(graph, plain_terms(4, Band(4, 4)), np.arange(16) // 4, NO_LIMIT) == 0
    dear = graph._replace(cost=np.arange(len(graph.cost)) + 1.0)
    assert bound_cost(dear, plain_terms(2, Band(8, 8)), part, NO_LIMIT) == 0
    round_parts = plain_terms(2, Band(8, 8))._replace(compactness=1.0)
    assert bound_cost(graph, round_parts, part, NO_LIMIT) == 0


def test_a_search_ends_when_nothing_can_be_better():
    graph = unit_graph(lattice(12, 20), np.ones(240))
    search = Search(graph, plain_terms(2, Band(119, 121)), 0, Deadline(1e9))
    search.run(Work.quick())
    Prolongation(search, Work.within(240, 2, 3.0)).run()
    assert search.score == (0, 12)
