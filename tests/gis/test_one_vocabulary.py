"""Layers that may not know one another still mean the same by the same words."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.actions.plan import division_request
from gis.address import evidence
from gis.domain import codes, lineage, location
from gis.domain.kinds import barrier
from gis.geometry import adjacency, enclosed
from gis.geometry.partition import numbers
from gis.geometry.partition.request import read_request
from gis.geometry.quality import barriers
from gis.geometry.redraw import ground


def test_kinds_of_barriers_are_the_same_everywhere():
    kinds = set(barrier.BARRIER_KINDS)
    assert kinds == set(barriers.BARRIER_KINDS) == set(enclosed.BARRIER_KINDS)
    assert kinds == set(adjacency.BARRIER_FACTORS) == set(ground.KINDS) - {""}
    assert set(barriers.STRONG_KINDS) == set(adjacency.STRONG_KINDS)


def test_levels_of_an_answer_are_levels_of_a_location_in_the_same_order():
    shared = [level for level in location.LEVELS if level in evidence.LEVELS]
    assert shared == list(evidence.LEVELS)
    assert set(location.LEVELS) - set(evidence.LEVELS) == {"coordinates", "pin"}


def test_exclusive_grids_begin_at_the_same_number_and_loads_have_the_same_measures():
    assert numbers.FIRST_EXCLUSIVE == codes.FIRST_EXCLUSIVE
    assert ground.MEASURES == division_request.MEASURES


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3), st.integers(1, 50)), min_size=1))
def test_a_drawing_and_a_publication_keep_codes_by_the_same_majority(rows):
    """Where one part has more than half of a former grid both keep its number, else neither."""
    before, part, households = (np.array(column) for column in zip(*rows, strict=True))
    part = np.unique(part, return_inverse=True)[1]
    blocks = pd.DataFrame({"block_id": np.arange(len(rows)), "households": households})
    request = read_request(
        blocks,
        weight="households",
        minimum=1,
        maximum=10_000,
        previous=dict(enumerate(before.tolist())),
    )
    drawn = numbers.keep_numbers(request, part)
    overlaps = []
    for b in np.unique(before):
        for p in np.unique(part[before == b]):
            shared = int(households[(before == b) & (part == p)].sum())
            overlaps.append(lineage.Overlap(f"522632100001{b:03d}", int(p), shared))
    published = {p: int(code[12:]) for p, code in lineage.kept_codes(overlaps).items()}
    for child in set(drawn) | set(published):
        if drawn.get(child) == published.get(child):
            continue
        rivals = [n for n in (drawn.get(child), published.get(child)) if n is not None]
        assert (
            any(is_tie(before, part, households, n) for n in rivals)
            or len(rivals_for(before, part, households, child)) > 1
        )


def is_tie(before, part, households, number):
    """Whether two parts have exactly half of a former grid each."""
    sums = np.bincount(part[before == number], households[before == number])
    return 2 * sums.max() == sums.sum()


def rivals_for(before, part, households, child):
    """Former grids of which a part has at least half: it can keep the number of one only."""
    found = []
    for number in np.unique(before):
        mine = before == number
        if 2 * households[mine & (part == child)].sum() >= households[mine].sum():
            found.append(number)
    return found
