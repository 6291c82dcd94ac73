"""Doubtful locations decided by a person: accept a candidate, place a pin, dismiss, undo.

Every decision keeps what was there before, teaches the text's meaning as an alias so that it is
asked only once, counts the blocks it touched again, and is audited.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.location.search import refresh_records
from gis.actions.plan.block_loads import count_blocks
from gis.address.normalise import normalise
from gis.domain.access import Scope
from gis.domain.kinds import KIND_OF_ONE
from gis.errors import Conflict, InvalidInput, NotFound
from gis.store.ground.blocks import find_block
from gis.store.ground.locate import block_at
from gis.store.location import decisions
from gis.store.location.review import get_subject, point_of
from gis.store.tables.location.located import Located

_PLAIN = ("community_id", "block_id", "address_id", "level", "score", "status", "evidence")


def accept_candidate(
    work: Work,
    subject: str,
    subject_id: UUID,
    address_id: int,
) -> int:
    """Say that a record is at an address of the register; gives the decision's id.

    Raises
    ------
    NotFound
        No such record in the area, or no such address with a point.
    NotAllowed
        The address lies in a community outside the area.
    """
    row = get_subject(work.session, work.scope, subject, subject_id, for_update=True)
    address = decisions.find_address(work.session, address_id)
    if address is None or address.geom is None:
        raise NotFound("this address is no longer in the register; load the candidates again")
    _require_inside(work.scope, address.community_id)
    before = _snapshot(row)
    row.geom = address.geom
    row.block_id, row.community_id = address.block_id, address.community_id or row.community_id
    row.address_id, row.level, row.score = address.id, "number", 1.0
    _accept(row, work.now)
    alias = _learn(work, row.address_text, before, address_id=address.id)
    return _decide(work, subject, row, "candidate", before, alias)


def place_pin(
    work: Work,
    subject: str,
    subject_id: UUID,
    *,
    lon: float,
    lat: float,
) -> int:
    """Put a record at a point set by hand; gives the decision's id.

    Raises
    ------
    InvalidInput
        The point lies in no block.
    NotAllowed
        The point lies in a community outside the area.
    """
    row = get_subject(work.session, work.scope, subject, subject_id, for_update=True)
    block = block_at(work.session, lon, lat)
    if block is None:
        raise InvalidInput("there is no block at this point; place the pin inside a community")
    _require_inside(work.scope, block.community_id)
    before = _snapshot(row)
    row.geom = decisions.written_point(lon, lat)
    row.block_id, row.community_id = block.block_id, block.community_id
    row.address_id, row.level, row.score = None, "pin", 1.0
    _accept(row, work.now)
    alias = _learn(work, row.address_text, before, point=(lon, lat))
    return _decide(work, subject, row, "pin", before, alias)


def dismiss(work: Work, subject: str, subject_id: UUID) -> int:
    """Put a record aside: it cannot be located and is asked no more; gives the decision's id."""
    row = get_subject(work.session, work.scope, subject, subject_id, for_update=True)
    if row.status == "accepted":
        raise Conflict("this record has a place already; undo that decision first")
    before = _snapshot(row)
    row.status, row.level, row.block_id, row.address_id = "none", "none", None, None
    row.score, row.geom = None, None
    return _decide(work, subject, row, "dismiss", before, None)


def undo(work: Work, decision_id: int) -> int:
    """Take back a decision: what was there before is there again; gives the new decision's id.

    Raises
    ------
    NotFound
        No such decision in the area.
    Conflict
        It was decided about again since, or was an undo itself.
    """
    decision = decisions.find_decision(work.session, decision_id)
    if decision is None:
        raise NotFound("there is no such decision")
    row = get_subject(
        work.session, work.scope, decision.subject, decision.subject_id, for_update=True
    )
    if not decisions.is_last(work.session, decision) or decision.method == "undo":
        raise Conflict("this record was decided about again since; only the last can be undone")
    if decision.overtaken_at is not None:
        raise Conflict("the source has given this record another place since; decide about that")
    current = _snapshot(row)
    _restore(work.session, row, decision.before)
    if alias := decision.after.get("alias"):
        decisions.forget_alias(work.session, alias)
    return _decide(work, decision.subject, row, "undo", current, None)


def accept_many(work: Work, choices: Iterable[tuple[str, UUID, int]]) -> list[int]:
    """Accept a candidate for each of several records (kind, id, address id), all or none."""
    return [
        accept_candidate(work, subject, subject_id, address_id)
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
    work: Work,
    text: str | None,
    before: dict,
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
    if not key or work.scope.user_id is None or was_sure:
        return None
    return decisions.put_alias(
        work.session,
        key,
        address_id=address_id,
        point=point,
        decided_by=work.scope.user_id,
        now=work.now,
    )


def _decide(
    work: Work,
    subject: str,
    row: Located,
    method: str,
    before: dict,
    alias: int | None,
) -> int:
    decisions.store_location(work.session, row)
    decision = decisions.add_decision(
        work.session,
        subject=subject,
        subject_id=row.id,
        method=method,
        before=before,
        after=_snapshot(row) | {"alias": alias},
        decided_by=work.scope.user_id,
        decided_at=work.now,
    )
    touched = [b for b in (before["block_id"], row.block_id) if b is not None]
    count_blocks(work.session, now=work.now, kinds=(row.record_kind,), blocks=touched)
    if KIND_OF_ONE[subject].found_by_name:
        refresh_records(work.session)
    work.audit(
        f"review.{method}",
        object_kind=subject,
        object_id=row.id,
        community_id=row.community_id,
        detail={"decision": decision, "from": before["status"], "to": row.status},
    )
    return decision
