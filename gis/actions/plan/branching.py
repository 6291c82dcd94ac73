"""Scenarios: a new draft from any plan or edition, what it is for, and its name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.plan.assessment import assess
from gis.actions.plan.division_request import DivisionRequest, read_request
from gis.actions.plan.draw import grid_rows, totals_of
from gis.actions.plan.working_ground import band_of
from gis.analysis.overlaps import overlaps_of
from gis.domain.access import require
from gis.domain.editing import (
    UNASSIGNED,
    check_lock,
    locked_blocks,
    locked_borders,
    locked_grids,
)
from gis.domain.lineage import settle_codes
from gis.errors import Conflict, InvalidInput, NotFound
from gis.store.area.divisions import Community
from gis.store.plan import plan_drafts
from gis.store.plan.former_grids import former_codes
from gis.store.plan.grid_codes import issued_codes
from gis.store.plan.plan_grids import GridName, grid_names
from gis.store.plan.plan_numbers import numbers_of_edition
from gis.store.plan.plans import get_plan, known_plan, live_plan_id
from gis.store.plan.workspaces import find_edition, first_edition
from gis.store.tables import Plan

MOST_LETTERS = 120
"""Of a plan's name."""


@dataclass(frozen=True)
class Branch:
    """A new draft: its id, how many blocks have no grid in it yet, and whether it is sound.

    One with blocks without a grid, or with grids torn by blocks built anew, has to be repaired
    before it can be saved or submitted.
    """

    plan_id: int
    unassigned: int
    is_sound: bool

    @property
    def needs_repair(self) -> bool:
        """Whether it breaks a rule that a plan must keep."""
        return self.unassigned > 0 or not self.is_sound


def branch_plan(
    work: Work,
    plan_id: int,
    *,
    name: str,
    edition: int | None = None,
    purpose: str = "",
) -> Branch:
    """Make a draft from any plan, on the blocks in use, its codes settled.

    Parameters
    ----------
    name, purpose
        What the scenario is called, and what it is for.
    edition
        Edition of the plan to begin with; the newest unless given.

    Raises
    ------
    NotFound
        No such plan in the area, or it has no such edition.
    InvalidInput
        No name, or one too long.
    Conflict
        Nothing of the plan lies on blocks in use.
    """
    source = get_plan(work.session, work.scope, plan_id)
    require(work.scope, "plan.edit", source.community_id)
    name = checked_name(name)
    plan_drafts.lock_community(work.session, source.community_id)
    edition = _edition_of(work.session, source, edition)
    numbers = numbers_of_edition(work.session, source, edition)
    assigned = pd.Series({b: n for b, n in numbers.items() if n != UNASSIGNED}, name="grid")
    if assigned.empty:
        raise Conflict("nothing of this plan lies on the blocks in use; draw the community again")
    community = plan_drafts.community_of(work.session, work.scope, source.community_id)
    request = _request_on(work, community, source, assigned)
    plan_id, codes, is_sound = _store(work, community, source, request, assigned, name)
    locks = renumber_locks(source.locks, set(numbers), {n: int(c[12:]) for n, c in codes.items()})
    _keep_beginning(work.session, plan_id, purpose, locks)
    unassigned = len(numbers) - len(assigned)
    detail = {"from_plan": source.id, "from_edition": edition, "unassigned": unassigned}
    _audit(work, "plan.branch", plan_id, community.id, **detail)
    return Branch(plan_id, unassigned, is_sound)


def describe_plan(
    work: Work,
    plan_id: int,
    *,
    name: str | None = None,
    purpose: str | None = None,
) -> Plan:
    """Rename a plan that never was in force, or say anew what it is for.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; no right to edit plans.
    Conflict
        The plan is or was in force: what was published keeps its name.
    InvalidInput
        The name is empty or too long.
    """
    plan = get_plan(work.session, work.scope, plan_id)
    require(work.scope, "plan.edit", plan.community_id)
    if plan.effective_from is not None:
        raise Conflict("a plan that is or was in force keeps its name")
    if name is not None:
        plan.name = checked_name(name)
    if purpose is not None:
        first_edition(work.session, plan.id).note = purpose.strip()
    work.session.flush()
    _audit(work, "plan.rename", plan.id, plan.community_id, name=plan.name)
    return plan


