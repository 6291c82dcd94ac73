"""Building a community's blocks: read the ground, cut it, check it.

Cutting is pure and slow, so it stands apart (`cut_ground`): a command may run it for many
communities in several processes and store the results one transaction each
(`gis.actions.plan.renewed_blocks`). Where a community has
blocks already, only the enclosures whose ground has changed are cut anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy.orm import Session

from gis.domain.access import Scope, require
from gis.errors import InvalidInput
from gis.geometry.blocks import build_blocks
from gis.geometry.coverage import check_coverage
from gis.geometry.kept_whole import find_kept_whole
from gis.geometry.rebuild import rebuild_blocks
from gis.geometry.seam import plain_outline, settle, straight_outline
from gis.store.area.divisions import Community
from gis.store.ground import blocks as ground
from gis.store.ground.seams import vertices_of_neighbours

ALGORITHM = "1"
"""Part of the digest: a release that cuts differently builds again."""

MOST_NAMED = 5
"""So many buildings that lie across a line are named in a report; all are counted."""

MOST_LISTED = 500
"""So many of them are kept with the build, with their place."""


@dataclass(frozen=True)
class Ground:
    """What the blocks of a community are cut from, in its metric CRS.

    ``outline`` is the outline as it is kept, ``known`` the vertices that neighbours have on it, and
    ``former`` are the blocks in use (all EPSG:4326), of the build ``build_id`` (None: the first).
    """

    community_id: int
    boundary: gpd.GeoDataFrame
    outline: shapely.Geometry
    known: np.ndarray
    barriers: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    compounds: gpd.GeoDataFrame
    digest: str
    former: gpd.GeoDataFrame
    build_id: int | None


@dataclass(frozen=True)
class CutGround:
    """The blocks of a community (EPSG:4326, ``area_m2``), how well they cover it, what it took.

    ``kept_whole`` are the first buildings that lie across a line: ``name`` and ``box`` (west,
    south, east, north in degrees).
    """

    blocks: gpd.GeoDataFrame
    report: dict
    seconds: float
    kept_whole: list[dict]


def read_ground(session: Session, scope: Scope, community: Community) -> Ground | None:
    """Read what a community's blocks are cut from; None when they are up to date.

    Raises
    ------
    InvalidInput
        The community has no outline.
    """
    require(scope, "import", community.id)
    outline = ground.community_outline(session, community.id)
    if outline.geometry.isna().all():
        raise InvalidInput(
            "{community} has no outline; import communities with polygons", community=community.name
        )
    frames = (
        outline.set_geometry(outline.geometry.map(plain_outline)),
        *(
            _in_order(read(session, community.id))
            for read in (ground.barriers_near, ground.buildings_of, ground.compounds_of)
        ),
    )
    digest = _digest(frames)
    current = ground.current_build(session, community.id)
    before = (outline, *frames[1:])
    if current is not None and current.input_digest in (digest, _digest(before)):
        return None
    barriers, buildings, compounds = (f.to_crs(community.metric_epsg) for f in frames[1:])
    return Ground(
        community.id,
        _straight(frames[0], community.metric_epsg),
        outline.geometry.iloc[0],
        vertices_of_neighbours(session, community.id),
        barriers,
        buildings,
        compounds,
        digest,
        ground.former_blocks(session, community.id),
        current.id if current else None,
    )


def _straight(outline: gpd.GeoDataFrame, epsg: int) -> gpd.GeoDataFrame:
    """Project an outline with vertices that keep its long edges where they are."""
    metric = CRS.from_epsg(epsg)
    shapes = [straight_outline(shape, metric) for shape in outline.geometry]
    return outline.set_geometry(gpd.GeoSeries(shapes, crs=outline.crs)).to_crs(metric)


def _in_order(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put rows in the order of their shapes: which of them was imported first must not matter."""
    shapes = shapely.to_wkb(np.array(frame.geometry, dtype=object))
    order = sorted(range(len(frame)), key=lambda row: shapes[row] or b"")
    return frame.iloc[order].reset_index(drop=True)


def _digest(frames: tuple[gpd.GeoDataFrame, ...]) -> str:
    digest = hashlib.sha256(ALGORITHM.encode())
    for frame in frames:
        digest.update(b"".join(shapely.to_wkb(np.array(frame.geometry, dtype=object))))
        if "kind" in frame:
            digest.update("|".join(frame["kind"].fillna("")).encode())
    return digest.hexdigest()


def cut_ground(given: Ground) -> CutGround:
    """Cut the ground of a community into blocks and check the result. No database.

    The report counts blocks and enclosures, those cut anew, and what the check of the coverage
    found; it names the first buildings that lie across a barrier or the edge of a compound.
    """
    begun = perf_counter()
    layers = {
        "barriers": given.barriers,
        "buildings": given.buildings,
        "compounds": given.compounds,
    }
    on_outline = partial(settle, outline=given.outline, known=given.known)
    if len(given.former):
        blocks = rebuild_blocks(given.former, given.boundary, **layers, settle=on_outline)
    else:
        blocks = build_blocks(given.boundary, **layers).to_crs(4326)
        blocks = blocks.set_geometry(on_outline(blocks.geometry.array), crs=4326)
    metric = blocks.to_crs(given.boundary.crs)
    found = check_coverage(metric, boundary=given.boundary, buildings=given.buildings)
    across = _across(given)
    digests = blocks.groupby("enclosure_id")["enclosure_digest"].first()
    n_kept = int(digests.isin(set(given.former["enclosure_digest"].dropna())).sum())
    report = {
        "blocks": len(blocks),
        "enclosures": len(digests),
        "enclosures_kept": n_kept,
        "enclosures_cut": len(digests) - n_kept,
        "buildings": len(given.buildings),
        "is_valid": bool(found.is_valid),
        "uncovered_m2": round(float(found.uncovered_m2), 3),
        "overlapping_m2": round(float(found.overlapping_m2), 3),
        "outside_m2": round(float(found.outside_m2), 3),
        "multipart": len(found.multipart),
        "buildings_cut": len(found.cut_buildings),
        "buildings_across": len(across),
        "buildings_across_first": ", ".join(b["name"] for b in across[:MOST_NAMED]),
    }
    seconds = perf_counter() - begun
    return CutGround(blocks.assign(area_m2=metric.area), report, seconds, across[:MOST_LISTED])


def _across(given: Ground) -> list[dict]:
    """Give name and box of the buildings that lie across a barrier or an edge, by their names."""
    layers = (given.buildings, given.barriers, given.compounds)
    rows = find_kept_whole(*(np.asarray(f.geometry.array, dtype=object) for f in layers))
    known = given.buildings.iloc[rows]
    names = known["reference"].where(known["reference"].notna(), known["id"])
    boxes = known.to_crs(4326).bounds.to_numpy().round(6).tolist()
    found = [{"name": str(n), "box": box} for n, box in zip(names, boxes, strict=True)]
    return sorted(found, key=lambda building: (building["name"], building["box"]))
