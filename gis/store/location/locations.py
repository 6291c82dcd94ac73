"""Where things are: reading what waits to be located, writing where it was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session, aliased

from gis.database.answers import rows_changed
from gis.database.binary_rows import PACKERS
from gis.database.bulk import copy_packed, read_frame, read_geoframe
from gis.domain.kinds.barrier import ROAD_KINDS
from gis.store.tables import (
    Address,
    Barrier,
    DivisionUnit,
    ImportBatch,
    LocationDecision,
)
from gis.store.tables.kinds import ToLocate, kinds_with

SUBJECTS = kinds_with(ToLocate)
"""What is located by address or coordinates."""

_PARTS = ("town", "community", "street", "number", "estate", "building", "stairwell", "room")


_STAGED = {
    "id": "uuid",
    "lon": "float8",
    "lat": "float8",
    "community_id": "int",
    "block_id": "int",
    "address_id": "int",
    "level": "text",
    "score": "float8",
    "status": "text",
    "evidence": "text",
    "n_candidates": "int",
    "margin": "float8",
    "error_m": "float8",
    "number_from": "int",
    "number_to": "int",
}
_FOUND = tuple(_STAGED)[1:]
_PACKERS = {
    "uuid": PACKERS["Uuid"],
    "float8": PACKERS["Double"],
    "int": PACKERS["Integer"],
    "text": PACKERS["Text"],
}


def register_frame(session: Session) -> pd.DataFrame:
    """Read the address register: address_id, text, parts, lon, lat, and where each entry lies.

    That is ``community_id, block_id`` and ``community_code``.
    """
    return read_frame(
        session,
        select(
            Address.id.label("address_id"),
            Address.text,
            *(getattr(Address, p) for p in _PARTS),
            func.ST_X(Address.geom).label("lon"),
            func.ST_Y(Address.geom).label("lat"),
            Address.community_id,
            Address.block_id,
            DivisionUnit.code.label("community_code"),
        )
        .outerjoin(DivisionUnit, DivisionUnit.id == Address.community_id)
        .where(Address.geom.is_not(None))
        .order_by(Address.id),
    )


def street_frame(session: Session) -> gpd.GeoDataFrame:
    """Read the named roads: name, house number ranges, geometry."""
    return read_geoframe(
        session,
        select(
            Barrier.name,
            Barrier.left_from,
            Barrier.left_to,
            Barrier.right_from,
            Barrier.right_to,
            func.ST_AsBinary(Barrier.geom).label("geometry"),
        )
        .where(Barrier.name.is_not(None), Barrier.kind.in_(ROAD_KINDS))
        .order_by(Barrier.id),
    )


def unlocated_addresses(session: Session) -> pd.DataFrame:
    """Read register entries with a point but no block: id, lon, lat, community_id."""
    return read_frame(
        session,
        select(
            Address.id,
            func.ST_X(Address.geom).label("lon"),
            func.ST_Y(Address.geom).label("lat"),
            Address.community_id,
        ).where(Address.block_id.is_(None), Address.geom.is_not(None)),
    )


def read_chunk(
    session: Session,
    subject: str,
    *,
    after: UUID | None = None,
    import_batch_id: int | None = None,
    limit: int | None = None,
) -> pd.DataFrame:
    """Read the next records in the order of their ids, but those that people have decided about.

    Parameters
    ----------
    after
        The last id that is done.
    import_batch_id
        Only the records of this import.

    Returns
    -------
    DataFrame
        ``id, address_text, lon, lat`` (as given), ``correction`` (how the import says they are to
        be read), ``level, status, evidence, address_id, is_new, without_block``.
    """
    model = SUBJECTS[subject]
    query = (
        select(
            model.id,
            model.address_text,
            model.given_lon.label("lon"),
            model.given_lat.label("lat"),
            ImportBatch.correction,
            model.level,
            model.status,
            func.coalesce(model.evidence, "").label("evidence"),
            model.address_id,
            model.located_at.is_(None).label("is_new"),
            ((model.status == "accepted") & model.block_id.is_(None)).label("without_block"),
        )
        .join(ImportBatch, ImportBatch.id == model.import_batch_id)
        .order_by(model.id)
        .limit(limit)
    )
    return read_frame(session, _undecided(query, subject, after, import_batch_id))


def count_undecided(session: Session, subject: str, *, import_batch_id: int | None = None) -> int:
    """Count the records that `stretch` goes through."""
    query = select(func.count()).select_from(SUBJECTS[subject])
    return session.scalar(_undecided(query, subject, None, import_batch_id)) or 0


def _undecided(
    query: Select, subject: str, after: UUID | None, import_batch_id: int | None
) -> Select:
    model, later = SUBJECTS[subject], aliased(LocationDecision)
    overruled = select(later.id).where(
        later.subject_id == LocationDecision.subject_id, later.id > LocationDecision.id
    )
    decided = select(LocationDecision.id).where(
        LocationDecision.subject_id == model.id,
        LocationDecision.method.in_(("candidate", "pin")),
        LocationDecision.overtaken_at.is_(None),
        ~overruled.exists(),
    )
    query = query.where(~decided.exists())
    if after is not None:
        query = query.where(model.id > after)
    if import_batch_id is not None:
        query = query.where(model.import_batch_id == import_batch_id)
    return query


def write_locations(
    session: Session,
    subject: str,
    found: pd.DataFrame,
    now: datetime,
    *,
    run_id: int | None = None,
) -> int:
    """Store where things were found, changing only rows that differ.

    Parameters
    ----------
    found
        ``id, lon, lat, community_id, block_id, address_id, level, score, status, evidence,
        n_candidates, margin, error_m, number_from, number_to``.
    run_id
        The run that found them.

    Returns
    -------
    int
        Rows changed.
    """
    if found.empty:
        return 0
    listed = ", ".join(f"{name} {kind}" for name, kind in _STAGED.items())
    session.execute(text(f"CREATE TEMP TABLE located ({listed}) ON COMMIT DROP"))
    columns = {name: _PACKERS[kind](found[name]) for name, kind in _STAGED.items()}
    copy_packed(session, "located", columns)
    statement = _MERGE.replace("{table}", SUBJECTS[subject].__tablename__)
    changed = rows_changed(session.execute(text(statement), {"now": now, "run": run_id}))
    session.execute(text("DROP TABLE located"))
    return changed


_PLAIN = ", ".join(_FOUND[3:])
_MERGE = f"""
UPDATE {{table}} AS t
SET geom = ST_SetSRID(ST_MakePoint(l.lon, l.lat), 4326),
    community_id = COALESCE(l.community_id, t.community_id),
    ({_PLAIN}) = ({", ".join(f"l.{c}" for c in _FOUND[3:])}), run_id = :run, located_at = :now
