"""The scan statistic against published clusters, brute force and chance."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.analysis.scan import flexible_scan, scan_statistic
from gis.errors import InvalidInput

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "data" / "scan_reference"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference clusters are not on this machine"
)


def ratio(c, e, total):
    if c <= e:
        return 0.0
    rest = total - c
    return c * np.log(c / e) + (rest * np.log(rest / (total - e)) if rest else 0.0)


def best_by_hand(cases, lived, points, *, max_share, most):
    """Look at every circle and every stretch of periods, one by one."""
    total = cases.sum()
    expected = lived * total / lived.sum()
    best = 0.0
    for centre in range(len(cases)):
        order = np.argsort(np.hypot(*(points - points[centre]).T), kind="stable")
        for k in range(1, len(order) + 1):
            inside = order[:k]
            if expected[inside].sum() > max_share * total * (1 + 1e-12):
                break
            for first, end in combinations(range(cases.shape[1] + 1), 2):
                c = cases[inside, first:end].sum()
                if end - first <= most and c >= 2:
                    e = expected[inside, first:end].sum()
                    best = max(best, ratio(c, e, total))
    return best


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(3, 12),
    n_periods=st.integers(1, 5),
    max_share=st.sampled_from([0.2, 0.5, 1.0]),
)
def test_the_best_zone_is_that_of_brute_force(seed, n, n_periods, max_share):
    rng = np.random.default_rng(seed)
    points = rng.random((n, 2))
    lived = rng.integers(20, 200, (n, n_periods)).astype(float)
    cases = rng.poisson(lived / 40)
    most = max(1, n_periods // 2) if n_periods > 1 else 1
    found = scan_statistic(cases, lived, *points.T, max_share=max_share, n_simulations=0)
    best = best_by_hand(cases, lived, points, max_share=max_share, most=most)
    assert (found["llr"].max() if len(found) else 0.0) == pytest.approx(best, abs=1e-9)
    areas = [area for members in found["members"] for area in members]
    assert len(areas) == len(set(areas)), "no area is in two clusters"
    assert found["llr"].is_monotonic_decreasing
    for row in found.itertuples():
        spot = cases[row.members, row.first_period : row.last_period + 1].sum()
        assert row.observed == spot > row.expected and row.relative_risk > 1


@needs_reference
@pytest.mark.parametrize(
    ("max_share", "llrs", "observed", "expected"),
    [
        (0.5, [14.083511, 9.019716, 6.11414], [100, 38, 64], [58.28, 17.79, 40.85]),
        (0.1, [11.577255], [85], [49.71]),
    ],
)
def test_new_york_has_the_published_clusters(max_share, llrs, observed, expected):
    tracts = pd.read_csv(REFERENCE / "new_york_281.csv")
    found = scan_statistic(
        tracts["cases"],
        tracts["population"],
        tracts["lat"],
        tracts["lon"],
        max_share=max_share,
        n_simulations=99,
    ).head(len(llrs))
    assert found["llr"].to_numpy() == pytest.approx(llrs, abs=5e-7)
    assert found["observed"].tolist() == observed
    assert found["expected"].to_numpy() == pytest.approx(expected, abs=0.005)
    assert found["p_value"].iloc[0] == 0.01 and found["p_gumbel"].iloc[0] < 0.002


def test_a_planted_outbreak_is_found_with_its_stretch_of_months():
    x, y = np.meshgrid(np.arange(10.0), np.arange(10.0))
    rng = np.random.default_rng(3)
    rate = np.full((100, 12), 1.0)
    spot = [44, 45, 54, 55]
    rate[spot, 7:10] = 6
    months = [f"2025-{m:02}" for m in range(1, 13)]
    found = scan_statistic(
        rng.poisson(rate), [500] * 100, x.ravel(), y.ravel(), periods=months, n_simulations=99
    )
    first = found.iloc[0]
    assert len(set(spot) & set(first["members"])) >= 3 and len(first["members"]) <= 9
    assert (first["first_period"], first["last_period"]) == ("2025-08", "2025-10")
    assert first["p_value"] == 0.01 and first["p_gumbel"] < 1e-4


def test_chance_maps_are_seldom_significant_and_the_same_seed_gives_the_same():
    rng = np.random.default_rng(9)
    points, lived = rng.random((60, 2)), rng.uniform(50, 500, 60)
    significant = 0
    for k in range(40):
        cases = rng.multinomial(120, lived / lived.sum())
        found = scan_statistic(cases, lived, *points.T, n_simulations=99, seed=k)
        significant += found["p_value"].iloc[0] <= 0.05
    assert significant <= 7, "5 % of 40, and what chance may add"
    again = scan_statistic(cases, lived, *points.T, n_simulations=99, seed=39)
    pd.testing.assert_frame_equal(found, again)


def test_what_does_not_fit_is_refused_in_words():
    x = y = np.arange(3.0)
    for given_, words in [
        (([1, -1, 0], [9, 9, 9], x, y), "cases"),
        (([1, 1], [9, 9, 9], x, y), "population"),
        (([1, 1, 0], [9, 9, 9], x[:2], y[:2]), "x and y"),
    ]:
        with pytest.raises(InvalidInput, match=words):
            scan_statistic(*given_)
    with pytest.raises(InvalidInput, match="max_share"):
        scan_statistic([1, 1, 0], [9, 9, 9], x, y, max_share=0)
    assert scan_statistic([0, 0, 0], [9, 9, 9], x, y).empty


@needs_reference
def test_new_york_has_the_published_cluster_of_any_shape():
    tracts = pd.read_csv(REFERENCE / "new_york_281.csv")
    pairs = pd.read_csv(REFERENCE / "new_york_281_neighbours.csv") - 1
    near = [pairs["neighbour"][pairs["area"] == area].tolist() for area in range(len(tracts))]
    found = flexible_scan(
        tracts["cases"], tracts["expected_flexscan"], near, max_length=50, n_simulations=99
    ).iloc[0]
    assert (found["llr"], found["observed"]) == (pytest.approx(20.8014, abs=5e-5), 79)
    assert found["expected"] == pytest.approx(36.1025, abs=5e-5)
    numbers = [1, 2, 13, 15, 27, 35, 37, 38, 43, 46, 47, 49, 51, 52, 53]
    assert sorted(tracts["area"].iloc[found["members"]]) == numbers


def test_a_cluster_along_a_line_is_found_whole_and_connected():
    near = [
        [j for j in (i - 10, i + 10, i - 1, i + 1) if 0 <= j < 100 and abs(j % 10 - i % 10) <= 1]
        for i in range(100)
    ]
    line = list(range(30, 40))
    rng = np.random.default_rng(1)
    cases = rng.poisson(np.where(np.isin(np.arange(100), line), 16, 4))
    found = flexible_scan(cases, np.full(100, 4.0), near, max_length=15, n_simulations=99).iloc[0]
    assert len(set(line) & set(found["members"])) >= 8 and len(found["members"]) <= 15
    reached = {found["members"][0]}
    for _ in found["members"]:
        reached |= {j for i in reached for j in near[i] if j in found["members"]}
    assert reached == set(found["members"]) and found["p_value"] == 0.01


def test_chance_maps_seldom_have_a_cluster_of_any_shape():
    near = [[j for j in (i - 8, i + 8, i - 1, i + 1) if 0 <= j < 64] for i in range(64)]
    rng = np.random.default_rng(5)
    significant = 0
    for k in range(40):
        cases = rng.multinomial(200, np.full(64, 1 / 64))
        found = flexible_scan(cases, np.ones(64), near, max_length=12, n_simulations=99, seed=k)
        significant += len(found) > 0 and found["p_value"].iloc[0] <= 0.05
    assert significant <= 7, "5 % of 40, and what chance may add"
