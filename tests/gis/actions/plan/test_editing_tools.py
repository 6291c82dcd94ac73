"""Tools that propose moves for a working copy; cutting through a block."""

from datetime import timedelta

import pytest
import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.plan import draw
from gis.actions.plan.cutting import cut_through
from gis.actions.plan.editing_tools import TOOLS, run_tool
from gis.actions.plan.editions import save_copy
from gis.actions.plan.workspace import open_copy, redo, take_step, undo
from gis.domain.access import SYSTEM, Scope
from gis.domain.editing import UNASSIGNED
from gis.errors import Conflict, InvalidInput, NotFound
from gis.store import tables as t
from gis.store.counts.counted_blocks import blocks_of
from gis.store.ground import blocks as ground
from tests.counted import counts_of
from tests.drawn_town import NOW, WIDTH, at

LATER = NOW + timedelta(days=1)


@pytest.fixture
def draft(town, town_session):
    community = town.communities[0].id
    return draw.draw_community(Work(town_session, SYSTEM, LATER), community)


def copy_of(session, plan_id):
    return open_copy(Work(session, SYSTEM, LATER), plan_id)


def tool(session, plan_id, name, **wishes):
    return run_tool(Work(session, SYSTEM, LATER), plan_id, name, wishes)


def accept(session, plan_id, result):
    return take_step(Work(session, SYSTEM, LATER), plan_id, result.kind, result.moves).copy


def households_of(session, plan_id):
    copy = copy_of(session, plan_id)
    load = counts_of(session, "households")
    found = {}
    for block, number in copy.division.number.items():
        found[number] = found.get(number, 0) + load.get(block, 0)
    return found


def test_every_tool_leaves_the_working_copy_alone_until_its_proposal_is_taken(town_session, draft):
    before = copy_of(town_session, draft).division
    grids = sorted(before.numbers())
    wishes = {
        "split_line": {"grid": grids[0], "line": [[*at(-0.01, 0.001)], [*at(0.02, 0.001)]]},
        "split_halves": {"grid": grids[0]},
        "merge": {"grids": grids[:2]},
        "border": {"a": grids[0], "b": grids[1], "line": [[*at(0.001, -1)], [*at(0.001, 1)]]},
        "rebalance": {"around": [grids[0]]},
    }
    for name in TOOLS:
        try:
            tool(town_session, draft, name, **wishes.get(name, {}))
        except InvalidInput as refusal:
            assert len(refusal.message) > 20
        assert copy_of(town_session, draft).division == before


def test_a_grid_is_split_in_halves_and_merged_again(town_session, draft):
    begun = copy_of(town_session, draft).division.number
    grid = min(begun.values())
    households = households_of(town_session, draft)[grid]
    split = tool(town_session, draft, "split_halves", grid=grid)
    after = accept(town_session, draft, split)
    fresh = max(after.division.numbers())
    assert fresh not in begun.values()
    halves = households_of(town_session, draft)
    assert halves[grid] + halves[fresh] == households
    assert abs(halves[grid] - halves[fresh]) <= 10
    merged = tool(town_session, draft, "merge", grids=[grid, fresh], into=grid)
    assert accept(town_session, draft, merged).division.number == begun


def test_a_line_splits_a_grid_and_tells_which_blocks_it_crosses(town_session, draft):
    copy = copy_of(town_session, draft)
    grid = max(copy.division.numbers())
    blocks = blocks_of(town_session, copy.plan.community_id)
    mine = blocks[blocks["block_id"].map(copy.division.number) == grid]
    x0, y0, x1, y1 = mine.total_bounds
    middle = (y0 + y1) / 2 if y1 - y0 > x1 - x0 else (x0 + x1) / 2
    line = (
        [[x0 - 0.01, middle], [x1 + 0.01, middle]]
        if y1 - y0 > x1 - x0
        else [[middle, y0 - 0.01], [middle, y1 + 0.01]]
    )
    result = tool(town_session, draft, "split_line", grid=grid, line=line)
    drawn = shapely.LineString(line)
    crossed = mine[shapely.crosses(mine.geometry.array, drawn)]["block_id"]
    assert set(result.crossed) <= set(crossed)
    assert 0 < len(result.moves) < len(mine)
    assert set(result.moves) <= set(mine["block_id"])


