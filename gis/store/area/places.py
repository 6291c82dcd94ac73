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


def find_trail(session: Session, scope: Scope, code: str | None = None) -> list[Place]:
    """List the units above a place and its own, from the county down; nothing outside the scope.

    Parameters
    ----------
    session, scope
        The transaction, and whose communities are looked at.
    code
        Of a grid (15 digits), a community, town or county (12); None means the smallest unit that
        holds all communities of the scope.
    """
    mine = select(func.min(DivisionUnit.code), func.max(DivisionUnit.code)).where(
        DivisionUnit.level == "community",
        DivisionUnit.valid_to.is_(None),
        visible(scope, DivisionUnit.id),
    )
    if code:
        mine = mine.where(DivisionUnit.code.startswith(shared_digits(code[:12]), autoescape=True))
    first, last = session.execute(mine).one()
    if first is None:
        return []
    wanted = code[:12] if code else _shared_unit(first, last)
    above = {f"{wanted[:6]}000000", f"{wanted[:9]}000", wanted}
    rows = session.execute(
        select(DivisionUnit.code, DivisionUnit.level, DivisionUnit.name, DivisionUnit.name_en)
        .where(DivisionUnit.valid_to.is_(None), DivisionUnit.code.in_(above))
        .order_by(DivisionUnit.code)
    )
    return [Place(*row) for row in rows]


def shared_digits(code: str) -> str:
    """Give the digits that every place in a unit has in common.

    Examples
    --------
    >>> [shared_digits(c) for c in ("522632000000", "522632100000", "522632100001", "522632100010")]
    ['522632', '522632100', '522632100001', '522632100010']
    """
    if code.endswith("000000"):
        return code[:6]
    return code[:9] if code.endswith("000") else code


def _shared_unit(first: str, last: str) -> str:
    """Give the code of the smallest unit that holds two communities; of none, one that is not.

    Examples
    --------
    >>> _shared_unit("522632100001", "522632100001"), _shared_unit("522632100001", "522632100009")
    ('522632100001', '522632100000')
    >>> _shared_unit("522632100001", "522632104001"), _shared_unit("522632100001", "522631100001")
    ('522632000000', '000000000000')
    """
    for digits in (12, 9, 6):
        if first[:digits] == last[:digits]:
            return first[:digits].ljust(12, "0")
    return "0" * 12


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
