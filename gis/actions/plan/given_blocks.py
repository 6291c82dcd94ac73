"""Blocks that a file gives (census blocks, small statistical areas) put in use; or waiting to be.

Blocks wait while no community has their inner point, and are put in use when its outline comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.area.community_locator import communities_of
from gis.actions.plan.renewed_blocks import put_blocks
from gis.actions.provenance.frame_digest import frame_digest
from gis.errors import InvalidInput, Message
from gis.geometry.coverage import check_coverage
from gis.geometry.local_plane import METRES_PER_DEGREE
from gis.geometry.same_shape import shape_classes
from gis.store.area import divisions
from gis.store.ground import blocks as ground
from gis.store.ground import waiting_blocks
from gis.store.ground.seams import settle_blocks

MOST_UNCOVERED_SHARE = 0.01
"""Blocks that waited replace blocks cut here only where they leave no more ground of it free."""

LEAST_COMMON_M2 = 1.0
"""Blocks that share less ground than this only touch."""


# Putting blocks in use


def block_ids(session: Session, community_id: int, rows: gpd.GeoDataFrame) -> np.ndarray:
    """Give the block in use that each row is, -1 for new ones; (n,) int64.

    Where some are new the others must be the same to the last digit, or they would not fit.
    """
    former = ground.former_blocks(session, community_id)
    shapes = (np.array(f.geometry, dtype=object) for f in (former, rows))
    stored, given = shape_classes(*shapes)
    id_of = dict(zip(stored.tolist(), former["block_id"].tolist(), strict=True))
    ids = np.array([id_of.get(c, -1) for c in given.tolist()], dtype=np.int64)
    if (ids >= 0).all() and len(ids) == len(former):
        return ids
    exact = set(shapely.to_wkb(shapely.normalize(_single(former))))
    same = [p in exact for p in shapely.to_wkb(shapely.normalize(_single(rows)))]
    return np.where(same, ids, -1)


def _single(frame: gpd.GeoDataFrame) -> np.ndarray:
    shapes = np.array(frame.geometry, dtype=object)
    alone = shapely.get_num_geometries(shapes) == 1
    return np.where(alone, shapely.get_geometry(shapes, 0), shapes)


def use_blocks(
    work: Work,
    community_id: int,
    rows: gpd.GeoDataFrame,
    ids: np.ndarray,
) -> None:
    """Put the blocks of a file in the place of those of a community.

    Parameters
    ----------
    rows
        ``reference``, geometry in EPSG:4326.
    ids
        (n,) the block in use that each row is, as `block_ids` gives it.

    Raises
    ------
    InvalidInput
        They are no valid coverage.
    """
    former = ground.former_blocks(work.session, community_id)
    if (ids >= 0).all() and len(ids) == len(former):
        return
    metric = rows.to_crs(_community(work.session, community_id).metric_epsg)
    found = check_coverage(metric, boundary=ground.community_outline(work.session, community_id))
    if not found.is_valid:
        raise InvalidInput(
            "the blocks are no clean coverage: {overlapping_m2:,.1f} m² overlap, "
            "{invalid_edge_m:,.1f} m of border do not match; nothing was stored. "
            "Mend the polygons so that neighbours share their vertices",
            overlapping_m2=found.overlapping_m2,
            invalid_edge_m=found.invalid_edge_m,
        )
    report = {
        "blocks": len(rows),
        "is_valid": bool(found.is_valid),
        "uncovered_m2": round(float(found.uncovered_m2), 3),
        "overlapping_m2": round(float(found.overlapping_m2), 3),
        "imported": True,
    }
    n_buildings = former.set_index("block_id")["n_buildings"]
    blocks = gpd.GeoDataFrame(
        {
            "block_id": ids,
            "kept": ids >= 0,
            "enclosure_id": 1,
            "n_buildings": pd.Series(ids).map(n_buildings).fillna(0).astype(int).to_numpy(),
            "area_m2": metric.area.to_numpy(),
        },
        geometry=rows.geometry.to_numpy(),
        crs=rows.crs,
    )
    digest = frame_digest(rows[["reference", "geometry"]])
    put_blocks(work.session, community_id, blocks, digest=digest, report=report, now=work.now)
    settle_blocks(work.session, community_id)
    work.audit("import.blocks", community_id=community_id, detail=report)


# Blocks that wait


@dataclass(frozen=True)
class Waiting:
    """Blocks of a file that wait, beside those that wait already.

    Parameters
    ----------
    fresh
        Rows to be kept: they are not among those that wait.
    known
        How many rows wait already as they are.
    replaced
        Ids of blocks that wait and lie on ground of fresh ones; they go.
    """

    fresh: gpd.GeoDataFrame
    known: int
    replaced: Sequence[int]


def compare_waiting(session: Session, rows: gpd.GeoDataFrame) -> Waiting:
    """Hold blocks that lie in no community against those that wait."""
    stored = waiting_blocks.read_waiting_blocks(session)
    there, given = (np.array(f.geometry, dtype=object) for f in (stored, rows))
    classes, own = shape_classes(there, given)
    known = np.isin(own, classes)
    fresh = rows[~known]
    others = np.flatnonzero(~np.isin(classes, own))
    near, at = shapely.STRtree(there[others]).query(given[~known], predicate="intersects")
    common = shapely.area(shapely.intersection(given[~known][near], there[others][at]))
    taken = np.unique(others[at[common * METRES_PER_DEGREE**2 > LEAST_COMMON_M2]])
    return Waiting(fresh, int(known.sum()), stored["id"].to_numpy()[taken].tolist())


def keep_waiting(session: Session, compared: Waiting, file_name: str) -> None:
    """Let blocks wait for the community that they lie in."""
    waiting_blocks.let_go(session, compared.replaced)
    waiting_blocks.keep_waiting(session, compared.fresh, file_name)


def adopt_blocks(work: Work) -> tuple[int, list[Message]]:
    """Put blocks that waited in use in the communities that they lie in now.

    Beside blocks of a file that are in use already they are added to them; blocks cut here give way
    to them where they cover the community.

    Returns
    -------
    adopted, told
        How many were put in use, and which communities theirs could not be used in.
    """
    rows = waiting_blocks.read_waiting_blocks(work.session)
    if rows.empty:
        return 0, []
    rows = rows.assign(community_id=communities_of(work.session, rows.geometry))
    found = rows[rows["community_id"].notna()]
    adopted, told = 0, []
    for community_id, own in found.groupby("community_id", sort=True):
        wanted = _with_those_in_use(work.session, int(community_id), own)
        problem = _problem(work.session, int(community_id), wanted)
        if problem is not None:
            told.append(problem)
            continue
        ids = block_ids(work.session, int(community_id), wanted)
        use_blocks(work, int(community_id), wanted, ids)
        waiting_blocks.let_go(work.session, own["id"].tolist())
        adopted += len(own)
    return adopted, told


def _with_those_in_use(
    session: Session, community_id: int, own: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Add the blocks of files that are in use already, where the new ones do not lie on them."""
    rows = own[["reference", "geometry"]]
    build = ground.current_build(session, community_id)
    if build is None or not build.report.get("imported"):
        return rows
    former = ground.former_blocks(session, community_id)
    shapes, new = (np.array(f.geometry, dtype=object) for f in (former, own))
    at, near = shapely.STRtree(new).query(shapes, predicate="intersects")
    common = shapely.area(shapely.intersection(shapes[at], new[near])) * METRES_PER_DEGREE**2
    kept = former[~np.isin(np.arange(len(former)), at[common > LEAST_COMMON_M2])]
    kept = kept[["geometry"]].assign(reference=None)
    return pd.concat([kept, rows], ignore_index=True)


