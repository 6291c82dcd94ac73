"""The files of jobs: what they were given, and what they made for the person who asked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.errors import NotFound
from gis.store.tables import Job, JobFile


@dataclass(frozen=True)
class KeptFile:
    """A file with its name and what it is."""

    name: str
    mimetype: str
    content: bytes


def keep_file(session: Session, job_id: int, file: KeptFile, *, given: bool) -> None:
    """Keep a file that a job is given, or made; one of each."""
    session.execute(delete(JobFile).where(JobFile.job_id == job_id, JobFile.given == given))
    session.add(JobFile(job_id=job_id, given=given, **vars(file)))
    session.flush()


def given_file(session: Session, job_id: int) -> KeptFile:
    """Give the file that a job was given.

    Raises
    ------
    NotFound
        It was given none, or it is cleared away.
    """
    return _file(session, select(JobFile).where(JobFile.job_id == job_id, JobFile.given))


def made_file(session: Session, scope: Scope, job_id: int) -> KeptFile:
    """Give the file that a job made, to the one who asked for it and nobody else.

    Raises
    ------
    NotFound
        It made none, it is cleared away, or somebody else asked for it.
    """
    query = select(JobFile).join(Job, Job.id == JobFile.job_id)
    mine = Job.asked_by.is_not_distinct_from(scope.user_id)
    return _file(session, query.where(JobFile.job_id == job_id, ~JobFile.given, mine))


def made_size(session: Session, job_id: int) -> int | None:
    """Give the bytes of the file that a job made."""
    size = func.octet_length(JobFile.content)
    return session.scalar(select(size).where(JobFile.job_id == job_id, ~JobFile.given))


def _file(session: Session, query: Select[JobFile]) -> KeptFile:
    row = session.scalar(query)
    if row is None:
        raise NotFound("there is no such file; it may have been cleared away")
    return KeptFile(row.name, row.mimetype, row.content)
