"""The ground in the database: what blocks are built from, and the blocks."""

from __future__ import annotations

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import DeclarativeBase, Session

from gis.store.bulk import as_multi, copy_frame, new_ids, read_geoframe
from gis.store.tables import (
    Address,
    Barrier,
    Block,
    BlockBuild,
    BlockLoad,
    Building,
    Compound,
    DivisionUnit,
    Enclosure,
    Household,
    Incident,
    Place,
    Plan,
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
            ),
            Barrier,
            community_id,
        ),
    )


def _touching(query: Select, model: type[DeclarativeBase], community_id: int) -> Select:
    outline = (
        select(func.ST_Expand(DivisionUnit.geom, BARRIER_REACH_DEGREES))
        .where(DivisionUnit.id == community_id)
        .scalar_subquery()
    )
    return query.where(model.geom.op("&&")(outline)).order_by(model.id)


def buildings_of(session: Session, community_id: int) -> gpd.GeoDataFrame:
    """Read the buildings whose inner point lies in a community: id, geometry."""
    query = select(Building.id, func.ST_AsBinary(Building.geom).label("geometry"))
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


def save_build(
    session: Session,
    community_id: int,
    blocks: gpd.GeoDataFrame,
    *,
    digest: str,
    report: dict,
    now: datetime,
) -> BlockBuild:
    """Store new blocks of a community and retire the old ones.

    Parameters
    ----------
    blocks
        ``block_id, enclosure_id, n_buildings, area_m2, geometry`` in EPSG:4326.
    digest
        SHA-256 of what they were built from.
    report
        Coverage figures of the build.

    Notes
    -----
    Blocks that a plan uses stay, retired, so that past plans keep their ground; others go.
    """
    retire_build(session, community_id, now)
    build = BlockBuild(community_id=community_id, input_digest=digest, built_at=now, report=report)
    session.add(build)
    session.flush()
    enclosure_ids = _save_enclosures(session, build, blocks)
    ids = new_ids(session, Block, len(blocks))
    copy_frame(
        session,
        Block,
        pd.DataFrame(
            {
                "id": ids,
                "build_id": build.id,
                "community_id": community_id,
                "enclosure_id": blocks["enclosure_id"].map(enclosure_ids).to_numpy(),
                "number": blocks["block_id"].to_numpy(),
                "n_buildings": blocks["n_buildings"].to_numpy(),
                "area_m2": blocks["area_m2"].to_numpy(),
                "geom": as_multi(blocks.geometry),
            }
        ),
    )
    copy_frame(session, BlockLoad, pd.DataFrame({"block_id": ids, "households": 0, "people": 0}))
    return build


def _save_enclosures(
    session: Session, build: BlockBuild, blocks: gpd.GeoDataFrame
) -> dict[object, int]:
    """Store the enclosures as unions of their blocks; gives their ids by number."""
    enclosures = blocks[["enclosure_id", "geometry"]].dissolve(
        by="enclosure_id", method="coverage", sort=True
    )
    ids = new_ids(session, Enclosure, len(enclosures))
    copy_frame(
        session,
        Enclosure,
        pd.DataFrame(
            {
                "id": ids,
                "build_id": build.id,
                "community_id": build.community_id,
                "number": np.arange(len(ids)),
                "geom": as_multi(enclosures.geometry),
            }
        ),
    )
    return dict(zip(enclosures.index, ids.tolist(), strict=True))


def retire_build(session: Session, community_id: int, now: datetime) -> None:
    """Take a community's blocks out of use; those no plan refers to are deleted."""
    build = current_build(session, community_id)
    if build is None:
        return
    unlocate(session, community_id)
    used = session.scalar(select(Plan.id).where(Plan.build_id == build.id).limit(1))
    if used is None:
        session.execute(delete(Block).where(Block.build_id == build.id))
        session.execute(delete(BlockBuild).where(BlockBuild.id == build.id))
    else:
        build.current = False
        session.execute(update(Block).where(Block.build_id == build.id).values(retired_at=now))
    session.flush()


def unlocate(session: Session, community_id: int) -> None:
    """Forget in which block things of a community lie; they are located again afterwards."""
    for model in (Address, Household, Incident, Place):
        session.execute(
            update(model).where(model.community_id == community_id).values(block_id=None)
        )


def blocks_of(session: Session, community_id: int) -> gpd.GeoDataFrame:
    """Read the blocks in use of a community with their load, in the order of their ids.

    Returns
    -------
    GeoDataFrame
        ``block_id`` (database id), ``number``, ``enclosure_id``, ``n_buildings``, ``area_m2``,
        ``households``, ``people``, geometry in EPSG:4326.
    """
    query = (
        select(
            Block.id.label("block_id"),
            Block.number,
            Block.enclosure_id,
            Block.n_buildings,
            Block.area_m2,
            func.coalesce(BlockLoad.households, 0).label("households"),
            func.coalesce(BlockLoad.people, 0).label("people"),
            func.ST_AsBinary(Block.geom).label("geometry"),
        )
        .outerjoin(BlockLoad, BlockLoad.block_id == Block.id)
        .where(Block.community_id == community_id, Block.retired_at.is_(None))
        .order_by(Block.id)
    )
    return read_geoframe(session, query)
