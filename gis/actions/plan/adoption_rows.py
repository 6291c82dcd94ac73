"""Which rows of a division file belong to which community, and what blocks they speak of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.plan.adoption_report import Finding
from gis.domain.access import Scope
from gis.domain.division_file import community_of_label
from gis.exchange.division_file import DivisionFile
from gis.store.area import divisions
from gis.store.area.divisions import Community
from gis.store.plan.adoption import blocks_by_id
from gis.store.provenance.records import where_named


@dataclass
class CommunityRows:
    """The rows of a file that are of one community.

    ``rows``: outlines with ``grid`` (EPSG:4326), or ``block_id, grid, weight``; the index is the
    row in the file.
    """

    community: Community
    rows: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)


def rows_by_community(
    session: Session, scope: Scope, file: DivisionFile, wanted: Sequence[Community]
) -> list[CommunityRows]:
    """Share the rows of a file out among communities; those that get none are left out."""
    if file.rows_are == "grids":
        return _share_outlines(session, file.frame, wanted)
    frame, twice = _located(session, scope, file)
    return _share_table(frame, wanted, twice)


def _share_outlines(
    session: Session, frame: gpd.GeoDataFrame, wanted: Sequence[Community]
) -> list[CommunityRows]:
    """Give each outline to the community its code names, else to the one most of it lies in."""
    known = divisions.every_outline(session)
    home = _homes(frame, known)
    found = []
    for community in wanted:
        mine = home == community.id
        if not mine.any():
            continue
        rows = frame[mine]
        unnamed = [Finding("row_without_grid", row=int(r)) for r in rows.index[rows["grid"].isna()]]
        found.append(CommunityRows(community, rows[rows["grid"].notna()], unnamed))
    return found


def _homes(frame: gpd.GeoDataFrame, known: gpd.GeoDataFrame) -> np.ndarray:
    """Give the id of the community of each outline, 0 for none."""
    shapes = frame.geometry.to_numpy()
    place, row = shapely.STRtree(known.geometry.to_numpy()).query(shapes, predicate="intersects")
    held = shapely.area(shapely.intersection(shapes[place], known.geometry.to_numpy()[row]))
    home = np.zeros(len(frame), np.int64)
    order = np.argsort(held, kind="stable")
    home[place[order]] = known["id"].to_numpy()[row[order]]
    by_code = dict(zip(known["code"], known["id"], strict=True))
    for i, label in enumerate(frame["grid"]):
        named = by_code.get(community_of_label(label)) if isinstance(label, str) else None
        home[i] = home[i] if named is None or not home[i] else named
    return home


def _located(
    session: Session, scope: Scope, file: DivisionFile
) -> tuple[pd.DataFrame, list[Finding]]:
    """Join the rows of a table with where they lie; one row for each block they speak of."""
    key = file.rows_are.removesuffix("s")
    frame, twice = _without_twins(pd.DataFrame(file.frame), key)
    if key == "block":
        where = blocks_by_id(session, sorted({int(b) for b in frame["block"]}))
        where = where.rename(columns={"wanted": "block", "share": "weight"})
        frame = frame.assign(block=frame["block"].astype("int64"))
    else:
        where = where_named(session, scope, file.rows_are, sorted(set(frame[key])))
        where = where.rename(columns={"name": key}).assign(weight=1.0)
    return frame.merge(where, "left", on=key, indicator="is_known"), twice


def _without_twins(frame: pd.DataFrame, key: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Keep the first row of each household or block that names a grid; tell those that differ."""
    frame = frame.assign(file_row=frame.index)
    frame = frame.sort_values("grid", key=pd.isna, kind="stable")
    first = frame.drop_duplicates(key)
    said = frame[key].map(first.set_index(key)["grid"])
    differs = frame["grid"].notna() & (frame["grid"] != said)
    twice = [
        Finding("twice", row=int(row), grid=grid, other=other)
        for row, grid, other in zip(
            frame["file_row"][differs], frame["grid"][differs], said[differs], strict=True
        )
    ]
    return first.sort_values("file_row"), twice


def _share_table(
    frame: pd.DataFrame, wanted: Sequence[Community], twice: Sequence[Finding]
) -> list[CommunityRows]:
    """Give each row to the community it lies in; what lies nowhere is told of the first."""
    found = []
    ids = {c.id for c in wanted}
    for community in wanted:
        rows = frame[frame["community_id"] == community.id]
        if len(rows):
            found.append(CommunityRows(community, *_usable(rows)))
    if found:
        found[0].findings[:0] = [*twice, *_strangers(frame, ids)]
    return found


def _usable(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    unnamed, loose = rows["grid"].isna(), rows["block_id"].isna()
    findings = [Finding("row_without_grid", row=int(r)) for r in rows["file_row"][unnamed]]
    findings += [Finding("row_without_block", row=int(r)) for r in rows["file_row"][loose]]
    usable = rows[~unnamed & ~loose].set_index("file_row")
    return usable[["block_id", "grid", "weight"]], findings


def _strangers(frame: pd.DataFrame, ids: Collection[int]) -> list[Finding]:
    unknown = frame["is_known"] == "left_only"
    nowhere = ~unknown & frame["community_id"].isna()
    away = ~unknown & ~nowhere & ~frame["community_id"].isin(ids)
    rules = (("unknown", unknown), ("row_without_block", nowhere), ("elsewhere", away))
    return [
        Finding(rule, row=int(row))
        for rule, where in rules
        for row in sorted(set(frame["file_row"][where]))
    ]
