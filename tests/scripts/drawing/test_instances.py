"""The instances of the evaluation are what the table says they are."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from scripts.evaluation.drawing.cambridge import N_GRIDS, census_instance
from scripts.evaluation.drawing.planted import planted_instance, planted_parts
from scripts.evaluation.drawing.score import border_cost, count_torn, is_valid, weight_outside
from scripts.evaluation.drawing.small import PIECES, TOLERANCE, small_instances
from scripts.evaluation.drawing.taipei import community_instances

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
town = [
    pytest.mark.town,
    pytest.mark.skipif(not DATA.exists(), reason="the real towns are not beside the repository"),
]


def with_town(test):
    for mark in town:
        test = mark(test)
    return test


def test_the_planted_division_is_valid_and_costs_what_is_said():
    one = planted_instance(24)
    part = planted_parts(24)
    assert one.n_blocks == 576 and one.n_grids == 36
    assert is_valid(one, part)
    assert border_cost(one, part) == pytest.approx(one.known_cost)


def test_the_planted_border_is_cheaper_than_any_other_edge():
    one = planted_instance(24)
    planted = planted_parts(24)
    cut = planted[one.edges[:, 0]] != planted[one.edges[:, 1]]
    assert one.cost[cut].max() < one.cost[~cut].min()


def test_planted_edges_are_the_sides_that_squares_share():
    one = planted_instance(24)
    a, b = one.blocks.geometry.to_numpy()[one.edges.T]
    assert np.allclose(shapely.length(shapely.intersection(a, b)), 20.0)
    assert len(one.edges) == 2 * 24 * 23


def test_torn_grids_and_weight_outside_the_band_are_seen():
    one = planted_instance(24)
    part = planted_parts(24)
    assert count_torn(one, np.where(np.arange(576) == 575, 0, part)) == 1
    assert weight_outside(one, np.zeros(576, int)) > 0


def test_an_instance_has_a_name_that_changes_with_its_numbers():
    one, other = planted_instance(24, seed=0), planted_instance(24, seed=1)
    assert one.digest() == planted_instance(24, seed=0).digest() != other.digest()


@with_town
def test_cambridge_is_one_clean_coverage_of_real_people():
    one = census_instance(DATA)
    assert one.n_blocks == 886 and one.n_grids == N_GRIDS
    assert one.weights.sum() == 101_355
    assert shapely.coverage_is_valid(one.blocks.geometry.to_numpy())
    assert len(one.edges) == 2171
    assert one.minimum / one.target == pytest.approx(0.95)


@with_town
def test_small_pieces_are_connected_and_of_the_size_they_claim():
    found = list(small_instances(DATA))
    assert [(one.n_blocks, one.n_grids) for one in found] == [p[1:3] for p in PIECES]
    for one in found:
        assert 300 <= one.n_blocks <= 700 and 2 <= one.n_grids <= 4
        assert count_torn(one, np.zeros(one.n_blocks, int)) == 0
        assert len(shapely.get_parts(one.blocks.union_all())) == 1
        assert set(one.cost) == {1.0}
        assert one.maximum - one.minimum == pytest.approx(2 * TOLERANCE * one.target)


@with_town
def test_taipei_has_all_its_communities_and_households():
    found = list(community_instances(DATA))
    assert len(found) == 907
    assert sum(one.weights.sum() for one in found) == 1_048_986
    assert sum(one.n_blocks for one in found) == 11_490
