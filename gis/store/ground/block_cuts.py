"""A block cut into children: stored in its build, everything in it brought over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import pandas as pd
import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gis.database.bulk import as_multi, copy_frame, new_ids
from gis.store.ground.block_lineage import save_lineage
from gis.store.tables import STORED_SRID, Block, Building


def save_cut(
    session: Session,
    block: Block,
    children: Sequence[shapely.Polygon],
    area_m2: Sequence[float],
    neighbours: Mapping[int, shapely.Geometry],
    *,
    now: datetime,
) -> list[int]:
    """Put children in the place of a block; gives their ids. What lies in it stays in it.

    Parameters
    ----------
    children, area_m2
        Polygons in EPSG:4326 that tile the block, and their areas.
    neighbours
        Other blocks (by id) whose border got a new vertex.
    """
    for other, shape in neighbours.items():
        geom = from_shape(as_multi([shape])[0], srid=STORED_SRID)
        session.execute(update(Block).where(Block.id == other).values(geom=geom))
    ids = new_ids(session, Block, len(children)).tolist()
    newest = select(func.coalesce(func.max(Block.number), 0))
    last = session.scalars(newest.where(Block.build_id == block.build_id)).one()
    rows = pd.DataFrame(
        {
            "id": ids,
            "build_id": block.build_id,
            "community_id": block.community_id,
            "enclosure_id": block.enclosure_id,
            "parent_id": block.id,
            "number": last + np.arange(1, len(ids) + 1),
            "n_buildings": _count_buildings(session, block, children),
            "area_m2": list(area_m2),
            "geom": as_multi(children),
        }
    )
    copy_frame(session, Block, rows)
    block.retired_at = now
    session.flush()
    save_lineage(session, ids, [[(block.id, 1.0)]] * len(ids))
    return ids


def _count_buildings(
    session: Session, block: Block, children: Sequence[shapely.Polygon]
) -> list[int]:
    """Count the buildings whose inner point lies in each child."""
    point = func.ST_PointOnSurface(Building.geom)
    query = select(func.ST_X(point), func.ST_Y(point)).where(
        Building.community_id == block.community_id, Building.geom.op("&&")(block.geom)
    )
    places = np.array(session.execute(query).all(), dtype=float).reshape(-1, 2)
    inside = shapely.intersects(np.array(children)[:, None], shapely.points(places)[None, :])
    return inside.sum(axis=1).tolist()
