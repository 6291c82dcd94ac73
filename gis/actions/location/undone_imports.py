"""Undoing an import: everything is again as it was before, while nothing rests on it.

In one transaction what the import replaced is put back and what it made is removed; counts and
the names of the search box follow. The import and what was refused in it stay on record.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.location.search import refresh_search
from gis.actions.plan.block_loads import count_blocks
from gis.domain.access import require
from gis.domain.kinds import KINDS
from gis.errors import Conflict, Defect, Message, NotFound
from gis.store.ground.built_since import count_built_since, count_gone_places
from gis.store.location.overtaken import count_decided_since, forget_doors_put_back
from gis.store.provenance.batches import find_batch
from gis.store.provenance.deliveries import lock_kind
from gis.store.provenance.former_rows import KEPT_FOR, put_back
from gis.store.provenance.resting import count_later, list_references


def undo_import(work: Work, batch_id: int) -> int:
    """Undo an import; gives how many rows were put back or removed.

    Raises
    ------
    NotAllowed
        The person may not import.
    NotFound
        There is no such import.
    Conflict
        It stored nothing, was undone already, or something rests on it: what.
    """
    require(work.scope, "import")
    batch = find_batch(work.session, batch_id, lock=True)
    if batch is None:
        raise NotFound("there is no such import")
    for kind in (batch.kind, KINDS[batch.kind].belongs_to):
        if kind:
            lock_kind(work.session, kind)
    refuse_obstacles(work, batch.id)
    forget_doors_put_back(work.session, batch.id)
    n = put_back(work.session, batch.id)
    batch.state, batch.undone_at, batch.undone_by = "undone", work.now, work.scope.user_id
    batch.keeps_former, batch.misplacement = False, None
    work.session.flush()
    refresh_search(work.session)
    _count(work, batch.kind)
    work.audit(
        "import.undo",
        object_kind="import_batch",
        object_id=batch.id,
        detail={"file": batch.file_name, "kind": batch.kind, "rows": n},
    )
    return n


def _count(work: Work, kind: str) -> None:
    """Count what lies in blocks again, where records of a kind decide about it."""
    record = KINDS[kind]
    if kind == "addresses":
        count_blocks(work.session, now=work.now)
    elif record.is_located or record.belongs_to:
        count_blocks(work.session, now=work.now, kinds=(record.belongs_to or kind,))


def refuse_obstacles(work: Work, batch_id: int) -> None:
    """Refuse to undo an import on which something rests.

    Raises
    ------
    NotAllowed, NotFound
        As `list_obstacles`.
    Conflict
        What rests on it.
    """
    if obstacles := list_obstacles(work, batch_id):
        raise Conflict(
            "import {id} cannot be undone: {why}",
            [Defect(said) for said in obstacles],
            id=batch_id,
            why=obstacles[0],
        )


def list_obstacles(work: Work, batch_id: int) -> list[Message]:
    """Say why an import cannot be undone; nothing means that it can.

    Raises
    ------
    NotAllowed
        The person may not import.
    NotFound
        There is no such import.
    """
    require(work.scope, "import")
    batch = find_batch(work.session, batch_id)
    if batch is None:
        raise NotFound("there is no such import")
    if batch.state == "undone":
        return [Message("it is undone already")]
    if batch.state != "committed":
        return [Message("it stored nothing")]
    if batch.kind == "blocks":
        return [Message("blocks took the place of others; import or build the former ones again")]
    if not batch.keeps_former:
        said = "what it replaced is not kept: it is older than {n} days, or of an earlier release"
        return [Message(said, n=KEPT_FOR.days)]
    if batch.correction:
        return [Message("its coordinates were corrected as a whole; undo the correction first")]
    return _list_rests(work.session, batch.id, batch.created_at)


def _list_rests(session: Session, batch_id: int, since: datetime) -> list[Message]:
    """Say what rests on an import, by what it is."""
    counts = dict.fromkeys(_RESTS, 0)
    counts["later"] = count_later(session, batch_id)
    counts["decisions"] = count_decided_since(session, batch_id, since)
    counts["blocks"] = count_built_since(session, batch_id, since)
    counts["places"] = count_gone_places(session, batch_id)
    for rest in list_references(session, batch_id):
        own = rest.what if rest.what in _RESTS else rest.through
        counts[own if own in _RESTS else "others"] += rest.n
    return [Message(_RESTS[what], n=n) for what, n in counts.items() if n]


_RESTS = {
    "later": "{n:,} imports have changed its rows since; undo them first",
    "decisions": "{n:,} of its records were placed or set aside by people; undo that first",
    "blocks": "the blocks of {n:,} communities were built since on its ground",
    "places": "{n:,} records would lie again in blocks that are not in use any more",
    "resident": "{n:,} residents of other imports belong to its households",
    "address_alias": "{n:,} addresses were decided to mean one of its addresses",
    "address": "{n:,} records are located by its addresses",
    "user_area": "{n:,} accounts are for its communities",
    "block_build": "blocks were built in its communities",
    "plan": "{n:,} plans divide its communities",
    "division_unit": "{n:,} records lie in its communities",
    "others": "{n:,} records refer to it",
}
"""What may rest on an import: in words, the most telling first."""
