"""The tree of places a person may look at: county, town, community, as breadcrumbs and search."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store.area.visible import visible
from gis.store.tables import DivisionUnit


@dataclass(frozen=True)
class Place:
    """A division unit by its name; the parent is told by the code."""

    code: str
    level: str
    name: str
    name_en: str | None


def list_places(session: Session, scope: Scope) -> list[Place]:
    """List communities of the scope and the towns and counties above them, by code."""
    community = DivisionUnit.level == "community", DivisionUnit.valid_to.is_(None)
    own = select(DivisionUnit.code).where(*community, visible(scope, DivisionUnit.id))
    mine = own.subquery()
    digits = ((12, "community"), (9, "town"), (6, "county"))
    above = or_(
        *(
            and_(
                DivisionUnit.level == level,
                func.left(DivisionUnit.code, n).in_(select(func.left(mine.c.code, n))),
            )
            for n, level in digits
        )
    )
    rows = session.execute(
        select(DivisionUnit.code, DivisionUnit.level, DivisionUnit.name, DivisionUnit.name_en)
        .where(DivisionUnit.valid_to.is_(None), above)
        .order_by(DivisionUnit.code)
    )
    return [Place(*row) for row in rows]
