"""What is hidden cannot be computed from what is shown: the whole system of sums is solved."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.analysis.suppression import SMALLEST_SHOWN, Tree, suppress

YEAR = Tree(np.array([-1, 0, 0, 0, 0, *np.repeat([1, 2, 3, 4], 3)]))
MONTHS = np.arange(5, 17)


@st.composite
def trees(draw, most_children=3, depth=3):
    """Trees of which every branch may end early, and a node may have one child only."""
    parents, level = [-1] * draw(st.integers(1, 2)), None
    level = list(range(len(parents)))
    for _ in range(draw(st.integers(0, depth))):
        below = []
        for node in level:
            for _ in range(draw(st.integers(0, most_children))):
                below.append(len(parents))
                parents.append(node)
        level = below
    return Tree(np.array(parents))


def leaves_of(tree):
    return np.array([n for n, children in enumerate(tree.children) if not len(children)])


@st.composite
def tables(draw):
    places, periods = draw(trees()), draw(trees())
    rows, columns = leaves_of(places), leaves_of(periods)
    values = st.sampled_from([0, 0, 1, 2, 4, 5, 6, 9, 9, 30])
    size = len(rows) * len(columns)
    finest = draw(st.lists(values, min_size=size, max_size=size))
    return places, periods, sums_of(places, periods, np.reshape(finest, (len(rows), len(columns))))


def sums_of(places, periods, finest):
    by_place = places.sum_up(finest, leaves_of(places))
    return periods.sum_up(by_place.T, leaves_of(periods)).T


def incidence(tree):
    """Give which leaves each node is the sum of."""
    leaves = leaves_of(tree)
    return tree.sum_up(np.eye(len(leaves), dtype=np.int64), leaves)


def determined(places, periods, hidden):
    """List the hidden cells that are a combination of the shown ones (exact to rounding)."""
    of_places, of_periods = incidence(places), incidence(periods)
    rows = np.kron(of_places, of_periods).astype(float)
    shown = rows[~hidden.ravel()]
    if not len(shown):
        return []
    _, values, directions = np.linalg.svd(shown, full_matrices=True)
    rank = int((values > 1e-9).sum())
    free = directions[rank:]
    loose = np.abs(rows @ free.T).max(axis=1) > 1e-7 if len(free) else np.zeros(len(rows), bool)
    return np.flatnonzero(hidden.ravel() & ~loose).tolist()


@settings(max_examples=150, deadline=None)
@given(tables())
def test_no_hidden_count_is_a_combination_of_shown_ones(table):
    places, periods, counts = table
    hidden = suppress(counts, places, periods)
    assert hidden[counts < SMALLEST_SHOWN].all()
    assert determined(places, periods, hidden) == []


@settings(max_examples=50, deadline=None)
@given(tables())
def test_nothing_is_hidden_where_nothing_is_small(table):
    places, periods, counts = table
    assert not suppress(counts + SMALLEST_SHOWN * 1000, places, periods).any()


def test_the_test_itself_finds_what_a_difference_gives_away():
    one = Tree(np.array([-1]))
    hidden = np.zeros((1, 5), dtype=bool)
    hidden[0, 1] = True
    assert determined(one, Tree(np.array([-1, 0, 0, 0, 0])), hidden) == [1]


def test_a_small_quarter_takes_one_other_quarter_with_it_and_no_more():
    months = np.array([[1, 1, 0, 3, 3, 3, 6, 6, 6, 7, 7, 7]])
    one = Tree(np.array([-1]))
    hidden = suppress(YEAR.sum_up(months.T, MONTHS).T, one, YEAR)[0]
    assert hidden[:5].tolist() == [False, True, True, False, False]
    assert not hidden[11:].any()


def test_where_others_lie_beside_it_the_sum_of_all_stays():
    places = Tree(np.array([-1, 0, 0, 0]))
    finest = np.array([[2, 9, 9, 9], [8, 8, 8, 8], [40, 40, 40, 40]])
    periods = Tree(np.array([-1, 0, 0, 0, 0]))
    counts = periods.sum_up(places.sum_up(finest, [1, 2, 3]).T, [1, 2, 3, 4]).T
    hidden = suppress(counts, places, periods)
    assert not hidden[0].any() and not hidden[:, 0].any() and not hidden[3].any()
    assert hidden.sum() == 4


@pytest.mark.parametrize("seed", [1, 2])
def test_a_county_of_many_grids_over_years_is_settled(seed):
    """Ten communities of eight grids over two years: rare, so that most finest counts are small."""
    random = np.random.default_rng(seed)
    places = Tree(np.array([-1, *[0] * 2, *np.repeat([1, 2], 5), *np.repeat(np.arange(3, 13), 8)]))
    parents = [-1, -1, *np.repeat([0, 1], 4), *np.repeat(np.arange(2, 10), 3)]
    periods = Tree(np.array(parents))
    finest = random.poisson(random.gamma(0.7, 3.0, (80, 1)) * np.ones((1, 24)))
    counts = sums_of(places, periods, finest)
    hidden = suppress(counts, places, periods)
    assert determined(places, periods, hidden) == []
    coarse = counts[:3, :10]
    assert (hidden[:3, :10] & (coarse >= 50)).sum() == 0
