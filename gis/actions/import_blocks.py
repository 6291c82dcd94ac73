"""Importing blocks that exist already (census blocks, small statistical areas), as they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.delivery import Tally
from gis.actions.imports import ImportOutcome, Source, frame_digest
from gis.actions.membership import communities_of
from gis.domain.access import Scope, require
from gis.errors import Defect, InvalidInput
from gis.geometry.coverage import check_coverage
from gis.geometry.same_shape import shape_classes
from gis.store import divisions, ground
from gis.store.audit import write_audit
from gis.store.block_builds import save_build
from gis.store.seams import settle_blocks


def import_blocks(
    session: Session,
    scope: Scope,
    kind: str,
    frame: gpd.GeoDataFrame,
    *,
    source: Source,
    now: datetime,
    defects: tuple[Defect, ...] = (),
    rows_read: int | None = None,
    commit: bool = False,
    good_rows_only: bool = False,
    accept_moves: bool = False,
    accept_far: bool = False,
    accept_repairs: bool = False,
) -> ImportOutcome:
    """Take polygons of a file as the blocks of the communities their inner points lie in.

    The file's blocks take the place of the community's; those that are the same stay as they are,
    with all that lies in them. Together they must be a valid coverage.
    """
    require(scope, "import")
    rows_read = len(frame) + len(defects) if rows_read is None else rows_read
    found = communities_of(session, frame.geometry)
    frame = frame.assign(community_id=[c if scope.covers(c) else None for c in found])
    outside = frame["community_id"].isna()
    defects = (
        *defects,
        *(
            Defect(
                "lies in no community; import the communities first",
                file=source.file_name,
                row=int(row),
                field="geometry",
                code="outside_communities",
            )
            for row in frame.index[outside]
        ),
    )
    frame = frame[~outside]
    of_each = [
        (int(community_id), rows, _block_ids(session, int(community_id), rows))
        for community_id, rows in frame.groupby("community_id", sort=True)
    ]
    tally = _tally(session, of_each)
    looked = ImportOutcome(kind, rows_read, len(frame), 0, defects, "dry_run", tally=tally)
    if not commit:
        return looked
    if defects and not good_rows_only:
        return replace(looked, state="refused")
    if not tally.new + tally.missing:
        return replace(looked, state="unchanged")
    for community_id, rows, ids in of_each:
        _replace_blocks(session, scope, community_id, rows, ids, now)
    return replace(looked, state="committed", rows_stored=tally.new)


def _block_ids(session: Session, community_id: int, rows: gpd.GeoDataFrame) -> np.ndarray:
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


def _tally(session: Session, of_each: list[tuple[int, gpd.GeoDataFrame, np.ndarray]]) -> Tally:
    """Count blocks that are new and the same; missing are those that go out of use."""
    kept = sum(int((ids >= 0).sum()) for _, _, ids in of_each)
    new = sum(int((ids < 0).sum()) for _, _, ids in of_each)
    former = sum(len(ground.former_blocks(session, community)) for community, _, _ in of_each)
    return Tally(new=new, unchanged=kept, missing=former - kept)


def _replace_blocks(
    session: Session,
    scope: Scope,
    community_id: int,
    rows: gpd.GeoDataFrame,
    ids: np.ndarray,
    now: datetime,
) -> None:
    former = ground.former_blocks(session, community_id)
    if (ids >= 0).all() and len(ids) == len(former):
        return
    epsg = next(
        c.metric_epsg for c in divisions.communities(session, scope) if c.id == community_id
    )
    metric = rows.to_crs(epsg)
    found = check_coverage(metric, boundary=ground.community_outline(session, community_id))
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
    save_build(session, community_id, blocks, digest=digest, report=report, now=now)
    settle_blocks(session, community_id)
    write_audit(session, scope, "import blocks", now=now, community_id=community_id, detail=report)
