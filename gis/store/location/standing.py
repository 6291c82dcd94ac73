"""How far the records of each kind are located: accepted, waiting for a person, in no block."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store.area.visible import visible
from gis.store.tables.kinds import ToLocate, kinds_with


@dataclass(frozen=True)
class LocatedKind:
    """Records of a kind.

    Parameters
    ----------
    accepted
        Located, ``in_block`` of them within a block in use.
    review
        A person has to decide.
    nowhere
        Nothing was found for them.
    fresh
        Nobody has looked for them yet; they are among ``nowhere``.
    """

    kind: str
    records: int
    accepted: int
    in_block: int
    review: int
    nowhere: int
    fresh: int


def list_located(session: Session, scope: Scope) -> list[LocatedKind]:
    """Count what is located, kind by kind.

    What lies in no community yet is counted for those only who look after the whole area.
    """
    return [_counted(session, scope, kind) for kind in kinds_with(ToLocate)]


def _counted(session: Session, scope: Scope, kind: str) -> LocatedKind:
    model = kinds_with(ToLocate)[kind]
    seen = visible(scope, model.community_id)
    if scope.has_whole_area:
        seen = or_(seen, model.community_id.is_(None))
    statuses = [func.count().filter(model.status == s) for s in ("accepted", "review", "none")]
    accepted, review, nowhere = statuses
    query = select(
        func.count(),
        accepted,
        func.count().filter(model.status == "accepted", model.block_id.is_not(None)),
        review,
        nowhere,
        func.count().filter(model.located_at.is_(None)),
    ).where(seen)
    return LocatedKind(kind, *session.execute(query).one())
