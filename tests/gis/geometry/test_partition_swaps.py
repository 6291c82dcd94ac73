"""Cooling in bands narrower than a node: swaps of two nodes are proposed among the moves of one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geometry.band import Band
from gis.geometry.partition.anneal import sweep
from gis.geometry.partition.graph import build_graph, find_components
from gis.geometry.partition.score import Terms, plain_terms, score_parts
from gis.geometry.partition.search import Search, Work
from gis.geometry.partition.start import start_parts


def lattice(rows, columns):
    number = np.arange(rows * columns).reshape(rows, columns)
    right = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    return np.vstack([right, np.column_stack([number[:-1].ravel(), number[1:].ravel()])])


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), n_parts=st.integers(2, 6), swap_every=st.integers(1, 4))
def test_without_heat_no_swap_makes_any_term_worse_or_tears_a_part(seed, n_parts, swap_every):
    rng = np.random.default_rng(seed)
    edges = lattice(6, 6)
    graph = build_graph(
        rng.integers(1, 9, 36).astype(float), edges, rng.random(len(edges)),
        length_m=1 + rng.random(len(edges)), area_m2=1 + rng.random(36),
        perimeter_m=9 + rng.random(36), others=rng.random((36, 2)),
    )  # fmt: skip
    part = start_parts(graph, n_parts, seed)
    graph = graph._replace(home=part.copy(), stay=0.1 * rng.random(36))
    mean = graph.weight.sum() / n_parts
    terms = Terms(n_parts, 0, 1e9, mean, 0.1, 3.0, graph.others.mean(axis=0), np.array([0.5, 0.2]))
    before = score_parts(graph, terms, part)[1]
    sweep(graph, terms, part, 0.0, 0.0, 400, swap_every, np.uint64(seed + 1))
    assert score_parts(graph, terms, part)[1] <= before + 1e-9
    assert find_components(graph, part).max() + 1 == n_parts == len(np.unique(part))


def narrow_town(seed, n_parts=16):
    edges = lattice(20, 20)
    weights = np.ceil(30 * np.random.default_rng(seed).lognormal(0, 0.5, 400))
    mean = weights.sum() / n_parts
    graph = build_graph(weights, edges, np.ones(len(edges)))
    return graph, plain_terms(n_parts, Band(0.995 * mean, 1.005 * mean))


@pytest.mark.parametrize("seed", range(3))
def test_one_cooling_meets_a_band_narrower_than_a_node(seed):
    graph, terms = narrow_town(seed)
    search = Search(graph, terms, seed)
    search.keep(*search.cool(start_parts(graph, terms.n_parts, seed), Work(1, 5000), 0))
    assert search.score == pytest.approx(score_parts(graph, terms, search.best))
    assert search.score[0] == 0
    assert find_components(graph, search.best).max() + 1 == terms.n_parts


def test_wide_bands_need_no_swaps():
    graph, terms = narrow_town(0)
    wide = terms._replace(minimum=0.8 * terms.minimum, maximum=1.2 * terms.maximum)
    assert Search(graph, terms).cooling(Work.quick(), 1.0).swap_every > 0
    assert Search(graph, wide).cooling(Work.quick(), 1.0).swap_every == 0
