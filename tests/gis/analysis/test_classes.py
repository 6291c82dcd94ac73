from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.analysis.classes import natural_classes, quantile_classes

values = st.lists(st.integers(0, 60), min_size=1, max_size=14)


def spread(classes, ordered):
    rows = [[v for v in ordered if lo <= v <= hi] for lo, hi in zip(*classes, strict=True)]
    return sum(float(np.var(r) * len(r)) for r in rows)


def least_spread(ordered, n):
    distinct = sorted(set(ordered))
    n = min(n, len(distinct))
    best = np.inf
    for cuts in combinations(range(1, len(distinct)), n - 1):
        edges = [0, *cuts, len(distinct)]
        lows = [distinct[i] for i in edges[:-1]]
        highs = [distinct[i - 1] for i in edges[1:]]
        best = min(best, spread((lows, highs), ordered))
    return best


@settings(max_examples=80, derandomize=True)
@given(values, st.integers(1, 5))
def test_natural_classes_have_the_least_spread(row, n):
    found = natural_classes(row, n)
    assert abs(spread((found.lows, found.highs), row) - least_spread(row, n)) < 1e-6


@settings(max_examples=80, derandomize=True)
@given(values, st.integers(1, 5))
def test_every_value_falls_into_exactly_one_class(row, n):
    for found in (natural_classes(row, n), quantile_classes(row, n)):
        inside = [
            sum(lo <= v <= hi for lo, hi in zip(found.lows, found.highs, strict=True)) for v in row
        ]
        assert inside == [1] * len(row)
        assert sum(found.counts) == len(row)


def test_nothing_known_makes_no_class():
    assert natural_classes([np.nan]).counts == ()
