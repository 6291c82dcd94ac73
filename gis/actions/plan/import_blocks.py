"""Importing blocks that exist already (census blocks, small statistical areas), as they are."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.area.community_locator import communities_of
from gis.actions.plan import given_blocks
from gis.actions.plan.given_blocks import Waiting
from gis.actions.provenance.delivery import Tally
from gis.actions.provenance.imports import ImportOutcome, Source
from gis.actions.provenance.whereabouts import refuse_strays
from gis.domain.access import require
from gis.errors import Defect, Message
from gis.geometry.coverage import check_coverage
from gis.store.ground import blocks as ground
from gis.store.provenance.deliveries import lock_kind


def import_blocks(
    work: Work,
    kind: str,
    frame: gpd.GeoDataFrame,
    *,
    source: Source,
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
    with all that lies in them. Together they must be a valid coverage. Blocks that lie in no
    community wait for its outline; see `gis.actions.plan.given_blocks`.
    """
    require(work.scope, "import")
    if commit:
        lock_kind(work.session, "communities")
    rows_read = len(frame) + len(defects) if rows_read is None else rows_read
    strays: list[Defect] = []
    if not accept_far:
        frame, strays = refuse_strays(work.session, kind, frame, source.file_name)
    found = communities_of(work.session, frame.geometry)
    frame = frame.assign(community_id=found)
    early = frame["community_id"].isna()
    foreign = pd.Series([not work.scope.covers(c) for c in found], frame.index) & ~early
    defects = (*defects, *strays, *_foreign(frame[foreign], source.file_name))
    waiting = given_blocks.compare_waiting(work.session, frame[early])
    of_each = [
        (int(community_id), rows, given_blocks.block_ids(work.session, int(community_id), rows))
        for community_id, rows in frame[~early & ~foreign].groupby("community_id", sort=True)
    ]
    tally = _tally(work.session, of_each, waiting)
    n_early = int(early.sum())
    looked = ImportOutcome(
        kind,
        rows_read,
        int((~foreign).sum()),
        0,
        defects,
        "dry_run",
        tally=tally,
        waiting={"community": n_early} if n_early else {},
        doubts=_doubts(frame[early]),
    )
    if not commit:
        return looked
    if defects and not good_rows_only:
        return replace(looked, state="refused")
    if not tally.new + tally.missing:
        return replace(looked, state="unchanged")
    for community_id, rows, ids in of_each:
        given_blocks.use_blocks(work, community_id, rows, ids)
    given_blocks.keep_waiting(work.session, waiting, source.file_name)
    return replace(looked, state="committed", rows_stored=tally.new)


def _foreign(rows: gpd.GeoDataFrame, file: str) -> list[Defect]:
    return [
        Defect(
            "lies in a community outside your area; leave it out",
            file=file,
            row=int(row),
            field="geometry",
            code="outside_area",
        )
        for row in rows.index
    ]


def _doubts(rows: gpd.GeoDataFrame) -> tuple[Message, ...]:
    """Say early what would be refused when the community is there."""
    if rows.empty:
        return ()
    found = check_coverage(rows)
    if found.is_valid:
        return ()
    return (
        Message(
            "the blocks that lie in no community yet are no clean coverage: {overlapping_m2:,.1f}"
            " m² overlap, {invalid_edge_m:,.1f} m of border do not match; a community takes only"
            " blocks that share their vertices",
            overlapping_m2=found.overlapping_m2,
            invalid_edge_m=found.invalid_edge_m,
        ),
    )


def _tally(
    session: Session, of_each: list[tuple[int, gpd.GeoDataFrame, np.ndarray]], waiting: Waiting
) -> Tally:
    """Count blocks that are new and the same; missing are those that go."""
    kept = sum(int((ids >= 0).sum()) for _, _, ids in of_each)
    new = sum(int((ids < 0).sum()) for _, _, ids in of_each)
    former = sum(len(ground.former_blocks(session, community)) for community, _, _ in of_each)
    return Tally(
        new=new + len(waiting.fresh),
        unchanged=kept + waiting.known,
        missing=former - kept + len(waiting.replaced),
    )
