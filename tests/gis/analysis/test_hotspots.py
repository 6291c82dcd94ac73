"""Hot and cold spots against published digits, chance maps and planted discs."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from gis.analysis.hotspots import (
    classify_hotspots,
    false_discovery_rate,
    getis_ord_gi_star,
    local_moran,
)

POINTS = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
VALUES = [2, 3, 3.2, 5, 8, 7]
GI_STAR = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]


def within(points, reach):
    far = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return [np.flatnonzero((row <= reach) & (row > 0)).tolist() for row in far]


def nearest(points, k=8):
    return cKDTree(points).query(points, k=k + 1)[1][:, 1:].tolist()


def uneven(seed, n=400):
    """Give areas strewn at random, with populations from 40 to 4,000."""
    rng = np.random.default_rng(seed)
    return rng.random((n, 2)), np.exp(rng.uniform(np.log(40), np.log(4000), n)), rng


def test_gi_star_has_the_published_digits():
    found = getis_ord_gi_star(VALUES, within(POINTS, 15))
    assert found["z"].to_numpy() == pytest.approx(GI_STAR, abs=5e-9)


def test_an_area_without_a_value_is_nobodys_neighbour_and_an_island_has_no_statistic():
    near = within(POINTS, 15)
    alone = getis_ord_gi_star([*VALUES, 9.0], [*near, []])
    assert np.isnan(alone["z"].iloc[6]) and np.isnan(alone["p_value"].iloc[6])
    missing = getis_ord_gi_star([*VALUES, np.nan], [[*near[0], 6], *near[1:], [0]])
    assert missing["z"].to_numpy()[:6] == pytest.approx(GI_STAR, abs=5e-9)
    assert getis_ord_gi_star([3.0] * 6, near)["z"].isna().all(), "all alike"


def test_local_moran_tells_sides_and_its_p_never_beats_its_permutations():
    points, _, rng = uneven(4, 150)
    high = np.hypot(*(points - 0.5).T) < 0.2
    found = local_moran(rng.normal(size=150) + 4 * high, nearest(points), n_permutations=199)
    assert found["p_value"].min() >= 2 / 200
    inside = found[high]
    assert (inside["quadrant"] == "high-high").mean() > 0.7
    assert (inside["p_value"] <= 0.05).mean() > 0.7
    again = local_moran(np.arange(150.0), nearest(points), n_permutations=99, seed=7)
    assert again.equals(local_moran(np.arange(150.0), nearest(points), n_permutations=99, seed=7))


def test_the_rate_of_false_discoveries_is_that_of_the_largest_p_below_its_line():
    p = np.array([0.9, 0.012, 0.011, 0.04, 0.3])
    assert false_discovery_rate(p) == pytest.approx(0.05 * 2 / 5)
    assert false_discovery_rate([0.2, 0.3]) == 0.0
    assert false_discovery_rate([]) == 0.0


@pytest.mark.parametrize("mean", [0.3, 4, 30])
def test_chance_maps_seldom_show_anything(mean):
    points, population, rng = uneven(11)
    near, share = nearest(points), population / population.sum()
    flagged = 0
    for _ in range(60):
        cases = rng.multinomial(round(mean * len(points)), share)
        flagged += bool((classify_hotspots(cases, population, near)["gi_bin"] != 0).any())
    assert flagged <= 8, "5 % of 60, and more than twice what chance may add"


@pytest.mark.parametrize("mean", [4, 30])
def test_a_planted_disc_is_found(mean):
    points, population, rng = uneven(5, 1000)
    disc = np.hypot(*(points - 0.5).T) < 0.12
    expected = population / population.sum() * mean * len(points)
    found = classify_hotspots(
        rng.poisson(expected * np.where(disc, 2, 1)), population, nearest(points)
    )
    hot = found["gi_bin"] >= 2
    assert hot[disc].mean() >= 0.7
    assert hot[np.hypot(*(points - 0.5).T) > 0.24].mean() < 0.01


def test_scaled_denominators_and_the_order_of_areas_change_nothing():
    points, population, rng = uneven(2, 200)
    cases, near = rng.poisson(population / 200), nearest(points)
    found = classify_hotspots(cases, population, near)
    scaled = classify_hotspots(cases, population * 12, near)
    assert scaled["p_value"].to_numpy() == pytest.approx(found["p_value"].to_numpy())
    order = rng.permutation(200)
    place = np.argsort(order)
    turned = classify_hotspots(
        cases[order], population[order], [[place[j] for j in near[i]] for i in order]
    )
    assert (turned["gi_bin"].to_numpy() == found["gi_bin"].to_numpy()[order]).all()


def test_levels_laxer_than_asked_for_are_not_given():
    points, population, rng = uneven(8)
    cases = rng.poisson(population / 150 * np.where(points[:, 0] < 0.2, 1.6, 1))
    strict = classify_hotspots(cases, population, nearest(points))["gi_bin"]
    lax = classify_hotspots(cases, population, nearest(points), alpha=0.1)["gi_bin"]
    assert set(strict.abs()) <= {0, 2, 3} and (lax[strict != 0] == strict[strict != 0]).all()
    assert (strict.abs() == 3).any()


def test_an_area_where_nobody_lives_has_no_rate_and_no_class():
    found = classify_hotspots([3, 4, 0], [100, 100, 0], [[1, 2], [0, 2], [0, 1]])
    assert np.isnan(found["rate"].iloc[2]) and np.isnan(found["p_value"].iloc[2])
    assert found["gi_bin"].iloc[2] == 0
    nothing = classify_hotspots([0, 0, 0], [10, 10, 10], [[1], [0, 2], [1]])
    assert (nothing["gi_bin"] == 0).all()
