"""Small graphs solved exactly, held against plain enumeration."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.errors import InfeasibleDivision
from gis.geometry.band import Band
from gis.geometry.partition import partition_graph
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.exact import list_sets, solve_exactly
from gis.geometry.partition.graph import build_graph
from gis.geometry.partition.relax import Relaxation
from gis.geometry.partition.score import Terms, plain_terms, score_parts


def lattice(rows, columns):
    number = np.arange(rows * columns).reshape(rows, columns)
    across = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    down = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    return np.vstack([across, down])


def connected_in_parts(edges, part):
    inside = edges[part[edges[:, 0]] == part[edges[:, 1]]]
    net = coo_array((np.ones(len(inside)), inside.T), shape=(len(part), len(part)))
    return connected_components(net, directed=False)[0] == len(np.unique(part))


def random_graph(rng, *, shapes=False):
    edges = lattice(3, 3)
    length = rng.integers(1, 20, len(edges)).astype(float)
    extra = {}
    if shapes:
        border = np.bincount(edges.ravel(), np.repeat(length, 2), 9)
        extra = {
            "length_m": length,
            "area_m2": rng.uniform(20, 60, 9),
            "perimeter_m": border + rng.uniform(0, 9, 9),
            "others": rng.uniform(1, 5, (9, 1)),
        }
    return edges, build_graph(rng.integers(1, 9, 9).astype(float), edges, length, **extra)


def by_enumeration(edges, graph, terms):
    best = np.inf
    for labels in product(range(terms.n_parts), repeat=graph.n_nodes - 1):
        part = np.array((0, *labels))
        if len(np.unique(part)) < terms.n_parts or not connected_in_parts(edges, part):
            continue
        outside, cost = score_parts(graph, terms, part)
        if outside <= 0:
            best = min(best, cost)
    return best


@settings(derandomize=True, max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), n_parts=st.sampled_from([2, 3]), width=st.floats(0.05, 0.3))
def test_every_term_of_the_objective_is_as_good_as_enumeration(seed, n_parts, width):
    rng = np.random.default_rng(seed)
    edges, graph = random_graph(rng, shapes=True)
    mean = graph.weight.sum() / n_parts
    others = graph.others.sum(axis=0) / n_parts
    low, high = (1 - width) * mean, (1 + width) * mean
    terms = Terms(n_parts, low, high, mean, 0.4, 9.0, others, np.array([0.7]))
    known = solve_exactly(graph, terms)
    best = by_enumeration(edges, graph, terms)
    if not np.isfinite(best):
        assert known.status == "infeasible"
        return
    assert connected_in_parts(edges, known.part)
    assert score_parts(graph, terms, known.part) == pytest.approx((0.0, best))


@settings(derandomize=True, max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_exactly_the_connected_sets_inside_the_band_are_listed(seed):
    edges, graph = random_graph(np.random.default_rng(seed))
    found = list_sets(graph, Band(8, 14)).tolist()
    wanted = []
    for mask in range(1, 512):
        nodes = np.array([(mask >> n) & 1 for n in range(9)], bool)
        if 8 <= graph.weight[nodes].sum() <= 14:
            inside = edges[nodes[edges].all(axis=1)]
            net = coo_array((np.ones(len(inside)), inside.T), shape=(9, 9))
            label = connected_components(net, directed=False)[1]
            if len(np.unique(label[nodes])) == 1:
                wanted.append(mask)
    assert sorted(found) == wanted


def test_any_number_of_parts_may_be_asked_for():
    graph = build_graph(np.full(9, 2.0), lattice(3, 3), np.ones(12))
    known = solve_exactly(graph, plain_terms(1, Band(6, 6)), any_number=True)
    assert np.bincount(known.part).tolist() == [3, 3, 3]


def test_a_graph_with_too_many_sets_stays_open():
    graph = build_graph(np.ones(36), lattice(6, 6), np.ones(60))
    assert solve_exactly(graph, plain_terms(2, Band(1, 36))).status == "open"


def test_the_proof_that_nothing_exists_is_told_apart_from_not_having_found_it():
    star = np.array([[0, 1], [0, 2], [0, 3], [0, 4]])
    with pytest.raises(InfeasibleDivision) as refusal:
        partition_graph(np.ones(5), star, np.ones(4), n_parts=2, minimum=2, maximum=3)
    assert refusal.value.rule == "proven"


def test_no_proof_is_begun_after_the_deadline():
    graph = build_graph(np.full(9, 2.0), lattice(3, 3), np.ones(12))
    over = Deadline(0.0)
    assert solve_exactly(graph, plain_terms(3, Band(6, 6)), deadline=over).status == "open"
    assert (
        solve_exactly(graph, plain_terms(3, Band(6, 6)), deadline=Deadline(1e6)).status == "optimal"
    )
    asked = Relaxation([graph], 3, Band(6.0, 6.0), deadline=over)
    assert asked.decide(3, Band(6.0, 6.0)).status == "open"
    assert asked.find_changes().n_parts is None