def checked_name(name: str) -> str:
    """Give the name of a plan without blanks around it, or refuse it.

    Examples
    --------
    >>> checked_name(" Without the market ")
    'Without the market'
    """
    name = " ".join(str(name).split())
    if not name or len(name) > MOST_LETTERS:
        raise InvalidInput("a plan needs a name of 1 to {most} letters", most=MOST_LETTERS)
    return name


def _edition_of(session: Session, source: Plan, edition: int | None) -> int:
    if edition is None or edition == source.edition:
        return source.edition
    if find_edition(session, source.id, edition) is None:
        raise NotFound(
            "this plan has no edition {edition}; its newest is {newest}",
            edition=edition,
            newest=source.edition,
        )
    return edition


def _request_on(
    work: Work,
    community: Community,
    source: Plan,
    assigned: pd.Series,
) -> DivisionRequest:
    """Read the ground of a community by the band of a plan, as far as it is assigned."""
    request = read_request(
        work.session, work.scope, community, today=work.now.date(), **band_of(source)
    )
    known = request.blocks["block_id"].isin(assigned.index)
    exclusive = {b: name for b, name in request.exclusive.items() if b in assigned.index}
    return replace(request, blocks=request.blocks[known], exclusive=exclusive)


def _store(
    work: Work,
    community: Community,
    source: Plan,
    request: DivisionRequest,
    assigned: pd.Series,
    name: str,
) -> tuple[int, dict[int, str], bool]:
    """Store the draft; gives its id, its codes, and whether the checker finds it sound."""
    division = assess(request, assigned)
    special = _exclusive_grids(request, assigned)
    codes = _codes(
        work.session,
        community,
        request,
        assigned,
        grid_names(work.session, source.id),
        set(special),
    )
    plan_id = plan_drafts.save_draft(
        work.session,
        community_id=community.id,
        build_id=request.build_id,
        name=name,
        parameters={**(source.parameters or {}), "branched_from": source.id},
        grids=grid_rows(division, request, codes, special),
        assignment=assigned,
        quality=totals_of(division),
        created_by=work.scope.user_id,
        now=work.now,
        kind="branched",
        parent_id=source.id,
    )
    return plan_id, codes, division.quality.is_sound


def _exclusive_grids(request: DivisionRequest, assigned: pd.Series) -> dict[int, str]:
    """Name the grids that hold ground of one exclusive name and nothing else."""
    held: dict[int, set[str]] = {}
    for block, number in assigned.items():
        held.setdefault(int(number), set()).add(request.exclusive.get(int(block), ""))
    return {n: min(own) for n, own in held.items() if len(own) == 1 and own != {""}}


def _codes(
    session: Session,
    community: Community,
    request: DivisionRequest,
    assigned: pd.Series,
    known: Mapping[int, GridName],
    exclusive: set[int],
) -> dict[int, str]:
    """Settle the codes against the plan in force; others keep those of the source if still free."""
    base = live_plan_id(session, community.id)
    former = pd.Series(dtype=object)
    if base is not None:
        former = former_codes(session, base, assigned.index.tolist())
    numbers = sorted(int(n) for n in assigned.unique())
    return settle_codes(
        community.code,
        {n: known[n].code if n in known else None for n in numbers},
        overlaps_of(request.blocks, assigned, former),
        issued=issued_codes(session, community.id),
        exclusive=exclusive,
    )


def renumber_locks(
    locks: Iterable[str], blocks: Collection[int], number: Mapping[int, int]
) -> list[str]:
    """Give the locks that still hold something, with the grids by their new numbers.

    Examples
    --------
    >>> renumber_locks(["grid:1", "grid:2", "border:1-3", "block:7", "block:8"], {7}, {1: 5, 3: 2})
    ['block:7', 'border:2-5', 'grid:5']
    """
    kept = [f"block:{b}" for b in locked_blocks(locks) if b in blocks]
    kept += [f"grid:{number[n]}" for n in locked_grids(locks) if n in number]
    kept += [
        check_lock(f"border:{number[a]}-{number[b]}")
        for a, b in locked_borders(locks)
        if a in number and b in number
    ]
    return sorted(kept)


def _keep_beginning(session: Session, plan_id: int, purpose: str, locks: list[str]) -> None:
    known_plan(session, plan_id).locks = locks
    first_edition(session, plan_id).note = purpose.strip()
    session.flush()


def _audit(
    work: Work,
    action: str,
    plan_id: int,
    community_id: int,
    **detail: object,
) -> None:
    work.audit(
        action,
        object_kind="plan",
        object_id=plan_id,
        community_id=community_id,
        detail=detail,
    )
