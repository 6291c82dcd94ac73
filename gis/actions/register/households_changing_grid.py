"""The households that a plan brings from one grid to another, named for those who may know them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from gis.actions.access.disclosure import Shown, record_shown
from gis.actions.access.work import Work
from gis.actions.plan.effects import settled_codes, standing_of
from gis.actions.plan.impact import moving_blocks
from gis.actions.plan.workspace import open_copy
from gis.domain.access import Scope
from gis.domain.disclosure import MOST_LISTED, Sight, sight_of
from gis.domain.editing import UNASSIGNED
from gis.errors import NotFound
from gis.store.plan.plans import find_plan, get_plan
from gis.store.register.households_changing_grid import (
    HouseholdChangingGrid,
    count_households_changing_grid,
    list_households_changing_grid,
)
from gis.store.tables import Plan


@dataclass(frozen=True)
class HouseholdsChangingGrid:
    """Households that go from one grid to another; named only for those who may read them.

    ``households`` is a page of them, and ``after`` asks for the one that follows.
    """

    count: int
    households: tuple[HouseholdChangingGrid, ...] | None
    after: UUID | None = None


def read_households_changing_grid(
    work: Work,
    plan_id: int,
    from_code: str,
    to_code: str,
    *,
    after: UUID | None = None,
) -> HouseholdsChangingGrid:
    """List the households that a plan, as it is saved, brings from one grid to another.

    A worker may ask about the households that leave his own grids. Whoever gets names is recorded,
    page by page; ``after`` is the last household of the page before.
    """
    plan = _plan_of_grid(work.session, work.scope, plan_id, from_code)
    moves = moving_blocks(work.session, plan)
    wanted = moves[(moves["from_code"] == from_code) & (moves["to_code"] == to_code)]
    pair = (from_code, to_code)
    return _listed(work, plan, wanted["block_id"].tolist(), pair, after)


def read_working_households_changing_grid(
    work: Work,
    plan_id: int,
    from_code: str,
    to_code: str,
    *,
    after: UUID | None = None,
) -> HouseholdsChangingGrid:
    """List the households that a person's working copy brings from one grid to another."""
    copy = open_copy(work, plan_id)
    standing = standing_of(work.session, work.scope, copy, today=work.now.date())
    codes = settled_codes(work.session, copy, standing)
    number = copy.division.number
    blocks = [
        int(block)
        for block, former in zip(standing.ground.block_id, standing.former, strict=True)
        if former == from_code and codes.get(number.get(int(block), UNASSIGNED), "") == to_code
    ]
    return _listed(work, copy.plan, blocks, (from_code, to_code), after)


def _plan_of_grid(session: Session, scope: Scope, plan_id: int, from_code: str) -> Plan:
    if scope.may("plan.view"):
        return get_plan(session, scope, plan_id)
    plan = find_plan(session, plan_id)
    if (
        plan is None
        or plan.state in ("draft", "retired")
        or sight_of(scope, plan.community_id, from_code) is Sight.NOTHING
    ):
        raise NotFound("there is no such plan for your grids")
    return plan


def _listed(
    work: Work,
    plan: Plan,
    blocks: list[int],
    pair: tuple[str, str],
    after: UUID | None,
) -> HouseholdsChangingGrid:
    sight, total = (
        sight_of(work.scope, plan.community_id, pair[0]),
        count_households_changing_grid(work.session, work.scope, blocks),
    )
    if sight is Sight.NOTHING:
        return HouseholdsChangingGrid(total, None)
    found = list_households_changing_grid(
        work.session, work.scope, blocks, after=after, limit=MOST_LISTED + 1
    )
    page = tuple(found[:MOST_LISTED])
    record_shown(
        work,
        "household.list",
        [Shown(m.id, pair[0], sight) for m in page],
        community_id=plan.community_id,
        about=("plan", plan.id),
        detail={"from_grid": pair[0], "to_grid": pair[1]},
    )
    return HouseholdsChangingGrid(total, page, page[-1].id if len(found) > MOST_LISTED else None)
