import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.synthetic.shares import cut_into_households, draw_sizes, spread_total

SHARES = (0.3, 0.3, 0.2, 0.2)


@settings(max_examples=60, derandomize=True)
@given(
    weights=st.lists(st.floats(0.01, 1e4), min_size=1, max_size=40),
    total=st.integers(0, 5000),
)
def test_what_is_spread_adds_up_and_stays_within_one_of_the_share(weights, total):
    shares = spread_total(total, weights)
    exact = total * np.array(weights) / np.sum(weights)
    assert shares.sum() == total
    assert (np.abs(shares - exact) < 1 + 1e-6).all()


@settings(max_examples=60, derandomize=True)
@given(
    weights=st.lists(st.floats(0.01, 1e4), min_size=1, max_size=40),
    cap=st.integers(1, 50),
    fill=st.floats(0, 1),
)
def test_caps_hold_and_what_they_cut_off_goes_to_the_others(weights, cap, fill):
    total = int(cap * len(weights) * fill)
    shares = spread_total(total, weights, cap=cap)
    assert shares.sum() == total
    assert shares.max() <= cap and shares.min() >= 0


def test_caps_below_the_total_are_refused():
    with pytest.raises(ValueError, match="the caps hold 6"):
        spread_total(7, [1, 1, 1], cap=2)


@settings(max_examples=40, derandomize=True)
@given(people=st.lists(st.integers(0, 30), min_size=1, max_size=30), seed=st.integers(0, 99))
def test_households_of_a_building_add_up_to_its_people(people, seed):
    people = np.array(people)
    building, size = cut_into_households(people, np.random.default_rng(seed), size_shares=SHARES)
    assert (size >= 1).all() and (size <= len(SHARES)).all()
    assert np.bincount(building, weights=size, minlength=len(people)).tolist() == people.tolist()


def test_drawn_sizes_add_up_to_the_people_given():
    sizes = draw_sizes(1000, 2500, np.random.default_rng(1), size_shares=SHARES)
    assert sizes.sum() == 2500 and sizes.min() >= 1 and sizes.max() <= 4


def test_more_people_than_the_largest_size_allows_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        draw_sizes(10, 41, np.random.default_rng(1), size_shares=SHARES)
