"""The figures of an edit are those that the checker measures on the polygons."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geometry.quality import measure_division
from gis.geometry.redraw import find_faults, make_working_ground, measure_grids
from gis.geometry.redraw.payload import from_payload, to_payload

BAND = {"minimum": 100, "maximum": 300}


def random_ground(voronoi_coverage, seed, n, n_grids):
    rng = np.random.default_rng(seed)
    shapes = voronoi_coverage(seed, n)
    n = len(shapes)
    frame = gpd.GeoDataFrame(
        {
            "block_id": rng.permutation(n) + 1,
            "households": rng.integers(0, 60, n),
            "people": rng.integers(0, 150, n),
            "workload": rng.random(n).round(2),
        },
        geometry=list(shapes),
        crs=32632,
    )
    roads = shapely.boundary(rng.choice(shapes, 3))
    barriers = gpd.GeoDataFrame({"kind": ["river", "path", "wall"]}, geometry=roads, crs=32632)
    code = np.array([f"G{i}" for i in rng.integers(0, n_grids, n)])
    return frame, barriers, code


@settings(max_examples=25, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 60), n_grids=st.integers(1, 6))
def test_the_sums_are_what_the_checker_measures(seed, n, n_grids, voronoi_coverage):
    frame, barriers, code = random_ground(voronoi_coverage, seed, n, n_grids)
    ground = make_working_ground(frame, barriers, **BAND)
    table = measure_grids(ground, code)
    numbers = {b: int(c[1:]) for b, c in zip(frame["block_id"], code, strict=True)}
    told = measure_division(frame, numbers, weight="households", barriers=barriers, **BAND)
    by = told.grids.set_axis([f"G{g}" for g in told.grids.index])
    assert table.index.tolist() == by.index.tolist()
    short_m = 2 * 0.5 * ground.n_blocks  # corners that count as no border
    for mine, theirs, off in [
        ("households", "weight", 0), ("people", "people", 0), ("workload", "workload", 1e-9),
        ("n_blocks", "n_blocks", 0), ("area_m2", "area_m2", 1e-3),
    ]:  # fmt: skip
        assert np.allclose(table[mine], by[theirs], atol=off, rtol=1e-9), mine
    assert (table["deviation"] == 0).tolist() == by["in_band"].tolist()
    perimeter = np.sqrt(4 * np.pi * by["area_m2"] / by["compactness"])
    assert np.allclose(table["perimeter_m"], perimeter, atol=short_m, rtol=1e-6)
    assert np.allclose(table["border_m"], by["border_m"], atol=short_m)
    cut = code[ground.edges[:, 0]] != code[ground.edges[:, 1]]
    along_m = table["barrier_share"].fillna(0) * table["border_m"]
    theirs_m = by["barrier_share"].fillna(0) * by["border_m"]
    assert (np.abs(along_m - theirs_m) <= 10.0 * (cut.sum() + 1)).all()
    assert (table["n_parts"] >= by["n_parts"]).all()
    faulty = {f.codes[0] for f in find_faults(ground, code) if f.rule == "not_connected"}
    assert {f"G{v.grid}" for v in told.violations if v.rule == "not_connected"} <= faulty


@settings(max_examples=25, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 80), n_grids=st.integers(1, 8))
def test_measuring_some_grids_is_measuring_all_and_looking_at_some(
    seed, n, n_grids, voronoi_coverage
):
    frame, barriers, code = random_ground(voronoi_coverage, seed, n, n_grids)
    ground = make_working_ground(frame, barriers, **BAND)
    rng = np.random.default_rng(seed + 1)
    code = np.where(rng.random(len(code)) < 0.2, "", code)
    whole = measure_grids(ground, code)
    some = rng.permutation(whole.index)[: rng.integers(0, len(whole) + 1)].tolist()
    pd.testing.assert_frame_equal(measure_grids(ground, code, some), whole.loc[some])


def enclaves_by_polygons(frame, code):
    """Count the holes of each grid's polygon, in the plain way."""
    found = {}
    for name in sorted(set(code) - {""}):
        union = shapely.union_all(frame.geometry.to_numpy()[code == name])
        parts = shapely.get_parts(union)
        rest = shapely.union_all(frame.geometry.to_numpy()[code != name])
        outline = shapely.union_all(frame.geometry.to_numpy()).boundary
        pieces = shapely.get_parts(rest) if not rest.is_empty else np.array([])
        found[name] = sum(p.boundary.intersection(outline).length == 0 for p in pieces)
        assert len(parts) >= 1
    return found


