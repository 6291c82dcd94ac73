"""How far apart names are, and that asking for the near ones only changes no cost."""

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.address.likeness import LikeNames, cost_of, limit_of

NAMES = st.text("榕溶江大道路街东西一二心中寨组2", min_size=1, max_size=6)


@settings(max_examples=300, deadline=None)
@given(NAMES, NAMES, st.sampled_from([0.0, 0.3, 0.7, 1.05, 2.0]))
def test_a_limit_hides_what_costs_more_and_changes_nothing_else(written, known, limit):
    cost = cost_of(written, known)
    assert cost_of(written, known, limit) == (cost if cost <= limit else inf)


@settings(max_examples=100, deadline=None)
@given(NAMES, st.lists(NAMES, min_size=1, max_size=8, unique=True))
def test_like_names_are_those_within_their_limit_cheapest_first(written, known):
    found = LikeNames(known).like(written)
    assert [c for _, c in found] == sorted(c for _, c in found)
    for name, cost in found:
        assert cost == cost_of(written, name) <= max(limit_of(name), min(1.0, len(name) - 1))


@pytest.mark.parametrize(("written", "known"), [("滨江东路", "滨江西路"), ("一巷", "二巷")])
def test_another_sign_is_never_like_however_cheap(written, known):
    assert cost_of(written, known, 2.0) == inf
    assert LikeNames([known]).like(written) == []
