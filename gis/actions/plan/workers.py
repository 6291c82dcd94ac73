"""Who looks after a grid: assigning a worker from a date on, and ending an assignment."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.domain.access import Scope, require
from gis.errors import Conflict, InvalidInput, NotFound
from gis.store.plan import workers
from gis.store.plan.grid_codes import find_code
from gis.store.tables import GridCode


def assign_worker(
    work: Work,
    grid_code: str,
    user_id: int,
    *,
    valid_from: date,
) -> int:
    """Make somebody the worker of a grid from a date on; the one before ends that day.

    Raises
    ------
    NotFound
        No such grid, or the person is no worker of this community.
    NotAllowed
        The grid is outside the area of who asks, or the role does not include it.
    InvalidInput
        An assignment that begins on or after that date stands already.
    """
    code = _grid_code(work.session, work.scope, grid_code)
    if user_id not in {
        w.id for w in workers.list_workers(work.session, work.scope, code.community_id)
    }:
        raise NotFound("this person is not a worker of this community; the list shows who is")
    for row in workers.lock_assignments(work.session, grid_code, valid_from):
        if row.valid_from >= valid_from:
            raise InvalidInput(
                "an assignment of grid {grid_code} begins on {valid_from}; choose a "
                "later date, or end that one first",
                grid_code=grid_code,
                valid_from=row.valid_from,
            )
        if row.user_id == user_id and row.valid_to is None:
            raise Conflict("this person is the worker of this grid already")
        row.valid_to = valid_from
    work.session.flush()
    assignment = workers.add_assignment(
        work.session,
        grid_code=grid_code,
        user_id=user_id,
        valid_from=valid_from,
        assigned_by=work.scope.user_id,
    )
    _audit(work, "worker.assign", code, user_id, valid_from)
    return assignment


def end_assignment(work: Work, grid_code: str, *, valid_to: date) -> None:
    """End the assignment of a grid's worker on a date (that day is the first without).

    Raises
    ------
    NotFound
        No such grid in the area, or nobody is assigned on that date.
    """
    code = _grid_code(work.session, work.scope, grid_code)
    rows = workers.lock_assignments(work.session, grid_code, valid_to)
    current = next((r for r in rows if r.valid_from < valid_to), None)
    if current is None:
        raise NotFound(
            "nobody looks after grid {grid_code} before {valid_to}",
            grid_code=grid_code,
            valid_to=valid_to,
        )
    current.valid_to = valid_to
    work.session.flush()
    _audit(work, "worker.end", code, current.user_id, valid_to)


def _grid_code(session: Session, scope: Scope, grid_code: str) -> GridCode:
    code = find_code(session, grid_code)
    require(scope, "worker.assign")
    if (
        code is None
        or code.issued_at is None
        or code.retired_at is not None
        or not scope.covers(code.community_id)
    ):
        raise NotFound("there is no grid {grid_code} in your area", grid_code=grid_code)
    return code


def _audit(
    work: Work,
    action: str,
    code: GridCode,
    user_id: int,
    day: date,
) -> None:
    work.audit(
        action,
        object_kind="grid",
        object_id=code.code,
        community_id=code.community_id,
        detail={"user_id": user_id, "day": day.isoformat()},
    )