@settings(max_examples=30, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n_rows=st.integers(1, 7), n_columns=st.integers(1, 7))
def test_enclaves_are_the_ground_that_reaches_the_edge_only_through_the_grid(
    seed, n_rows, n_columns, lattice
):
    frame = lattice(n_rows, n_columns)
    rng = np.random.default_rng(seed)
    code = rng.choice(["A", "A", "A", "B", "C", ""], len(frame))
    table = measure_grids(make_working_ground(frame, **BAND), code)
    assert table["enclaves"].to_dict() == enclaves_by_polygons(frame, code)


def test_a_ring_along_the_whole_edge_shuts_in_what_is_inside(drawn):
    ground, code = drawn("AAAA ABCA ABCA AAAA")
    assert measure_grids(ground, code)["enclaves"].to_dict() == {"A": 1, "B": 0, "C": 0}
    ground, code = drawn("AAAAA ABACA AAAAA")
    assert measure_grids(ground, code, ["A"])["enclaves"].tolist() == [2]


def test_a_school_of_its_own_in_the_middle_of_a_grid_is_no_enclave_and_has_no_band(drawn):
    ground, code = drawn("AAA ASA AAA", exclusive="S", minimum=500, maximum=700)
    table = measure_grids(ground, code)
    assert table["enclaves"].tolist() == [0, 0]
    assert table["deviation"].to_dict() == {"A": 100.0, "S": 0.0}
    assert table["exclusive"].to_dict() == {"A": "", "S": "school S"}


def test_a_grid_over_two_pieces_of_the_community_has_parts_but_no_fault(drawn):
    ground, code = drawn("AA#A BB#B")
    table = measure_grids(ground, code)
    assert table["n_parts"].tolist() == table["n_pieces"].tolist() == [2, 2]
    assert find_faults(ground, code) == []


def test_common_ground_cut_in_two_by_a_school_is_two_pieces(drawn):
    ground, code = drawn("ASA ASA", exclusive="S")
    assert [f.rule for f in find_faults(ground, code)] == []


def test_every_fault_names_its_grids_and_blocks_and_what_stops_comes_first(drawn):
    ground, code = drawn("AABA BBB. SSCC", exclusive="S", minimum=250, maximum=350)
    code[9] = "C"
    faults = find_faults(ground, code, grids=["A", "D"])
    told = [(f.rule, f.codes, f.blocks) for f in faults]
    assert told == [
        ("unassigned", (), (7,)),
        ("empty", ("D",), ()),
        ("not_connected", ("A",), (3,)),
        ("exclusive_mixed", ("C",), (9,)),
        ("exclusive_split", ("C", "S"), (8, 9)),
        ("above_maximum", ("B",), ()),
    ]
    assert [f.stops for f in faults] == [True] * 5 + [False]


def test_the_payload_of_a_browser_gives_the_same_figures(drawn, voronoi_coverage):
    frame, barriers, code = random_ground(voronoi_coverage, 3, 60, 5)
    ground = make_working_ground(frame, barriers, exclusive={3: "school"}, **BAND)
    again = from_payload(to_payload(ground))
    assert again.row_of == ground.row_of and again.exclusive.tolist() == ground.exclusive.tolist()
    mine, theirs = measure_grids(ground, code), measure_grids(again, code)
    exact = ["households", "people", "deviation", "n_parts", "n_pieces", "enclaves", "n_blocks"]
    pd.testing.assert_frame_equal(mine[exact], theirs[exact])
    assert np.allclose(mine["perimeter_m"], theirs["perimeter_m"], rtol=0.002)
    assert np.allclose(mine["barrier_share"], theirs["barrier_share"], atol=0.002)


def test_lengths_do_not_depend_on_the_reference_system_of_the_blocks(lattice):
    frame = lattice(2, 2)
    frame.geometry = frame.geometry.translate(500000, 5300000)
    metric = make_working_ground(frame, **BAND)
    degrees = make_working_ground(frame.to_crs(4326), **BAND)
    assert np.allclose(metric.shared_m, degrees.shared_m, rtol=1e-5)
    assert metric.outline_m.tolist() == [pytest.approx(20)] * 4