FROM located AS l
WHERE t.id = l.id
  AND (t.geom, t.community_id, t.located_at IS NULL, {", ".join(f"t.{c}" for c in _FOUND[3:])})
      IS DISTINCT FROM
      (ST_SetSRID(ST_MakePoint(l.lon, l.lat), 4326), COALESCE(l.community_id, t.community_id),
       false, {", ".join(f"l.{c}" for c in _FOUND[3:])})
"""  # noqa: S608  (names of columns, written above)


def write_address_blocks(
    session: Session, ids: np.ndarray, community: np.ndarray, block: np.ndarray
) -> None:
    """Store community and block of register entries."""
    session.execute(
        text(
            "UPDATE address SET community_id = v.community_id, block_id = v.block_id"
            " FROM unnest(CAST(:ids AS int[]), CAST(:communities AS int[]), CAST(:blocks AS int[]))"
            " AS v(id, community_id, block_id) WHERE address.id = v.id"
        ),
        {
            "ids": [int(i) for i in ids],
            "communities": [None if c is None else int(c) for c in community],
            "blocks": [None if b is None else int(b) for b in block],
        },
    )


def without_block(session: Session, subject: str) -> pd.DataFrame:
    """Read accepted records that have a point and lie in no block: id, lon, lat."""
    model = SUBJECTS[subject]
    query = select(
        model.id, func.ST_X(model.geom).label("lon"), func.ST_Y(model.geom).label("lat")
    ).where(model.status == "accepted", model.block_id.is_(None), model.geom.is_not(None))
    return read_frame(session, query.order_by(model.id))


def write_blocks(
    session: Session, subject: str, ids: Sequence[UUID], communities: np.ndarray, blocks: np.ndarray
) -> None:
    """Store the community and block that records lie in by their points."""
    statement = _PUT_IN_BLOCKS.replace("{table}", SUBJECTS[subject].__tablename__)
    values = {
        "ids": list(ids),
        "communities": [int(c) for c in communities],
        "blocks": [int(b) for b in blocks],
    }
    session.execute(text(statement), values)


_PUT_IN_BLOCKS = """
UPDATE {table} t SET community_id = v.community_id, block_id = v.block_id
FROM unnest(CAST(:ids AS uuid[]), CAST(:communities AS int[]), CAST(:blocks AS int[]))
     AS v(id, community_id, block_id)
WHERE t.id = v.id
"""
