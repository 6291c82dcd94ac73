"""Writing plans: a draft with its grids and assignment, and who may write to a community."""

from __future__ import annotations

import json
from datetime import datetime

import geopandas as gpd
import pandas as pd
from geoalchemy2.shape import from_shape
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from gis.database.bulk import as_multi, copy_frame, new_ids
from gis.domain.access import Scope
from gis.errors import NotFound
from gis.store.area.divisions import Community, get_community, unit_of
from gis.store.plan.grid_codes import propose_codes
from gis.store.plan.grid_seams import shape_grids
from gis.store.tables import (
    STORED_SRID,
    BlockAssignment,
    Grid,
    LivePlan,
    Plan,
    PlanEdition,
)

JSON_COLUMNS = {"reasons", "border_shares", "terms", "figures"}
"""Columns of a grid that hold names and values."""


def community_of(session: Session, scope: Scope, community_id: int | None) -> Community:
    """Get a community by id, within a scope."""
    unit = None if community_id is None else unit_of(session, community_id)
    if unit is None:
        raise NotFound("there is no such community in your area")
    return get_community(session, scope, unit.code)


def save_draft(
    session: Session,
    *,
    community_id: int,
    build_id: int,
    name: str,
    parameters: dict,
    grids: gpd.GeoDataFrame,
    assignment: pd.Series,
    quality: dict,
    created_by: int | None,
    now: datetime,
    kind: str = "drawn",
    parent_id: int | None = None,
) -> int:
    """Store a draft plan whole.

    Parameters
    ----------
    grids
        ``number`` (as in the assignment; stored is that of the code), ``code, kind, households,
        people, area_m2, deviation, compactness, barrier_share, flags, reasons``, any other column
        of a grid, and geometry in EPSG:4326 (stored is the union of its blocks as they are kept).
    assignment
        Grid number of each block id.
    kind
        How it came about: ``drawn``, ``imported`` or ``branched``.
    parent_id
        The plan it comes from; the one in force unless given.
    """
    plan = Plan(
        community_id=community_id,
        build_id=build_id,
        parent_id=parent_id
        or session.scalar(select(LivePlan.plan_id).where(LivePlan.community_id == community_id)),
        name=name,
        parameters=parameters,
        quality=quality,
        created_by=created_by,
        created_at=now,
    )
    session.add(plan)
    session.flush()
    propose_codes(session, community_id, grids["code"])
    ids = new_ids(session, Grid, len(grids))
    rows = _as_stored(grids).assign(id=ids, plan_id=plan.id, community_id=community_id)
    rows["number"] = [int(code[12:]) for code in grids["code"]]
    copy_frame(session, Grid, rows)
    id_of = dict(zip(grids["number"], ids.tolist(), strict=True))
    copy_frame(
        session,
        BlockAssignment,
        pd.DataFrame(
            {
                "plan_id": plan.id,
                "block_id": assignment.index.to_numpy(),
                "community_id": community_id,
                "grid_id": assignment.map(id_of).to_numpy(),
            }
        ),
    )
    session.add(
        PlanEdition(plan_id=plan.id, edition=1, kind=kind, saved_by=created_by, saved_at=now)
    )
    session.flush()
    shape_grids(session, plan.id)
    return plan.id


def replace_assignment(
    session: Session,
    plan: Plan,
    grids: gpd.GeoDataFrame,
    assignment: pd.Series,
    *,
    quality: dict,
) -> None:
    """Store another assignment of the blocks in use in an open plan; grids stay by their number.

    Parameters
    ----------
    grids
        As `save_draft` takes them, with their codes settled.
    assignment
        Grid number of each block id in use.
    """
    propose_codes(session, plan.community_id, grids["code"])
    id_of = dict(session.execute(select(Grid.number, Grid.id).where(Grid.plan_id == plan.id)).all())
    gone = sorted(set(id_of) - set(grids["number"]))
    known = grids["number"].isin(list(id_of))
    session.execute(text("SET CONSTRAINTS uq_grid_plan_id_code DEFERRED"))
    _update_grids(session, grids[known].assign(id=grids["number"].map(id_of)))
    fresh = grids[~known]
    ids = new_ids(session, Grid, len(fresh))
    rows = _as_stored(fresh).assign(id=ids, plan_id=plan.id, community_id=plan.community_id)
    copy_frame(session, Grid, rows)
    id_of |= dict(zip(fresh["number"], ids.tolist(), strict=True))
    _put_blocks(session, plan, assignment.map(id_of))
    session.execute(delete(Grid).where(Grid.plan_id == plan.id, Grid.number.in_(gone)))
    plan.quality = quality
    session.flush()
    shape_grids(session, plan.id)
    session.expire_all()


def _update_grids(session: Session, grids: gpd.GeoDataFrame) -> None:
    shapes = [from_shape(shape, srid=STORED_SRID) for shape in as_multi(grids.geometry)]
    plain = grids.drop(columns="geometry").astype(object)
    rows = plain.where(plain.notna(), None).assign(geom=shapes).to_dict("records")
    if rows:
        session.execute(update(Grid), [{**row, "id": int(row["id"])} for row in rows])


def _as_stored(grids: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give grids with their shapes and JSON columns as they are copied into the table."""
    rows = grids.drop(columns="geometry").assign(geom=as_multi(grids.geometry))
    for name in JSON_COLUMNS.intersection(rows.columns):
        rows[name] = [json.dumps(value, ensure_ascii=False) for value in rows[name]]
    return pd.DataFrame(rows)


def _put_blocks(session: Session, plan: Plan, grid_id: pd.Series) -> None:
    """Assign the blocks in use to grids, changing only rows that differ."""
    session.execute(
        text(
            "INSERT INTO block_assignment (plan_id, block_id, community_id, grid_id)"
            " SELECT :plan, v.block, :community, v.grid"
            " FROM unnest(CAST(:blocks AS int[]), CAST(:grids AS int[])) AS v (block, grid)"
            " ON CONFLICT (plan_id, block_id) DO UPDATE SET grid_id = excluded.grid_id"
            " WHERE block_assignment.grid_id <> excluded.grid_id"
        ),
        {
            "plan": plan.id,
            "community": plan.community_id,
            "blocks": [int(b) for b in grid_id.index],
            "grids": [int(g) for g in grid_id],
        },
    )


def lock_plan(session: Session, plan: Plan) -> None:
    """Let nobody store to the community of a plan meanwhile, and read the plan as it is then."""
    lock_community(session, plan.community_id)
    session.refresh(plan)


def lock_community(session: Session, community_id: int) -> None:
    """Let one drawing or publication of a community be stored at a time, until the end."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(7263001, :community)"), {"community": community_id}
    )
