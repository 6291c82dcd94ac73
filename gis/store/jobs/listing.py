"""The jobs of a person as pages show them; an administrator sees everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from gis.domain.access import Scope
from gis.domain.job import UNFINISHED
from gis.errors import NotFound
from gis.store.tables import DivisionUnit, Job, JobFile, UserAccount

EVERYONE = "user.manage"
"""Permission to see and stop the jobs of others."""


@dataclass(frozen=True)
class JobRow:
    """One job as it is listed; times on the clock of the platform.

    Parameters
    ----------
    by
        Name of who asked; None for the platform itself.
    community, community_en, community_code, community_id
        Where it is about one community.
    ahead
        Jobs that wait and come before this one, which waits itself; else 0.
    has_file
        Whether a file that it made is still kept.
    message
        As `gis.messages.plain_message` wrote it.
    """

    id: int
    task: str
    state: str
    fraction: float
    message: object
    arguments: dict
    result: dict | None
    exclusive_key: str | None
    asked_by: int | None
    by: str | None
    community: str | None
    community_en: str | None
    community_code: str | None
    community_id: int | None
    asked_at: datetime
    not_before: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cancel_wished: bool
    has_file: bool
    ahead: int = 0


def list_jobs(
    session: Session, scope: Scope, *, everyone: bool = False, limit: int = 100
) -> Sequence[JobRow]:
    """List jobs: what is unfinished first, then the newest.

    Parameters
    ----------
    everyone
        Also those of others, where the person may see them.
    """
    query = _rows(scope).order_by(Job.state.not_in(UNFINISHED), Job.id.desc()).limit(limit)
    if not (everyone and scope.may(EVERYONE)):
        query = query.where(Job.asked_by == scope.user_id)
    return [JobRow(*row) for row in session.execute(query)]


def job_row(session: Session, scope: Scope, job_id: int) -> JobRow:
    """Get one job as it is listed.

    Raises
    ------
    NotFound
        There is none, or somebody else asked for it.
    """
    row = session.execute(_rows(scope).where(Job.id == job_id)).one_or_none()
    if row is None:
        raise _not_there()
    return JobRow(*row)


def _not_there() -> NotFound:
    return NotFound("there is no such job of yours; it may have been cleared away")


def _rows(scope: Scope) -> Select:
    before = aliased(Job)
    ahead = (
        select(func.count())
        .where(
            Job.state == "asked",
            before.state == "asked",
            before.not_before <= Job.asked_at,
            before.id < Job.id,
        )
        .scalar_subquery()
    )
    made = select(JobFile.id).where(JobFile.job_id == Job.id, ~JobFile.given).exists()
    query = (
        select(
            Job.id,
            Job.task,
            Job.state,
            Job.fraction,
            Job.message,
            Job.arguments,
            Job.result,
            Job.exclusive_key,
            Job.asked_by,
            UserAccount.name,
            DivisionUnit.name,
            DivisionUnit.name_en,
            DivisionUnit.code,
            Job.community_id,
            Job.asked_at,
            Job.not_before,
            Job.started_at,
            Job.ended_at,
            Job.cancel_wished,
            made,
            ahead,
        )
        .outerjoin(UserAccount, UserAccount.id == Job.asked_by)
        .outerjoin(DivisionUnit, DivisionUnit.id == Job.community_id)
    )
    if not scope.may(EVERYONE):
        query = query.where(Job.asked_by == scope.user_id)
    return query