def _problem(session: Session, community_id: int, rows: gpd.GeoDataFrame) -> Message | None:
    """Say why blocks cannot be used in a community; None when they can."""
    community = _community(session, community_id)
    outline = ground.community_outline(session, community_id)
    found = check_coverage(rows.to_crs(community.metric_epsg), boundary=outline)
    if not found.is_valid:
        return Message(
            "the blocks that wait for {community} are no clean coverage: {overlapping_m2:,.1f} m²"
            " overlap, {invalid_edge_m:,.1f} m of border do not match; they go on waiting. Mend"
            " the polygons so that neighbours share their vertices, and import them again",
            community=community.name,
            overlapping_m2=found.overlapping_m2,
            invalid_edge_m=found.invalid_edge_m,
        )
    build = ground.current_build(session, community_id)
    area_m2 = float(outline.to_crs(community.metric_epsg).area.sum())
    is_cut_here = build is not None and not build.report.get("imported")
    if is_cut_here and found.uncovered_m2 > MOST_UNCOVERED_SHARE * area_m2:
        return Message(
            "the blocks that wait for {community} leave {uncovered_m2:,.0f} m² of it free; the"
            " blocks in use stay, and they go on waiting. Import blocks that cover the community",
            community=community.name,
            uncovered_m2=found.uncovered_m2,
        )
    return None


def _community(session: Session, community_id: int) -> divisions.Community:
    known = divisions.every_community(session)
    return next(c for c in known if c.id == community_id)
