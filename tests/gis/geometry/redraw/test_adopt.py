"""Taking over a division that exists: polygons or tables."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.geometry.redraw import find_faults, make_working_ground
from gis.geometry.redraw.adopt import adopt_division
from gis.geometry.redraw.adopt_table import adopt_table


@pytest.fixture(scope="module")
def town(lattice):
    frame = lattice(4, 6)
    return frame, make_working_ground(frame, minimum=1, maximum=10**6)


def division(frame, *boxes, codes="ABCDEF"):
    shapes = [shapely.box(*b) for b in boxes]
    return gpd.GeoDataFrame({"code": list(codes[: len(boxes)])}, geometry=shapes, crs=frame.crs)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), k=st.integers(1, 6))
def test_the_polygons_of_a_division_give_the_division_back(seed, k, town):
    frame, ground = town
    rng = np.random.default_rng(seed)
    code = np.array([f"G{i}" for i in rng.integers(0, k, len(frame))])
    drawn = frame.assign(code=code).dissolve("code").reset_index()[["code", "geometry"]]
    adoption = adopt_division(ground, frame, drawn.to_crs(4326).to_crs(frame.crs))
    assert adoption.code.tolist() == code.tolist()
    assert adoption.cut.empty and adoption.empty == [] and len(adoption.without) == 0
    assert adoption.totals == pytest.approx(
        {"gap_m2": 0, "outside_m2": 0, "overlap_m2": 0}, abs=0.1
    )
    assert adoption.repair.left == []
    assert not [f for f in find_faults(ground, adoption.repair.code) if f.stops]


def test_cuts_gaps_overlaps_and_polygons_without_a_block_are_told(town):
    frame, ground = town
    drawn = division(frame, (0, 0, 26, 40), (24, 0, 50, 40), (55, 0, 75, 40), (0, 39, 3, 40))
    adoption = adopt_division(ground, frame, drawn)
    first = adoption.code[:6].tolist()
    assert first == ["A", "A", "A", "B", "B", "C"]
    assert adoption.empty == ["D"]
    cut = adoption.cut.set_index("row")
    assert cut.loc[2, ["code", "share", "other", "other_share"]].tolist() == ["A", 0.6, "B", 0.6]
    assert cut.loc[5, ["share", "other"]].tolist() == [0.5, ""]
    assert adoption.totals == pytest.approx({"gap_m2": 200, "outside_m2": 600, "overlap_m2": 83})
    assert adoption.overlaps == [("A", "B", 80.0), ("A", "D", 3.0)]


def test_a_block_in_a_gap_is_left_out_and_the_proposal_assigns_it(town):
    frame, ground = town
    adoption = adopt_division(ground, frame, division(frame, (0, 0, 30, 40), (40, 0, 60, 40)))
    assert adoption.without.tolist() == [3, 9, 15, 21]
    assert {f.rule for f in adoption.faults} == {"unassigned"}
    assert "" not in adoption.repair.code and adoption.repair.left == []


def test_households_decide_before_buildings_and_buildings_before_ground(town):
    frame, ground = town
    drawn = division(frame, (0, 0, 14, 40), (14, 0, 60, 40))
    sheds = [shapely.box(11, 31, 13, 39), shapely.box(16, 31, 19, 39)]
    buildings = gpd.GeoDataFrame({"households": [5, 0]}, geometry=sheds, crs=frame.crs)
    assert adopt_division(ground, frame, drawn).code[1] == "B"
    homes = adopt_division(ground, frame, drawn, buildings=buildings)
    assert homes.code[1] == "A" and 1 not in homes.cut["row"].tolist()
    sizes = adopt_division(ground, frame, drawn, buildings=buildings[["geometry"]])
    assert sizes.code[1] == "B"
    assert sizes.cut.set_index("row").loc[1, "share"] == 0.6


def test_a_torn_grid_is_told_and_joined_in_the_proposal(town):
    frame, ground = town
    boxes = [(0, 0, 20, 40), (20, 0, 50, 40), (50, 0, 60, 40)]
    adoption = adopt_division(ground, frame, division(frame, *boxes, codes="ABA"))
    assert [(f.rule, f.codes) for f in adoption.faults] == [("not_connected", ("A",))]
    assert set(adoption.repair.code[5::6]) == {"B"}


def test_a_table_of_households_gives_each_block_to_the_majority(town):
    _, ground = town
    table = pd.DataFrame(
        {
            "block_id": [1, 1, 1, 2, 2, 99, None, 3],
            "grid": ["A", "B", "B", "A", "B", "A", "A", None],
            "homes": [9, 1, 1, 1, 1, 1, 1, 1],
        }
    )
    adoption = adopt_table(ground, table, code="grid")
    assert adoption.code[:3].tolist() == ["B", "A", ""]
    assert adoption.cut[["block_id", "code", "other"]].values.tolist() == [
        [1, "B", "A"],
        [2, "A", "B"],
    ]
    assert adoption.totals == {
        "rows": 8, "unknown_blocks": 1, "without_block": 1, "without_code": 1,
    }  # fmt: skip
    assert adopt_table(ground, table, code="grid", weight="homes").code[0] == "A"
    assert "" not in adoption.repair.code


@pytest.mark.parametrize("columns", [{"code": "grid"}, {"block": "plot"}, {"weight": "homes"}])
def test_a_table_without_the_column_is_refused(columns, town):
    table = pd.DataFrame({"block_id": [1], "code": ["A"]})
    with pytest.raises(InvalidInput, match="no column"):
        adopt_table(town[1], table, **columns)


def test_polygons_of_elsewhere_or_without_codes_are_refused(town):
    frame, ground = town
    far = division(frame, (1000, 0, 1010, 40))
    with pytest.raises(InvalidInput, match="lies on this community"):
        adopt_division(ground, frame, far)
    with pytest.raises(InvalidInput, match="no column 'code'"):
        adopt_division(ground, frame, far[["geometry"]])
    with pytest.raises(InvalidInput, match="with a code"):
        adopt_division(ground, frame, far, [""])
    with pytest.raises(InvalidInput, match="names a block"):
        adopt_table(ground, pd.DataFrame({"block_id": [99], "code": ["A"]}))
