"""Importing records: checked against what is stored, then stored whole or not at all.

Reading files is `gis.exchange`'s; this module knows the rules that need the database: which
community a thing lies in, whether a number is taken, whether communities overlap.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.addresses import compose_text
from gis.actions.communities import overlapping_communities, store_communities
from gis.actions.coordinate_check import as_record, check_frame
from gis.actions.location import community_locator
from gis.actions.search import refresh_search
from gis.domain.access import Scope, require
from gis.domain.record import ADDRESS_PARTS, KINDS
from gis.domain.topic import TOPICS
from gis.errors import Defect, InvalidInput, without_hints
from gis.geometry.misplacement import Misplacement
from gis.store import records
from gis.store.audit import write_audit

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
    """

    kind: str
    rows_read: int
    rows_good: int
    rows_stored: int
    defects: tuple[Defect, ...]
    state: str
    misplacement: Misplacement | None = None


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
    frame, found = _check(session, scope, kind, frame, source.file_name)
    defects = (*defects, *found)
    refused = bool(defects) and not good_rows_only
    misplaced = check_frame(session, kind, frame)
    if not commit:
        return ImportOutcome(kind, rows_read, len(frame), 0, defects, "dry_run", misplaced)
    batch = _record_batch(session, scope, kind, source, rows_read, refused, now, defects)
    if refused:
        return ImportOutcome(kind, rows_read, len(frame), 0, defects, "refused", misplaced)
    stored = _store(session, kind, frame, batch.id)
    batch.rows_stored, batch.misplacement = stored, as_record(misplaced)
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
    return ImportOutcome(kind, rows_read, len(frame), stored, defects, "committed", misplaced)


def _record_batch(session, scope, kind, source, rows_read, refused, now, defects):  # noqa: ANN001, ANN202
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
        kind=kind,
        file_name=source.file_name,
        sha256=source.sha256,
        mapping=source.mapping or {},
        state="refused" if refused else "committed",
        rows_read=rows_read,
        source_id=source_id,
        created_by=scope.user_id,
        created_at=now,
    )
    kept = [
        {"row_number": d.row, "field": d.field, "code": d.code, "message": without_hints(d.message)}
        for d in defects[:MOST_DEFECTS_KEPT]
    ]
    records.add_defects(session, batch.id, kept)
    return batch


def _store(session: Session, kind: str, frame: pd.DataFrame, batch_id: int) -> int:
    if kind == "communities":
        return store_communities(session, frame)
    if kind == "barriers":
        return _store_barriers(session, frame, batch_id)
    if kind == "incidents":
        put_all_topics(session)
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


def put_all_topics(session: Session) -> None:
    """Store the topics this release knows."""
    records.put_topics(
        session,
        [
            {
                "code": t.code,
                "name_zh": t.zh,
                "name_en": t.en,
                "category": t.category,
                "sensitive": t.sensitive,
            }
            for t in TOPICS.values()
        ],
    )


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


# The rules that need the database, kind by kind


def _check(
    session: Session, scope: Scope, kind: str, frame: pd.DataFrame, file: str
) -> tuple[pd.DataFrame, list[Defect]]:
    """Give the rows that can be stored, completed, and what is wrong with the others."""
    if kind in ("buildings", "compounds"):
        return _place_in_community(session, scope, frame), []
    if kind == "addresses":
        return _complete_addresses(session, scope, frame, file)
    if kind in ("households", "incidents"):
        frame, defects = _refuse_taken_numbers(session, kind, frame, file)
        if kind == "incidents":
            frame, unknown = _refuse_unknown_topics(frame, file)
            frame, early = _refuse_early_closing(frame, file)
            defects += unknown + early
        return frame, defects
    if kind == "residents":
        return _find_households(session, frame, file)
    if kind == "communities":
        return _check_communities(session, scope, frame, file)
    return frame, []


