"""Importing records: checked against what is stored, then stored whole or not at all.

Reading files is `gis.exchange`'s; the rules that need the database are in `import_checks`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.communities import store_communities
from gis.actions.coordinate_check import as_record, check_frame
from gis.actions.import_checks import check_records
from gis.actions.membership import count_outside, settle_ground
from gis.actions.search import refresh_search
from gis.actions.whereabouts import refuse_strays
from gis.domain.access import Scope, require
from gis.domain.record import KINDS
from gis.errors import Defect, InvalidInput, without_hints
from gis.geometry.misplacement import Misplacement
from gis.store import records
from gis.store.audit import write_audit
from gis.store.tables import ImportBatch

MOST_DEFECTS_KEPT = 10_000


@dataclass(frozen=True)
class Source:
    """Where records come from: file, content, attribution.

    Parameters
    ----------
    file_name
        Name shown in reports; never a path.
    sha256
        Digest of the file's content (and mapping); None when it has none.
    name, attribution, licence, notice_zh, notice_en, synthetic
        Entry of the list of data sources; no entry when ``name`` is None.
    mapping
        How columns were read.
    middle
        Median of the coordinates as they stand in the file.
    """

    file_name: str
    sha256: str | None = None
    name: str | None = None
    attribution: str = ""
    licence: str | None = None
    notice_zh: str | None = None
    notice_en: str | None = None
    synthetic: bool = False
    mapping: dict | None = None
    middle: tuple[float, float] | None = None


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did, or would do.

    Parameters
    ----------
    kind
        Kind of record.
    rows_read, rows_good, rows_stored
        Counts; stored is 0 for a dry run, a refusal, or a file that was imported before.
    defects
        Everything wrong, row by row.
    state
        ``dry_run``, ``committed``, ``refused`` or ``unchanged``.
    misplacement
        What the coordinates of the whole file seem to have wrong; None when nothing.
    rows_outside
        Good rows that lie in no community; they get theirs when its outline is imported.
    settled
        For communities: how many stored rows of each kind changed their community with this.
    """

    kind: str
    rows_read: int
    rows_good: int
    rows_stored: int
    defects: tuple[Defect, ...]
    state: str
    misplacement: Misplacement | None = None
    rows_outside: int = 0
    settled: dict[str, int] = field(default_factory=dict)


def import_records(
    session: Session,
    scope: Scope,
    kind: str,
    frame: pd.DataFrame,
    *,
    source: Source,
    now: datetime,
    defects: tuple[Defect, ...] = (),
    rows_read: int | None = None,
    commit: bool = False,
    good_rows_only: bool = False,
    accept_far: bool = False,
) -> ImportOutcome:
    """Import a frame of records.

    Parameters
    ----------
    kind
        A key of `gis.domain.record.KINDS` other than ``blocks``.
    frame
        Rows without defects so far, columns as the kind says; the index holds row numbers.
    source
        Where they come from; a file of the same content is not stored twice.
    defects
        What reading the file already found.
    commit
        False tries everything and stores nothing.
    good_rows_only
        Store the good rows although others have defects.
    accept_far
        Store also what lies far from everything stored; see `gis.actions.whereabouts`.

    Returns
    -------
    ImportOutcome
        ``refused`` when there are defects and ``good_rows_only`` is False: then no record is
        stored, only the report of the attempt.

    Raises
    ------
    NotAllowed
        The person may not import.
    """
    require(scope, "import")
    if kind not in KINDS:
        raise InvalidInput(
            "“{kind}” is no kind of record; there are {kinds}", kind=kind, kinds=", ".join(KINDS)
        )
    rows_read = len(frame) + len({d.row for d in defects}) if rows_read is None else rows_read
    if source.sha256 and records.find_batch(session, kind, source.sha256):
        return ImportOutcome(kind, rows_read, len(frame), 0, tuple(defects), "unchanged")
    frame, found = check_records(session, scope, kind, frame, source.file_name)
    misplaced = check_frame(session, kind, frame)
    if not accept_far:
        frame, strays = refuse_strays(
            session, kind, frame, source.file_name, as_given=source.middle
        )
        found = [*found, *strays]
    refused = (bool(defects) or bool(found)) and not good_rows_only
    looked = ImportOutcome(
        kind,
        rows_read,
        len(frame),
        0,
        (*defects, *found),
        "refused" if refused else "committed",
        misplaced,
        count_outside(session, kind, frame),
    )
    if not commit:
        return replace(looked, state="dry_run")
    batch = _record_batch(session, scope, source, looked, now)
    if refused:
        return looked
    stored = _store(session, kind, frame, batch.id)
    batch.rows_stored, batch.misplacement = stored, as_record(looked.misplacement)
    settled = settle_ground(session, scope) if kind == "communities" else {}
    if kind in ("addresses", "communities"):
        refresh_search(session)
    write_audit(
        session,
        scope,
        f"import {kind}",
        now=now,
        object_kind="import_batch",
        object_id=batch.id,
        detail={"file": source.file_name, "rows": stored},
    )
    return replace(looked, rows_stored=stored, settled=settled)


def _record_batch(
    session: Session, scope: Scope, source: Source, looked: ImportOutcome, now: datetime
) -> ImportBatch:
    source_id = None
    if source.name:
        source_id = records.put_source(
            session,
            name=source.name,
            attribution=source.attribution,
            licence=source.licence,
            notice_zh=source.notice_zh,
            notice_en=source.notice_en,
            synthetic=source.synthetic,
        )
    batch = records.add_batch(
        session,
        kind=looked.kind,
        file_name=source.file_name,
        sha256=source.sha256,
        mapping=source.mapping or {},
        state=looked.state,
        rows_read=looked.rows_read,
        source_id=source_id,
        created_by=scope.user_id,
        created_at=now,
    )
    kept = [
        {"row_number": d.row, "field": d.field, "code": d.code, "message": without_hints(d.message)}
        for d in looked.defects[:MOST_DEFECTS_KEPT]
    ]
    records.add_defects(session, batch.id, kept)
    return batch


def _store(session: Session, kind: str, frame: pd.DataFrame, batch_id: int) -> int:
    if kind == "communities":
        return store_communities(session, frame)
    if kind == "barriers":
        return _store_barriers(session, frame, batch_id)
    return records.WRITERS[kind](session, frame, batch_id)


def _store_barriers(session: Session, frame: gpd.GeoDataFrame, batch_id: int) -> int:
    """Store lines; a polygon is water, whose outline is the barrier."""
    is_area = frame.geom_type.isin(["Polygon", "MultiPolygon"])
    areas = frame[is_area]
    lines = frame.copy()
    lines.loc[is_area, "geometry"] = areas.boundary
    lines = lines[~shapely.is_empty(np.array(lines.geometry))]
    if len(areas):
        water = gpd.GeoDataFrame(
            {"kind": "water", "name": areas["name"].to_numpy()},
            geometry=areas.geometry.to_numpy(),
            crs=frame.crs,
        )
        records.write_land_cover(session, water, batch_id)
    records.write_barriers(session, lines, batch_id)
    return len(frame)


def frame_digest(frame: pd.DataFrame) -> str:
    """Give the SHA-256 of a frame's content, for records that come from no file."""
    digest = hashlib.sha256()
    for name in frame.columns:
        digest.update(name.encode())
        column = frame[name]
        if name == "geometry":
            values = b"".join(w or b"-" for w in shapely.to_wkb(np.array(column, dtype=object)))
        else:
            values = "\x1f".join(column.astype("string").fillna("")).encode()
        digest.update(values)
    return digest.hexdigest()
