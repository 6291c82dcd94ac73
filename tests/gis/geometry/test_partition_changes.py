"""Exactly the number of parts asked for, or a proof with the smallest change that helps."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.errors import InfeasibleDivision
from gis.geometry.band import Band
from gis.geometry.partition import partition_graph
from gis.geometry.partition.graph import build_graph
from gis.geometry.partition.relax import Relaxation
from gis.geometry.partition.solve import split_graph

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
PATH = np.array([[0, 1], [1, 2], [3, 4], [4, 5]])


@st.composite
def requests(draw):
    """Give a small graph of one to three components, a number of parts and a band."""
    n = draw(st.integers(3, 7))
    weights = np.array(draw(st.lists(st.integers(1, 9), min_size=n, max_size=n)), float)
    pairs = list(itertools.combinations(range(n), 2))
    picked = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=9, unique=True))
    n_parts = draw(st.integers(1, n))
    minimum = draw(st.integers(1, 9))
    return weights, np.array(picked), n_parts, minimum, minimum + draw(st.integers(0, 6))


def divisions(n, edges):
    """List every division into connected parts, as tuples of part numbers."""

    def is_connected(part):
        inside = edges[np.array(part)[edges[:, 0]] == np.array(part)[edges[:, 1]]]
        net = coo_array((np.ones(len(inside)), inside.T), shape=(n, n))
        return connected_components(net, directed=False)[0] == max(part) + 1

    def grow(part):
        if len(part) == n:
            if is_connected(part):
                yield tuple(part)
            return
        for number in range(max(part, default=-1) + 2):
            yield from grow([*part, number])

    return list(grow([]))


def loads_of(weights, edges):
    """Give the loads of every division, by number of parts."""
    found = {}
    for part in divisions(len(weights), edges):
        found.setdefault(max(part) + 1, []).append(np.bincount(part, weights))
    return found


@SLOW
@given(requests())
def test_a_small_request_ends_in_a_division_or_in_a_true_proof(request):
    weights, edges, n_parts, minimum, maximum = request
    loads = loads_of(weights, edges).get(n_parts, [])
    exists = any(minimum <= load.min() and load.max() <= maximum for load in loads)
    band = {"n_parts": n_parts, "minimum": minimum, "maximum": maximum}
    try:
        part = partition_graph(weights, edges, np.ones(len(edges)), **band)
    except InfeasibleDivision as refusal:
        assert not exists and refusal.rule != "not_found"
        return
    assert exists
    got = np.bincount(part, weights)
    assert len(got) == n_parts and minimum <= got.min() and got.max() <= maximum
    inside = edges[part[edges[:, 0]] == part[edges[:, 1]]]
    net = coo_array((np.ones(len(inside)), inside.T), shape=(len(part),) * 2)
    assert connected_components(net, directed=False)[0] == n_parts


@SLOW
@given(requests())
def test_the_smallest_change_helps_and_a_smaller_one_does_not(request):
    weights, edges, n_parts, minimum, maximum = request
    found = loads_of(weights, edges)
    loads = found.get(n_parts, [])
    if any(minimum <= load.min() and load.max() <= maximum for load in loads):
        return
    graphs = split_graph(build_graph(weights, edges, np.ones(len(edges))))
    changes = Relaxation(graphs, n_parts, Band(minimum, maximum)).find_changes()
    raised = min((load.max() for load in loads if load.min() >= minimum), default=None)
    lowered = max((load.min() for load in loads if load.max() <= maximum), default=None)
    assert (changes.maximum and changes.maximum.value) == raised
    assert (changes.minimum and changes.minimum.value) == lowered
    others = [
        n
        for n, rows in found.items()
        if any(minimum <= load.min() and load.max() <= maximum for load in rows)
    ]
    near = min((abs(n - n_parts) for n in others), default=None)
    assert (changes.n_parts and abs(changes.n_parts - n_parts)) == near
    known = [c for c in (changes.maximum, changes.minimum, changes.both) if c]
    assert all(change.exact for change in known)
    if changes.both:
        wide = [max(load.max() - maximum, minimum - load.min()) for load in loads]
        assert changes.both.value == min(wide)


def test_parts_are_shared_among_components_so_that_each_has_a_division():
    weights = np.array([300.0, 300, 300, 450, 225, 225])
    part = partition_graph(weights, PATH, np.ones(4), n_parts=5, minimum=300, maximum=500)
    assert sorted(np.bincount(part, weights)) == [300, 300, 300, 450, 450]
    other = np.concatenate([weights[3:], weights[:3]])
    part = partition_graph(other, PATH, np.ones(4), n_parts=5, minimum=300, maximum=500)
    assert sorted(np.bincount(part, other)) == [300, 300, 300, 450, 450]


@SLOW
@given(requests(), st.lists(st.integers(1, 9), min_size=9, max_size=9))
def test_the_cheapest_share_among_components_is_taken(request, costs):
    weights, edges, n_parts, minimum, maximum = request
    costs = np.array(costs[: len(edges)], float)
    prices = [
        costs[np.array(part)[edges[:, 0]] != np.array(part)[edges[:, 1]]].sum()
        for part in divisions(len(weights), edges)
        if max(part) + 1 == n_parts
        and minimum <= np.bincount(part, weights).min()
        and np.bincount(part, weights).max() <= maximum
    ]
    if prices:
        band = {"n_parts": n_parts, "minimum": minimum, "maximum": maximum}
        part = partition_graph(weights, edges, costs, **band)
        assert costs[part[edges[:, 0]] != part[edges[:, 1]]].sum() == min(prices)


def test_a_proof_looks_at_every_share_and_names_what_helps():
    weights = np.array([450.0, 225, 225, 450, 225, 225])
    with pytest.raises(InfeasibleDivision) as refusal:
        partition_graph(weights, PATH, np.ones(4), n_parts=5, minimum=300, maximum=500)
    assert refusal.value.rule == "proven"
    assert refusal.value.remedy == (
        "Any one of these helps: ask for 4 parts; lower the minimum to 225."
    )


def test_a_number_the_components_do_not_allow_is_refused_with_the_change_that_helps():
    weights = np.array([350.0, 350, 350, 350])
    edges = np.array([[0, 1], [2, 3]])
    with pytest.raises(InfeasibleDivision) as refusal:
        partition_graph(weights, edges, np.ones(2), n_parts=3, minimum=300, maximum=500)
    assert refusal.value.rule == "component"
    assert (
        refusal.value.remedy == "Any one of these helps: ask for 4 parts; raise the maximum to 700."
    )


def test_what_is_not_proven_the_smallest_is_said_to_be_an_upper_bound():
    side = 12
    number = np.arange(side * side).reshape(side, side)
    edges = np.vstack(
        [
            np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
            np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
        ]
    )
    weights = np.where(np.arange(side * side) % 2, 2.0, 4.0)
    with pytest.raises(InfeasibleDivision) as refusal:
        partition_graph(
            weights, edges, np.ones(len(edges)), n_parts=5, minimum=86.1, maximum=86.9, effort=0.1
        )
    assert "widen the band by 1.1 on both sides (less may do)" in refusal.value.remedy
