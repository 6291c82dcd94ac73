import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.analysis.rates import crude_rate, empirical_bayes_rate, spatial_empirical_bayes_rate

counts = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5000)), min_size=2, max_size=30).map(
    lambda pairs: tuple(np.array(column) for column in zip(*pairs, strict=True))
)


def marshall(e, b):
    """The formula written out, as the oracle."""
    mu = sum(e) / sum(b)
    r = [x / y for x, y in zip(e, b, strict=True)]
    s2 = sum(y * (x - mu) ** 2 for x, y in zip(r, b, strict=True)) / sum(b)
    s2 = max(s2 - mu / (sum(b) / len(b)), 0.0)
    out = []
    for x, y in zip(r, b, strict=True):
        w = s2 / (s2 + mu / y) if s2 + mu / y else 0.0
        out.append(w * x + (1 - w) * mu)
    return out


@settings(max_examples=60, derandomize=True)
@given(counts)
def test_the_smoothed_rate_is_marshalls(pair):
    events, population = pair
    np.testing.assert_allclose(
        empirical_bayes_rate(events, population), marshall(events, population), atol=1e-12
    )


@settings(max_examples=60, derandomize=True)
@given(counts)
def test_a_smoothed_rate_lies_between_the_raw_one_and_the_mean(pair):
    events, population = pair
    mean = events.sum() / population.sum()
    raw, smooth = crude_rate(events, population), empirical_bayes_rate(events, population)
    assert (smooth >= np.minimum(raw, mean) - 1e-12).all()
    assert (smooth <= np.maximum(raw, mean) + 1e-12).all()


def test_when_everybody_is_a_neighbour_spatial_and_global_agree():
    events, population = [3, 9, 0, 40], [100, 900, 50, 2000]
    everybody = [range(4)] * 4
    np.testing.assert_allclose(
        spatial_empirical_bayes_rate(events, population, everybody),
        empirical_bayes_rate(events, population),
    )


def test_an_island_keeps_its_own_rate():
    rates = spatial_empirical_bayes_rate([5, 1], [100, 100], [[], []])
    assert rates == pytest.approx([0.05, 0.01])


def test_where_nobody_lives_there_is_no_rate_and_the_others_do_not_notice():
    with_desert = empirical_bayes_rate([3, 1, 7], [100, 0, 400])
    without = empirical_bayes_rate([3, 7], [100, 400])
    assert np.isnan(with_desert[1])
    assert with_desert[[0, 2]] == pytest.approx(without)


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        crude_rate([-1], [10])