def test_what_is_out_of_a_grid_or_torn_is_mended_by_tools_and_then_saved(town_session, draft):
    copy = copy_of(town_session, draft)
    loose = sorted(copy.division.number)[:3]
    take_step(Work(town_session, SYSTEM, LATER), draft, "paint", dict.fromkeys(loose, UNASSIGNED))
    mended = accept(town_session, draft, tool(town_session, draft, "unassigned"))
    assert UNASSIGNED not in mended.division.number.values()
    accept(town_session, draft, tool(town_session, draft, "contiguous"))
    result = tool(town_session, draft, "contiguous")
    assert result.moves == {} and not [f for f in result.faults if f.stops]


def test_a_rebalance_brings_grids_back_and_keeps_what_was_painted(town_session, draft):
    copy = copy_of(town_session, draft)
    grids = sorted(copy.division.numbers())
    blocks = blocks_of(town_session, copy.plan.community_id).set_index("block_id")
    donor, home = grids[0], grids[1]
    near = blocks.geometry[[b for b, n in copy.division.number.items() if n == home]].union_all()
    own = [b for b, n in copy.division.number.items() if n == donor]
    painted = sorted(own, key=lambda b: blocks.geometry[b].distance(near))[:4]
    take_step(Work(town_session, SYSTEM, LATER), draft, "paint", dict.fromkeys(painted, home))
    result = tool(town_session, draft, "rebalance", around=[donor, home])
    assert not set(result.moves) & set(painted)
    off = [frame["deviation"].abs().sum() for frame in (result.before, result.after)]
    assert off[1] <= off[0]


def test_the_whole_plan_is_proposed_again_with_locks_kept(town_session, draft):
    copy = copy_of(town_session, draft)
    kept = min(copy.division.numbers())
    take_step(Work(town_session, SYSTEM, LATER), draft, "lock", {}, lock=[f"grid:{kept}"])
    result = tool(town_session, draft, "propose", fresh=True)
    assert kept not in result.moves.values()
    assert not {b for b in result.moves if copy.division.number[b] == kept}
    assert not [f for f in result.faults if f.stops]


@pytest.mark.parametrize(
    ("name", "wishes", "message"),
    [
        ("wave", {}, "no tool"),
        ("split_halves", {}, "grid: expected the number"),
        ("split_halves", {"grid": 777}, "no blocks"),
        ("merge", {"grids": "all"}, "grids: expected a list"),
        ("split_line", {"grid": 1, "line": [[1]]}, "at least two points"),
        ("split_line", {"grid": 1, "line": [[1, 2], [3, 400]]}, "lat from -90"),
        ("border", {"a": 1, "b": 1}, "line"),
    ],
)
def test_a_tool_says_what_it_lacks(town_session, draft, name, wishes, message):
    with pytest.raises(InvalidInput, match=message):
        tool(town_session, draft, name, **wishes)


def test_a_locked_grid_is_neither_split_nor_merged(town_session, draft):
    grids = sorted(copy_of(town_session, draft).division.numbers())
    take_step(Work(town_session, SYSTEM, LATER), draft, "lock", {}, lock=[f"grid:{grids[0]}"])
    with pytest.raises(InvalidInput, match="locked"):
        tool(town_session, draft, "split_halves", grid=grids[0])
    with pytest.raises(InvalidInput, match="locked"):
        tool(town_session, draft, "merge", grids=grids[:2])


# Cutting through a block


def big_block(session, community_id):
    """Give the block with most households, its shape, and a line between its houses."""
    blocks = blocks_of(session, community_id)
    houses = ground.buildings_of(session, community_id)
    for row in blocks.sort_values("area_m2", ascending=False).itertuples():
        x0, y0, x1, y1 = row.geometry.bounds
        for share in (0.1, 0.15, 0.9, 0.5):
            x = x0 + share * (x1 - x0)
            line = shapely.LineString([(x, y0 - 0.001), (x, y1 + 0.001)])
            if not houses.geometry.intersects(line).any():
                return int(row.block_id), row.geometry, [list(p) for p in line.coords]
    raise AssertionError("no block can be cut")


