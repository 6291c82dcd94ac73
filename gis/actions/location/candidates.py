"""Candidates for doubtful addresses: the register, kept ready until it changes.

Reading a register and indexing it takes seconds, so the last one is kept, keyed by database and
version, and built anew only when addresses change; what people decide is taken in each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from uuid import UUID

import pandas as pd
from sqlalchemy import Row
from sqlalchemy.orm import Session

from gis.actions.location.register import build_geocoder, decided_aliases
from gis.address.geocoder import Geocoder
from gis.domain.access import Scope
from gis.store.location import locations, registers
from gis.store.location.review import (
    addresses_version,
    blocks_of_addresses,
    get_subject,
    list_waiting,
)

MOST_TIES = 500
"""At most this many waiting records are looked at for ties in one go."""

_kept: dict[tuple, Geocoder] = {}
_lock = Lock()


@dataclass(frozen=True)
class Tie:
    """A record all of whose best candidates lie in one block, so that any of them will do."""

    subject: str
    id: UUID
    address_text: str
    address_id: int
    label: str


def geocoder_of(session: Session) -> Geocoder:
    """Give a geocoder of the stored register, built at most once per version."""
    key = addresses_version(session)
    decisions = registers.decision_frame(session)
    with _lock:
        if key not in _kept:
            built = build_geocoder(session, locations.street_frame(session), decisions)
            _kept.clear()
            _kept[key] = built
        else:
            _kept[key].take_decisions(decided_aliases(decisions))
        return _kept[key]


def find_candidates(
    session: Session, scope: Scope, subject: str, subject_id: UUID, *, k: int = 5
) -> pd.DataFrame:
    """Give the best few places for the address of a waiting record; columns as the geocoder's."""
    row = get_subject(session, scope, subject, subject_id)
    return geocoder_of(session).candidates(row.address_text, k)


def find_ties(session: Session, scope: Scope, *, community_code: str | None = None) -> list[Tie]:
    """List waiting records whose best candidates, equal in score, all lie in the same block."""
    geocoder = geocoder_of(session)
    _total, rows = list_waiting(
        session, scope, status="review", community_code=community_code, limit=MOST_TIES
    )
    best = {}
    for row in rows:
        found = geocoder.candidates(row.address_text, 5)
        found = found[found["address_id"].notna()]
        if len(found):
            best[row.id] = found[found["score"] >= found["score"].max() - 1e-9]
    ids = {int(i) for frame in best.values() for i in frame["address_id"]}
    block_of = blocks_of_addresses(session, ids)
    return [_tie(row, best[row.id]) for row in rows if _is_tie(best.get(row.id), block_of)]


def _is_tie(found: pd.DataFrame | None, block_of: dict[int, int | None]) -> bool:
    if found is None or len(found) < 2:
        return False
    blocks = {block_of.get(int(i)) for i in found["address_id"]}
    return len(blocks) == 1 and None not in blocks


def _tie(row: Row, found: pd.DataFrame) -> Tie:
    first = found.iloc[0]
    return Tie(row.subject, row.id, row.address_text, int(first["address_id"]), str(first["label"]))
