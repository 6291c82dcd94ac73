"""Plans as tables and map layers, for the command line and for files."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
from sqlalchemy import ColumnElement, Float, Numeric, cast, func, select
from sqlalchemy.orm import Session

from gis.database.bulk import read_frame, read_geoframe
from gis.domain.access import Scope, require
from gis.geometry.quality import BARRIER_KINDS
from gis.store.area.visible import visible
from gis.store.counts.counted import Counted
from gis.store.plan.plans import compare_plans, get_plan
from gis.store.tables import (
    Block,
    BlockAssignment,
    DivisionUnit,
    Grid,
    LivePlan,
    Plan,
)
from gis.words import measures


def _rounded(share: ColumnElement) -> ColumnElement:
    """Round to three decimals; PostgreSQL rounds numerics only, and JSON wants a float."""
    return cast(func.round(cast(share, Numeric), 3), Float)


def list_all_plans(session: Session, scope: Scope, community_code: str | None) -> list[dict]:
    """List plans within a scope: state, grids, households and share of households in the band."""
    require(scope, "plan.view")
    within = Grid.households.between(DivisionUnit.minimum, DivisionUnit.maximum)
    total = func.coalesce(func.sum(Grid.households), 0)
    query = (
        select(
            Plan.id.label("plan"),
            DivisionUnit.code.label("community"),
            DivisionUnit.name,
            Plan.state,
            Plan.effective_from,
            func.count(Grid.id).label("grids"),
            total.label("households"),
            _rounded(func.sum(Grid.households).filter(within) * 1.0 / func.nullif(total, 0)).label(
                "share_in_band"
            ),
        )
        .join(DivisionUnit, DivisionUnit.id == Plan.community_id)
        .outerjoin(Grid, Grid.plan_id == Plan.id)
        .where(visible(scope, DivisionUnit.id))
        .group_by(Plan.id, DivisionUnit.id)
        .order_by(DivisionUnit.code, Plan.id)
    )
    if community_code:
        query = query.where(DivisionUnit.code == community_code)
    return read_frame(session, query).to_dict("records")


_FIGURES = (
    Grid.code,
    Grid.kind,
    Grid.households,
    Grid.people,
    Grid.area_m2,
    Grid.deviation,
    Grid.people_deviation,
    Grid.workload_deviation,
    Grid.compactness,
    Grid.barrier_share,
    Grid.straddled_m,
)

LEAST_SHARE = 0.005
"""What follows less of a border than this is not worth a word."""

_SHARES = tuple(
    Grid.border_shares[kind].as_float().label(f"{kind}_share") for kind in BARRIER_KINDS
)
"""Share of the border along each kind of barrier; empty where it follows none or is unknown."""


def grid_rows(session: Session, scope: Scope, plan_id: int) -> list[dict]:
    """List the grids of a plan: figures, what the border follows, terms, and reasons in words."""
    get_plan(session, scope, plan_id)
    query = select(*_FIGURES, Grid.border_shares, Grid.terms, Grid.reasons)
    rows = session.execute(query.where(Grid.plan_id == plan_id).order_by(Grid.code)).mappings()
    return [_as_shown(row) for row in rows]


def _as_shown(row: Mapping) -> dict:
    plain = {name: value for name, value in row.items() if name != "border_shares"}
    return plain | {
        "borders": borders_in_words(row["border_shares"], row["barrier_share"]),
        "terms": ", ".join(f"{name} {value:.3g}" for name, value in row["terms"].items()),
        "reasons": " ".join(row["reasons"].values()),
    }


def borders_in_words(shares: dict[str, float], barrier_share: float | None) -> str:
    """Say what a border follows, the longest first; nothing when it was not measured.

    Examples
    --------
    >>> borders_in_words({"river": 0.35, "main_road": 0.4}, 0.75)
    'main road 40 %, river 35 %, open 25 %'
    """
    if barrier_share is None or (barrier_share > 0 and not shares):
        return ""
    parts = sorted(shares.items(), key=lambda part: -part[1])
    parts.append(("open", max(0.0, 1 - sum(shares.values()))))
    said = [(kind.replace("_", " "), share) for kind, share in parts if share >= LEAST_SHARE]
    return ", ".join(f"{kind} {100 * share:.0f} %" for kind, share in said)


def changes(session: Session, scope: Scope, plan_id: int, base_id: int) -> list[dict]:
    """List the blocks and households that change grid from a base plan to another."""
    return [vars(change) for change in compare_plans(session, scope, plan_id, base_id)]


def live_plan_ids(session: Session) -> list[int]:
    """List the plans in force, by community."""
    return list(session.scalars(select(LivePlan.plan_id).order_by(LivePlan.community_id)))


def plan_layers(session: Session, scope: Scope, plan_ids: list[int]) -> dict[str, gpd.GeoDataFrame]:
    """Read grids and blocks of plans as map layers, EPSG:4326; counts only, no person."""
    require(scope, "plan.view")
    grids = select(*_FIGURES, *_SHARES, func.ST_AsBinary(Grid.geom).label("geometry"))
    households, people = Counted(measures.HOUSEHOLDS), Counted(measures.PEOPLE)
    blocks = (
        select(
            Block.id.label("block"),
            Grid.code.label("grid_code"),
            Block.n_buildings,
            Block.area_m2,
            households.n,
            people.n,
            func.ST_AsBinary(Block.geom).label("geometry"),
        )
        .join(BlockAssignment, BlockAssignment.block_id == Block.id)
        .join(Grid, Grid.id == BlockAssignment.grid_id)
        .outerjoin(households.rows, households.of(Block.id))
        .outerjoin(people.rows, people.of(Block.id))
        .where(Block.retired_at.is_(None))
    )
    return {
        "grids": read_geoframe(
            session, grids.where(Grid.plan_id.in_(plan_ids)).order_by(Grid.code)
        ),
        "blocks": read_geoframe(
            session, blocks.where(BlockAssignment.plan_id.in_(plan_ids)).order_by(Block.id)
        ),
    }


def live_grid_codes(session: Session) -> list[str]:
    """List the codes of all grids in force."""
    query = select(Grid.code).join(LivePlan, LivePlan.plan_id == Grid.plan_id)
    return list(session.scalars(query.order_by(Grid.code)))
