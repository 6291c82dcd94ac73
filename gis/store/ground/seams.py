"""The seams between communities in the database: blocks kept one coverage.

Whoever writes blocks calls `settle_blocks` afterwards. It lays them on the outline of their
community, gives neighbours the vertices they lack on the common line, and takes theirs. Blocks keep
their ids: only vertices on straight lines come to them. Found by ``ix_block_geom``.
"""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import ColumnElement, ScalarSelect, func, select, text, update
from sqlalchemy.orm import DeclarativeBase, Session

from gis.database.bulk import as_multi, read_geoframe
from gis.geometry.seam import meet, settle, vertices_on
from gis.store.tables import STORED_SRID, Block, DivisionUnit

REACH_DEGREES = 1e-6
"""How far from an outline neighbours are looked for: a tenth of a metre."""


def lock_seams(session: Session) -> None:
    """Let one transaction write to the seams at a time, until its end."""
    session.execute(text("SELECT pg_advisory_xact_lock(7263002)"))


def vertices_of_neighbours(session: Session, community_id: int) -> np.ndarray:
    """Give the vertices that blocks of other communities have on an outline: (k, 2) lon, lat."""
    outline = outline_of(session, community_id)
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
    outline = outline_of(session, community_id)
    own = read_blocks(session, Block.community_id == community_id)
    if outline is None or not len(own):
        return {"settled": 0, "met": 0}
    others = _neighbours(session, community_id)
    shapes, beyond = single_parts(own), single_parts(others)
    settled = settle(shapes, outline, vertices_on(outline, beyond))
    met = meet(beyond, vertices_on(outline, settled))
    return {
        "settled": write_shapes(session, Block, own["id"], shapes, settled),
        "met": write_shapes(session, Block, others["id"], beyond, met),
    }


def outline_of(session: Session, community_id: int) -> shapely.Geometry | None:
    """Read the outline of a community, in EPSG:4326; None where it has none."""
    query = select(func.ST_AsBinary(DivisionUnit.geom)).where(DivisionUnit.id == community_id)
    content = session.scalar(query)
    return None if content is None else shapely.from_wkb(bytes(content))


def read_blocks(session: Session, *conditions: ColumnElement[bool]) -> gpd.GeoDataFrame:
    """Read blocks in use: id, community_id, geometry in EPSG:4326, in the order of their ids."""
    query = select(Block.id, Block.community_id, func.ST_AsBinary(Block.geom).label("geometry"))
    query = query.where(Block.retired_at.is_(None), *conditions).order_by(Block.id)
    return read_geoframe(session, query)


def _neighbours(session: Session, community_id: int) -> gpd.GeoDataFrame:
    """Read the blocks in use of other communities that come up to the outline of one."""
    near = func.ST_DWithin(Block.geom, edge_of(community_id), REACH_DEGREES)
    return read_blocks(session, Block.community_id != community_id, near)


def edge_of(community_id: int) -> ScalarSelect:
    """Give the border of a community, as a part of a statement."""
    edge = select(func.ST_Boundary(DivisionUnit.geom)).where(DivisionUnit.id == community_id)
    return edge.scalar_subquery()


def single_parts(frame: gpd.GeoDataFrame) -> np.ndarray:
    """Take single polygons out of the multipolygons of the table."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    single = shapely.get_num_geometries(shapes) == 1
    return np.where(single, shapely.get_geometry(shapes, 0), shapes)


def _differ(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return ~shapely.equals_exact(before, after, 0)


def write_shapes(
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
