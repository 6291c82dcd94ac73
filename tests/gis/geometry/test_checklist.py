"""Every rule of the list of checks: kept, broken by a planted fault, and led to its place."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gis.geometry.quality import CHECK_RULES, list_checks
from gis.geometry.quality.necks import NECK_M, find_neck

CRS, SIDE, WEST, SOUTH = 32632, 60, 500_000, 5_000_000


def squares(rows: str) -> tuple[gpd.GeoDataFrame, dict[int, int]]:
    """Draw blocks and grids as a picture: a digit is the grid of a block, a dot none."""
    blocks, grid = [], {}
    for y, line in enumerate(reversed(rows.split())):
        for x, sign in enumerate(line):
            number = len(blocks) + 1
            at = (WEST + x * SIDE, SOUTH + y * SIDE)
            blocks.append(shapely.box(*at, at[0] + SIDE, at[1] + SIDE))
            if sign != ".":
                grid[number] = int(sign)
    ids = range(1, len(blocks) + 1)
    frame = gpd.GeoDataFrame({"block_id": ids, "households": 100}, geometry=blocks, crs=CRS)
    return frame, grid


def line(kind: str, *points: tuple[float, float]) -> gpd.GeoDataFrame:
    shape = shapely.LineString([(WEST + x * SIDE, SOUTH + y * SIDE) for x, y in points])
    return gpd.GeoDataFrame({"kind": [kind]}, geometry=[shape], crs=CRS)


def house(x: float, y: float, size: float = 0.2) -> gpd.GeoDataFrame:
    middle = shapely.Point(WEST + x * SIDE, SOUTH + y * SIDE)
    return gpd.GeoDataFrame(geometry=[middle.buffer(size * SIDE)], crs=CRS)


def broken(picture: str, **given) -> dict[str, list]:
    """Give the checks that do not hold, by rule."""
    blocks, grid = squares(picture)
    band = {"minimum": 100, "maximum": 1000} | {
        k: given.pop(k) for k in ("minimum", "maximum") if k in given
    }
    checks = list_checks(blocks, grid, weight="households", **band, **given)
    assert [c.rule for c in checks] == sorted((c.rule for c in checks), key=CHECK_RULES.index) and {
        c.rule for c in checks
    } == set(CHECK_RULES)
    found: dict[str, list] = {}
    for check in checks:
        if check.holds is False:
            found.setdefault(check.rule, []).append(check)
            assert check.place is None or check.place[0] < check.place[2]
    return found


def grids_of(found: dict[str, list], rule: str) -> list[int | None]:
    assert list(found) == [rule]
    return [check.grid for check in found[rule]]


def test_a_sound_plan_keeps_every_rule():
    blocks, grid = squares("112 112")
    (whole,) = blocks.dissolve().geometry
    checks = list_checks(
        blocks,
        grid,
        weight="households",
        minimum=100,
        maximum=400,
        barriers=line("river", (2, 0), (2, 2)),
        buildings=house(0.5, 0.5),
        compounds=house(2.5, 1.0, 0.4),
        boundary=gpd.GeoDataFrame(geometry=[whole], crs=CRS),
        grids=[1, 2],
    )
    assert [c.rule for c in checks] == list(CHECK_RULES)
    assert all(c.holds and c.place is None and c.grid is None for c in checks)


@pytest.mark.parametrize(
    ("rule", "picture", "given", "grids"),
    [
        ("cover", "11 .2", {}, [None]),
        ("empty", "11 22", {"grids": [1, 2, 7]}, [7]),
        ("connected", "121 121", {}, [1]),
        ("building_cut", "12", {"buildings": house(1, 0.5)}, [1]),
        ("compound_cut", "12", {"compounds": house(1.1, 0.5)}, [2]),
        ("band", "1222", {"minimum": 200}, [1]),
        ("band", "1222", {"maximum": 200}, [2]),
        ("locks", "12", {"locked": {1: 2}}, [2]),
        ("exclusive", "112", {"exclusive": {1: "school"}}, [1]),
        ("exclusive", "12 33", {"exclusive": {3: "school", 4: "school"}}, [1]),
        ("unreachable", "11 11", {"barriers": line("river", (1, -1), (1, 3))}, [1]),
        ("enclave", "111 121 111", {}, [1]),
    ],
)
def test_a_planted_fault_is_found_in_its_grid(rule, picture, given, grids):
    found = broken(picture, **given)
    also = {"unreachable": ["unreachable", "straddled"]}.get(rule, [rule])
    assert list(found) == also and [c.grid for c in found[rule]] == grids


def test_a_bridge_makes_the_other_bank_reachable_but_the_river_still_runs_inside():
    river, road = line("river", (1, -1), (1, 3)), line("minor_road", (0, 1), (2, 1))
    barriers = gpd.GeoDataFrame(
        {"kind": ["river", "minor_road"]},
        geometry=[river.geometry[0], road.geometry[0]],
        crs=CRS,
    )
    assert grids_of(broken("11 11", barriers=barriers), "straddled") == [1]


def test_ground_that_is_not_given_is_not_judged():
    blocks, grid = squares("12")
    checks = list_checks(blocks, grid, weight="households", minimum=1, maximum=9e9)
    unknown = {c.rule for c in checks if c.holds is None}
    assert unknown == {"building_cut", "compound_cut", "unreachable", "straddled"}


def test_the_place_of_a_finding_is_where_it_is():
    blocks, grid = squares("11. 111")
    (check,) = broken("11. 111")["cover"]
    hole = blocks.to_crs(4326).geometry[5]
    assert shapely.box(*check.place).contains(hole) and check.figure == SIDE**2
    assert shapely.box(*check.place).area < 4 * shapely.box(*hole.bounds).area


def test_exclusive_ground_alone_is_no_enclave_and_outside_the_band():
    picture = "111 121 111"
    assert broken(picture, exclusive={5: "school"}, minimum=200) == {}


def test_grids_of_many_pieces_of_ground_are_whole_in_each():
    blocks, _ = squares("11 22")
    apart = blocks.assign(
        geometry=[
            g if n < 2 else shapely.transform(g, lambda p: p + 5000)
            for n, g in enumerate(blocks.geometry)
        ]
    )
    checks = list_checks(
        apart, {1: 1, 2: 1, 3: 1, 4: 1}, weight="households", minimum=1, maximum=9e9
    )
    assert {c.rule: c.holds for c in checks}["connected"]


@given(width=st.floats(0.5, 30), length=st.floats(1, 80), turn=st.floats(0, 180))
@example(width=0.5, length=35.125, turn=35.125)  # a mitred buffer loses one of the rooms
@settings(max_examples=40, deadline=None)
def test_a_neck_is_measured_to_its_width_whatever_its_length_and_direction(width, length, turn):
    rooms = shapely.union_all(
        [
            shapely.box(0, 0, 80, 80),
            shapely.box(79, 40 - width / 2, 81 + length, 40 + width / 2),
            shapely.box(80 + length, 0, 160 + length, 80),
        ]
    )
    found, place = find_neck(shapely.affinity.rotate(rooms, turn))
    if width < NECK_M - 0.5:
        assert found == pytest.approx(width, abs=0.6) and place is not None
    if width > NECK_M + 0.5:
        assert (found, place) == (NECK_M, None)


@given(st.lists(st.integers(0, 3), min_size=12, max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_assignment_is_judged_and_never_breaks_the_list(numbers):
    blocks, _ = squares("111 111 111 111")
    grid = {b: n for b, n in zip(blocks["block_id"], numbers, strict=True) if n}
    checks = list_checks(blocks, grid, weight="households", minimum=200, maximum=600, grids=[1])
    held = {c.rule: c.holds for c in checks}
    assert held["cover"] == (0 not in numbers)
    sizes = np.bincount(numbers, minlength=4)[1:]
    assert held["band"] == all(n == 0 or 2 <= n <= 6 for n in sizes)
