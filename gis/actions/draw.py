"""Drawing a community's grids into a draft plan.

As with blocks, the long pure part (`divide`) stands apart from reading and storing, so that
many communities can be divided in several processes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
from sqlalchemy.orm import Session

from gis.actions.grid_report import report_columns, terms_of
from gis.domain.access import Scope, require
from gis.domain.codes import issue_grid_codes
from gis.errors import InvalidInput
from gis.geometry.partition import Division, draw_grids
from gis.store import ground, plan_drafts
from gis.store.audit import write_audit
from gis.store.divisions import Community


@dataclass(frozen=True)
class DivisionRequest:
    """A community's blocks with their load, and the rules to divide them by."""

    community_id: int
    build_id: int
    blocks: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    weight: str
    minimum: int
    maximum: int
    target: int
    n_grids: int | None
    seed: int
    time_limit_s: float | None

    @property
    def parameters(self) -> dict:
        """Give what was asked for, as kept with the plan."""
        names = ("weight", "minimum", "maximum", "target", "n_grids", "seed", "time_limit_s")
        return {name: getattr(self, name) for name in names}


def read_request(
    session: Session,
    scope: Scope,
    community: Community,
    *,
    weight: str = "households",
    minimum: int | None = None,
    maximum: int | None = None,
    target: int | None = None,
    n_grids: int | None = None,
    seed: int = 0,
    time_limit_s: float | None = None,
) -> DivisionRequest:
    """Read what a division needs; the band is the community's own unless given.

    Raises
    ------
    InvalidInput
        The community has no blocks yet, or the band is out of order.
    """
    require(scope, "plan.edit", community.id)
    build = ground.current_build(session, community.id)
    if build is None:
        raise InvalidInput(
            f"{community.name} has no blocks; run `community-grid blocks --community "
            f"{community.code}` first"
        )
    minimum = community.minimum if minimum is None else minimum
    maximum = community.maximum if maximum is None else maximum
    if target is None:
        target = min(max(community.target, minimum), maximum)
    if not 0 < minimum <= target <= maximum:
        raise InvalidInput(
            f"the band {minimum}-{target}-{maximum} is out of order;"
            " expected 0 < minimum ≤ target ≤ maximum"
        )
    return DivisionRequest(
        community.id,
        build.id,
        ground.blocks_of(session, community.id).to_crs(community.metric_epsg),
        ground.barriers_near(session, community.id).to_crs(community.metric_epsg),
        weight,
        minimum,
        maximum,
        target,
        n_grids,
        seed,
        time_limit_s,
    )


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
        seed=request.seed,
        time_limit_s=request.time_limit_s,
        progress=progress,
    )


def store_draft(
    session: Session,
    scope: Scope,
    community: Community,
    request: DivisionRequest,
    division: Division,
    *,
    name: str,
    now: datetime,
) -> int:
    """Store a division as a draft plan with newly issued grid codes; gives the plan's id.

    Raises
    ------
    InvalidInput
        The division breaks a rule other than the band: never stored, whoever made it.
    """
    require(scope, "plan.edit", community.id)
    if not division.quality.is_sound:
        first = next(v for v in division.quality.violations)
        raise InvalidInput(f"the division of {community.name} is not sound: {first.message}")
    codes = issue_grid_codes(
        community.code,
        len(division.grids),
        issued=plan_drafts.issued_codes(session, community.id),
    )
    plan_id = plan_drafts.save_draft(
        session,
        community_id=community.id,
        build_id=request.build_id,
        name=name,
        parameters=request.parameters,
        grids=_grid_rows(division, request, codes),
        assignment=division.assignment,
        quality=_totals(division),
        created_by=scope.user_id,
        now=now,
    )
    write_audit(
        session,
        scope,
        "draw plan",
        now=now,
        object_kind="plan",
        object_id=plan_id,
        community_id=community.id,
        detail={"grids": len(codes), **request.parameters},
    )
    return plan_id


def draw_community(
    session: Session,
    scope: Scope,
    community_id: int,
    *,
    now: datetime,
    name: str | None = None,
    progress: Callable[[float, str], None] | None = None,
    **rules: object,
) -> int:
    """Draw one community from reading to the stored draft; ``rules`` as `read_request` takes."""
    community = plan_drafts.community_of(session, scope, community_id)
    request = read_request(session, scope, community, **rules)
    name = name or f"{now:%Y-%m-%d %H:%M}"
    division = divide(request, progress)
    return store_draft(session, scope, community, request, division, name=name, now=now)


def _totals(division: Division) -> dict:
    totals = {k: (None if v != v else float(v)) for k, v in division.quality.totals.items()}
    return totals | {f"term_{k}": v for k, v in terms_of(division, "total").items()}


def _grid_rows(division: Division, request: DivisionRequest, codes: list[str]) -> gpd.GeoDataFrame:
    """Give one row per grid as the table keeps it; numbers 1, 2, ... get the codes in order."""
    measured = division.quality.grids
    numbers = sorted(measured.index)
    load = (
        request.blocks.set_index("block_id")
        .groupby(division.assignment)[["households", "people"]]
        .sum()
    )
    shapes = division.grids.set_index("grid") if "grid" in division.grids else division.grids
    shapes = shapes.set_geometry("geometry").to_crs(4326)
    flags = {n: [f for f in division.flags if f.grid == n] for n in numbers}
    return gpd.GeoDataFrame(
        {
            "number": numbers,
            "code": codes,
            "households": [int(load["households"][n]) for n in numbers],
            "people": [int(load["people"][n]) for n in numbers],
            "area_m2": [float(measured["area_m2"][n]) for n in numbers],
            "deviation": [float(load[request.weight][n] / request.target - 1) for n in numbers],
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
