"""Records of one kind in a list and in a file: those of the area, by their names.

Which columns are shown a kind says itself (`gis.domain.kinds`); nothing personal is in a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import geopandas as gpd
from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from gis.database.bulk import read_geoframe
from gis.domain.access import Scope
from gis.domain.kinds import RecordKind
from gis.store.area.visible import visible
from gis.store.tables import BlockAssignment, DivisionUnit, Grid, LivePlan
from gis.store.tables.kinds import ToLocate, kinds_with

_GIVEN = {"lon": "given_lon", "lat": "given_lat"}
"""Columns that hold what a file said of the place; the others are called as the fields are."""


@dataclass(frozen=True)
class RecordPage:
    """Some records in the order of their names.

    Parameters
    ----------
    rows
        ``id, status``, the listed fields, ``community, community_en, grid_code``.
    total
        How many there are on all pages.
    after
        Asks for the page that follows; None at the end.
    """

    rows: Sequence[Row]
    total: int
    after: UUID | None


def list_records(
    session: Session,
    scope: Scope,
    kind: RecordKind,
    *,
    named: str = "",
    after: UUID | None = None,
    limit: int,
) -> RecordPage:
    """List the records of a located kind within the area, by their names.

    Parameters
    ----------
    named
        Only records whose name holds these letters.
    after
        The last record of the page before.
    """
    model = kinds_with(ToLocate)[kind.name]
    title = getattr(model, model.title)
    rules = [visible(scope, model.community_id)]
    if named:
        rules.append(title.icontains(named, autoescape=True))
    total = session.scalar(select(func.count()).select_from(model).where(*rules)) or 0
    query = _records(kind, kind.listed).add_columns(
        model.id,
        model.status,
        DivisionUnit.name.label("community"),
        DivisionUnit.name_en.label("community_en"),
        Grid.code.label("grid_code"),
    )
    if after is not None:
        last = select(title, model.id).where(model.id == after).subquery()
        key = select(last.c[0], last.c[1]).scalar_subquery()
        rules.append(tuple_(title, model.id) > key)
    rows = session.execute(query.where(*rules).order_by(title, model.id).limit(limit + 1)).all()
    return RecordPage(rows[:limit], total, rows[limit - 1].id if len(rows) > limit else None)


def record_rows(
    session: Session, scope: Scope, kind: RecordKind, fields: Sequence[str]
) -> gpd.GeoDataFrame:
    """Read the records of a located kind within the area, in the columns that importing knows.

    Parameters
    ----------
    fields
        Of the kind.

    Returns
    -------
    GeoDataFrame
        The fields as they came in, so that importing them again changes nothing; ``status,
        found_lon, found_lat, community_code, grid_code`` and points (EPSG:4326) where each was
        found to be, None where it was not.
    """
    model = kinds_with(ToLocate)[kind.name]
    query = _records(kind, fields).add_columns(
        model.status,
        func.ST_X(model.geom).label("found_lon"),
        func.ST_Y(model.geom).label("found_lat"),
        DivisionUnit.code.label("community_code"),
        Grid.code.label("grid_code"),
        func.ST_AsBinary(model.geom).label("geometry"),
    )
    title = getattr(model, model.title)
    return read_geoframe(
        session, query.where(visible(scope, model.community_id)).order_by(title, model.id)
    )


def _records(kind: RecordKind, fields: Sequence[str]) -> Select:
    """Select fields of every record, with its community and its grid in force beside it."""
    model = kinds_with(ToLocate)[kind.name]
    columns = [getattr(model, _GIVEN.get(name, name)).label(name) for name in fields]
    return (
        select(*columns)
        .select_from(model)
        .outerjoin(DivisionUnit, DivisionUnit.id == model.community_id)
        .outerjoin(LivePlan, LivePlan.community_id == model.community_id)
        .outerjoin(
            BlockAssignment,
            (BlockAssignment.plan_id == LivePlan.plan_id)
            & (BlockAssignment.block_id == model.block_id),
        )
        .outerjoin(Grid, Grid.id == BlockAssignment.grid_id)
    )
