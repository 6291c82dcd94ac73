"""The time that is given is used: rounds after the usual work, cut off by the deadline alone."""

import numpy as np
import pytest

from gis.geometry.band import Band
from gis.geometry.partition import partition_graph
from gis.geometry.partition.combine import combine_parts, contract
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.graph import build_graph
from gis.geometry.partition.prolong import Prolongation
from gis.geometry.partition.score import plain_terms, score_parts
from gis.geometry.partition.search import Search, Work
from gis.geometry.partition.start import start_parts


class Rounds(Deadline):
    """A deadline that passes after so many looks at it, so that tests need no clock."""

    def __init__(self, n_looks):
        super().__init__(1e9)
        self.left = n_looks

    @property
    def passed(self):
        self.left -= 1
        return self.left < 0


def lattice(rows, columns):
    number = np.arange(rows * columns).reshape(rows, columns)
    right = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    return np.vstack([right, np.column_stack([number[:-1].ravel(), number[1:].ravel()])])


def town(seed, n_parts=8):
    edges = lattice(14, 14)
    weights = np.random.default_rng(seed).integers(5, 60, 196).astype(float)
    mean = weights.sum() / n_parts
    graph = build_graph(weights, edges, np.ones(len(edges)))
    return graph, plain_terms(n_parts, Band(0.98 * mean, 1.02 * mean))


def prolonged(graph, terms, n_looks):
    search = Search(graph, terms, 0)
    search.run(Work.quick())
    search.deadline = Rounds(n_looks)
    Prolongation(search, Work(1, 500, n_regions=8, region_moves=1000)).run()
    return search


@pytest.mark.parametrize("seed", range(3))
def test_going_on_finds_better_divisions_and_never_loses_the_best(seed):
    graph, terms = town(seed)
    scores = [prolonged(graph, terms, looks).score for looks in (0, 100, 600)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < scores[0] and scores[-1][0] == 0


def test_the_same_work_gives_the_same_division():
    graph, terms = town(3)
    first, second = (prolonged(graph, terms, 300).best for _ in range(2))
    assert first.tolist() == second.tolist()


def test_without_a_limit_nothing_is_prolonged():
    graph, terms = town(4)
    search = Search(graph, terms, 0)
    search.run(Work.quick())
    before = search.score
    Prolongation(search, Work(1, 500)).run()
    assert search.score == before


def test_what_is_proven_the_best_is_not_searched_on():
    edges = lattice(4, 4)
    graph = build_graph(np.ones(16), edges, np.ones(len(edges)))
    search = Search(graph, plain_terms(4, Band(4, 4)), 0)
    search.run(Work.quick())
    search.deadline = Rounds(10**9)
    Prolongation(search, Work(1, 500)).run()
    assert search.score == (0, 8)


@pytest.mark.parametrize("seed", range(4))
def test_a_mixture_is_at_least_as_good_as_the_better_of_two(seed):
    graph, terms = town(seed)
    search = Search(graph, terms, seed)
    one, other = (start_parts(graph, terms.n_parts, s) for s in (seed, seed + 50))
    search.offer(one)
    search.offer(other)
    best = search.score
    combine_parts(search, one, other, seed)
    assert search.score <= best
    assert len(np.unique(search.best)) == terms.n_parts
    assert score_parts(graph, terms, search.best)[1] == pytest.approx(search.score[1])


def test_contracting_keeps_what_a_division_costs_and_measures():
    rng = np.random.default_rng(1)
    edges = lattice(6, 6)
    graph = build_graph(
        rng.random(36), edges, rng.random(len(edges)),
        length_m=rng.random(len(edges)), area_m2=rng.random(36), others=rng.random((36, 2)),
    )  # fmt: skip
    mean = np.array([1.0, 2.0])
    terms = plain_terms(3, Band(1, 9))._replace(
        compactness=1.0, balance=0.5, mean=3.0, other_mean=mean, other_balance=mean
    )
    label = start_parts(graph, 9, 0)
    small = contract(graph, label)
    part = np.arange(9) % 3
    whole = score_parts(graph, terms, part[label])
    assert score_parts(small, terms, part) == pytest.approx(whole)


def test_a_limit_gives_a_division_at_least_as_good_where_the_usual_work_is_small():
    graph, terms = town(5)
    edges = lattice(14, 14)
    rules = {"n_parts": 8, "minimum": terms.minimum, "maximum": terms.maximum, "effort": 0.02}
    usual, longer = (
        partition_graph(graph.weight, edges, np.ones(len(edges)), **rules, time_limit_s=limit)
        for limit in (None, 4.0)
    )
    cut = [(p[edges[:, 0]] != p[edges[:, 1]]).sum() for p in (usual, longer)]
    assert cut[1] <= cut[0]
