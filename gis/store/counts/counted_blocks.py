"""Blocks with what is counted in them."""

from __future__ import annotations

import geopandas as gpd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.database.bulk import read_geoframe
from gis.store.counts.counted import Counted
from gis.store.tables import Block
from gis.words import measures


def blocks_of(session: Session, community_id: int) -> gpd.GeoDataFrame:
    """Read the blocks in use of a community with their load, in the order of their ids.

    Returns
    -------
    GeoDataFrame
        ``block_id`` (database id), ``number``, ``enclosure_id``, ``n_buildings``, ``area_m2``,
        ``households``, ``people``, geometry in EPSG:4326.
    """
    households, people = Counted(measures.HOUSEHOLDS), Counted(measures.PEOPLE)
    query = (
        select(
            Block.id.label("block_id"),
            Block.number,
            Block.enclosure_id,
            Block.n_buildings,
            Block.area_m2,
            households.n,
            people.n,
            func.ST_AsBinary(Block.geom).label("geometry"),
        )
        .outerjoin(households.rows, households.of(Block.id))
        .outerjoin(people.rows, people.of(Block.id))
        .where(Block.community_id == community_id, Block.retired_at.is_(None))
        .order_by(Block.id)
    )
    return read_geoframe(session, query)
