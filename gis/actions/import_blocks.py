"""Importing blocks that exist already (census blocks, small statistical areas), as they are."""

from __future__ import annotations

from datetime import datetime

import geopandas as gpd
import numpy as np
from sqlalchemy.orm import Session

from gis.actions.imports import ImportOutcome, Source, frame_digest
from gis.actions.membership import communities_of
from gis.domain.access import Scope, require
from gis.errors import Defect, InvalidInput
from gis.geometry.coverage import check_coverage
from gis.store import divisions, ground
from gis.store.audit import write_audit
from gis.store.block_builds import save_build


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
) -> ImportOutcome:
    """Take polygons of a file as the blocks of the communities their inner points lie in.

    Blocks of a community are replaced whole; they must be a valid coverage.
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
    if not commit:
        return ImportOutcome(kind, rows_read, len(frame), 0, defects, "dry_run")
    if defects and not good_rows_only:
        return ImportOutcome(kind, rows_read, len(frame), 0, defects, "refused")
    for community_id, rows in frame.groupby("community_id", sort=True):
        _replace_blocks(session, scope, int(community_id), rows, now)
    return ImportOutcome(kind, rows_read, len(frame), len(frame), defects, "committed")


def _replace_blocks(
    session: Session, scope: Scope, community_id: int, rows: gpd.GeoDataFrame, now: datetime
) -> None:
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
    blocks = gpd.GeoDataFrame(
        {
            "block_id": np.arange(1, len(rows) + 1),
            "enclosure_id": 1,
            "n_buildings": 0,
            "area_m2": metric.area.to_numpy(),
        },
        geometry=rows.geometry.to_numpy(),
        crs=rows.crs,
    )
    digest = frame_digest(rows[["reference", "geometry"]])
    save_build(session, community_id, blocks, digest=digest, report=report, now=now)
    write_audit(session, scope, "import blocks", now=now, community_id=community_id, detail=report)