def test_a_block_is_cut_its_households_stay_known_and_every_plan_goes_on(town_session, town, draft):
    community = town.communities[0].id
    block, shape, line = big_block(town_session, community)
    home = copy_of(town_session, draft).division.number[block]
    before = sum(counts_of(town_session, "households").values())
    cut = cut_through(Work(town_session, SYSTEM, LATER), block, line)
    assert len(cut.children) == 2 and cut.left_to_locate == 0
    children = [town_session.get(t.Block, child) for child in cut.children]
    union = shapely.union_all([to_shape(child.geom) for child in children])
    assert union.symmetric_difference(shape).area < 1e-15
    assert {child.parent_id for child in children} == {block}
    assert town_session.get(t.Block, block).retired_at == LATER
    loads = counts_of(town_session, "households")
    assert sum(loads.values()) == before and block not in loads
    numbers = copy_of(town_session, draft).division.number
    assert block not in numbers and {numbers[c] for c in cut.children} == {home}
    live = dict(
        town_session.execute(
            select(t.BlockAssignment.block_id, t.BlockAssignment.grid_id).where(
                t.BlockAssignment.plan_id == town.plan_id
            )
        ).all()
    )
    assert {live[c] for c in cut.children} == {live[block]}
    coverage = blocks_of(town_session, community)
    assert shapely.coverage_is_valid(coverage.geometry.array)


def test_edits_of_a_block_that_is_cut_go_on_with_its_children(town_session, town, draft):
    block, _, line = big_block(town_session, town.communities[0].id)
    home = copy_of(town_session, draft).division.number[block]
    other = next(n for n in sorted(copy_of(town_session, draft).division.numbers()) if n != home)
    take_step(
        Work(town_session, SYSTEM, LATER), draft, "paint", {block: other}, lock=[f"block:{block}"]
    )
    cut = cut_through(Work(town_session, SYSTEM, LATER), block, line)
    changed = copy_of(town_session, draft)
    assert {changed.division.number[c] for c in cut.children} == {other}
    assert changed.division.locks == {f"block:{c}" for c in cut.children}
    undone = undo(Work(town_session, SYSTEM, LATER), draft)
    assert {undone.copy.division.number[c] for c in cut.children} == {home}
    again = redo(Work(town_session, SYSTEM, LATER), draft)
    assert again.copy.division == changed.division
    with pytest.raises(Conflict, match="cut or built anew"):
        cut_through(Work(town_session, SYSTEM, LATER), block, line)


def test_the_children_of_a_cut_block_may_go_to_different_grids_and_be_saved(
    town_session, town, draft
):
    block, _, line = big_block(town_session, town.communities[0].id)
    cut = cut_through(Work(town_session, SYSTEM, LATER), block, line)
    copy = copy_of(town_session, draft)
    grids = sorted(copy.division.numbers() - {copy.division.number[block_of(cut)]})
    for other in grids:
        take_step(Work(town_session, SYSTEM, LATER), draft, "paint", {block_of(cut): other})
        try:
            save_copy(Work(town_session, SYSTEM, LATER), draft)
        except InvalidInput:
            undo(Work(town_session, SYSTEM, LATER), draft)
            continue
        saved = copy_of(town_session, draft).saved
        assert saved[cut.children[1]] == other != saved[cut.children[0]]
        return
    pytest.fail("no child of the block could go to another grid")


def block_of(cut):
    return cut.children[1]


def test_a_cut_through_a_building_or_beside_the_block_changes_nothing(town_session, town):
    community = town.communities[0].id
    blocks = blocks_of(town_session, community)
    house = ground.buildings_of(town_session, community).geometry.iloc[0].centroid
    block = int(blocks[blocks.contains(house)]["block_id"].iloc[0])
    through = [[house.x, house.y - 0.01], [house.x, house.y + 0.01]]
    with pytest.raises(InvalidInput, match="building"):
        cut_through(Work(town_session, SYSTEM, LATER), block, through)
    with pytest.raises(InvalidInput, match="does not cross"):
        far = [[*at(5 * WIDTH, 0)], [*at(6 * WIDTH, 1)]]
        cut_through(Work(town_session, SYSTEM, LATER), block, far)
    assert len(blocks_of(town_session, community)) == len(blocks)
    nobody = Scope(None, "x", "x", frozenset({"planner"}), frozenset())
    with pytest.raises(NotFound):
        cut_through(Work(town_session, nobody, LATER), block, through)
