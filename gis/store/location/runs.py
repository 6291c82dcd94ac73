"""Geocoding runs: begun, gone on with after an interruption, finished."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import NotFound
from gis.store.tables import GeocodeRun


def find_running(session: Session, subject: str) -> GeocodeRun | None:
    """Find the run over all records of a subject that has begun and not ended."""
    return session.scalars(
        select(GeocodeRun).where(
            GeocodeRun.subject == subject,
            GeocodeRun.state == "running",
            GeocodeRun.import_batch_id.is_(None),
        )
    ).one_or_none()


def last_version(session: Session, subject: str) -> int | None:
    """Give the version of the register that all records of a subject were last located with."""
    return session.scalar(
        select(GeocodeRun.version)
        .where(
            GeocodeRun.subject == subject,
            GeocodeRun.state == "finished",
            GeocodeRun.import_batch_id.is_(None),
        )
        .order_by(GeocodeRun.id.desc())
        .limit(1)
    )


def add_run(session: Session, *, now: datetime, **columns: object) -> GeocodeRun:
    """Record that a run begins."""
    run = GeocodeRun(started_at=now, heartbeat_at=now, **columns)
    session.add(run)
    session.flush()
    return run


def abandon(session: Session, run: GeocodeRun, *, now: datetime) -> None:
    """Record that a run will not be gone on with."""
    run.state, run.finished_at = "abandoned", now
    session.flush()


def lock_run(session: Session, run_id: int) -> GeocodeRun:
    """Get a run to go on with; another process that does so waits.

    Raises
    ------
    NotFound
        There is no such run.
    """
    run = session.get(GeocodeRun, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise NotFound("there is no geocoding run {run_id}", run_id=run_id)
    return run


def advance(
    session: Session,
    run: GeocodeRun,
    *,
    reached: UUID | None,
    seen: int,
    changed: int,
    by_status: Counter[str],
    by_level: Counter[str],
    now: datetime,
) -> None:
    """Record that a stretch of records is done."""
    run.reached = reached or run.reached
    run.seen += seen
    run.located += by_status.total()
    run.changed += changed
    run.by_status = dict(Counter(run.by_status) + by_status)
    run.by_level = dict(Counter(run.by_level) + by_level)
    run.heartbeat_at = now
    session.flush()


def finish(session: Session, run: GeocodeRun, *, now: datetime) -> None:
    """Record that a run is complete."""
    run.state, run.finished_at, run.heartbeat_at = "finished", now, now
    session.flush()


def list_runs(session: Session, subject: str, *, limit: int = 10) -> list[GeocodeRun]:
    """List the last runs of a subject, newest first."""
    query = select(GeocodeRun).where(GeocodeRun.subject == subject)
    return list(session.scalars(query.order_by(GeocodeRun.id.desc()).limit(limit)))
