"""Two planners do anything in any order; after every step the plans are still whole and honest."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.plan import draw
from gis.actions.plan.branching import branch_plan
from gis.actions.plan.cutting import cut_through
from gis.actions.plan.editing_tools import run_tool
from gis.actions.plan.editions import merge_copy, revert_plan, save_copy
from gis.actions.plan.effects import standing_of
from gis.actions.plan.plans import approve_plan, publish_plan, return_plan, submit_plan
from gis.actions.plan.workspace import discard, open_copy, redo, take_step, undo
from gis.domain.access import SYSTEM, Scope
from gis.domain.editing import UNASSIGNED, WorkingDivision, cut_in_locks
from gis.errors import Conflict, GisError, InvalidInput
from gis.geometry.quality import measure_division
from gis.store import tables as t
from gis.store.counts.counted_blocks import blocks_of
from gis.store.plan.plans import live_plan_id
from gis.store.plan.workspaces import saved_numbers
from tests.drawn_town import NOW
from tests.factories import make_user

PLANNERS = st.sampled_from([0, 1])
PLACE = st.integers(0, 10_000)


class Planning(RuleBasedStateMachine):
    """A draft, two planners, and a model of what each should find."""

    session = None
    community = None
    scopes = ()
    first_draft = None

    def __init__(self):
        super().__init__()
        self.step = self.session.begin_nested()
        self.now = NOW + timedelta(days=1)
        self.plan = self.first_draft
        self.trail = {0: None, 1: None}
        self.saved = saved_numbers(self.session, self.plan)
        self.checked = None
        self.retired: set[str] = set()

    def teardown(self):
        self.step.rollback()
        self.session.expire_all()

    # -- what is looked at ---------------------------------------------------------------------

    def copy_of(self, who):
        return open_copy(Work(self.session, self.scopes[who], self.now), self.plan)

    def state(self):
        return self.session.get(t.Plan, self.plan).state

    def trail_of(self, who):
        """Give the divisions a planner went through, and where in them he is."""
        if self.trail[who] is None:
            self.trail[who] = ([self.copy_of(who).division], 0)
        return self.trail[who]

    def went_to(self, who, division):
        states, at = self.trail_of(who)
        self.trail[who] = ([*states[: at + 1], division], at + 1)

    def pick(self, who, place):
        """Choose a block and a grid."""
        division = self.copy_of(who).division
        blocks, grids = sorted(division.number), sorted(division.numbers())
        return blocks[place % len(blocks)], grids[place // 7 % len(grids)]

    def is_draft(self):
        return self.state() == "draft"

    # -- what planners do ----------------------------------------------------------------------

    def do(self, who, kind, moves, **locks):
        before = self.trail_of(who)[0][self.trail_of(who)[1]]
        try:
            taken = take_step(
                Work(self.session, self.scopes[who], self.now), self.plan, kind, moves, **locks
            )
        except (Conflict, InvalidInput):
            assert self.copy_of(who).division == before
            return
        for block, number in moves.items():
            assert taken.copy.division.number[block] == number
        self.went_to(who, taken.copy.division)

    @precondition(is_draft)
    @rule(who=PLANNERS, place=PLACE, nowhere=st.booleans())
    def paint(self, who, place, nowhere):
        block, grid = self.pick(who, place)
        self.do(who, "paint", {block: UNASSIGNED if nowhere and place % 5 == 0 else grid})

    @precondition(is_draft)
    @rule(who=PLANNERS, place=PLACE, release=st.booleans())
    def lock(self, who, place, release):
        block, grid = self.pick(who, place)
        words = [f"grid:{grid}" if place % 2 else f"block:{block}"]
        self.do(who, "lock", {}, **({"unlock": words} if release else {"lock": words}))

    @precondition(is_draft)
    @rule(who=PLANNERS, place=PLACE)
    def use_a_tool(self, who, place):
        _, grid = self.pick(who, place)
        grids = sorted(self.copy_of(who).division.numbers())
        name, wishes = [
            ("split_halves", {"grid": grid}),
            ("merge", {"grids": grids[:2]}),
            ("unassigned", {}),
            ("contiguous", {}),
            ("rebalance", {"around": [grid]}),
        ][place % 5]
        try:
            found = run_tool(
                Work(self.session, self.scopes[who], self.now), self.plan, name, wishes
            )
        except GisError:
            return
        self.do(who, found.kind, found.moves)

    @precondition(is_draft)
    @rule(who=PLANNERS, back=st.booleans())
    def undo_or_redo(self, who, back):
        states, at = self.trail_of(who)
        wanted = at - 1 if back else at + 1
        act = undo if back else redo
        if not 0 <= wanted < len(states):
            with pytest.raises(Conflict):
                act(Work(self.session, self.scopes[who], self.now), self.plan)
            return
        taken = act(Work(self.session, self.scopes[who], self.now), self.plan)
        assert taken.copy.division == states[wanted]
        self.trail[who] = (states, wanted)

    @precondition(is_draft)
    @rule(who=PLANNERS)
    def discard(self, who):
        copy = self.copy_of(who)
        self.trail_of(who)
        if not copy.is_changed:
            return
        after = discard(Work(self.session, self.scopes[who], self.now), self.plan).copy
        assert after.division.number == copy.base
        self.went_to(who, after.division)

    @precondition(is_draft)
    @rule(place=PLACE)
    def cut(self, place):
        for who in (0, 1):
            self.trail_of(who)
        blocks = blocks_of(self.session, self.community)
        row = blocks.iloc[place % len(blocks)]
        x0, y0, x1, y1 = row.geometry.bounds
        x = x0 + (0.05 + place % 17 / 20) * (x1 - x0)
        block = int(row.block_id)
        try:
            line = [[x, y0 - 1e-3], [x, y1 + 1e-3]]
            children = cut_through(Work(self.session, SYSTEM, self.now), block, line).children
        except InvalidInput:
            return
        for who in (0, 1):
            states, at = self.trail[who]
            self.trail[who] = ([with_children(s, block, children) for s in states], at)
        number = self.saved.pop(block)
        self.saved |= dict.fromkeys(children, number)

    # -- what becomes of the draft -------------------------------------------------------------

    @precondition(is_draft)
    @rule(who=PLANNERS)
    def save(self, who):
        copy = self.copy_of(who)
        self.trail_of(who)
        try:
            save_copy(Work(self.session, self.scopes[who], self.now), self.plan)
        except InvalidInput:
            assert saved_numbers(self.session, self.plan) == self.saved
            return
        except Conflict:
            assert copy.behind or not copy.is_changed
            return
        assert not copy.behind
        self.saved = dict(copy.division.number)

    @precondition(is_draft)
    @rule(who=PLANNERS, prefer=st.sampled_from(["mine", "theirs"]))
    def merge(self, who, prefer):
        copy = self.copy_of(who)
        self.trail_of(who)
        if not copy.behind:
            return
        merged = merge_copy(
            Work(self.session, self.scopes[who], self.now), self.plan, prefer=prefer
        ).copy.division
        for block, base in copy.base.items():
            mine, theirs = copy.division.number[block], copy.saved[block]
            if mine == base:
                assert merged.number[block] == theirs
            elif theirs == base and mine in copy.base.values():
                assert merged.number[block] == mine
        self.went_to(who, merged)

    @precondition(is_draft)
    @rule(edition=st.integers(1, 4))
    def revert(self, edition):
        copy = self.copy_of(0)
        self.trail_of(0)
        try:
            revert_plan(Work(self.session, self.scopes[0], self.now), self.plan, edition)
        except GisError:
            return
        assert not copy.is_changed
        self.saved = saved_numbers(self.session, self.plan)
        self.trail[0] = None
        self.trail[0] = (
            [*([None] * self.copy_of(0).workspace.position), self.copy_of(0).division],
            self.copy_of(0).workspace.position,
        )

    @precondition(is_draft)
    @rule()
    def submit(self):
        if self.copy_of(0).workspace.changes:
            with pytest.raises(Conflict, match="unsaved"):
                submit_plan(Work(self.session, self.scopes[0], self.now), self.plan)
            return
        submit_plan(Work(self.session, self.scopes[0], self.now), self.plan)

    @precondition(lambda self: self.state() == "submitted")
    @rule(agreed=st.booleans())
    def judge(self, agreed):
        with pytest.raises(Conflict):
            approve_plan(Work(self.session, self.judge_of(0), self.now), self.plan)
        if agreed:
            approve_plan(Work(self.session, self.judge_of(1), self.now), self.plan)
        else:
            return_plan(Work(self.session, self.judge_of(1), self.now), self.plan, remarks="again")

    def judge_of(self, who):
        scope = self.scopes[who]
        return Scope(scope.user_id, scope.login, scope.name, frozenset({"official"}), None)

    @precondition(lambda self: self.state() == "approved")
    @rule()
    def publish(self):
        self.now += timedelta(days=1)
        day = self.now.date()
        done = publish_plan(
            Work(self.session, self.scopes[0], self.now), self.plan, effective_from=day
        )
        self.retired |= set(done.change.retired)
        assert live_plan_id(self.session, self.community) == self.plan
        self.plan = branch_plan(
            Work(self.session, self.scopes[0], self.now), self.plan, name="next"
        ).plan_id
        self.saved = saved_numbers(self.session, self.plan)
        self.trail = {0: None, 1: None}

    # -- what always holds ---------------------------------------------------------------------

    @invariant()
    def what_is_saved_is_what_was_last_saved_and_nothing_is_lost(self):
        assert saved_numbers(self.session, self.plan) == self.saved

    @invariant()
    def saved_plans_cover_every_block_once_in_connected_grids(self):
        if not self.is_draft() or self.saved == self.checked:
            return
        copy, self.checked = self.copy_of(0), dict(self.saved)
        request = standing_of(self.session, SYSTEM, copy, today=self.now.date()).request
        assert set(self.saved) == set(request.blocks["block_id"])
        assert UNASSIGNED not in self.saved.values()
        quality = measure_division(
            request.blocks,
            self.saved,
            weight="households",
            minimum=request.minimum,
            maximum=request.maximum,
        )
        assert quality.is_sound, [v.message for v in quality.violations]

    @invariant()
    def no_code_that_ended_is_ever_in_force_again(self):
        live = live_plan_id(self.session, self.community)
        codes = set(self.session.scalars(select(t.Grid.code).where(t.Grid.plan_id == live)))
        assert not codes & self.retired


def with_children(division, block, children):
    """Give a division of the model after a block was cut."""
    if division is None:
        return None
    number = dict(division.number)
    number |= dict.fromkeys(children, number.pop(block))
    return WorkingDivision(number, cut_in_locks(division.locks, block, children))


@pytest.mark.slow
def test_two_planners_may_do_anything_in_any_order(town, town_session):
    community = town.communities[0].id
    Planning.session, Planning.community = town_session, community
    Planning.scopes = [
        Scope(p.id, p.login, p.name, frozenset({"planner"}), None)
        for p in (make_user(town_session, f"planner{n}", "planner") for n in (1, 2))
    ]
    Planning.first_draft = draw.draw_community(
        Work(town_session, SYSTEM, NOW + timedelta(days=1)), community
    )
    town_session.flush()
    run_state_machine_as_test(
        Planning,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
