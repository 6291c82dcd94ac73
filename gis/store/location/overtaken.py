"""What is known of the place of records that say another one now: forgotten, to be found again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Text, and_, cast, func, or_, select, text, union_all
from sqlalchemy.orm import Session

from gis.store.location.locations import SUBJECTS
from gis.store.provenance.former_rows import kept_rows
from gis.store.tables import Address, LocationDecision


def forget_places(session: Session, kind: str, ids: Sequence, *, now: datetime) -> None:
    """Let records wait to be located again, as if they had just come: what they said has changed.

    What people decided about their former address no longer holds, and stays on record.
    """
    table = SUBJECTS[kind].__tablename__
    values = {"ids": list(ids), "now": now}
    session.execute(text(_FORGET.replace("{table}", table)), values)
    session.execute(text(_OVERTAKE), values)


_FORGET = """
UPDATE {table} SET geom = NULL, community_id = NULL, block_id = NULL, address_id = NULL,
  level = 'none', status = 'none', score = NULL, evidence = NULL, n_candidates = NULL,
  margin = NULL, error_m = NULL, number_from = NULL, number_to = NULL, run_id = NULL,
  located_at = NULL
WHERE id = ANY(:ids)
"""
_OVERTAKE = """
UPDATE location_decision SET overtaken_at = :now
WHERE subject_id = ANY(:ids) AND overtaken_at IS NULL
"""


def forget_doors(session: Session, ids: Sequence[int]) -> None:
    """Take addresses out of the search box, which names them again as they are called now."""
    session.execute(
        text("DELETE FROM search_door WHERE address_id = ANY(:ids)"), {"ids": list(ids)}
    )


def forget_doors_put_back(session: Session, batch_id: int) -> None:
    """Take the addresses that an import changed out of the search box, to be named as before."""
    ids = session.scalars(kept_rows(batch_id, Address.__tablename__, made=False)).all()
    forget_doors(session, [int(i) for i in ids])


def count_decided_since(session: Session, batch_id: int, since: datetime) -> int:
    """Count what people decided since an import about records that it made or changed."""
    made = [
        select(model.id).where(model.import_batch_id == batch_id) for model in SUBJECTS.values()
    ]
    about = LocationDecision.subject_id
    changed = kept_rows(batch_id, made=False)
    query = select(func.count()).where(
        LocationDecision.overtaken_at.is_(None),
        or_(
            and_(LocationDecision.decided_at > since, cast(about, Text).in_(changed)),
            and_(about.in_(union_all(*made)), cast(about, Text).not_in(changed)),
        ),
    )
    return session.scalar(query) or 0