def _place_in_community(
    session: Session, scope: Scope, frame: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Add ``community_id``; what lies in none has None (shown on maps, in no block)."""
    locator = community_locator(session, scope)
    points = shapely.point_on_surface(np.array(frame.geometry))
    return frame.assign(
        community_id=locator.communities_at(shapely.get_x(points), shapely.get_y(points))
    )


def _complete_addresses(
    session: Session, scope: Scope, frame: gpd.GeoDataFrame, file: str
) -> tuple[gpd.GeoDataFrame, list[Defect]]:
    """Add text from the parts and points from lon/lat; refuse rows that have neither."""
    given = [p for p in ADDRESS_PARTS if p in frame]
    composed = [compose_text(dict(zip(given, row, strict=True))) for row in frame[given].to_numpy()]
    text = frame["text"].where(frame["text"].notna(), pd.Series(composed, index=frame.index))
    points = np.array(shapely.point_on_surface(np.array(frame.geometry, dtype=object)))
    lon, lat = (pd.to_numeric(frame[c]).to_numpy(dtype=float) for c in ("lon", "lat"))
    use = shapely.is_missing(points) & np.isfinite(lon) & np.isfinite(lat)
    points[use] = shapely.points(lon[use], lat[use])
    locator = community_locator(session, scope)
    frame = frame.assign(
        text=text,
        community_id=locator.communities_at(shapely.get_x(points), shapely.get_y(points)),
        block_id=None,
    ).set_geometry(gpd.GeoSeries(points, index=frame.index, crs=frame.crs))
    empty = (text.fillna("").str.strip() == "").to_numpy()
    return frame[~empty], [
        Defect("neither a text nor any part of an address", file=file, row=int(r), code="empty")
        for r in frame.index[empty]
    ]


def _refused(
    rows: pd.Index, file: str, field: str, code: str, say: Callable[[int], str]
) -> list[Defect]:
    """Write a defect of one field for each of some rows; ``say`` words it."""
    return [Defect(say(r), file=file, row=int(r), field=field, code=code) for r in rows]


def _refuse_taken_numbers(
    session: Session, kind: str, frame: pd.DataFrame, file: str
) -> tuple[pd.DataFrame, list[Defect]]:
    number = frame["number"]
    bad = number.isin(records.known_numbers(session, kind, list(number)))
    return frame[~bad], _refused(
        frame.index[bad],
        file,
        "number",
        "number_taken",
        lambda r: f"number {number[r]} is stored already; each {kind[:-1]} is imported once",
    )


def _refuse_unknown_topics(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Defect]]:
    """Take topic codes or names in either language."""
    words = {w: t.code for t in TOPICS.values() for w in (t.code, t.zh, t.en.lower())}
    topic = frame["topic"]
    codes = topic.map(lambda w: words.get(str(w).strip().lower()))
    bad = codes.isna()
    return frame.assign(topic=codes)[~bad], _refused(
        frame.index[bad],
        file,
        "topic",
        "unknown_topic",
        lambda r: f"topic “{topic[r]}” is not known; known are {', '.join(TOPICS)}",
    )


def _refuse_early_closing(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Defect]]:
    """Refuse incidents closed before they occurred."""
    bad = (frame["closed_at"] < frame["occurred_at"]).fillna(False).astype(bool)
    return frame[~bad], _refused(
        frame.index[bad],
        file,
        "closed_at",
        "closed_too_early",
        lambda r: (
            f"closed {frame['closed_at'][r]}, before it occurred {frame['occurred_at'][r]};"
            " expected a later time, or nothing while it is open"
        ),
    )


def _find_households(
    session: Session, frame: pd.DataFrame, file: str
) -> tuple[pd.DataFrame, list[Defect]]:
    number = frame["household_number"]
    found = number.map(records.household_ids(session))
    bad = found.isna()
    return frame.assign(household_id=found)[~bad], _refused(
        frame.index[bad],
        file,
        "household_number",
        "unknown_household",
        lambda r: f"no household has the number {number[r]}; import households first",
    )


def _check_communities(
    session: Session, scope: Scope, frame: gpd.GeoDataFrame, file: str
) -> tuple[gpd.GeoDataFrame, list[Defect]]:
    bad = overlapping_communities(session, scope, frame, file)
    rows = {d.row for d in bad}
    return frame[[r not in rows for r in frame.index]], bad
