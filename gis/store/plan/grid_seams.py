"""The grids of plans in the database: shaped by their blocks, kept one coverage at the seams."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from gis.database.bulk import read_frame, read_geoframe
from gis.geometry.merging import dissolve
from gis.geometry.seam import meet, settle, vertices_on
from gis.store.ground.seams import (
    REACH_DEGREES,
    edge_of,
    lock_seams,
    outline_of,
    read_blocks,
    single_parts,
    write_shapes,
)
from gis.store.tables import Block, BlockAssignment, Grid, Plan

KEPT_STATES = ("draft", "submitted", "approved", "published")
"""Plans whose grids are kept one coverage; what was superseded stays as it was."""


def settle_grids(session: Session, community_id: int) -> dict[str, int]:
    """Lay the grids of a community's plans on its outline, and meet those of its neighbours there.

    Of every community any plan may stand beside any plan of another, so all that are open or in
    force get the corners of all.

    Returns
    -------
    dict
        ``settled`` and ``met``: how many grids of the community and of neighbours changed.
    """
    lock_seams(session)
    outline = outline_of(session, community_id)
    own = _grids(session, Grid.community_id == community_id)
    if outline is None or not len(own):
        return {"settled": 0, "met": 0}
    near = func.ST_DWithin(Grid.geom, edge_of(community_id), REACH_DEGREES)
    others = _grids(session, Grid.community_id != community_id, near)
    corners = vertices_on(outline, single_parts(others))
    settled = []
    for _, plan in own.groupby("plan_id"):
        shapes = settle(single_parts(plan), outline, corners)
        corners = np.unique(np.concatenate([corners, vertices_on(outline, shapes)]), axis=0)
        settled.append((plan, shapes))
    beyond = [(plan, single_parts(plan)) for _, plan in others.groupby("plan_id")]
    return {
        "settled": _meet_all(session, settled, corners),
        "met": _meet_all(session, beyond, corners),
    }


def _meet_all(
    session: Session, plans: list[tuple[gpd.GeoDataFrame, np.ndarray]], corners: np.ndarray
) -> int:
    """Put corners into the grids of plans and store those that changed; gives their number."""
    return sum(
        write_shapes(session, Grid, plan["id"], single_parts(plan), meet(shapes, corners))
        for plan, shapes in plans
    )


def _grids(session: Session, *conditions: ColumnElement[bool]) -> gpd.GeoDataFrame:
    """Read grids of plans that are kept: id, plan_id, geometry in EPSG:4326, by their ids."""
    query = select(Grid.id, Grid.plan_id, func.ST_AsBinary(Grid.geom).label("geometry"))
    query = query.join(Plan, Plan.id == Grid.plan_id).where(Plan.state.in_(KEPT_STATES))
    return read_geoframe(session, query.where(*conditions).order_by(Grid.id))


def shape_grids(session: Session, plan_id: int) -> None:
    """Give the grids of a plan the union of their blocks in use as shape, and settle them."""
    pairs = _assigned(session, plan_id)
    if pairs.empty:
        return
    blocks = read_blocks(session, Block.id.in_(pairs["block_id"].tolist()))
    shape_of = dict(zip(blocks["id"], single_parts(blocks), strict=True))
    shapes, grids = dissolve(pairs["block_id"].map(shape_of), pairs["grid_id"])
    before = single_parts(_grids(session, Grid.id.in_(grids.tolist())))
    write_shapes(session, Grid, grids, before, shapely.normalize(shapes))
    settle_grids(session, int(pairs["community_id"].iloc[0]))


def _assigned(session: Session, plan_id: int) -> pd.DataFrame:
    """Read which blocks in use lie in which grid of a plan: grid_id, block_id, community_id."""
    a = BlockAssignment
    query = select(a.grid_id, a.block_id, a.community_id).join(Block, Block.id == a.block_id)
    query = query.where(a.plan_id == plan_id, Block.retired_at.is_(None))
    return read_frame(session, query.order_by(a.grid_id, a.block_id))
