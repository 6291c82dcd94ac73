"""Drawing a community's grids into a draft plan.

As with blocks, the long pure part (`divide`) stands apart from reading and storing, so that
many communities can be divided in several processes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Unpack

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.plan.division_request import MEASURES, DivisionRequest, Rules, read_request
from gis.actions.plan.grid_report import report_columns, terms_of
from gis.analysis.overlaps import overlaps_of
from gis.domain.access import require
from gis.domain.lineage import settle_codes
from gis.errors import Conflict, InvalidInput
from gis.geometry.partition import Division, draw_grids
from gis.store.area.divisions import Community
from gis.store.ground.blocks import current_build
from gis.store.plan import plan_drafts
from gis.store.plan.former_grids import former_codes
from gis.store.plan.grid_codes import issued_codes
from gis.store.plan.plans import live_plan_id

__all__ = ["DivisionRequest", "divide", "draw_community", "read_request", "store_draft"]


def divide(
    request: DivisionRequest, progress: Callable[[float, str], None] | None = None
) -> Division:
    """Divide the blocks into grids. Pure; no database."""
    return draw_grids(
        request.blocks,
        weight=request.weight,
        minimum=request.minimum,
        maximum=request.maximum,
        target=request.target,
        n_grids=request.n_grids,
        barriers=request.barriers,
        previous=request.previous,
        locked=request.locked or None,
        exclusive=request.exclusive or None,
        issued=request.issued,
        objective=request.objective,
        seed=request.seed,
        time_limit_s=request.time_limit_s,
        progress=progress,
        effort=request.effort,
    )


def store_draft(
    work: Work,
    community: Community,
    request: DivisionRequest,
    division: Division,
    *,
    name: str,
) -> int:
    """Store a division as a draft plan, its codes settled against the plan in force.

    Returns
    -------
    int
        The id of the plan.

    Raises
    ------
    InvalidInput
        The division breaks a rule other than the band: never stored, whoever made it.
    Conflict
        The blocks were built anew while grids were drawn on the former ones.
    """
    require(work.scope, "plan.edit", community.id)
    if not division.quality.is_sound:
        first = next(v for v in division.quality.violations)
        raise InvalidInput(
            "the division of {community} is not sound: {reason}",
            community=community.name,
            reason=first.message,
        )
    plan_drafts.lock_community(work.session, community.id)
    build = current_build(work.session, community.id)
    if build is None or build.id != request.build_id:
        raise Conflict(
            "the blocks of {community} were rebuilt meanwhile; draw it again",
            community=community.name,
        )
    codes = _settled_codes(work.session, community, request, division)
    plan_id = plan_drafts.save_draft(
        work.session,
        community_id=community.id,
        build_id=request.build_id,
        name=name,
        parameters=request.parameters,
        grids=grid_rows(division, request, codes, _exclusive_names(request, division)),
        assignment=division.assignment,
        quality=totals_of(division),
        created_by=work.scope.user_id,
        now=work.now,
    )
    work.audit(
        "plan.draw",
        object_kind="plan",
        object_id=plan_id,
        community_id=community.id,
        detail={"grids": len(codes), **request.parameters},
    )
    return plan_id


def draw_community(
    work: Work,
    community_id: int,
    *,
    name: str | None = None,
    progress: Callable[[float, str], None] | None = None,
    **rules: Unpack[Rules],
) -> int:
    """Draw one community from reading to the stored draft; ``rules`` as `read_request` takes."""
    community = plan_drafts.community_of(work.session, work.scope, community_id)
    request = read_request(work.session, work.scope, community, **rules)
    name = name or work.now.strftime("%Y-%m-%d %H:%M")
    division = divide(request, progress)
    return store_draft(work, community, request, division, name=name)


def _settled_codes(
    session: Session, community: Community, request: DivisionRequest, division: Division
) -> dict[int, str]:
    """Give each grid number its code: kept by the majority, else never used before."""
    base = live_plan_id(session, community.id)
    former = pd.Series(dtype=object)
    if base is not None:
        former = former_codes(session, base, request.blocks["block_id"].tolist())
    first = base is None
    return settle_codes(
        community.code,
        {n: f"{community.code}{n:03d}" if first and n <= 999 else None for n in _numbers(division)},
        overlaps_of(request.blocks, division.assignment, former),
        issued=issued_codes(session, community.id),
        exclusive=set(_exclusive_names(request, division)),
    )


def _numbers(division: Division) -> list[int]:
    return sorted(int(n) for n in division.assignment.unique())


def _exclusive_names(request: DivisionRequest, division: Division) -> dict[int, str]:
    """Give the name of each exclusive grid by its number."""
    return {int(division.assignment[b]): name for b, name in request.exclusive.items()}


def totals_of(division: Division) -> dict:
    """Give what was measured of a division as a whole, as it is kept with the plan."""
    totals = {k: (None if v != v else float(v)) for k, v in division.quality.totals.items()}
    return totals | {f"term_{k}": v for k, v in terms_of(division, "total").items()}


def grid_rows(
    division: Division,
    request: DivisionRequest,
    codes: Mapping[int, str],
    special: Mapping[int, str],
) -> gpd.GeoDataFrame:
    """Give one row per grid as the table keeps it; ``special``: names of the exclusive ones."""
    measured = division.quality.grids
    numbers = sorted(measured.index)
    load = request.blocks.set_index("block_id").groupby(division.assignment)[list(MEASURES)].sum()
    shapes = division.grids.set_index("grid") if "grid" in division.grids else division.grids
    shapes = shapes.set_geometry("geometry").to_crs(4326)
    flags = {n: [f for f in division.flags if f.grid == n] for n in numbers}
    return gpd.GeoDataFrame(
        {
            "number": numbers,
            "code": [codes[n] for n in numbers],
            "kind": ["exclusive" if n in special else "basic" for n in numbers],
            "name": [special.get(n) for n in numbers],
            "households": [int(load["households"][n]) for n in numbers],
            "people": [int(load["people"][n]) for n in numbers],
            "area_m2": [float(measured["area_m2"][n]) for n in numbers],
            "deviation": [
                None if n in special else float(load[request.weight][n] / request.target - 1)
                for n in numbers
            ],
            "compactness": [float(measured["compactness"][n]) for n in numbers],
            "barrier_share": [
                None
                if measured["barrier_share"][n] != measured["barrier_share"][n]
                else float(measured["barrier_share"][n])
                for n in numbers
            ],
            "flags": [[f.rule for f in flags[n]] for n in numbers],
            "reasons": [{f.rule: f.reason for f in flags[n]} for n in numbers],
            **report_columns(division, numbers),
        },
        geometry=[shapes.geometry[n] for n in numbers],
        crs=4326,
    )
