"""Grids drawn on small towns of square blocks."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.errors import InfeasibleDivision, InvalidInput
from gis.geometry.partition import Objective, assess_grids, draw_grids, partition_graph

BAND = {"weight": "households", "minimum": 300, "maximum": 500, "effort": 0.1}


def town(households, *, side=100.0, shift=None):
    households = np.atleast_2d(households)
    rows, columns = np.indices(households.shape)
    x, y = columns.ravel() * side, -rows.ravel() * side
    if shift is not None:
        x = x + np.asarray(shift, float).ravel()
    return gpd.GeoDataFrame(
        {"block_id": np.arange(households.size) + 1, "households": households.ravel()},
        geometry=shapely.box(x, y, x + side, y + side),
        crs=32632,
    )


def test_a_regular_town_is_divided_inside_the_band():
    division = draw_grids(town(np.full((10, 10), 40)), **BAND)
    assert division.quality.is_valid
    assert len(division.grids) == 10
    assert division.flags == ()


def test_grids_are_numbered_from_the_north_west():
    division = draw_grids(town(np.full((2, 2), 400)), **BAND)
    assert division.assignment.tolist() == [1, 2, 3, 4]


def test_the_same_seed_draws_the_same_grids():
    blocks = town(np.random.default_rng(3).integers(5, 90, (8, 9)))
    first, second = (draw_grids(blocks, **BAND, seed=5) for _ in range(2))
    assert first.assignment.equals(second.assignment)


@pytest.mark.parametrize("seed", range(4))
def test_random_towns_are_covered_by_connected_grids(seed):
    households = np.random.default_rng(seed).integers(0, 80, (9, 11))
    division = draw_grids(town(households), **BAND)
    assert division.quality.is_valid
    assert division.quality.grids["n_blocks"].sum() == households.size


def test_a_hamlet_is_one_flagged_grid():
    division = draw_grids(town([[20, 20]]), **BAND)
    assert [f.rule for f in division.flags] == ["below_minimum"]
    assert "only 40" in division.flags[0].reason


def test_a_tower_above_the_maximum_is_its_own_flagged_grid():
    households = np.full((5, 9), 20)
    households[2, 4] = 900
    division = draw_grids(town(households), **BAND)
    tower = division.assignment[23]
    assert division.assignment.tolist().count(tower) == 1
    assert [f.rule for f in division.flags] == ["oversize"]


def test_an_empty_community_is_one_flagged_grid():
    division = draw_grids(town(np.zeros((3, 3))), **BAND)
    assert [f.rule for f in division.flags] == ["no_households"]


def test_a_total_between_the_bands_is_drawn_with_the_least_violation():
    division = draw_grids(town(np.full((1, 11), 50)), **BAND)
    assert division.quality.is_sound
    assert {f.rule for f in division.flags} == {"above_maximum"}


def test_a_small_exclave_is_a_part_of_one_grid():
    blocks = town(np.full((1, 10), 80), shift=[0] * 9 + [1000])
    division = draw_grids(blocks, **BAND)
    assert division.quality.is_valid
    assert division.quality.totals["extra_parts"] == 1


def test_fields_without_households_belong_to_a_grid():
    households = np.zeros((6, 10))
    households[:, :3] = 45
    division = draw_grids(town(households), **BAND)
    assert division.quality.is_valid


def test_locked_blocks_stay_where_they_were():
    blocks = town(np.full((6, 10), 40))
    first = draw_grids(blocks, **BAND)
    kept = {1, 2, 11, 12}
    again = draw_grids(blocks, **BAND, previous=first.assignment, locked=kept, seed=9)
    assert all(again.assignment[b] == first.assignment[b] for b in kept)


def test_a_small_change_keeps_the_numbers():
    blocks = town(np.full((6, 10), 40))
    first = draw_grids(blocks, **BAND)
    blocks.loc[7, "households"] = 60
    again = draw_grids(blocks, **BAND, previous=first.assignment)
    assert (again.assignment == first.assignment).mean() > 0.95


def test_blocks_in_degrees_give_grids_in_degrees():
    blocks = town(np.full((4, 5), 50)).set_crs(32632, allow_override=True)
    blocks["geometry"] = blocks.translate(500_000, 5_220_000)
    division = draw_grids(blocks.to_crs(4326), **BAND)
    assert division.grids.crs.to_epsg() == 4326
    assert division.quality.is_valid


def test_a_missing_weight_column_is_refused():
    with pytest.raises(InvalidInput, match="no column 'flats'"):
        draw_grids(town([[1]]), weight="flats", minimum=1, maximum=2)


def test_an_exclusive_school_is_a_grid_of_its_own_from_901():
    blocks = town(np.full((6, 10), 40))
    school = {25: "school", 26: "school"}
    division = draw_grids(blocks, **BAND, exclusive=school)
    assert division.assignment[[25, 26]].tolist() == [901, 901]
    assert (division.assignment == 901).sum() == 2
    assert division.quality.is_sound
    assert division.quality.grids["in_band"].drop(901).all()


def test_new_numbers_go_on_after_all_that_were_ever_issued():
    blocks = town(np.full((6, 10), 40))
    division = draw_grids(blocks, **BAND, issued={1, 2, 17, 903})
    assert sorted(set(division.assignment)) == [18, 19, 20, 21, 22, 23]


def test_numbers_that_are_used_up_are_refused():
    with pytest.raises(InvalidInput, match="used up"):
        draw_grids(town([[400, 400]]), **BAND, issued={899, 900})


def test_people_and_workload_are_balanced_beside_households():
    blocks = town(np.full((6, 10), 40))
    people = np.where(np.arange(60) % 10 < 5, 200, 40)
    by_all = draw_grids(
        blocks.assign(people=people), **BAND, objective=Objective(balance_people=50)
    )
    by_one = draw_grids(blocks.assign(people=people), **BAND, objective=Objective(balance_people=0))
    spread = [d.quality.grids["people"].std() for d in (by_all, by_one)]
    assert spread[0] < 0.8 * spread[1]
    assert by_all.quality.is_valid


def test_a_river_without_need_is_no_inside_of_a_grid():
    blocks = town(np.full((6, 10), 40))
    line = shapely.LineString([(500, 200), (500, -700)])
    river = gpd.GeoDataFrame({"kind": ["river"]}, geometry=[line], crs=32632)
    division = draw_grids(blocks, **BAND, barriers=river)
    assert division.quality.grids["straddled_m"].sum() == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_reported_terms_add_up(seed):
    blocks = town(np.random.default_rng(seed).integers(5, 90, (7, 9))).assign(people=100)
    division = draw_grids(blocks, **BAND)
    terms = division.terms
    assert terms.index.tolist() == [*division.quality.grids.index, "total"]
    assert np.allclose(terms.loc["total"], terms.drop("total").sum())
    deviation = division.quality.grids["weight"] / 400 - 1
    balance = Objective().balance * (deviation**2).to_numpy()
    assert np.allclose(terms.drop("total")["balance"].astype(float), balance)
    shape = Objective().compactness * (1 - division.quality.grids["compactness"].to_numpy())
    assert np.allclose(terms.drop("total")["compactness"].astype(float), shape)


def test_the_history_begins_with_a_plan_and_only_gets_better():
    blocks = town(np.random.default_rng(8).integers(5, 90, (9, 12)))
    history = draw_grids(blocks, **BAND).history
    scores = [entry[1:] for entry in history]
    assert scores == sorted(scores, reverse=True)
    assert [entry[0] for entry in history] == sorted(entry[0] for entry in history)


def test_without_time_there_is_still_a_sound_plan():
    blocks = town(np.random.default_rng(8).integers(5, 90, (9, 12)))
    assert draw_grids(blocks, **BAND, time_limit_s=0.0).quality.is_sound


def test_progress_rises_to_the_end():
    told = []
    blocks = town(np.random.default_rng(2).integers(5, 90, (9, 12)))
    draw_grids(blocks, **BAND, progress=lambda fraction, _: told.append(fraction))
    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] <= 1


@pytest.mark.parametrize("seed", range(3))
def test_after_a_shift_of_households_few_change_grid(seed):
    rng = np.random.default_rng(seed)
    blocks = town(rng.integers(10, 70, (10, 12)))
    first = draw_grids(blocks, **BAND)
    count = blocks["households"].to_numpy()
    home = np.repeat(np.arange(len(blocks)), count)
    moving = rng.random(len(home)) < 0.05
    home[moving] = rng.integers(0, len(blocks), moving.sum())
    shifted = blocks.assign(households=np.bincount(home, minlength=len(blocks)))
    again = draw_grids(shifted, **BAND, previous=first.assignment)
    assert again.quality.is_valid
    assert again.quality.totals["households_kept_share"] >= 0.95
    assert set(again.assignment) == set(first.assignment)


def test_a_community_where_no_division_exists_is_told_so():
    blocks = town([[290, 20, 290]])
    division = draw_grids(blocks, weight="households", minimum=300, maximum=305)
    assert "no_division" in [o.rule for o in division.obstacles]
    assert {f.figures["cause"] for f in division.flags if "cause" in f.figures} == {"proven"}
    assert "every division of these blocks was looked at" in division.grids["reason"].str.cat()
    assert division.quality.is_sound


def test_a_division_made_by_hand_is_measured_and_explained_as_a_drawn_one():
    blocks = town(np.random.default_rng(3).integers(5, 90, (9, 12)))
    drawn = draw_grids(blocks, **BAND)
    band = {k: v for k, v in BAND.items() if k != "effort"}
    found = assess_grids(blocks, drawn.assignment, **band)
    assert found.quality.grids.equals(drawn.quality.grids)
    assert found.flags == drawn.flags
    assert found.assignment.equals(drawn.assignment)
    assert list(found.terms.columns) == list(drawn.terms.columns)
    by_hand = drawn.assignment.copy()
    by_hand.iloc[0] = 77
    assert 77 in [f.grid for f in assess_grids(blocks, by_hand, **band).flags]


PATH = np.array([[0, 1], [1, 2], [2, 3]])


@pytest.mark.parametrize(
    ("weights", "n_parts", "rule"),
    [
        ([9, 1, 1, 1], 2, "block_above_maximum"),
        ([1, 1, 1, 1], 3, "too_few"),
        ([4, 4, 4, 4], 2, "too_many"),
        ([1, 1, 1, 1], 5, "too_few_blocks"),
    ],
)
def test_an_impossible_request_names_its_rule(weights, n_parts, rule):
    with pytest.raises(InfeasibleDivision) as refusal:
        partition_graph(np.array(weights), PATH, np.ones(3), n_parts=n_parts, minimum=2, maximum=5)
    assert refusal.value.rule == rule


def two_pieces(left, right):
    """Give two towns of rows of blocks that lie 5 km apart."""
    first, second = town(left), town(right)
    second = second.assign(
        block_id=second["block_id"].map(lambda b: f"second {b}"),
        geometry=second.geometry.translate(0, 5000),
    )
    first = first.assign(block_id=first["block_id"].map(lambda b: f"first {b}"))
    return gpd.GeoDataFrame(pd.concat([first, second], ignore_index=True), crs=first.crs)


@pytest.mark.parametrize(
    ("left", "right"), [([300, 300, 300], [450, 225, 225]), ([450, 225, 225], [300, 300, 300])]
)
def test_grids_asked_for_are_shared_among_pieces_so_that_each_has_a_division(left, right):
    division = draw_grids(
        two_pieces([left], [right]), weight="households", minimum=300, maximum=500, n_grids=5
    )
    assert sorted(division.quality.grids["weight"]) == [300, 300, 300, 450, 450]
    assert division.quality.is_valid and not division.obstacles


@pytest.mark.parametrize("thin_first", [True, False])
def test_grids_asked_for_are_shared_among_pieces_where_borders_are_short(thin_first):
    thin, thick = [[100] * 10], [[50] * 5] * 4
    rows = (thin, thick) if thin_first else (thick, thin)
    only_border = Objective(balance=0, compactness=0)
    division = draw_grids(
        two_pieces(*rows), weight="households", minimum=200, maximum=500, n_grids=5,
        objective=only_border,
    )  # fmt: skip
    grids = division.assignment.groupby(division.assignment.index.str.split().str[0]).nunique()
    assert grids.tolist() == ([3, 2] if thin_first else [2, 3])
    assert division.quality.is_valid


def test_a_number_no_share_of_which_meets_the_band_is_proven_impossible_with_what_helps():
    division = draw_grids(
        two_pieces([[450, 225, 225]], [[450, 225, 225]]),
        weight="households", minimum=300, maximum=500, n_grids=5,
    )  # fmt: skip
    (told,) = [o for o in division.obstacles if o.rule == "no_division"]
    assert "into 5 grids" in told.message and len(division.grids) == 5
    assert told.remedy == "Any one of these helps: ask for 4 grids; lower the minimum to 225."
    assert (told.figures["other_grids"], told.figures["lowered"]) == (4, "225")


def test_the_change_told_for_ground_without_a_division_makes_one_possible():
    blocks = town([[290, 20, 290]])
    told = draw_grids(blocks, weight="households", minimum=300, maximum=305).obstacles[-1]
    raised = float(told.figures["raised"])
    again = draw_grids(blocks, weight="households", minimum=300, maximum=raised)
    assert raised == 600 and told.figures["raised_exact"] is True
    assert again.quality.is_valid
