"""Mending divisions: everything gets a grid, grids hang together, nobody is shut in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geometry.redraw import find_faults, make_working_ground, measure_grids, place_locks
from gis.geometry.redraw.repair import assign_unassigned, fix_enclaves, make_contiguous


def mended(repair, width):
    letters = np.where(repair.code == "", ".", repair.code)
    return ["".join(line) for line in letters.reshape(-1, width)]


def test_a_lighter_part_goes_to_its_neighbour(drawn):
    ground, code = drawn("AABBA AABBB")
    repair = make_contiguous(ground, code)
    assert mended(repair, 5) == ["AABBB", "AABBB"]
    assert [(m.rows, m.was, m.now) for m in repair.moves] == [((4,), "A", "B")]


def test_a_way_over_empty_blocks_is_taken_where_that_moves_fewer_households(drawn):
    people = np.array([100, 100, 0, 100, 100, 100, 100, 100])
    ground, code = drawn("AABA BBBB", households=people)
    repair = make_contiguous(ground, code)
    assert mended(repair, 4) == ["AAAA", "BBBB"]


def test_a_way_that_would_tear_the_grid_it_leads_through_is_not_taken(drawn):
    people = np.array([9, 100, 9, 9, 0, 9, 9, 100, 9])
    ground, code = drawn("BAB BAB BAB", households=people)
    assert mended(make_contiguous(ground, code), 3) == ["BAA", "BAA", "BAA"]


def test_locked_parts_stay_and_what_cannot_be_mended_is_told(drawn):
    ground, code = drawn("ABA ABA")
    locks = place_locks(ground, code, grids=["B"], blocks=[0, 2])
    repair = make_contiguous(ground, code, locks)
    assert repair.code.tolist() == code.tolist() and repair.moves == []
    assert [(f.rule, f.codes) for f in repair.left] == [("not_connected", ("A",))]


def test_a_locked_part_is_the_one_that_stays(drawn):
    ground, code = drawn("AAABA AAABB")
    locks = place_locks(ground, code, blocks=[4])
    repair = make_contiguous(ground, code, locks)
    assert repair.code[4] == "A" and repair.left == []


def test_a_loose_block_goes_where_it_keeps_the_band_and_else_along_the_road(drawn, lines):
    ground, code = drawn("AA.B", maximum=250)
    assert mended(assign_unassigned(ground, code), 4) == ["AABB"]
    road = lines([(30, 0), (30, 10)], kind="main_road").set_crs(32632)
    ground, code = drawn("AA.B", barriers=road)
    assert mended(assign_unassigned(ground, code), 4) == ["AAAB"]


def test_an_island_without_grid_goes_to_the_nearest_and_a_school_to_its_own(drawn):
    ground, code = drawn("AABB#.. SSBB#..", exclusive="S")
    code[np.flatnonzero(code == "S")[0]] = ""
    repair = assign_unassigned(ground, code)
    assert repair.left == [] and set(repair.code[ground.x_m > 50]) == {"B"}
    assert (repair.code[~ground.is_common] == "S").all()


def test_without_any_grid_nothing_can_be_assigned(drawn):
    ground, code = drawn("...")
    repair = assign_unassigned(ground, code)
    assert [f.rule for f in repair.left] == ["unassigned"] and repair.moves == []


def test_closed_grids_take_nothing(drawn):
    ground, code = drawn("AA.B")
    locks = place_locks(ground, code, grids=["A"])
    assert mended(assign_unassigned(ground, code, locks), 4) == ["AABB"]


def test_loose_ground_shut_in_is_filled_and_a_grid_gets_a_way_out(drawn):
    ground, code = drawn("AAAAA A.ABB AAAAA", households=np.arange(15))
    assert mended(fix_enclaves(ground, code), 5) == ["AAAAA", "AAABB", "AAAAA"]
    ground, code = drawn("AAAAA AABAA AAAAA", households=np.arange(15))
    repair = fix_enclaves(ground, code)
    assert mended(repair, 5) == ["AABAA", "AABAA", "AAAAA"] and repair.left == []


def test_an_enclave_of_a_closed_grid_is_told_and_left(drawn):
    ground, code = drawn("AAA ABA AAA")
    repair = fix_enclaves(ground, code, place_locks(ground, code, grids=["A"]))
    assert [(f.codes, f.blocks) for f in repair.left] == [(("A", "B"), (4,))]


@settings(max_examples=30, derandomize=True, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    size=st.tuples(st.integers(2, 7), st.integers(2, 7)),
    n_locked=st.integers(0, 6),
)
def test_whatever_is_mended_locks_hold_and_faults_only_become_fewer(seed, size, n_locked, lattice):
    rng = np.random.default_rng(seed)
    frame = lattice(*size, households=rng.integers(0, 50, size[0] * size[1]))
    ground = make_working_ground(frame, minimum=50, maximum=500)
    code = rng.choice(["A", "B", "C", "D", ""], ground.n_blocks)
    rows = rng.choice(np.flatnonzero(code != ""), n_locked) if (code != "").any() else []
    locks = place_locks(ground, code, blocks=rows)
    assigned = assign_unassigned(ground, code, locks)
    assert ("" not in assigned.code) or not (code != "").any()
    joined = make_contiguous(ground, assigned.code, locks)
    opened = fix_enclaves(ground, joined.code, locks)
    for repair, before in [(assigned, code), (joined, assigned.code), (opened, joined.code)]:
        assert (repair.code[locks.held] == code[locks.held]).all()
        changed = {row for move in repair.moves for row in move.rows}
        assert changed == set(np.flatnonzero(repair.code != before).tolist())
    if not n_locked:
        assert joined.left == []
        assert (measure_grids(ground, joined.code)["n_parts"] == 1).all()
        assert not [f for f in find_faults(ground, opened.code) if f.rule == "not_connected"]
    again = make_contiguous(ground, assigned.code, locks)
    assert again.code.tolist() == joined.code.tolist()
    enclaves = measure_grids(ground, opened.code)["enclaves"].sum()
    assert enclaves <= measure_grids(ground, joined.code)["enclaves"].sum()


@pytest.mark.parametrize("mend", [assign_unassigned, make_contiguous, fix_enclaves])
def test_what_needs_no_mending_stays(mend, drawn):
    ground, code = drawn("AABB AABB CCCC")
    assert mend(ground, code).moves == []
