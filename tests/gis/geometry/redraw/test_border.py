"""Dragging the border between two grids."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.geometry.redraw import find_faults, make_working_ground, place_locks
from gis.geometry.redraw.border import move_border


@pytest.fixture(scope="module")
def town(lattice):
    """Four grids of 4 x 4 blocks."""
    frame = lattice(8, 8)
    rows, columns = np.divmod(np.arange(64), 8)
    code = np.array(["AB", "CD"])[rows // 4]
    code = np.array([c[i // 4] for c, i in zip(code, columns, strict=True)])
    ground = make_working_ground(frame, minimum=1, maximum=9999)
    return ground, frame.geometry.to_numpy(), code


def picture(code):
    return ["".join(line) for line in code.reshape(8, 8)]


@pytest.mark.parametrize("back", [False, True])
def test_a_border_drawn_from_edge_to_edge_is_the_new_one(town, back):
    ground, shapes, code = town
    line = shapely.LineString([(21, 85), (21, 35)])
    moved = move_border(ground, shapes, code, "A", "B", line.reverse() if back else line)
    assert picture(moved.code)[:4] == ["AABBBBBB"] * 4
    assert picture(moved.code)[4:] == picture(code)[4:]
    assert moved.crossed.tolist() == [2, 10, 18, 26]


def test_an_end_inside_goes_on_along_the_old_border(town):
    ground, shapes, code = town
    line = shapely.LineString([(40, 71), (20, 71), (20, 49), (40, 49)])
    moved = move_border(ground, shapes, code, "B", "A", line)
    assert picture(moved.code)[:4] == ["AAAABBBB", "AABBBBBB", "AABBBBBB", "AAAABBBB"]
    assert find_faults(ground, moved.code) == []


def test_locked_blocks_and_closed_grids_stay_and_are_told(town):
    ground, shapes, code = town
    line = shapely.LineString([(21, 85), (21, 35)])
    locks = place_locks(ground, code, blocks=[3, 10])
    moved = move_border(ground, shapes, code, "A", "B", line, locks=locks)
    assert picture(moved.code)[:2] == ["AAAABBBB", "AAABBBBB"]
    assert (moved.held.tolist(), moved.returned.tolist()) == ([3, 10], [2])
    closed = place_locks(ground, code, grids=["B"])
    still = move_border(ground, shapes, code, "A", "B", line, locks=closed)
    assert still.code.tolist() == code.tolist()


def test_ground_that_the_line_tears_off_stays_where_it_hangs_together(town):
    ground, shapes, code = town
    code = code.copy()
    code[[9, 10, 11]] = "C"
    line = shapely.LineString([(-5, 75), (35, 75), (35, 35)])
    moved = move_border(ground, shapes, code, "A", "B", line)
    assert not [f for f in find_faults(ground, moved.code) if f.codes == ("B",)]


@pytest.mark.parametrize(
    ("pair", "line", "says"),
    [
        ("AD", [(21, 85), (21, 35)], "do not touch"),
        ("AB", [(21, 200), (21, 300)], "misses"),
        ("AB", [(-5, 85), (-5, 79), (85, 79), (85, 85)], "without a block"),
    ],
)
def test_a_border_that_cannot_be_moved_so_is_refused(town, pair, line, says):
    ground, shapes, code = town
    with pytest.raises(InvalidInput, match=says):
        move_border(ground, shapes, code, *pair, shapely.LineString(line))


@settings(max_examples=30, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_whatever_is_drawn_only_the_two_grids_change_and_locks_hold(seed, town):
    ground, shapes, code = town
    rng = np.random.default_rng(seed)
    line = shapely.LineString(rng.uniform(-10, 90, (rng.integers(2, 5), 2)))
    locks = place_locks(ground, code, blocks=rng.integers(0, 64, 6).tolist())
    try:
        moved = move_border(ground, shapes, code, "A", "B", line, locks=locks)
    except InvalidInput:
        return
    changed = np.flatnonzero(moved.code != code)
    assert set(code[changed]) | set(moved.code[changed]) <= {"A", "B"}
    assert (moved.code[locks.held] == code[locks.held]).all()
    torn = {f.codes for f in find_faults(ground, moved.code) if f.rule == "not_connected"}
    assert not torn or locks.held[code == "A"].any() or locks.held[code == "B"].any()
