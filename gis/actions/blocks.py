"""Building a community's blocks: read the ground, cut it, check it, store it.

Cutting is pure and slow, so it stands apart (`cut_ground`): a command may run it for many
communities in several processes and store the results one transaction each.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy.orm import Session

from gis.domain.access import Scope, require
from gis.errors import InvalidInput
from gis.geometry.blocks import build_blocks
from gis.geometry.coverage import check_coverage
from gis.store import ground
from gis.store.audit import write_audit
from gis.store.divisions import Community

ALGORITHM = "1"
"""Part of the digest: a release that cuts differently builds again."""


@dataclass(frozen=True)
class Ground:
    """What the blocks of a community are cut from, in its metric CRS."""

    community_id: int
    boundary: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    compounds: gpd.GeoDataFrame
    digest: str


@dataclass(frozen=True)
class CutGround:
    """The blocks of a community (EPSG:4326, ``area_m2``) and how well they cover it."""

    blocks: gpd.GeoDataFrame
    report: dict


def read_ground(session: Session, scope: Scope, community: Community) -> Ground | None:
    """Read what a community's blocks are cut from; None when they are up to date.

    Raises
    ------
    InvalidInput
        The community has no outline.
    """
    require(scope, "import", community.id)
    frames = (
        ground.community_outline(session, community.id),
        ground.barriers_near(session, community.id),
        ground.buildings_of(session, community.id),
        ground.compounds_of(session, community.id),
    )
    if frames[0].geometry.isna().all():
        raise InvalidInput(f"{community.name} has no outline; import communities with polygons")
    digest = _digest(frames)
    current = ground.current_build(session, community.id)
    if current is not None and current.input_digest == digest:
        return None
    metric = [f.to_crs(community.metric_epsg) for f in frames]
    return Ground(community.id, *metric, digest=digest)


def _digest(frames: tuple[gpd.GeoDataFrame, ...]) -> str:
    digest = hashlib.sha256(ALGORITHM.encode())
    for frame in frames:
        digest.update(b"".join(shapely.to_wkb(np.array(frame.geometry, dtype=object))))
        if "kind" in frame:
            digest.update("|".join(frame["kind"].fillna("")).encode())
    return digest.hexdigest()


def cut_ground(given: Ground) -> CutGround:
    """Cut the ground of a community into blocks and check the result. Pure; no database.

    Raises
    ------
    InvalidInput
        The blocks do not cover the community: names the defect.
    """
    blocks = build_blocks(
        given.boundary,
        barriers=given.barriers,
        buildings=given.buildings,
        compounds=given.compounds,
    )
    found = check_coverage(blocks, boundary=given.boundary, buildings=given.buildings)
    report = {
        "blocks": len(blocks),
        "enclosures": int(blocks["enclosure_id"].nunique()),
        "buildings": len(given.buildings),
        "is_valid": bool(found.is_valid),
        "uncovered_m2": round(float(found.uncovered_m2), 3),
        "overlapping_m2": round(float(found.overlapping_m2), 3),
        "outside_m2": round(float(found.outside_m2), 3),
        "multipart": len(found.multipart),
        "buildings_cut": len(found.cut_buildings),
    }
    blocks = blocks.assign(area_m2=blocks.area)
    return CutGround(blocks.to_crs(4326), report)


def store_blocks(
    session: Session, scope: Scope, given: Ground, cut: CutGround, *, now: datetime
) -> dict:
    """Store the blocks of a community in place of the former ones; gives the report."""
    require(scope, "import", given.community_id)
    ground.save_build(
        session, given.community_id, cut.blocks, digest=given.digest, report=cut.report, now=now
    )
    write_audit(
        session,
        scope,
        "build blocks",
        now=now,
        community_id=given.community_id,
        detail=cut.report,
    )
    return cut.report
