"""What is told of a request before any search."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InfeasibleDivision
from gis.geometry.partition import draw_grids, find_obstacles

BAND = {"weight": "households", "minimum": 300, "maximum": 500}


def street(households, *, gaps=()):
    x = (
        np.arange(len(households)) * 50.0
        + np.cumsum(np.isin(np.arange(len(households)), gaps)) * 99
    )
    return gpd.GeoDataFrame(
        {"block_id": [f"b{i}" for i in range(len(households))], "households": households},
        geometry=shapely.box(x, 0, x + 50, 50),
        crs=32632,
    )


def rules(obstacles):
    return [o.rule for o in obstacles]


def test_a_sensible_request_meets_no_obstacle():
    assert find_obstacles(street([100] * 12), **BAND, n_grids=3) == ()


@pytest.mark.parametrize(
    ("households", "rule", "remedy"),
    [
        ([0, 0], "no_households", "Import"),
        ([30, 10], "below_minimum", "Lower the minimum to 40"),
        ([275, 275], "between_bands", "Raise the maximum to 550 for 1 grid"),
        ([400, 900, 400], "block_above_maximum", "Cut the block"),
    ],
)
def test_what_the_ground_rules_out_is_told_and_drawn_all_the_same(households, rule, remedy):
    blocks = street(households)
    obstacle = next(o for o in find_obstacles(blocks, **BAND) if o.rule == rule)
    assert remedy in obstacle.remedy
    assert not obstacle.stops
    assert draw_grids(blocks, **BAND, effort=0.1).quality.is_sound


@pytest.mark.parametrize(
    ("n_grids", "rule", "remedy"),
    [
        (7, "too_few", "Ask for 3 to 4 grids, or lower the minimum to 171."),
        (2, "too_many", "Ask for 3 to 4 grids, or raise the maximum to 600."),
        (20, "too_few_blocks", "Ask for at most 12 grids."),
    ],
)
def test_a_number_of_grids_that_cannot_be_is_refused_before_any_work(n_grids, rule, remedy):
    blocks = street([100] * 12)
    with pytest.raises(InfeasibleDivision) as refusal:
        draw_grids(blocks, **BAND, n_grids=n_grids)
    assert (refusal.value.rule, refusal.value.remedy) == (rule, remedy)


@pytest.mark.parametrize(
    ("households", "n_grids", "stops"),
    [([275, 275], 9, True), ([275, 275], 1, False), ([275, 275], 2, False), ([9] * 9, 9, True)],
)
def test_where_no_number_fits_only_the_nearest_may_be_asked_for(households, n_grids, stops):
    obstacles = find_obstacles(street(households + [0] * 9), **BAND, n_grids=n_grids)
    assert any(o.stops for o in obstacles) is stops
    assert "minimum to 0" not in " ".join(o.remedy for o in obstacles)


def test_following_the_remedy_of_a_refusal_makes_the_request_possible():
    blocks = street([100] * 12)
    refusal = find_obstacles(blocks, **BAND, n_grids=2)[0]
    wider = BAND | {"maximum": refusal.figures["raised"]}
    assert find_obstacles(blocks, **wider, n_grids=2) == ()


def test_a_tower_with_known_entrances_is_offered_a_split():
    entrances = {"b1": {"1": 230, "2": 220, "3": 210, "4": 240}}
    obstacle = find_obstacles(street([400, 900, 400]), **BAND, entrances=entrances)[0]
    assert obstacle.remedy == "Its entrances would make 2 grids: 1-2 (450), 3-4 (450)."
    assert obstacle.blocks == ("b1",)


def test_a_separate_piece_too_small_for_a_grid_is_named():
    obstacles = find_obstacles(street([100] * 8 + [20], gaps=[8]), **BAND)
    assert rules(obstacles) == ["piece"]
    assert obstacles[0].blocks == ("b8",)


def test_a_number_of_grids_that_separate_pieces_do_not_fit_is_told():
    blocks = street([350] * 4, gaps=[2])
    found = find_obstacles(blocks, **BAND, n_grids=3)
    assert rules(found) == ["pieces_apart"] and not found[0].stops
    assert found[0].remedy == "Ask for 4 grids, or raise the maximum to 700."
    assert found[0].figures["pieces"] == 2
    assert find_obstacles(blocks, **BAND, n_grids=4) == ()


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    households=st.lists(st.integers(50, 450), min_size=2, max_size=8),
    cut=st.integers(1, 7),
    n_grids=st.integers(1, 9),
)
def test_what_helps_separate_pieces_helps_and_one_less_does_not(households, cut, n_grids):
    blocks = street(households, gaps=[min(cut, len(households) - 1)])

    def told(**band):
        found = find_obstacles(blocks, weight="households", n_grids=n_grids, **band)
        return next((o.figures for o in found if o.rule == "pieces_apart"), None)

    band = {"minimum": 300, "maximum": 500}
    facts = told(**band)
    if facts and facts["raised"]:
        assert told(minimum=300, maximum=facts["raised"]) is None
        assert facts["raised"] == 501 or told(minimum=300, maximum=facts["raised"] - 1)
    if facts and facts["lowered"]:
        assert told(minimum=facts["lowered"], maximum=500) is None
        assert facts["lowered"] == 299 or told(minimum=facts["lowered"] + 1, maximum=500)


def test_locks_that_keep_each_other_apart_are_refused():
    blocks = street([100] * 8)
    locked = {"b0": 1, "b2": 2, "b4": 1}
    with pytest.raises(InfeasibleDivision) as refusal:
        draw_grids(blocks, **BAND, locked=locked)
    assert refusal.value.rule == "lock_torn"
    assert set(refusal.value.blocks) == {"b0", "b4"}


def test_more_locked_grids_than_asked_for_are_refused():
    locked = {f"b{i}": i for i in range(3)}
    found = find_obstacles(street([100] * 8), **BAND, n_grids=2, locked=locked)
    assert rules(found) == ["locks_exceed_grids"]


def test_a_lock_heavier_than_the_maximum_is_told():
    found = find_obstacles(street([300] * 6), **BAND, locked={"b0": 1, "b1": 1})
    assert rules(found) == ["lock_above_maximum"]


def test_an_exclusive_grid_in_pieces_is_refused():
    blocks = street([100] * 8)
    with pytest.raises(InfeasibleDivision) as refusal:
        draw_grids(blocks, **BAND, exclusive={"b0": "school", "b5": "school"})
    assert refusal.value.rule == "exclusive_torn"


def test_ground_cut_off_by_an_exclusive_grid_shares_a_grid_across_it():
    blocks = street([100] * 9)
    division = draw_grids(blocks, **BAND, exclusive={"b1": "school"}, effort=0.1)
    assert division.quality.is_sound
    assert division.quality.grids["n_parts"].max() == 2


def test_an_exclusive_block_locked_to_a_common_grid_is_refused():
    found = find_obstacles(street([100] * 8), **BAND, locked={"b0": 1}, exclusive={"b0": "school"})
    assert "exclusive_locked" in rules(found)
    assert found[0].stops


@settings(derandomize=True, max_examples=25, deadline=None)
@given(
    households=st.lists(st.integers(0, 700), min_size=1, max_size=9),
    n_grids=st.none() | st.integers(1, 9),
)
def test_what_no_obstacle_stops_is_drawn_soundly(households, n_grids):
    blocks = street(households)
    if any(o.stops for o in find_obstacles(blocks, **BAND, n_grids=n_grids)):
        with pytest.raises(InfeasibleDivision):
            draw_grids(blocks, **BAND, n_grids=n_grids, effort=0.05)
        return
    assert draw_grids(blocks, **BAND, n_grids=n_grids, effort=0.05).quality.is_sound
