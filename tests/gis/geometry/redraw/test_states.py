"""A person redraws at random: the sums stay whole, locks hold, and mending makes it legal."""

import numpy as np
import pandas as pd
import shapely
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gis.errors import InvalidInput
from gis.geometry.redraw import find_faults, make_working_ground, measure_grids
from gis.geometry.redraw.border import move_border
from gis.geometry.redraw.locks import no_locks
from gis.geometry.redraw.rebalance import rebalance_around
from gis.geometry.redraw.repair import assign_unassigned, fix_enclaves, make_contiguous
from gis.geometry.redraw.split import larger_grid, merge_grids, split_by_line, split_in_halves
from tests.gis.geometry.redraw.conftest import lattice_frame

SIDE, N = 7, 49
FAR = 10.0 * SIDE
rows = st.lists(st.integers(0, N - 1), min_size=1, max_size=6)
lines = st.lists(
    st.tuples(st.floats(-5, FAR + 5), st.floats(-5, FAR + 5)), min_size=2, max_size=4, unique=True
)


class Redrawing(RuleBasedStateMachine):
    """One community of 49 blocks, drawn over and over."""

    @initialize(seed=st.integers(0, 99))
    def begin(self, seed):
        households = np.random.default_rng(seed).integers(0, 60, N)
        frame = lattice_frame(SIDE, SIDE, households=households)
        self.shapes = frame.geometry.to_numpy()
        self.ground = make_working_ground(frame, minimum=200, maximum=450)
        self.code = np.repeat(["A", "B", "C"], [14, 21, 14])
        self.locks = no_locks(N)
        self.n_new = 0

    def names(self):
        return sorted(set(self.code.tolist()) - {""})

    def pick(self, data):
        return data.draw(st.sampled_from(self.names()))

    def take(self, code):
        """Accept what the machine made of the division, if it left all locks alone."""
        held = self.locks.held
        assert (np.asarray(code)[held] == self.code[held]).all()
        self.code = np.asarray(code)

    @rule(rows=rows, data=st.data())
    def paint(self, rows, data):
        free = [r for r in rows if not self.locks.held[r]]
        after = self.code.astype(object)
        after[free] = data.draw(st.sampled_from([*self.names(), ""]))
        self.code = after.astype(str)

    @rule(rows=rows)
    def lock(self, rows):
        self.locks = self.locks.holding(self.code, [r for r in rows if self.code[r] != ""])

    @rule()
    def unlock(self):
        self.locks = no_locks(N)

    @rule(line=lines, halves=st.booleans(), data=st.data())
    def split_and_merge_back(self, line, halves, data):
        if not self.names():
            return
        name = self.pick(data)
        members = np.flatnonzero(self.code == name)
        try:
            if halves:
                split = split_in_halves(self.ground, members)
            else:
                split = split_by_line(self.ground, self.shapes, members, shapely.LineString(line))
        except InvalidInput:
            return
        assert sorted([*split.larger, *split.smaller]) == members.tolist()
        after = self.code.astype(object)
        self.n_new += 1
        after[split.smaller] = f"N{self.n_new}"
        after = after.astype(str)
        assert larger_grid(self.ground, after, [name, f"N{self.n_new}"]) == name
        back = merge_grids(after, [f"N{self.n_new}", name], name)
        assert back.tolist() == self.code.tolist()
        if not self.locks.held[split.smaller].any():
            self.code = after

    @rule(line=lines, data=st.data())
    def drag_a_border(self, line, data):
        if len(self.names()) < 2:
            return
        a, b = data.draw(st.permutations(self.names()))[:2]
        drawn = shapely.LineString(line)
        try:
            moved = move_border(self.ground, self.shapes, self.code, a, b, drawn, locks=self.locks)
        except InvalidInput:
            return
        changed = moved.code != self.code
        assert set(self.code[changed]) | set(moved.code[changed]) <= {a, b}
        self.take(moved.code)

    @rule(mend=st.sampled_from([assign_unassigned, make_contiguous, fix_enclaves]))
    def mend(self, mend):
        repair = mend(self.ground, self.code, self.locks)
        self.take(repair.code)

    @rule()
    def make_legal(self):
        if not self.names():
            return
        assigned = assign_unassigned(self.ground, self.code, self.locks)
        joined = make_contiguous(self.ground, assigned.code, self.locks)
        self.take(joined.code)
        stops = [f for f in find_faults(self.ground, self.code, self.locks) if f.stops]
        assert not stops or self.locks.held.any()

    @rule(data=st.data())
    def rebalance(self, data):
        if not self.names():
            return
        proposal = rebalance_around(
            self.ground, self.code, [self.pick(data)], locks=self.locks, n_rings=3
        )
        self.take(proposal.code)

    @invariant()
    def every_block_is_in_one_grid_or_in_none(self):
        table = measure_grids(self.ground, self.code)
        assert table["n_blocks"].sum() + (self.code == "").sum() == N
        loose = self.ground.households[self.code == ""].sum()
        assert table["households"].sum() + loose == self.ground.households.sum()
        some = self.names()[::2]
        pd.testing.assert_frame_equal(measure_grids(self.ground, self.code, some), table.loc[some])


TestRedrawing = Redrawing.TestCase
TestRedrawing.settings = settings(
    max_examples=8,
    stateful_step_count=10,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
)
