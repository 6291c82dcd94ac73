"""Bringing the grids around an edit back into the band."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.geometry.redraw import find_faults, make_working_ground, measure_grids, place_locks
from gis.geometry.redraw.rebalance import rebalance_around


@pytest.fixture(scope="module")
def town(lattice):
    """Nine grids of 16 blocks, 400 households each."""
    frame = lattice(12, 12, households=25)
    rows, columns = np.divmod(np.arange(144), 12)
    code = np.array([f"{r}{c}" for r, c in zip(rows // 4, columns // 4, strict=True)])
    return make_working_ground(frame, minimum=350, maximum=450), code


def painted_over(code, rows, name):
    after = code.copy()
    after[rows] = name
    return after


def test_what_was_painted_stays_and_the_band_is_met_again(town):
    ground, before = town
    painted = [3, 15, 27, 39, 2, 14]
    code = painted_over(before, painted, "01")
    proposal = rebalance_around(ground, code, previous_code=before)
    assert (proposal.code[painted] == "01").all()
    assert proposal.terms_before["out_of_band"]["total"] == 200
    assert proposal.terms_after["out_of_band"]["total"] == 0
    assert proposal.faults == []
    assert set(proposal.after.index) == {"00", "01", "02", "10", "11"}
    assert measure_grids(ground, proposal.code)["households"].between(350, 450).all()


def test_locked_grids_and_blocks_and_far_grids_do_not_change(town):
    ground, before = town
    code = painted_over(before, [3, 15, 27, 39], "01")
    locks = place_locks(ground, code, grids=["02"], blocks=[51, 52])
    proposal = rebalance_around(ground, code, ["00", "01"], locks=locks)
    changed = {name for move in proposal.moves for name in (move.was, move.now)}
    assert not changed & {"02", "20", "21", "22"}
    assert (proposal.code[locks.held] == code[locks.held]).all()


def test_the_same_request_gives_the_same_proposal(town):
    ground, before = town
    code = painted_over(before, [3, 15, 27, 39, 2, 14], "01")
    first, second = (rebalance_around(ground, code, previous_code=before) for _ in range(2))
    assert first.code.tolist() == second.code.tolist()


def test_nothing_to_rebalance_is_refused(town):
    ground, code = town
    locks = place_locks(ground, code, grids=["00"])
    for touched in ([], ["00"]):
        with pytest.raises(InvalidInput, match="neither locked"):
            rebalance_around(ground, code, touched, locks=locks, n_rings=0)


def test_a_division_that_is_well_as_it_is_stays(town):
    ground, code = town
    assert rebalance_around(ground, code, ["11"]).moves == []


@settings(max_examples=5, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_after_wild_painting_the_proposal_is_legal_and_no_worse(seed, town):
    ground, before = town
    rng = np.random.default_rng(seed)
    code = painted_over(before, rng.integers(0, 144, 5), "11")
    code = painted_over(code, rng.integers(0, 144, 2), "")
    locks = place_locks(ground, code, blocks=np.flatnonzero(code == "22")[:2])
    proposal = rebalance_around(
        ground, code, sorted(set(code) - {""}), locks=locks, n_rings=2, seed=seed
    )
    assert [f.rule for f in proposal.faults if f.stops] == []
    assert find_faults(ground, proposal.code, locks) == proposal.faults
    out = proposal.terms_after["out_of_band"]["total"]
    assert out <= proposal.terms_before["out_of_band"]["total"]
