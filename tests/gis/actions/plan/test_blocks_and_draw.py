"""From ground to a plan in force: what must hold at every step, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import shapely
from sqlalchemy import func, select, text

from gis.actions.access.work import Work
from gis.actions.ground.blocks import read_ground
from gis.actions.plan import draw
from gis.actions.plan.import_blocks import import_blocks
from gis.actions.plan.plans import approve_plan, publish_plan, retire_plan, return_plan, submit_plan
from gis.actions.plan.renewed_blocks import retire_blocks
from gis.actions.provenance.imports import Source
from gis.domain.access import SYSTEM, Scope
from gis.domain.plan import STEPS
from gis.errors import Conflict, InvalidInput, NotAllowed, NotFound, with_hints
from gis.geometry.quality import measure_division
from gis.store import tables as t
from gis.store.counts.counted_blocks import blocks_of
from gis.store.ground import blocks as ground
from tests.drawn_town import NOW, buildings, frame, put, rectangle
from tests.factories import make_user
from tests.gis.actions.conftest import build_blocks_of, publish_draft

TOMORROW = NOW + timedelta(days=1)
CHORDS = 5e-10
"""Square degrees, about 5 m²: sides straight in metres are not quite straight in degrees."""


def grids_of(session, plan_id: int) -> list[t.Grid]:
    return list(
        session.scalars(select(t.Grid).where(t.Grid.plan_id == plan_id).order_by(t.Grid.code))
    )


def draft(session, town, *, now=TOMORROW, **rules) -> int:
    return draw.draw_community(Work(session, SYSTEM, now), town.communities[0].id, **rules)


def state_of(session, plan_id: int) -> str:
    return session.scalar(select(t.Plan.state).where(t.Plan.id == plan_id))


# Blocks


def test_blocks_cover_the_communities_exactly_and_cut_no_house(town):
    for report in town.reports:
        assert report["is_valid"] and report["buildings_cut"] == 0
        assert report["overlapping_m2"] == 0.0
        off_m2 = max(report["uncovered_m2"], report["outside_m2"])
        assert off_m2 < 0.5, "a grid of millimetres, along an outline of kilometres"
        assert report["buildings"] == 36 and report["multipart"] == 0


def test_stored_blocks_still_cover_the_stored_outline(town, town_session):
    for community in town.communities:
        blocks = blocks_of(town_session, community.id)
        shapes = blocks.geometry.to_numpy()
        assert shapely.coverage_is_valid(shapes)
        outline = ground.community_outline(town_session, community.id).geometry[0]
        assert shapely.union_all(shapes).symmetric_difference(outline).area < CHORDS


def test_every_house_has_its_block_and_every_enclosure_the_land_of_its_houses(town, town_session):
    blocks = blocks_of(town_session, town.communities[0].id)
    assert blocks["n_buildings"].sum() == 36
    assert len(blocks) == 36 and (blocks["n_buildings"] == 1).all()
    assert blocks["enclosure_id"].nunique() == 6


def test_a_second_build_is_left_out_when_nothing_changed(town, town_session):
    assert all(read_ground(town_session, SYSTEM, c) is None for c in town.communities)


def test_a_new_house_makes_blocks_of_its_community_only_to_be_built_again(town, town_session):
    house = buildings().iloc[[0]].assign(reference="new")
    house.loc[1, "geometry"] = rectangle(0.0001, 0.0018, 0.0002, 0.0019)
    put(town_session, "buildings", house)
    given = [read_ground(town_session, SYSTEM, c) for c in town.communities]
    assert given[0] is not None and given[1] is None


def g_shape(session, grid: t.Grid):
    stored = session.scalar(select(func.ST_AsBinary(t.Grid.geom)).where(t.Grid.id == grid.id))
    return shapely.from_wkb(bytes(stored))


def put_another_house(session) -> None:
    house = frame("buildings", [{"reference": "new"}], [rectangle(0.0001, 0.0018, 0.0002, 0.0019)])
    put(session, "buildings", house)


def test_blocks_no_plan_uses_are_removed_by_a_rebuild(town, town_session):
    community = town.communities[1]
    house = frame("buildings", [{"reference": "n"}], [rectangle(0.0111, 0.0018, 0.0112, 0.0019)])
    put(town_session, "buildings", house)
    build_blocks_of(town_session, community, TOMORROW)
    left = select(func.count()).where(
        t.Block.community_id == community.id, t.Block.retired_at.is_not(None)
    )
    assert town_session.scalar(left) == 0


def test_a_community_without_an_outline_is_named(town, town_session):
    town_session.execute(text("UPDATE division_unit SET geom = NULL"))
    with pytest.raises(InvalidInput, match="古榕社区 has no outline"):
        read_ground(town_session, SYSTEM, town.communities[0])


# Drawing


def test_every_block_lies_in_exactly_one_grid_and_the_households_in_the_band(town, town_session):
    grids = grids_of(town_session, town.plan_id)
    assert sum(g.households for g in grids) == 36 * 5
    assert sum(g.people for g in grids) == 36 * 15
    assert all(40 <= g.households <= 70 for g in grids) and not any(g.flags for g in grids)
    assigned = town_session.execute(
        select(t.BlockAssignment.block_id, t.BlockAssignment.grid_id).where(
            t.BlockAssignment.plan_id == town.plan_id
        )
    ).all()
    blocks = set(blocks_of(town_session, town.communities[0].id)["block_id"])
    assert {b for b, _ in assigned} == blocks and len(assigned) == len(blocks)
    assert {g for _, g in assigned} == {g.id for g in grids}


def test_the_shape_of_a_grid_is_the_union_of_its_blocks(town, town_session):
    away = text(
        "SELECT max(ST_Area(ST_SymDifference(g.geom, u.geom))) FROM grid g JOIN"
        " (SELECT a.grid_id, ST_Union(b.geom) AS geom FROM block_assignment a"
        "  JOIN block b ON b.id = a.block_id GROUP BY a.grid_id) u ON u.grid_id = g.id"
        " WHERE g.plan_id = :plan"
    )
    assert town_session.scalar(away, {"plan": town.plan_id}) < 1e-13
    shapes = [g_shape(town_session, g) for g in grids_of(town_session, town.plan_id)]
    assert all(len(s.geoms) == 1 for s in shapes), "every grid hangs together"


def test_codes_run_west_to_east_and_north_to_south(town, town_session):
    grids = grids_of(town_session, town.plan_id)
    code = town.communities[0].code
    assert [g.code for g in grids] == [f"{code}{n:03d}" for n in range(1, len(grids) + 1)]
    west_first = [g_shape(town_session, g).centroid for g in grids]
    assert west_first[0].x < west_first[-1].x or west_first[0].y > west_first[-1].y


def test_the_same_ground_and_seed_give_the_same_division(town, town_session):
    request = draw.read_request(town_session, SYSTEM, town.communities[0])
    first, second = draw.divide(request), draw.divide(request)
    assert first.assignment.equals(second.assignment)


def test_a_draft_keeps_what_was_asked_and_how_good_it_is(town, town_session):
    plan = town_session.get(t.Plan, draft(town_session, town, seed=3))
    asked = {"minimum": 40, "maximum": 70, "target": 60, "seed": 3, "weight": "households"}
    assert asked.items() <= plan.parameters.items()
    assert (plan.state, plan.parent_id) == ("draft", town.plan_id)
    assert plan.quality and all(v is None or isinstance(v, float) for v in plan.quality.values())


def test_a_community_without_blocks_is_told_which_command_to_run(town, town_session):
    retire_blocks(town_session, town.communities[1].id, NOW)
    with pytest.raises(InvalidInput) as caught:
        draw.read_request(town_session, SYSTEM, town.communities[1])
    assert "blocks --community 522632100002" in with_hints(caught.value)


@pytest.mark.parametrize(
    "band", [{"minimum": 0}, {"minimum": 80}, {"minimum": 50, "maximum": 40}, {"target": 71}]
)
def test_a_band_out_of_order_is_refused(town, town_session, band):
    if band == {"target": 71}:
        band = {"target": 71, "maximum": 70}
    with pytest.raises(InvalidInput, match="out of order"):
        draw.read_request(town_session, SYSTEM, town.communities[0], **band)


def test_an_unsound_division_is_never_stored(town, town_session):
    community = town.communities[0]
    request = draw.read_request(town_session, SYSTEM, community)
    division = draw.divide(request)
    scattered = division.assignment.copy()
    scattered.iloc[:] = [1 + n % 2 for n in range(len(scattered))]
    measured = measure_division(
        request.blocks, scattered, weight="households", minimum=40, maximum=70
    )
    unsound = replace(division, assignment=scattered, quality=measured)
    plans = town_session.scalar(select(func.count()).select_from(t.Plan))
    with pytest.raises(InvalidInput, match="古榕社区 is not sound"):
        draw.store_draft(
            Work(town_session, SYSTEM, NOW), community, request, unsound, name="Scattered"
        )
    assert town_session.scalar(select(func.count()).select_from(t.Plan)) == plans


def test_a_planner_draws_only_in_the_own_area(town, town_session):
    first, second = town.communities
    planner = Scope(None, "p", "P", frozenset({"planner"}), frozenset({second.id}))
    with pytest.raises(NotAllowed):
        draw.read_request(town_session, planner, first)
    with pytest.raises(NotFound):
        draw.draw_community(Work(town_session, planner, NOW), first.id)


# Publishing


def test_publishing_flips_the_pointer_and_supersedes_the_former(town, town_session):
    session, community = town_session, town.communities[0]
    former = town_session.get(t.Plan, town.plan_id)
    old_codes = {g.code for g in grids_of(session, former.id)}
    new = draft(session, town)
    publish_draft(session, new, now=TOMORROW)
    session.refresh(former)
    assert session.get(t.LivePlan, community.id).plan_id == new
    assert (former.state, former.effective_to) == ("superseded", TOMORROW.date())
    assert state_of(session, new) == "published"
    assert {g.code for g in grids_of(session, new)} == old_codes, "nothing changed on the ground"
    entries = select(t.AuditEntry).where(t.AuditEntry.action == "plan.publish")
    entry = session.scalars(entries.where(t.AuditEntry.object_id == str(new))).one()
    assert entry.detail["replaces"] == town.plan_id
    assert (entry.detail["kept"], entry.detail["new"], entry.detail["retired"]) == (3, [], [])


def test_a_plan_whose_blocks_were_rebuilt_is_not_published(town, town_session):
    plan = draft(town_session, town)
    put_another_house(town_session)
    build_blocks_of(town_session, town.communities[0], TOMORROW)
    with pytest.raises(Conflict, match="branch it"):
        publish_draft(town_session, plan, now=TOMORROW)
    assert state_of(town_session, town.plan_id) == "published"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (NOW.date(), "later"),
        (date(2020, 1, 1), "later"),
    ],
)
def test_a_plan_begins_after_the_one_in_force(town, town_session, day, words):
    plan = draft(town_session, town)
    submit_plan(Work(town_session, SYSTEM, NOW), plan)
    approve_plan(Work(town_session, SYSTEM, NOW), plan)
    with pytest.raises(Conflict, match=words):
        publish_plan(Work(town_session, SYSTEM, TOMORROW), plan, effective_from=day)
    assert state_of(town_session, plan) == "approved"


def test_nobody_approves_what_he_submitted(town, town_session):
    both = frozenset({"planner", "official"})
    users = [make_user(town_session, login, "planner", ()) for login in ("wang", "zhao")]
    wang, zhao = (Scope(u.id, u.login, u.name, both, None) for u in users)
    plan = draft(town_session, town)
    submit_plan(Work(town_session, wang, NOW), plan)
    with pytest.raises(Conflict, match="second person"):
        approve_plan(Work(town_session, wang, NOW), plan)
    approved = approve_plan(Work(town_session, zhao, NOW), plan)
    assert (approved.submitted_by, approved.approved_by) == (wang.user_id, zhao.user_id)


def test_a_returned_plan_is_a_draft_with_remarks_and_may_be_submitted_again(town, town_session):
    plan = draft(town_session, town)
    submit_plan(Work(town_session, SYSTEM, NOW), plan)
    with pytest.raises(Conflict, match="remarks"):
        return_plan(Work(town_session, SYSTEM, NOW), plan, remarks=" ")
    returned = return_plan(Work(town_session, SYSTEM, NOW), plan, remarks="Keep the market whole")
    assert (returned.state, returned.submitted_by) == ("draft", None)
    assert returned.remarks == "Keep the market whole"
    assert submit_plan(Work(town_session, SYSTEM, NOW), plan).plan.state == "submitted"


def take(session, plan_id: int, step: str) -> None:
    extra = {"return": {"remarks": "No"}, "publish": {"effective_from": TOMORROW.date()}}
    actions = {"submit": submit_plan, "approve": approve_plan, "return": return_plan}
    actions |= {"publish": publish_plan, "retire": retire_plan}
    actions[step](Work(session, SYSTEM, TOMORROW), plan_id, **extra.get(step, {}))


POSSIBLE = {
    ("draft", "submit"): "submitted",
    ("draft", "retire"): "retired",
    ("submitted", "approve"): "approved",
    ("submitted", "return"): "draft",
    ("submitted", "retire"): "retired",
    ("approved", "publish"): "published",
    ("approved", "return"): "draft",
    ("approved", "retire"): "retired",
}
WAYS = {
    "draft": (),
    "submitted": ("submit",),
    "approved": ("submit", "approve"),
    "published": ("submit", "approve", "publish"),
    "retired": ("retire",),
}


def test_every_step_from_every_state_leads_where_it_should_or_is_refused(town, town_session):
    session = town_session
    base = draft(session, town)
    for state, way in WAYS.items():
        for step in sorted(set(STEPS) - {"supersede", "withdraw"}):
            with session.begin_nested() as attempt:
                for before in way:
                    take(session, base, before)
                assert state_of(session, base) == state
                if (state, step) in POSSIBLE:
                    take(session, base, step)
                else:
                    with pytest.raises(Conflict, match=f"cannot {step} a plan that is {state}"):
                        take(session, base, step)
                assert state_of(session, base) == POSSIBLE.get((state, step), state)
                attempt.rollback()
            session.expire_all()


def test_a_plan_outside_the_area_is_not_there(town, town_session):
    elsewhere = Scope(None, "p", "P", frozenset({"planner"}), frozenset({town.communities[1].id}))
    with pytest.raises(NotFound):
        submit_plan(Work(town_session, elsewhere, NOW), town.plan_id)
    planner = Scope(None, "p", "P", frozenset({"planner"}), None)
    plan = draft(town_session, town)
    submit_plan(Work(town_session, planner, NOW), plan)
    with pytest.raises(NotAllowed):
        approve_plan(Work(town_session, planner, NOW), plan)


# Blocks that exist already


def quarters() -> list:
    return [rectangle(x, y, x + 0.003, y + 0.002) for y in (0, 0.002) for x in (0, 0.003)]


def put_blocks(session, shapes, *, commit=True):
    rows = [{"reference": f"q{n}"} for n in range(len(shapes))]
    return import_blocks(
        Work(session, SYSTEM, TOMORROW),
        "blocks",
        frame("blocks", rows, shapes),
        source=Source("blocks.gpkg"),
        commit=commit,
    )


def test_blocks_of_a_file_replace_those_of_the_community(town, town_session):
    assert put_blocks(town_session, quarters(), commit=False).state == "dry_run"
    assert len(blocks_of(town_session, town.communities[0].id)) == 36
    assert put_blocks(town_session, quarters()).rows_stored == 4
    assert len(blocks_of(town_session, town.communities[0].id)) == 4
    build = ground.current_build(town_session, town.communities[0].id)
    assert build.report["is_valid"] and build.report["imported"]
    assert build.report["uncovered_m2"] < 5 and build.report["overlapping_m2"] == 0


def test_blocks_far_from_everything_are_refused(town, town_session):
    outcome = put_blocks(town_session, [*quarters(), rectangle(1, 1, 2, 2)])
    assert (outcome.state, [d.row for d in outcome.defects]) == ("refused", [5])
    assert len(blocks_of(town_session, town.communities[0].id)) == 36


def test_blocks_that_overlap_are_refused_and_the_former_ones_stay(town, town_session):
    overlapping = [*quarters()[1:], rectangle(0, 0, 0.0035, 0.002)]
    with pytest.raises(InvalidInput, match="overlap"):
        put_blocks(town_session, overlapping)
    assert len(blocks_of(town_session, town.communities[0].id)) == 36
