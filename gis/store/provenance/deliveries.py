"""Stored rows beside a file that comes again: read for comparing, updated set-wise.

Candidates are found by the source's own name of a row, by text, or by place (``ix_*_geom``); what
has changed goes through a temporary table and one ``UPDATE``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import ColumnElement, Select, any_, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from gis.database.answers import rows_changed
from gis.database.bulk import copy_packed, pack_column, read_frame
from gis.store.provenance.records import LOCATED, MODELS
from gis.store.tables import STORED_SRID

_REACH_DEGREES = 1e-5


def lock_kind(session: Session, kind: str) -> None:
    """Let imports of a kind follow one another: what one compares with, no other changes."""
    lock = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
    session.execute(lock, {"name": f"import {kind}"})


def stored_rows(session: Session, kind: str, delivered: pd.DataFrame) -> pd.DataFrame:
    """Read the stored rows that the rows of a file may be.

    Parameters
    ----------
    delivered
        Columns of the table of the kind, as `gis.store.provenance.records.rows_of` gives them.

    Returns
    -------
    DataFrame
        ``id``, ``import_batch_id`` (and ``import_row`` of located things), and the columns of
        ``delivered``; shapes in ``geom``.
    """
    model = MODELS[kind]
    columns = [
        func.ST_AsBinary(model.geom).label("geom") if name == "geom" else getattr(model, name)
        for name in delivered.columns
    ]
    own = [model.import_row] if kind in LOCATED else []
    query = select(model.id, model.import_batch_id, *own, *columns)
    rows = read_frame(session, _candidates(query, kind, delivered).order_by(model.id))
    if "geom" in rows:
        rows["geom"] = shapely.from_wkb([None if g is None else bytes(g) for g in rows["geom"]])
    return rows


def _candidates(query: Select, kind: str, delivered: pd.DataFrame) -> Select:
    model = MODELS[kind]
    ways: list[ColumnElement[bool]] = []
    for name in model.found_by:
        values = delivered[name].dropna().unique().tolist()
        column = getattr(model, name)
        ways.append(column == any_(literal(values, ARRAY(column.type))))
    if "geom" in delivered:
        shapes = np.array(delivered["geom"].dropna(), dtype=object)
        bounds = shapely.total_bounds(shapes) if len(shapes) else np.full(4, np.nan)
        if np.isfinite(bounds).all():
            west, south, east, north = bounds.tolist()
            reach = _REACH_DEGREES
            corners = (west - reach, south - reach, east + reach, north + reach)
            ways.append(model.geom.op("&&")(func.ST_MakeEnvelope(*corners, STORED_SRID)))
    return query.where(or_(*ways)) if ways else query.where(text("false"))


def update_rows(session: Session, kind: str, rows: pd.DataFrame) -> int:
    """Bring stored rows up to date; gives how many.

    Parameters
    ----------
    rows
        ``id`` and columns of the table of the kind, all of which are written.
    """
    if rows.empty:
        return 0
    table = MODELS[kind].__table__
    names = [c for c in rows.columns if c != "id"]
    listed = ", ".join(["id", *names])
    empty = f"SELECT {listed} FROM {table.name} LIMIT 0"  # noqa: S608  (names of columns)
    session.execute(text(f"CREATE TEMP TABLE delivered ON COMMIT DROP AS {empty}"))
    packed = {c: pack_column(rows[c], table.columns[c].type) for c in rows.columns}
    copy_packed(session, "delivered", packed)
    values = ", ".join(f"{c} = d.{c}" for c in names)
    statement = f"UPDATE {table.name} t SET {values} FROM delivered d WHERE t.id = d.id"  # noqa: S608
    count = rows_changed(session.execute(text(statement)))
    session.execute(text("DROP TABLE delivered"))
    return count


def list_missing(
    session: Session, kind: str, batches: Sequence[int], known: Sequence, *, most: int
) -> tuple[int, list[str]]:
    """Count the rows of some imports that a file does not have, and name the first of them.

    Parameters
    ----------
    batches
        The imports whose rows the file names again.
    known
        Ids of the rows that it has.
    """
    table = MODELS[kind].__tablename__
    query = _OF_BATCHES.replace("{label}", MODELS[kind].row_label).replace("{table}", table)
    rows = read_frame(session, text(query), {"batches": [int(b) for b in batches]})
    gone = rows[~rows["id"].isin(list(known))]
    named = gone["label"].fillna("").astype(str)
    return len(gone), sorted(set(named[named != ""]))[:most]


_OF_BATCHES = """
SELECT t.id, {label} AS label FROM {table} t WHERE t.import_batch_id = ANY(:batches) ORDER BY t.id
"""
