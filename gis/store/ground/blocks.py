"""The ground in the database: what blocks are built from, and the blocks."""

from __future__ import annotations

import geopandas as gpd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis.database.bulk import read_geoframe
from gis.store.tables import (
    Barrier,
    Block,
    BlockBuild,
    Building,
    Compound,
    DivisionUnit,
    Enclosure,
)

BARRIER_REACH_DEGREES = 0.0005
"""Barriers this far outside a community (about 50 m) still shape its edge."""


def community_outline(session: Session, community_id: int) -> gpd.GeoDataFrame:
    """Read the outline of one community: one row, EPSG:4326."""
    return read_geoframe(
        session,
        select(func.ST_AsBinary(DivisionUnit.geom).label("geometry")).where(
            DivisionUnit.id == community_id
        ),
    )


def barriers_near(session: Session, community_id: int) -> gpd.GeoDataFrame:
    """Read the barriers that cross or touch a community: kind, name, bridge, geometry."""
    return read_geoframe(
        session,
        _touching(
            select(
                Barrier.kind,
                Barrier.name,
                Barrier.bridge,
                func.ST_AsBinary(Barrier.geom).label("geometry"),
            ).order_by(Barrier.id),
            Barrier.geom,
            community_id,
        ),
    )


def _touching(query: Select, geom: InstrumentedAttribute[object], community_id: int) -> Select:
    outline = (
        select(func.ST_Expand(DivisionUnit.geom, BARRIER_REACH_DEGREES))
        .where(DivisionUnit.id == community_id)
        .scalar_subquery()
    )
    return query.where(geom.op("&&")(outline))


def buildings_of(session: Session, community_id: int) -> gpd.GeoDataFrame:
    """Read the buildings whose inner point lies in a community: id, reference, geometry."""
    query = select(
        Building.id, Building.reference, func.ST_AsBinary(Building.geom).label("geometry")
    )
    return read_geoframe(
        session, query.where(Building.community_id == community_id).order_by(Building.id)
    )


def compounds_of(session: Session, community_id: int) -> gpd.GeoDataFrame:
    """Read the compounds of a community: id, name, kind, geometry."""
    query = select(
        Compound.id, Compound.name, Compound.kind, func.ST_AsBinary(Compound.geom).label("geometry")
    )
    return read_geoframe(
        session, query.where(Compound.community_id == community_id).order_by(Compound.id)
    )


def current_build(session: Session, community_id: int) -> BlockBuild | None:
    """Find the build whose blocks are in use in a community."""
    return session.scalars(
        select(BlockBuild).where(BlockBuild.community_id == community_id, BlockBuild.current)
    ).one_or_none()


def communities_with_blocks(session: Session) -> set[int]:
    """Give the ids of the communities that have blocks in use."""
    return set(session.scalars(select(BlockBuild.community_id).where(BlockBuild.current)))


def find_block(session: Session, block_id: int, *, anew: bool = False) -> Block | None:
    """Find a block, in use or retired; ``anew`` reads it as it is now."""
    return session.get(Block, block_id, populate_existing=anew)


def former_blocks(session: Session, community_id: int) -> gpd.GeoDataFrame:
    """Read the blocks in use of a community as a rebuild takes them, in the order of their ids.

    Returns
    -------
    GeoDataFrame
        ``block_id`` (database id), ``number``, ``enclosure_id``, ``enclosure_digest``,
        ``n_buildings``, geometry in EPSG:4326.
    """
    query = (
        select(
            Block.id.label("block_id"),
            Block.number,
            Block.enclosure_id,
            Enclosure.digest.label("enclosure_digest"),
            Block.n_buildings,
            func.ST_AsBinary(Block.geom).label("geometry"),
        )
        .outerjoin(Enclosure, Enclosure.id == Block.enclosure_id)
        .where(Block.community_id == community_id, Block.retired_at.is_(None))
        .order_by(Block.id)
    )
    return read_geoframe(session, query)
