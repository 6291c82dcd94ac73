"""The one queue of long work: asked for, claimed by a worker, heard of, ended, pruned.

A worker draws a claim when it begins a job, and every statement that changes a running job names
it: who was thought dead and had the job taken away can neither report nor end it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, case, delete, func, literal, null, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from gis.database.answers import rows_changed
from gis.domain.job import FILES_KEPT, KEPT, MOST_STARTS, SILENCE, UNFINISHED
from gis.errors import Conflict, Message
from gis.messages import plain_message
from gis.store.tables import Job, JobFile

DIED = Message("the work was broken off several times; ask for it again, and tell whoever runs it")


@dataclass(frozen=True)
class ClaimedJob:
    """A job that a worker has begun: what is to be done, for whom, and the claim to it."""

    id: int
    task: str
    claim: uuid.UUID


def add_job(
    session: Session,
    task: str,
    *,
    asked_by: int | None,
    now: datetime,
    arguments: Mapping[str, object] | None = None,
    community_id: int | None = None,
    exclusive_key: str | None = None,
    taken: str = "this is being done already; wait for it, or cancel it",
    not_before: datetime | None = None,
) -> Job:
    """Put a job into the queue.

    Parameters
    ----------
    exclusive_key
        What only one unfinished job may be about.
    taken
        What is said when there is one.
    not_before
        When it may begin; at once when None.

    Raises
    ------
    Conflict
        Another unfinished job is about the same.
    """
    job = Job(
        task=task,
        asked_by=asked_by,
        asked_at=now,
        not_before=not_before or now,
        arguments=dict(arguments or {}),
        community_id=community_id,
        exclusive_key=exclusive_key,
        state="asked",
        starts=0,
        fraction=0.0,
        cancel_wished=False,
    )
    try:
        with session.begin_nested():
            session.add(job)
            session.flush()
    except IntegrityError:
        raise Conflict(taken) from None
    return job


def find_unfinished(session: Session, exclusive_key: str) -> Job | None:
    """Find the unfinished job that is about this."""
    return session.scalar(
        select(Job).where(Job.exclusive_key == exclusive_key, Job.state.in_(UNFINISHED))
    )


def count_unfinished(session: Session, user_id: int) -> int:
    """Count what a person has asked for that has not ended."""
    return session.scalars(
        select(func.count()).where(Job.asked_by == user_id, Job.state.in_(UNFINISHED))
    ).one()


def claim_next(session: Session, tasks: Collection[str], *, now: datetime) -> ClaimedJob | None:
    """Begin the next job of these tasks, or None; whoever has least running comes first.

    Uses ``ix_job_next``; what another worker is just claiming is passed over.
    """
    waiting, other = aliased(Job), aliased(Job)
    running = (
        select(func.count())
        .where(other.state == "running", other.asked_by == waiting.asked_by)
        .correlate(waiting)
        .scalar_subquery()
    )
    chosen = (
        select(waiting.id)
        .where(waiting.state == "asked", waiting.not_before <= now, waiting.task.in_(tasks))
        .order_by(running, waiting.not_before, waiting.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=waiting)
        .scalar_subquery()
    )
    return _claim(session, Job.id == chosen, now)


def claim_one(session: Session, job_id: int, *, now: datetime) -> ClaimedJob | None:
    """Begin one job that is known to wait; None when somebody else has begun it."""
    return _claim(session, Job.id == job_id, now)


def _claim(session: Session, which: ColumnElement[bool], now: datetime) -> ClaimedJob | None:
    row = session.execute(
        update(Job)
        .where(which, Job.state == "asked")
        .values(
            state="running",
            claim=uuid.uuid4(),
            starts=Job.starts + 1,
            started_at=now,
            heartbeat_at=now,
            fraction=0.0,
            message=None,
        )
        .returning(Job.id, Job.task, Job.claim),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if row is None or row.claim is None:
        return None
    return ClaimedJob(row.id, row.task, row.claim)


def hear(
    session: Session, claimed: ClaimedJob, *, fraction: float, message: str, now: datetime
) -> bool:
    """Note that a job is alive and how far it is; False when it is not wanted any more.

    Nobody waits here for a job that is just storing its end: then nothing is noted.
    """
    free = select(Job.id).where(_is_held(claimed)).with_for_update(skip_locked=True)
    row = session.execute(
        update(Job)
        .where(Job.id == free.scalar_subquery())
        .values(
            heartbeat_at=now,
            fraction=func.greatest(Job.fraction, min(max(fraction, 0.0), 1.0)),
            message=plain_message(message) if message else None,
        )
        .returning(Job.cancel_wished),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if row is None:
        row = session.execute(select(Job.cancel_wished).where(_is_held(claimed))).one_or_none()
    return row is not None and not row.cancel_wished


def hold(session: Session, claimed: ClaimedJob) -> bool:
    """Keep anybody from ending a job before this transaction ends; False when it is not wanted."""
    query = select(Job.cancel_wished).where(_is_held(claimed)).with_for_update(read=True)
    wished = session.execute(query).one_or_none()
    return wished is not None and not wished.cancel_wished


def end(
    session: Session,
    claimed: ClaimedJob,
    state: str,
    *,
    now: datetime,
    message: object = None,
    result: Mapping[str, object] | None = None,
) -> bool:
    """Note what came of a job; False, and nothing is noted, when the claim to it is lost."""
    done = case((Job.cancel_wished, "cancelled"), else_=state) if state != "done" else state
    wanted = [~Job.cancel_wished] if state == "done" else []
    ended = session.execute(
        update(Job)
        .where(_is_held(claimed), *wanted)
        .values(
            state=done,
            claim=None,
            ended_at=now,
            heartbeat_at=now,
            fraction=1.0 if state == "done" else Job.fraction,
            message=None if message is None else plain_message(message),
            result=None if result is None else dict(result),
        ),
        execution_options={"synchronize_session": False},
    )
    return rows_changed(ended) == 1


def give_back(session: Session, claimed: ClaimedJob, *, now: datetime, blamed: bool) -> None:
    """Put a job back whose work was broken off; ``blamed`` when it may have been its own fault."""
    _begin_again(session, _is_held(claimed), now, blamed=blamed)


def begin_silent_again(session: Session, *, now: datetime) -> None:
    """Put back what was running in workers that are no more; ends what was begun too often."""
    silent = (Job.state == "running") & (Job.heartbeat_at < now - SILENCE)
    _begin_again(session, silent, now, blamed=True)


def _begin_again(
    session: Session, which: ColumnElement[bool], now: datetime, *, blamed: bool
) -> None:
    """Change running jobs to asked, or to how they end when they are not to be begun again."""
    too_often = Job.starts >= (MOST_STARTS if blamed else MOST_STARTS + 1)
    session.execute(
        update(Job)
        .where(which)
        .values(
            state=case((Job.cancel_wished, "cancelled"), (too_often, "failed"), else_="asked"),
            claim=None,
            message=case(
                (too_often & ~Job.cancel_wished, func.to_jsonb(literal(str(DIED), Text))),
                else_=null(),
            ),
            ended_at=case((Job.cancel_wished | too_often, now), else_=null()),
            starts=Job.starts if blamed else Job.starts - 1,
        ),
        execution_options={"synchronize_session": False},
    )


def wish_cancelled(session: Session, job_id: int, *, now: datetime) -> bool:
    """Wish that a job stops; what nobody has begun ends at once. False when it has ended."""
    found = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state.in_(UNFINISHED))
        .values(
            cancel_wished=True,
            state=case((Job.state == "asked", "cancelled"), else_=Job.state),
            ended_at=case((Job.state == "asked", now), else_=None),
        ),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
    return rows_changed(found) == 1


def prune(session: Session, *, now: datetime) -> None:
    """Delete what ended long ago, and of what ended the day before files and own work."""
    ended = select(Job.id).where(Job.ended_at < now - FILES_KEPT)
    session.execute(delete(JobFile).where(JobFile.job_id.in_(ended)))
    own = Job.asked_by.is_(None) & (Job.ended_at < now - FILES_KEPT)
    session.execute(delete(Job).where(or_(own, Job.ended_at < now - KEPT)))


def _is_held(claimed: ClaimedJob) -> ColumnElement[bool]:
    return (Job.id == claimed.id) & (Job.claim == claimed.claim) & (Job.state == "running")
