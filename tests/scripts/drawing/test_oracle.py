"""The exact solver against trying everything, on graphs small enough for that."""

from dataclasses import replace
from itertools import product

import geopandas as gpd
import numpy as np
import pytest
import shapely

from scripts.evaluation.drawing.instance import instance_by_length, numbered
from scripts.evaluation.drawing.oracle import cached_proof, solve_exactly
from scripts.evaluation.drawing.score import border_cost, is_valid
from scripts.evaluation.drawing.spreading import Spreading


def drawn(weights, *, minimum, maximum, n_grids):
    """Blocks of 10 m in rows, as the weights are written down."""
    weights = np.asarray(weights, float)
    rows, columns = weights.shape
    squares = [
        shapely.box(10 * c, -10 * r - 10, 10 * c + 10, -10 * r)
        for r in range(rows)
        for c in range(columns)
    ]
    blocks = numbered(gpd.GeoDataFrame({"households": weights.ravel()}, geometry=squares))
    rules = {"minimum": minimum, "maximum": maximum, "target": (minimum + maximum) / 2}
    return instance_by_length("drawn", blocks, weight="households", n_grids=n_grids, **rules)


def cheapest(instance):
    """Try every assignment."""
    costs = [
        border_cost(instance, part)
        for part in map(np.array, product(range(instance.n_grids), repeat=instance.n_blocks))
        if len(np.unique(part)) == instance.n_grids and is_valid(instance, part)
    ]
    return min(costs, default=None)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n_grids", [2, 3])
def test_the_exact_solver_agrees_with_trying_everything(seed, n_grids):
    weights = np.random.default_rng(seed).integers(1, 9, (2, 6 - n_grids))
    mean = weights.sum() / n_grids
    one = drawn(weights, minimum=0.8 * mean, maximum=1.2 * mean, n_grids=n_grids)
    proof = solve_exactly(one, n_grids, limit_s=20)
    assert (proof.state, proof.cost) == (
        ("infeasible", None) if cheapest(one) is None else ("optimal", cheapest(one))
    )
    assert proof.part is None or is_valid(one, np.array(proof.part))


def test_parts_that_only_balance_when_torn_are_proven_impossible():
    one = drawn([[5, 1, 5, 1, 5, 1]], minimum=9, maximum=9, n_grids=2)
    assert cheapest(one) is None
    assert solve_exactly(one, 2, limit_s=20).state == "infeasible"


def test_any_division_will_do_where_only_that_is_asked():
    one = drawn([[1, 1, 1], [1, 1, 1]], minimum=2, maximum=4, n_grids=2)
    proof = solve_exactly(one, 2, limit_s=20, any_will_do=True)
    assert is_valid(one, np.array(proof.part))


def test_one_part_is_the_whole_or_nothing():
    one = drawn([[1, 2]], minimum=3, maximum=3, n_grids=1)
    assert solve_exactly(one, 1, limit_s=1).cost == 0
    over = drawn([[2, 2]], minimum=3, maximum=3, n_grids=1)
    assert solve_exactly(over, 1, limit_s=1).state == "infeasible"


def test_a_proof_is_kept_and_read_again(tmp_path):
    one = drawn([[1, 1, 1], [1, 1, 1]], minimum=3, maximum=3, n_grids=2)
    first = cached_proof(tmp_path, one, 2, limit_s=20)
    assert first.state == "optimal"
    assert cached_proof(tmp_path, one, 2, limit_s=20) == first
    assert len(list(tmp_path.rglob("*.json"))) == 1


@pytest.mark.parametrize("seed", range(6))
def test_the_spreading_bound_never_passes_the_best_division(seed):
    weights = np.random.default_rng(seed).integers(1, 9, (2, 4))
    one = drawn(weights, minimum=0, maximum=0.6 * weights.sum(), n_grids=2)
    assert 0 < Spreading(one).tighten(limit_s=20) <= cheapest(one) + 1e-6


def test_the_spreading_bound_proves_a_straight_cut():
    one = drawn(np.ones((4, 8)), minimum=16, maximum=16, n_grids=2)
    unit = replace(one, cost=np.ones(len(one.edges)))
    assert 3 < Spreading(unit).tighten(limit_s=20) <= 4
    straight = np.tile(np.arange(8) // 4, 4)
    proof = solve_exactly(unit, 2, limit_s=20, start=straight)
    assert (proof.state, proof.cost, proof.bound) == ("optimal", 4, 4)


def test_a_poor_start_is_bettered():
    one = drawn([[1, 1, 1, 1], [1, 1, 1, 1]], minimum=4, maximum=4, n_grids=2)
    lengthwise = np.repeat([0, 1], 4)
    proof = solve_exactly(one, 2, limit_s=20, start=lengthwise)
    assert border_cost(one, lengthwise) == 40
    assert (proof.state, proof.cost) == ("optimal", 20)
