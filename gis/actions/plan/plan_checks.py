"""The list of checks of a stored plan, whoever made it: drawn, edited or taken over from a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from gis.actions.plan.division_request import Measured, read_measured
from gis.actions.plan.working_ground import band_of
from gis.domain.access import Scope
from gis.domain.editing import UNASSIGNED
from gis.errors import Conflict
from gis.geometry.quality import Check, list_checks
from gis.store.ground import blocks as ground
from gis.store.ground.exclusive import exclusive_blocks
from gis.store.plan.former_grids import former_codes
from gis.store.plan.plan_drafts import community_of
from gis.store.plan.plan_grids import grid_names
from gis.store.plan.plans import get_plan
from gis.store.plan.workspaces import saved_numbers
from gis.store.tables import Plan


@dataclass(frozen=True)
class PlanCheck:
    """How one rule stands in a plan: a `Check` and the code of its grid, where it has one."""

    check: Check
    code: str | None


def check_plan(session: Session, scope: Scope, plan_id: int, *, today: date) -> list[PlanCheck]:
    """Go through every check of a plan on the blocks there are now.

    Raises
    ------
    Conflict
        The community's blocks were built anew since the plan was drawn: nothing of it is left.
    """
    plan = get_plan(session, scope, plan_id)
    community = community_of(session, scope, plan.community_id)
    numbers = {b: n for b, n in saved_numbers(session, plan.id).items() if n != UNASSIGNED}
    if not numbers:
        raise Conflict("the blocks were built anew since this plan was drawn; branch it first")
    measured = read_measured(session, community, **band_of(plan), today=today)
    names = grid_names(session, plan.id)
    found = list_checks(
        measured.blocks,
        numbers,
        weight=measured.weight,
        minimum=measured.minimum,
        maximum=measured.maximum,
        barriers=ground.barriers_near(session, community.id),
        buildings=ground.buildings_of(session, community.id),
        compounds=ground.compounds_of(session, community.id),
        boundary=ground.community_outline(session, community.id),
        locked=_locked(session, plan, measured),
        exclusive=exclusive_blocks(session, scope, community.id),
        grids=list(names),
    )
    codes: dict[int | None, str] = {number: name.code for number, name in names.items()}
    return [PlanCheck(check, codes.get(check.grid)) for check in found]


def _locked(session: Session, plan: Plan, measured: Measured) -> dict[int, int]:
    """Give the grid number of each block that was locked when the plan was drawn."""
    asked = plan.parameters or {}
    locks, base = asked.get("locks") or (), asked.get("from_plan")
    if not locks or base is None:
        return {}
    former = former_codes(session, base, measured.blocks["block_id"].tolist())
    return former[former.isin(list(locks))].str[12:].astype(int).to_dict()
