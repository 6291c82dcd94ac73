"""Doubtful locations decided by a person: accept a candidate, place a pin, dismiss, undo.

Every decision keeps what was there before, teaches the text's meaning as an alias so that it is
asked only once, counts the blocks it touched again, and is audited.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.actions.location.search import refresh_records
from gis.actions.plan.block_loads import count_blocks
from gis.address.normalise import normalise
from gis.domain.access import Scope
from gis.domain.kinds import KIND_OF_ONE
from gis.errors import Conflict, InvalidInput, NotFound
from gis.store.access.audit import write_audit
from gis.store.ground.blocks import find_block
from gis.store.ground.locate import block_at
from gis.store.location import decisions
from gis.store.location.review import get_subject, point_of
from gis.store.tables.location.located import Located

_PLAIN = ("community_id", "block_id", "address_id", "level", "score", "status", "evidence")


def accept_candidate(
    session: Session,
    scope: Scope,
    subject: str,
    subject_id: UUID,
    address_id: int,
    *,
    now: datetime,
) -> int:
    """Say that a record is at an address of the register; gives the decision's id.

    Raises
    ------
    NotFound
        No such record in the area, or no such address with a point.
    NotAllowed
        The address lies in a community outside the area.
    """
    row = get_subject(session, scope, subject, subject_id, for_update=True)
    address = decisions.find_address(session, address_id)
    if address is None or address.geom is None:
        raise NotFound("this address is no longer in the register; load the candidates again")
    _require_inside(scope, address.community_id)
    before = _snapshot(row)
    row.geom = address.geom
    row.block_id, row.community_id = address.block_id, address.community_id or row.community_id
    row.address_id, row.level, row.score = address.id, "number", 1.0
    _accept(row, now)
    alias = _learn(session, scope, row.address_text, before, now, address_id=address.id)
    return _decide(session, scope, subject, row, "candidate", before, now, alias)


def place_pin(
    session: Session,
    scope: Scope,
    subject: str,
    subject_id: UUID,
    *,
    lon: float,
    lat: float,
    now: datetime,
) -> int:
    """Put a record at a point set by hand; gives the decision's id.

    Raises
    ------
    InvalidInput
        The point lies in no block.
    NotAllowed
        The point lies in a community outside the area.
    """
    row = get_subject(session, scope, subject, subject_id, for_update=True)
    block = block_at(session, lon, lat)
    if block is None:
        raise InvalidInput("there is no block at this point; place the pin inside a community")
    _require_inside(scope, block.community_id)
    before = _snapshot(row)
    row.geom = decisions.written_point(lon, lat)
    row.block_id, row.community_id = block.block_id, block.community_id
    row.address_id, row.level, row.score = None, "pin", 1.0
    _accept(row, now)
    alias = _learn(session, scope, row.address_text, before, now, point=(lon, lat))
    return _decide(session, scope, subject, row, "pin", before, now, alias)


def dismiss(
    session: Session, scope: Scope, subject: str, subject_id: UUID, *, now: datetime
) -> int:
    """Put a record aside: it cannot be located and is asked no more; gives the decision's id."""
    row = get_subject(session, scope, subject, subject_id, for_update=True)
    if row.status == "accepted":
        raise Conflict("this record has a place already; undo that decision first")
    before = _snapshot(row)
    row.status, row.level, row.block_id, row.address_id = "none", "none", None, None
    row.score, row.geom = None, None
    return _decide(session, scope, subject, row, "dismiss", before, now, None)


def undo(session: Session, scope: Scope, decision_id: int, *, now: datetime) -> int:
    """Take back a decision: what was there before is there again; gives the new decision's id.

    Raises
    ------
    NotFound
        No such decision in the area.
    Conflict
        It was decided about again since, or was an undo itself.
    """
    decision = decisions.find_decision(session, decision_id)
    if decision is None:
        raise NotFound("there is no such decision")
    row = get_subject(session, scope, decision.subject, decision.subject_id, for_update=True)
    if not decisions.is_last(session, decision) or decision.method == "undo":
        raise Conflict("this record was decided about again since; only the last can be undone")
    if decision.overtaken_at is not None:
        raise Conflict("the source has given this record another place since; decide about that")
    current = _snapshot(row)
    _restore(session, row, decision.before)
    if alias := decision.after.get("alias"):
        decisions.forget_alias(session, alias)
    return _decide(session, scope, decision.subject, row, "undo", current, now, None)


def accept_many(
    session: Session,
    scope: Scope,
    choices: Iterable[tuple[str, UUID, int]],
    *,
    now: datetime,
) -> list[int]:
    """Accept a candidate for each of several records (kind, id, address id), all or none."""
    return [
        accept_candidate(session, scope, subject, subject_id, address_id, now=now)
        for subject, subject_id, address_id in choices
    ]


def _require_inside(scope: Scope, community_id: int | None) -> None:
    if not scope.covers(community_id):
        raise InvalidInput(
            "this place lies outside your area; ask the coordinator of the town to decide"
        )


def _accept(row: Located, now: datetime) -> None:
    if row.community_id is None:
        row.block_id = None
    row.status, row.evidence, row.located_at = "accepted", "alias", now


def _snapshot(row: Located) -> dict:
    point = point_of(row)
    plain = {name: getattr(row, name) for name in _PLAIN}
    return plain | {"point": list(point) if point else None}


def _restore(session: Session, row: Located, before: dict) -> None:
    for name in _PLAIN:
        setattr(row, name, before[name])
    row.geom = decisions.written_point(*before["point"]) if before["point"] else None
    if before["block_id"] is not None:
        row.block_id = _block_in_use(session, before)


def _block_in_use(session: Session, before: dict) -> int | None:
    """Give the block a record was in or, where blocks were built anew since, the one there now."""
    block = find_block(session, before["block_id"])
    if block is not None and block.retired_at is None:
        return block.id
    found = block_at(session, *before["point"]) if before["point"] else None
    return None if found is None else found.block_id


def _learn(
    session: Session,
    scope: Scope,
    text: str | None,
    before: dict,
    now: datetime,
    *,
    address_id: int | None = None,
    point: tuple[float, float] | None = None,
) -> int | None:
    """Keep what a text means; gives the alias id.

    None when there is no text, no person, or when the text was never in doubt: then this one
    record was put right, and others of the same text stay where the register has them.
    """
    key = normalise(text)
    was_sure = before["status"] == "accepted" and before["evidence"] != "alias"
    if not key or scope.user_id is None or was_sure:
        return None
    return decisions.put_alias(
        session, key, address_id=address_id, point=point, decided_by=scope.user_id, now=now
    )


def _decide(
    session: Session,
    scope: Scope,
    subject: str,
    row: Located,
    method: str,
    before: dict,
    now: datetime,
    alias: int | None,
) -> int:
    decisions.store_location(session, row)
    decision = decisions.add_decision(
        session,
        subject=subject,
        subject_id=row.id,
        method=method,
        before=before,
        after=_snapshot(row) | {"alias": alias},
        decided_by=scope.user_id,
        decided_at=now,
    )
    touched = [b for b in (before["block_id"], row.block_id) if b is not None]
    count_blocks(session, now=now, kinds=(row.record_kind,), blocks=touched)
    if KIND_OF_ONE[subject].found_by_name:
        refresh_records(session)
    write_audit(
        session,
        scope,
        f"review.{method}",
        now=now,
        object_kind=subject,
        object_id=row.id,
        community_id=row.community_id,
        detail={"decision": decision, "from": before["status"], "to": row.status},
    )
    return decision
