"""The seams between communities in the database: blocks and grids kept one coverage.

Whoever writes blocks calls `settle_blocks` afterwards. It lays them on the outline of their
community, gives neighbours the vertices they lack on the common line, and takes theirs. Blocks keep
their ids: only vertices on straight lines come to them. Found by ``ix_block_geom``.
"""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import ScalarSelect, func, select, text, update
from sqlalchemy.orm import DeclarativeBase, Session

from gis.database.bulk import as_multi, read_frame, read_geoframe
from gis.geometry.merging import dissolve
from gis.geometry.seam import meet, settle, vertices_on
from gis.store.tables import STORED_SRID, Block, BlockAssignment, DivisionUnit, Grid, Plan

REACH_DEGREES = 1e-6
"""How far from an outline neighbours are looked for: a tenth of a metre."""

KEPT_STATES = ("draft", "submitted", "approved", "published")
"""Plans whose grids are kept one coverage; what was superseded stays as it was."""


def lock_seams(session: Session) -> None:
    """Let one transaction write to the seams at a time, until its end."""
    session.execute(text("SELECT pg_advisory_xact_lock(7263002)"))


def vertices_of_neighbours(session: Session, community_id: int) -> np.ndarray:
    """Give the vertices that blocks of other communities have on an outline: (k, 2) lon, lat."""
    outline = _outline(session, community_id)
    if outline is None:
        return np.empty((0, 2))
    return vertices_on(outline, _neighbours(session, community_id).geometry.to_numpy())


def settle_blocks(session: Session, community_id: int) -> dict[str, int]:
    """Lay the blocks of a community on its outline, and meet those of its neighbours there.

    Returns
    -------
    dict
        ``settled``: blocks of the community whose edge changed; ``met``: those of neighbours.
    """
    lock_seams(session)
    outline = _outline(session, community_id)
    own = _blocks(session, Block.community_id == community_id)
    if outline is None or not len(own):
        return {"settled": 0, "met": 0}
    others = _neighbours(session, community_id)
    shapes, beyond = _singles(own), _singles(others)
    settled = settle(shapes, outline, vertices_on(outline, beyond))
    met = meet(beyond, vertices_on(outline, settled))
    return {
        "settled": _write(session, Block, own["id"], shapes, settled),
        "met": _write(session, Block, others["id"], beyond, met),
    }


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
    outline = _outline(session, community_id)
    own = _grids(session, Grid.community_id == community_id)
    if outline is None or not len(own):
        return {"settled": 0, "met": 0}
    near = func.ST_DWithin(Grid.geom, _edge_of(community_id), REACH_DEGREES)
    others = _grids(session, Grid.community_id != community_id, near)
    corners = vertices_on(outline, _singles(others))
    settled = []
    for _, plan in own.groupby("plan_id"):
        shapes = settle(_singles(plan), outline, corners)
        corners = np.unique(np.concatenate([corners, vertices_on(outline, shapes)]), axis=0)
        settled.append((plan, shapes))
    beyond = [(plan, _singles(plan)) for _, plan in others.groupby("plan_id")]
    return {
        "settled": _meet_all(session, settled, corners),
        "met": _meet_all(session, beyond, corners),
    }


def _meet_all(
    session: Session, plans: list[tuple[gpd.GeoDataFrame, np.ndarray]], corners: np.ndarray
) -> int:
    """Put corners into the grids of plans and store those that changed; gives their number."""
    return sum(
        _write(session, Grid, plan["id"], _singles(plan), meet(shapes, corners))
        for plan, shapes in plans
    )


def _grids(session: Session, *conditions: object) -> gpd.GeoDataFrame:
    """Read grids of plans that are kept: id, plan_id, geometry in EPSG:4326, by their ids."""
    query = select(Grid.id, Grid.plan_id, func.ST_AsBinary(Grid.geom).label("geometry"))
    query = query.join(Plan, Plan.id == Grid.plan_id).where(Plan.state.in_(KEPT_STATES))
    return read_geoframe(session, query.where(*conditions).order_by(Grid.id))


def _outline(session: Session, community_id: int) -> shapely.Geometry | None:
    query = select(func.ST_AsBinary(DivisionUnit.geom)).where(DivisionUnit.id == community_id)
    content = session.scalar(query)
    return None if content is None else shapely.from_wkb(bytes(content))


def _blocks(session: Session, *conditions: object) -> gpd.GeoDataFrame:
    """Read blocks in use: id, community_id, geometry in EPSG:4326, in the order of their ids."""
    query = select(Block.id, Block.community_id, func.ST_AsBinary(Block.geom).label("geometry"))
    query = query.where(Block.retired_at.is_(None), *conditions).order_by(Block.id)
    return read_geoframe(session, query)


def _neighbours(session: Session, community_id: int) -> gpd.GeoDataFrame:
    """Read the blocks in use of other communities that come up to the outline of one."""
    near = func.ST_DWithin(Block.geom, _edge_of(community_id), REACH_DEGREES)
    return _blocks(session, Block.community_id != community_id, near)


def _edge_of(community_id: int) -> ScalarSelect:
    edge = select(func.ST_Boundary(DivisionUnit.geom)).where(DivisionUnit.id == community_id)
    return edge.scalar_subquery()


def _singles(frame: gpd.GeoDataFrame) -> np.ndarray:
    """Take single polygons out of the multipolygons of the table."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    single = shapely.get_num_geometries(shapes) == 1
    return np.where(single, shapely.get_geometry(shapes, 0), shapes)


def _differ(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return ~shapely.equals_exact(before, after, 0)


def _write(
    session: Session,
    model: type[DeclarativeBase],
    ids: Collection[int],
    before: np.ndarray,
    after: np.ndarray,
) -> int:
    """Store the shapes that changed; gives their number."""
    changed = _differ(before, after)
    rows = [
        {"id": int(i), "geom": from_shape(shape, srid=STORED_SRID)}
        for i, shape in zip(np.asarray(ids)[changed], as_multi(after[changed]), strict=True)
    ]
    if rows:
        session.execute(update(model), rows)
    return len(rows)


def shape_grids(session: Session, plan_id: int) -> None:
    """Give the grids of a plan the union of their blocks in use as shape, and settle them."""
    pairs = _assigned(session, plan_id)
    if pairs.empty:
        return
    blocks = _blocks(session, Block.id.in_(pairs["block_id"].tolist()))
    shape_of = dict(zip(blocks["id"], _singles(blocks), strict=True))
    shapes, grids = dissolve(pairs["block_id"].map(shape_of), pairs["grid_id"])
    before = _singles(_grids(session, Grid.id.in_(grids.tolist())))
    _write(session, Grid, grids, before, shapely.normalize(shapes))
    settle_grids(session, int(pairs["community_id"].iloc[0]))


def _assigned(session: Session, plan_id: int) -> pd.DataFrame:
    """Read which blocks in use lie in which grid of a plan: grid_id, block_id, community_id."""
    a = BlockAssignment
    query = select(a.grid_id, a.block_id, a.community_id).join(Block, Block.id == a.block_id)
    query = query.where(a.plan_id == plan_id, Block.retired_at.is_(None))
    return read_frame(session, query.order_by(a.grid_id, a.block_id))
