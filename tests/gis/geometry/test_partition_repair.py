"""Weights evened out by moves and swaps where the band is narrower than a node."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geometry.band import Band
from gis.geometry.partition import partition_graph
from gis.geometry.partition.graph import build_graph, find_components
from gis.geometry.partition.repair import repair_parts
from gis.geometry.partition.score import plain_terms, score_parts
from gis.geometry.partition.start import start_parts


def lattice(rows, columns):
    number = np.arange(rows * columns).reshape(rows, columns)
    right = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    return np.vstack([right, np.column_stack([number[:-1].ravel(), number[1:].ravel()])])


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 6), st.integers(2, 6), st.integers(2, 5), st.integers(0, 10_000))
def test_a_repair_tears_no_part_and_takes_no_weight_out(rows, columns, n_parts, seed):
    n_parts = min(n_parts, rows * columns)
    weights = np.random.default_rng(seed).integers(1, 30, rows * columns).astype(float)
    edges = lattice(rows, columns)
    graph = build_graph(weights, edges, np.ones(len(edges)))
    mean = weights.sum() / n_parts
    terms = plain_terms(n_parts, Band(0.99 * mean, 1.01 * mean))
    before = start_parts(graph, n_parts, seed)
    after = repair_parts(graph, terms, before)
    assert find_components(graph, after).max() + 1 == n_parts == len(np.unique(after))

    outside = [score_parts(graph, terms, part)[0] for part in (before, after)]
    assert outside[1] <= outside[0] + 1e-6
    assert (repair_parts(graph, terms, before) == after).all()


@pytest.mark.parametrize(("n_rows", "n_parts"), [(15, 15), (20, 20), (30, 30)])
def test_many_parts_of_a_lattice_are_brought_into_a_narrow_band_without_annealing(n_rows, n_parts):
    edges, n_nodes = lattice(n_rows, 20), 20 * n_rows
    for seed in range(6):
        weights = np.ceil(30 * np.random.default_rng(seed).lognormal(0, 0.5, n_nodes))
        mean = weights.sum() / n_parts
        graph = build_graph(weights, edges, np.ones(len(edges)))
        terms = plain_terms(n_parts, Band(0.995 * mean, 1.005 * mean))
        part = repair_parts(graph, terms, start_parts(graph, n_parts, seed))
        assert score_parts(graph, terms, part)[0] == 0, seed


@pytest.mark.parametrize("seed", range(3))
def test_bands_narrower_than_a_node_are_met_by_swaps(seed):
    edges = lattice(20, 20)
    weights = np.ceil(30 * np.random.default_rng(seed).lognormal(0, 0.5, 400))
    mean = weights.sum() / 16
    band = {"n_parts": 16, "minimum": 0.995 * mean, "maximum": 1.005 * mean}
    part = partition_graph(weights, edges, np.ones(len(edges)), **band, effort=0.02)
    graph = build_graph(weights, edges, np.ones(len(edges)))
    assert score_parts(graph, plain_terms(16, Band(band["minimum"], band["maximum"])), part)[0] == 0
