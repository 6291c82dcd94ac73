"""Why a border is where it is, and what a change breaks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.geometry.redraw import find_faults, make_working_ground, measure_grids, place_locks
from gis.geometry.redraw.explain_border import REASONS, explain_border
from gis.geometry.redraw.explain_change import explain_change


def test_a_border_tells_what_it_follows(drawn, lines):
    road = lines([(20, 15), (20, 30)], kind="main_road").set_crs(32632)
    ground, code = drawn("AABB AABB AABB", barriers=road)
    told = explain_border(ground, code, "B", "A")
    assert (told.length_m, told.barrier_share) == (30.0, pytest.approx(2 / 3))
    assert told.follows.values.tolist() == [
        ["main_road", 20.0, pytest.approx(2 / 3)],
        ["", 10.0, pytest.approx(1 / 3)],
    ]


def test_each_block_beside_a_border_has_the_first_reason_that_holds(drawn):
    ground, code = drawn("AABB AABB SABB", exclusive="S", minimum=450, maximum=650)
    locks = place_locks(ground, code, blocks=[2])
    told = explain_border(ground, code, "A", "B", locks=locks).blocks.set_index("row")
    assert told["reason"].to_dict() == {
        1: "out_of_band", 5: "not_connected", 9: "out_of_band",
        2: "locked", 6: "cost", 10: "cost",
    }  # fmt: skip
    assert told.loc[6, "border_m"] == 20.0 and told.loc[10, "off_band"] == 0.0


def test_a_border_that_leaves_a_grid_under_its_minimum_could_be_better(drawn):
    ground, code = drawn("ABBB ABBB", minimum=350, maximum=450)
    told = explain_border(ground, code, "A", "B").blocks.set_index("row")
    assert told.loc[1, "reason"] == "better" and told.loc[1, "off_band"] < 0
    with pytest.raises(InvalidInput, match="no common border"):
        explain_border(ground, code, "A", "C")


@settings(max_examples=20, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_a_move_would_do_is_what_it_does(seed, lattice):
    rng = np.random.default_rng(seed)
    frame = lattice(5, 6, households=rng.integers(0, 60, 30))
    ground = make_working_ground(frame, minimum=200, maximum=400)
    code = np.repeat(["A", "B", "C"], 10)
    told = explain_border(ground, code, "A", "B").blocks
    before = measure_grids(ground, code)
    assert set(told["reason"]) <= set(REASONS)
    for entry in told.to_dict("records"):
        after = code.copy()
        after[entry["row"]] = entry["now"]
        table = measure_grids(ground, after)
        off = table["deviation"].abs().sum() - before["deviation"].abs().sum()
        assert entry["off_band"] == pytest.approx(off)
        assert entry["tears"] == bool(table["n_parts"][entry["was"]] > 1)


def test_a_change_tells_the_rules_it_breaks_and_the_least_that_mends_it(drawn):
    ground, before = drawn("AAABB AAABB AAABB", minimum=500, maximum=1000)
    after = before.copy()
    after[4] = "A"
    told = explain_change(ground, before, after)
    assert [(f.rule, f.codes, f.blocks) for f in told.broken] == [("not_connected", ("A",), (4,))]
    assert not told.legal and told.left == []
    assert [(m.rows, m.was, m.now) for m in told.further] == [((3,), "B", "A")]


def test_blocks_moved_against_a_lock_go_back_and_a_grid_is_not_emptied(drawn):
    ground, before = drawn("AABB AABC")
    locks = place_locks(ground, before, blocks=[0])
    after = before.copy()
    after[[0, 7]] = "B"
    told = explain_change(ground, before, after, locks=locks)
    assert {f.rule for f in told.broken} == {"lock_broken", "empty", "not_connected"}
    assert [(m.rows, m.was, m.now) for m in told.further] == [((0,), "B", "A"), ((7,), "B", "C")]
    assert told.left == []


def test_a_legal_change_needs_nothing_further_and_tells_what_it_mends(drawn):
    ground, before = drawn("AABA AABB")
    after = before.copy()
    after[3] = "B"
    told = explain_change(ground, before, after)
    assert told.legal and told.further == [] and told.broken == []
    assert [f.rule for f in told.mended] == ["not_connected"]


@settings(max_examples=30, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_whatever_is_painted_a_legal_way_on_is_found(seed, lattice):
    rng = np.random.default_rng(seed)
    ground = make_working_ground(lattice(6, 6), minimum=1, maximum=10**6)
    before = np.repeat(["A", "B", "C"], 12)
    after = before.copy()
    after[rng.integers(0, 36, 6)] = rng.choice(["A", "B", "C", ""])
    told = explain_change(ground, before, after)
    assert told.left == []
    final = after.astype(object)
    for move in told.further:
        final[list(move.rows)] = move.now
    assert not [f for f in find_faults(ground, final, grids=["A", "B", "C"]) if f.stops]
