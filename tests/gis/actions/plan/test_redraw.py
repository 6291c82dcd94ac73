"""A community drawn again: codes and workers stay where households stay; others never return."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from gis.actions.access.work import Work
from gis.actions.plan import draw
from gis.actions.plan.plans import approve_plan, publish_plan, retire_plan, submit_plan
from gis.actions.plan.workers import assign_worker
from gis.domain.access import SYSTEM
from gis.domain.lineage import is_exclusive
from gis.errors import InvalidInput, NotFound
from gis.store import tables as t
from gis.store.counts.counted_blocks import blocks_of
from gis.store.ground import blocks as ground
from gis.store.plan.former_grids import assigned_blocks, former_codes
from gis.store.plan.grid_codes import issued_codes
from tests.counted import put_counts
from tests.drawn_town import NOW, frame, put, rectangle
from tests.factories import make_user
from tests.gis.actions.conftest import build_blocks_of

NEXT_DAY = NOW + timedelta(days=1)


def codes_of(session, plan_id: int) -> set[str]:
    return set(session.scalars(select(t.Grid.code).where(t.Grid.plan_id == plan_id)))


def draft(session, town, *, now=NEXT_DAY, **rules) -> int:
    return draw.draw_community(Work(session, SYSTEM, now), town.communities[0].id, **rules)


def publish(session, plan_id: int, now=NEXT_DAY):
    submit_plan(Work(session, SYSTEM, now), plan_id)
    approve_plan(Work(session, SYSTEM, now), plan_id)
    return publish_plan(Work(session, SYSTEM, now), plan_id, effective_from=now.date())


def staff(session, town) -> dict[str, int]:
    """Give every grid in force a worker of its own."""
    unit = session.get(t.DivisionUnit, town.communities[0].id)
    workers = {}
    for n, code in enumerate(sorted(codes_of(session, town.plan_id))):
        workers[code] = make_user(session, f"worker{n}", "worker", (unit,)).id
        assign_worker(Work(session, SYSTEM, NOW), code, workers[code], valid_from=NOW.date())
    return workers


def workers_now(session) -> dict[str, int]:
    day = NEXT_DAY.date()
    w = t.GridWorker
    query = select(w.grid_code, w.user_id).where(
        w.valid_from <= day, w.valid_to.is_(None) | (w.valid_to > day)
    )
    return dict(session.execute(query).all())


def more_people_in(session, plan_id: int, codes: set[str], households: int) -> None:
    """Let the blocks of some grids of a plan fill up."""
    blocks = assigned_blocks(session, plan_id)
    put_counts(
        session, blocks.loc[blocks["code"].isin(codes), "block_id"], "households", households
    )


def test_workers_are_still_there_after_counts_shift_and_a_second_plan_is_published(
    town, town_session
):
    workers = staff(town_session, town)
    more_people_in(town_session, town.plan_id, {max(workers)}, 7)
    done = publish(town_session, draft(town_session, town, minimum=40, maximum=90))
    assert set(done.change.kept) == set(workers)
    assert workers_now(town_session) == workers
    assert (done.unstaffed, done.released, done.change.new) == (0, (), ())


def test_a_grid_more_gets_a_new_code_and_stands_without_a_worker(town, town_session):
    workers = staff(town_session, town)
    done = publish(town_session, draft(town_session, town, minimum=30, n_grids=4, fresh=True))
    kept, new = set(done.change.kept), set(done.change.new)
    assert kept <= set(workers) and min(new) > max(workers)
    assert workers_now(town_session) == {c: w for c, w in workers.items() if c in kept}
    assert done.unstaffed == len(new)
    assert 0 < done.change.share_kept < 1


def test_a_grid_less_retires_its_code_and_ends_its_workers_assignment_that_day(town, town_session):
    workers = staff(town_session, town)
    done = publish(town_session, draft(town_session, town, maximum=95, n_grids=2))
    (gone,) = set(workers) - set(done.change.kept)
    assert done.change.retired == done.released == (gone,)
    ended = town_session.scalars(select(t.GridWorker).where(t.GridWorker.grid_code == gone)).one()
    assert (ended.valid_from, ended.valid_to) == (NOW.date(), NEXT_DAY.date())
    assert town_session.get(t.GridCode, gone).retired_at == NEXT_DAY
    lineage = town_session.scalars(
        select(t.GridLineage).where(t.GridLineage.parent_code == gone)
    ).all()
    assert {line.reason for line in lineage} <= {"merged", "moved"} and lineage
    assert sum(line.households for line in lineage) == 60


def test_the_lineage_of_a_plan_accounts_for_every_household(town, town_session):
    plan = draft(town_session, town, minimum=30, n_grids=4, fresh=True)
    publish(town_session, plan)
    lines = town_session.scalars(select(t.GridLineage).where(t.GridLineage.plan_id == plan)).all()
    assert sum(line.households for line in lines) == 180
    assert {line.child_code for line in lines} == codes_of(town_session, plan)
    assert {(line.effective_from, line.at) for line in lines} == {(NEXT_DAY.date(), NEXT_DAY)}
    first = select(t.GridLineage.reason).where(t.GridLineage.plan_id == town.plan_id)
    assert set(town_session.scalars(first)) == {"first"}


def test_drafts_use_up_no_codes_however_many_are_drawn(town, town_session):
    community = town.communities[0]
    before = issued_codes(town_session, community.id)
    for seed in range(5):
        plan = draft(town_session, town, minimum=30, n_grids=4, fresh=True, seed=seed)
        retire_plan(Work(town_session, SYSTEM, NEXT_DAY), plan)
    assert issued_codes(town_session, community.id) == before
    last = codes_of(town_session, draft(town_session, town, minimum=30, n_grids=4, fresh=True))
    assert last - before == {f"{community.code}{len(before) + 1:03d}"}


def test_two_drafts_never_end_up_with_one_code_for_two_grounds(town, town_session):
    first = draft(town_session, town, minimum=30, n_grids=4, fresh=True)
    second = draft(town_session, town, minimum=25, n_grids=5, fresh=True, seed=4)
    publish(town_session, first)
    issued = issued_codes(town_session, town.communities[0].id)
    blocks = assigned_blocks(town_session, second)
    now = former_codes(town_session, first, blocks["block_id"].tolist())
    for code in codes_of(town_session, second) & issued:
        held = blocks[blocks["block_id"].map(now) == code]
        stay = held.loc[held["code"] == code, "households"].sum()
        assert stay >= held["households"].sum() / 2


def test_nobody_is_assigned_to_a_code_that_is_only_proposed(town, town_session):
    plan = draft(town_session, town, minimum=30, n_grids=4, fresh=True)
    proposed = max(codes_of(town_session, plan))
    with pytest.raises(NotFound, match="no grid"):
        assign_worker(Work(town_session, SYSTEM, NOW), proposed, 1, valid_from=NOW.date())


def test_drawing_afresh_still_keeps_codes_where_most_households_stay(town, town_session):
    plan = draft(town_session, town, fresh=True)
    parameters = town_session.get(t.Plan, plan).parameters
    assert parameters["from_plan"] is None
    assert codes_of(town_session, plan) == codes_of(town_session, town.plan_id)


def test_a_draft_may_stay_near_another_draft(town, town_session):
    other = draft(town_session, town, minimum=30, n_grids=4, fresh=True, seed=3)
    plan = draft(town_session, town, minimum=30, from_plan=other)
    assert town_session.get(t.Plan, plan).parameters["from_plan"] == other
    wanted = assigned_blocks(town_session, other).set_index("block_id")["code"]
    found = assigned_blocks(town_session, plan).set_index("block_id")["code"]
    assert (wanted == found).mean() > 0.8


def test_a_plan_of_another_community_is_none_to_draw_from(town, town_session):
    with pytest.raises(NotFound, match="is not one of 卧龙社区"):
        draw.read_request(town_session, SYSTEM, town.communities[1], from_plan=town.plan_id)


def test_blocks_built_anew_come_from_the_grid_that_had_most_of_their_ground(town, town_session):
    community = town.communities[0]
    house = frame("buildings", [{"reference": "n"}], [rectangle(0.0001, 0.0018, 0.0002, 0.0019)])
    put(town_session, "buildings", house)
    build_blocks_of(town_session, community, NEXT_DAY)
    blocks = blocks_of(town_session, community.id)
    former = former_codes(town_session, town.plan_id, blocks["block_id"].tolist())
    assert set(former.index) == set(blocks["block_id"]) and len(blocks) == 37
    assert set(former) == codes_of(town_session, town.plan_id)
    inside = text(
        "SELECT b.id, g.code FROM block b JOIN grid g ON g.plan_id = :plan"
        " AND ST_Contains(ST_Buffer(g.geom, 1e-7), b.geom) WHERE b.id = ANY(:blocks)"
    )
    whole = town_session.execute(
        inside, {"plan": town.plan_id, "blocks": blocks["block_id"].tolist()}
    ).all()
    assert len(whole) > 30 and all(former[block] == code for block, code in whole)


def test_children_of_a_split_block_come_from_the_grid_of_their_parent(town, town_session):
    community = town.communities[0]
    parent = town_session.get(t.Block, int(blocks_of(town_session, community.id).block_id[0]))
    build = ground.current_build(town_session, community.id)
    children = [
        t.Block(
            build_id=build.id,
            community_id=community.id,
            parent_id=parent.id,
            number=1000 + n,
            area_m2=1.0,
            geom=parent.geom,
        )
        for n in (0, 1)
    ]
    town_session.add_all(children)
    town_session.flush()
    codes = former_codes(town_session, town.plan_id, [parent.id, *(c.id for c in children)])
    assert len(codes) == 3 and codes.nunique() == 1


def test_locked_grids_stay_as_they_are(town, town_session):
    codes = sorted(codes_of(town_session, town.plan_id))
    more_people_in(town_session, town.plan_id, {codes[0]}, 3)
    plan = draft(town_session, town, minimum=20, locks=(codes[0],))
    before = assigned_blocks(town_session, town.plan_id)
    after = assigned_blocks(town_session, plan)
    held = {code: set(f["block_id"]) for code, f in before.groupby("code")}
    now = {code: set(f["block_id"]) for code, f in after.groupby("code")}
    assert now[codes[0]] == held[codes[0]]
    assert town_session.get(t.Plan, plan).parameters["locks"] == [codes[0]]


def test_a_lock_that_names_no_grid_is_refused_with_those_there_are(town, town_session):
    wrong = f"{town.communities[0].code}077"
    with pytest.raises(InvalidInput, match=f"{wrong} is no grid .*001"):
        draw.read_request(town_session, SYSTEM, town.communities[0], locks=(wrong,))
    with pytest.raises(InvalidInput, match="no plan to draw from"):
        draw.read_request(town_session, SYSTEM, town.communities[1], locks=(wrong,))


REDRAWS = st.lists(
    st.tuples(st.integers(1, 6), st.integers(0, 9), st.booleans()), min_size=3, max_size=5
)


@settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(REDRAWS)
def test_after_any_redraws_no_retired_code_ever_comes_back(town, town_session, redraws):
    with town_session.begin_nested() as attempt:
        seen, retired = set(codes_of(town_session, town.plan_id)), set()
        for day, (n_grids, seed, fresh) in enumerate(redraws, 1):
            now = NOW + timedelta(days=day)
            rules = {"n_grids": n_grids, "seed": seed, "fresh": fresh, "minimum": 1}
            plan = draft(town_session, town, now=now, maximum=200, **rules)
            before = codes_of(town_session, plan)
            done = publish(town_session, plan, now)
            codes = codes_of(town_session, plan)
            assert codes == before, "nothing was published in between"
            assert not codes & retired and not any(map(is_exclusive, codes))
            new = codes - seen
            assert set(done.change.new) == new
            assert all(code > max(seen) for code in new)
            retired |= set(done.change.retired)
            seen |= codes
        attempt.rollback()
    town_session.expire_all()
