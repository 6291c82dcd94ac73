"""Registers of located records: read as lists, taken out as files; taking out is recorded."""

from __future__ import annotations

from uuid import UUID

import geopandas as gpd
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.domain.access import Scope, require
from gis.domain.kinds import KINDS, RecordKind
from gis.errors import NotFound
from gis.store.location.listed_records import RecordPage, list_records, record_rows

REGISTERS = tuple(name for name, kind in KINDS.items() if kind.listed)
"""Kinds of records that have a list."""

PAGE = 100


def register_kind(name: str) -> RecordKind:
    """Give a kind that has a list.

    Raises
    ------
    NotFound
        There is no such list.
    """
    if name not in REGISTERS:
        raise NotFound(
            "there is no register “{name}”; there are: {names}",
            name=name,
            names=", ".join(REGISTERS),
        )
    return KINDS[name]


def read_register(
    session: Session,
    scope: Scope,
    name: str,
    *,
    named: str = "",
    after: UUID | None = None,
) -> RecordPage:
    """Read a page of a register within the area; nothing personal is in it.

    Raises
    ------
    NotAllowed
        The person may not see registers.
    """
    require(scope, "register.view")
    return list_records(session, scope, register_kind(name), named=named, after=after, limit=PAGE)


def export_register(work: Work, name: str) -> gpd.GeoDataFrame:
    """Give a register as rows that can be imported again; what is personal only to who imports.

    Raises
    ------
    NotAllowed
        The person may not see registers.
    """
    kind = register_kind(name)
    imports = work.scope.may("import")
    if not imports:
        require(work.scope, "register.view")
    fields = [f.name for f in kind.fields if imports or not f.personal]
    rows = record_rows(work.session, work.scope, kind, fields)
    told = {"kind": name, "rows": len(rows), "personal": imports}
    work.audit("register.export", object_kind=kind.one, detail=told)
    return rows
