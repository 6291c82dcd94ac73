"""Drawing the whole plan again around locks."""

import numpy as np
import pytest

from gis.errors import InvalidInput
from gis.geometry.redraw import make_working_ground, place_locks
from gis.geometry.redraw.propose import propose_plan


@pytest.fixture(scope="module")
def town(lattice):
    frame = lattice(8, 8, households=25)
    rows, columns = np.divmod(np.arange(64), 8)
    code = np.array([f"{r}{c}" for r, c in zip(rows // 4, columns // 4, strict=True)])
    names = {1: "school", 2: "school"}
    ground = make_working_ground(frame, minimum=300, maximum=450, exclusive=names)
    return frame, ground, np.where(ground.is_common, code, "90")


def test_locks_and_exclusive_grids_are_kept_and_the_band_is_met(town):
    frame, ground, before = town
    code = before.copy()
    code[[4, 12, 20, 28, 5, 13]] = "00"
    locks = place_locks(ground, code, grids=["11"], blocks=[4, 5])
    proposal = propose_plan(ground, frame, code, locks=locks, effort=0.05)
    assert proposal.terms_after["out_of_band"]["total"] == 0
    assert [f for f in proposal.faults if f.stops] == []
    assert (proposal.code[locks.held] == code[locks.held]).all()
    assert set(proposal.code) == {"00", "01", "10", "11", "90"}
    assert sum(len(m.rows) for m in proposal.moves) <= 20


def test_more_grids_than_there_were_get_names_of_their_own(town):
    frame, ground, code = town
    proposal = propose_plan(ground, frame, code, fresh=True, n_grids=5, effort=0.05)
    assert {c for c in set(proposal.code) if c.startswith("+")} >= {"+1", "+5"}
    assert [f for f in proposal.faults if f.stops] == []


def test_other_blocks_or_nothing_to_draw_are_refused(town):
    frame, ground, code = town
    with pytest.raises(InvalidInput, match="same build"):
        propose_plan(ground, frame.iloc[::-1], code)
    with pytest.raises(InvalidInput, match="unlock"):
        propose_plan(ground, frame, code, locks=place_locks(ground, code, grids=set(code)))
