"""A planner's working copy: steps, undo and redo, saving, two planners on one draft."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import shapely
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.plan import draw
from gis.actions.plan.editions import merge_copy, preview_merge, revert_plan, save_copy
from gis.actions.plan.effects import measure_effect
from gis.actions.plan.plans import approve_plan, publish_plan, submit_plan
from gis.actions.plan.workspace import discard, new_number, open_copy, redo, take_step, undo
from gis.domain.access import SYSTEM, Scope
from gis.domain.editing import UNASSIGNED
from gis.errors import Conflict, InvalidInput, NotFound
from gis.geometry.quality import measure_division
from gis.store import tables as t
from gis.store.plan import workspaces
from gis.store.plan.plans import grid_features, list_grids
from tests.drawn_town import NOW
from tests.factories import make_user

LATER = NOW + timedelta(days=1)
DAY = LATER.date()


@pytest.fixture
def draft(town, town_session):
    """A draft of the first community, near the plan in force."""
    community = town.communities[0].id
    return draw.draw_community(Work(town_session, SYSTEM, LATER), community)


@pytest.fixture
def planners(town_session, town):
    """Two planners of the whole area."""
    people = [make_user(town_session, f"planner{n}", "planner") for n in (1, 2)]
    return [Scope(p.id, p.login, p.name, frozenset({"planner"}), None) for p in people]


def copy_of(session, scope, plan_id):
    return open_copy(Work(session, scope, LATER), plan_id)


def effect_of(session, scope, plan_id, **options):
    copy = copy_of(session, scope, plan_id)
    return measure_effect(session, scope, copy, today=DAY, **options)


def border_move(session, scope, plan_id, avoid=()):
    """Find a block that may leave its grid for a neighbour with both staying connected."""
    copy = copy_of(session, scope, plan_id)
    for block, number in sorted(copy.division.number.items()):
        for other in sorted(copy.division.numbers() - {number}):
            if block in avoid:
                continue
            trial = {**copy.division.number, block: other}
            if is_connected(session, scope, plan_id, trial):
                return block, number, other
    raise AssertionError("no block can move")


def is_connected(session, scope, plan_id, number):
    from gis.actions.plan.effects import standing_of
    from gis.geometry.redraw.faults import find_faults, is_legal

    copy = copy_of(session, scope, plan_id)
    standing = standing_of(session, scope, copy, today=DAY)
    labels = standing.labels_of(number)
    gone = set(map(str, copy.division.numbers())) - set(labels.tolist())
    return not gone and is_legal(find_faults(standing.ground, labels))


# Steps


def test_a_step_moves_blocks_and_is_undone_and_done_again_exactly(town_session, draft):
    before = copy_of(town_session, SYSTEM, draft)
    block, _, other = border_move(town_session, SYSTEM, draft)
    taken = take_step(
        Work(town_session, SYSTEM, LATER), draft, "paint", {block: other}, lock=["grid:1"]
    )
    assert taken.seq == 1 and taken.moves == {block: other}
    changed = copy_of(town_session, SYSTEM, draft)
    assert changed.division.number == before.division.number | {block: other}
    assert changed.division.locks == {"grid:1"}
    undone = undo(Work(town_session, SYSTEM, LATER), draft)
    assert undone.copy.division == before.division == copy_of(town_session, SYSTEM, draft).division
    again = redo(Work(town_session, SYSTEM, LATER), draft)
    assert again.copy.division == changed.division
    with pytest.raises(Conflict, match="nothing to do again"):
        redo(Work(town_session, SYSTEM, LATER), draft)


def test_a_step_sent_twice_is_taken_once(town_session, draft):
    block, _, other = border_move(town_session, SYSTEM, draft)
    name = uuid4()
    for _attempt in range(2):
        taken = take_step(
            Work(town_session, SYSTEM, LATER), draft, "paint", {block: other}, client_id=name
        )
        assert taken.seq == 1
    assert workspaces.count_steps(town_session, taken.copy.workspace.id) == 1


def test_a_new_step_takes_the_place_of_those_undone(town_session, draft):
    block, home, other = border_move(town_session, SYSTEM, draft)
    take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block: other})
    undo(Work(town_session, SYSTEM, LATER), draft)
    taken = take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block: UNASSIGNED})
    steps = workspaces.list_steps(town_session, taken.copy.workspace.id)
    assert [step.moves for step in steps] == [[[block, home, UNASSIGNED]]]


@pytest.mark.parametrize(
    ("kind", "moves", "message"),
    [
        ("wave", {}, "no kind of step"),
        ("paint", {-5: 1}, "block -5 is not one of this community"),
        ("paint", {"first": -1}, "no grid number"),
    ],
)
def test_a_senseless_step_is_refused_and_nothing_changes(town_session, draft, kind, moves, message):
    before = copy_of(town_session, SYSTEM, draft)
    first = min(before.division.number)
    moves = {first if block == "first" else block: number for block, number in moves.items()}
    with pytest.raises(InvalidInput, match=message):
        take_step(Work(town_session, SYSTEM, LATER), draft, kind, moves)
    assert copy_of(town_session, SYSTEM, draft).division == before.division


@pytest.mark.parametrize("form", ["grid:{home}", "grid:{other}", "block:{block}", "border:{pair}"])
def test_what_is_locked_does_not_move_until_it_is_released(town_session, draft, form):
    block, home, other = border_move(town_session, SYSTEM, draft)
    pair = f"{min(home, other)}-{max(home, other)}"
    word = form.format(home=home, other=other, block=block, pair=pair)
    take_step(Work(town_session, SYSTEM, LATER), draft, "lock", {}, lock=[word])
    with pytest.raises(Conflict, match="locked"):
        take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block: other})
    take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block: other}, unlock=[word])
    assert copy_of(town_session, SYSTEM, draft).division.number[block] == other


def test_discarding_goes_back_to_what_is_saved_and_can_be_undone(town_session, draft):
    saved = copy_of(town_session, SYSTEM, draft).division
    block, _, other = border_move(town_session, SYSTEM, draft)
    take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block: other}, lock=["grid:2"])
    changed = copy_of(town_session, SYSTEM, draft).division
    assert discard(Work(town_session, SYSTEM, LATER), draft).copy.division == saved
    with pytest.raises(Conflict, match="no unsaved changes"):
        discard(Work(town_session, SYSTEM, LATER), draft)
    assert undo(Work(town_session, SYSTEM, LATER), draft).copy.division == changed


def test_only_a_draft_can_be_edited(town_session, town, draft, planners):
    with pytest.raises(Conflict, match="only a draft"):
        open_copy(Work(town_session, SYSTEM, LATER), town.plan_id)
    submit_plan(Work(town_session, planners[0], LATER), draft)
    with pytest.raises(Conflict, match="this plan is submitted"):
        take_step(Work(town_session, planners[0], LATER), draft, "lock", {}, lock=["grid:1"])
    with pytest.raises(NotFound):
        nobody = Scope(None, "x", "x", frozenset({"planner"}), frozenset())
        open_copy(Work(town_session, nobody, LATER), draft)


# Effects


def test_the_effect_of_a_step_is_told_of_the_grids_it_touches(town_session, draft):
    block, home, other = border_move(town_session, SYSTEM, draft)
    before = effect_of(town_session, SYSTEM, draft).figures
    taken = take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block: other})
    effect = measure_effect(town_session, SYSTEM, taken.copy, touched=taken.touched, today=DAY)
    assert sorted(effect.figures.index) == sorted((home, other))
    moved = before["households"][home] - effect.figures["households"][home]
    assert effect.figures["households"][other] - before["households"][other] == moved
    assert effect.impact.totals["blocks"] >= 1
    own = effect.impact.moves
    assert (own["from_code"] != own["to_code"]).all()


def test_blocks_without_a_grid_and_torn_grids_are_faults_that_stop(town_session, draft):
    copy = copy_of(town_session, SYSTEM, draft)
    first = min(copy.division.number)
    take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {first: UNASSIGNED})
    faults = effect_of(town_session, SYSTEM, draft).faults
    assert "unassigned" in [f.rule for f in faults if f.stops]
    with pytest.raises(InvalidInput, match="cannot be saved") as refusal:
        save_copy(Work(town_session, SYSTEM, LATER), draft)
    assert "unassigned" in [d.code for d in refusal.value.defects]
    assert town_session.get(t.Plan, draft).edition == 1


# Saving


def test_a_saved_edition_is_what_everybody_reads_and_is_checked(town_session, town, draft):
    block, home, other = border_move(town_session, SYSTEM, draft)
    take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block: other}, lock=["grid:1"])
    expected = copy_of(town_session, SYSTEM, draft).division
    saved = save_copy(Work(town_session, SYSTEM, LATER), draft, note="the market")
    assert (saved.edition, saved.blocks) == (2, 1)
    copy = copy_of(town_session, SYSTEM, draft)
    assert copy.saved == expected.number and not copy.is_changed and not copy.behind
    assert town_session.get(t.Plan, draft).locks == ["grid:1"]
    rows = list_grids(town_session, SYSTEM, draft, today=DAY)
    assert sum(row.households for row in rows) == 180
    effect = effect_of(town_session, SYSTEM, draft)
    by_code = {row.code: row for row in rows}
    assert {effect.codes[n] for n in effect.figures.index} == set(by_code)
    for number, figures in effect.figures.iterrows():
        row = by_code[effect.codes[number]]
        assert row.households == figures["households"]
        assert row.compactness == pytest.approx(figures["compactness"], abs=1e-6)
    newest = workspaces.list_editions(town_session, draft)[0]
    assert (newest.kind, newest.note, newest.moves) == (
        "edited",
        "the market",
        [[block, home, other]],
    )
    assert other in copy.division.numbers()
    for feature in json.loads(grid_features(town_session, SYSTEM, draft))["features"]:
        place = shapely.Point(feature["properties"]["lon"], feature["properties"]["lat"])
        assert shapely.from_geojson(json.dumps(feature["geometry"])).contains(place)


def test_the_saved_shapes_pass_the_checker(town_session, town, draft):
    from gis.actions.plan.effects import standing_of

    block, _, other = border_move(town_session, SYSTEM, draft)
    take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block: other})
    save_copy(Work(town_session, SYSTEM, LATER), draft)
    copy = copy_of(town_session, SYSTEM, draft)
    request = standing_of(town_session, SYSTEM, copy, today=DAY).request
    quality = measure_division(
        request.blocks,
        copy.saved,
        weight="households",
        minimum=request.minimum,
        maximum=request.maximum,
    )
    assert quality.is_sound
    areas = town_session.execute(select(t.Grid.area_m2).where(t.Grid.plan_id == draft)).scalars()
    assert sum(areas) == pytest.approx(quality.grids["area_m2"].sum(), rel=1e-9)


def test_undo_goes_on_past_a_save(town_session, draft):
    begun = copy_of(town_session, SYSTEM, draft).division
    block, _, other = border_move(town_session, SYSTEM, draft)
    take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block: other})
    save_copy(Work(town_session, SYSTEM, LATER), draft)
    assert undo(Work(town_session, SYSTEM, LATER), draft).copy.division == begun
    assert save_copy(Work(town_session, SYSTEM, LATER), draft).edition == 3
    assert copy_of(town_session, SYSTEM, draft).saved == begun.number


def test_a_save_that_was_taken_back_is_never_read_under_the_number_of_the_next(
    town_session, draft, planners
):
    first, second = planners
    block, _, to = border_move(town_session, first, draft)
    attempt = town_session.begin_nested()
    take_step(Work(town_session, first, LATER), draft, "paint", {block: to})
    lost = save_copy(Work(town_session, first, LATER), draft).edition
    assert copy_of(town_session, second, draft).saved[block] == to
    attempt.rollback()
    town_session.expire_all()

    other, _, there = border_move(town_session, second, draft, avoid=[block])
    take_step(Work(town_session, second, LATER), draft, "paint", {other: there})
    assert save_copy(Work(town_session, second, LATER), draft).edition == lost
    copy = copy_of(town_session, first, draft)
    assert copy.saved == workspaces.saved_numbers(town_session, draft)
    assert (copy.saved[block] != to, copy.saved[other]) == (True, there)


def test_merging_grids_and_making_new_ones_gives_numbers_never_used_before(town_session, draft):
    copy = copy_of(town_session, SYSTEM, draft)
    numbers = sorted(copy.division.numbers())
    gone = numbers[-1]
    merged = {b: numbers[0] for b, n in copy.division.number.items() if n == gone}
    take_step(Work(town_session, SYSTEM, LATER), draft, "merge", merged)
    assert new_number(town_session, copy_of(town_session, SYSTEM, draft)) == gone + 1
    first = min(copy.division.number)
    fresh = new_number(town_session, copy_of(town_session, SYSTEM, draft))
    take_step(Work(town_session, SYSTEM, LATER), draft, "new_grid", {first: fresh})
    undo(Work(town_session, SYSTEM, LATER), draft)
    assert new_number(town_session, copy_of(town_session, SYSTEM, draft)) == fresh + 1


def test_an_earlier_edition_comes_back_as_a_new_one(town_session, draft):
    begun = copy_of(town_session, SYSTEM, draft).division.number
    moved = []
    for _edit in range(2):
        block, _, other = border_move(town_session, SYSTEM, draft, avoid=moved)
        moved.append(block)
        take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block: other})
        save_copy(Work(town_session, SYSTEM, LATER), draft)
    saved = revert_plan(Work(town_session, SYSTEM, LATER), draft, 1)
    assert saved.edition == 4
    assert copy_of(town_session, SYSTEM, draft).saved == begun
    with pytest.raises(Conflict, match="saved now"):
        revert_plan(Work(town_session, SYSTEM, LATER), draft, 1)
    with pytest.raises(NotFound):
        revert_plan(Work(town_session, SYSTEM, LATER), draft, 9)


# Two planners


def test_the_later_of_two_planners_is_offered_a_merge_and_nothing_is_lost(
    town_session, draft, planners
):
    one, two = planners
    block, _, other = border_move(town_session, one, draft)
    take_step(Work(town_session, one, LATER), draft, "paint", {block: other})
    second, _, elsewhere = border_move(town_session, two, draft, avoid=[block])
    take_step(Work(town_session, two, LATER), draft, "paint", {second: elsewhere})
    assert [o.name for o in workspaces.list_others(town_session, draft, one.user_id)] == [two.name]
    save_copy(Work(town_session, one, LATER), draft)
    with pytest.raises(Conflict, match="newer edition"):
        save_copy(Work(town_session, two, LATER), draft)
    assert copy_of(town_session, two, draft).behind
    assert preview_merge(Work(town_session, two, LATER), draft).clashes == ()
    taken = merge_copy(Work(town_session, two, LATER), draft)
    assert not taken.copy.behind
    assert taken.copy.division.number[block] == other
    assert taken.copy.division.number[second] == elsewhere
    with pytest.raises(Conflict, match="nothing to merge"):
        merge_copy(Work(town_session, two, LATER), draft)


@pytest.mark.parametrize(("prefer", "winner"), [("mine", "mine"), ("theirs", "theirs")])
def test_a_clash_is_settled_as_the_later_planner_chooses(
    town_session, draft, planners, prefer, winner
):
    one, two = planners
    block, _, other = border_move(town_session, one, draft)
    take_step(Work(town_session, one, LATER), draft, "paint", {block: other})
    take_step(Work(town_session, two, LATER), draft, "paint", {block: UNASSIGNED})
    save_copy(Work(town_session, one, LATER), draft)
    clashes = preview_merge(Work(town_session, two, LATER), draft).clashes
    assert [(c.block, c.mine, c.theirs) for c in clashes] == [(block, UNASSIGNED, other)]
    taken = merge_copy(Work(town_session, two, LATER), draft, prefer=prefer)
    expected = UNASSIGNED if winner == "mine" else other
    assert taken.copy.division.number[block] == expected
    before = undo(Work(town_session, two, LATER), draft).copy.division.number
    assert before[block] == UNASSIGNED


def test_an_edited_draft_is_published_and_workers_keep_their_codes(town_session, town, draft):
    block, _, other = border_move(town_session, SYSTEM, draft)
    take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block: other})
    save_copy(Work(town_session, SYSTEM, LATER), draft)
    impact = effect_of(town_session, SYSTEM, draft).impact
    submit_plan(Work(town_session, SYSTEM, LATER), draft)
    approve_plan(Work(town_session, SYSTEM, LATER), draft)
    done = publish_plan(Work(town_session, SYSTEM, LATER), draft, effective_from=DAY)
    assert done.change.moving == impact.totals["households"]
    assert len(done.change.kept) >= len(town_session.get(t.Plan, draft).locks)
