"""One job as the page and the interface tell it, in the language of the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from gis.domain.access import Scope
from gis.domain.job import UNFINISHED
from gis.store.jobs.listing import JobRow
from webmap.jobs.words.known import words_of
from webmap.jobs.words.messages import said_of
from webmap.shell.language import current_language


@dataclass(frozen=True)
class JobView:
    """A job in words.

    Parameters
    ----------
    task
        Name of the kind of work.
    state
        asked, running, done, failed or cancelled.
    badge
        ``good``, ``bad``, ``warn`` or nothing.
    fraction
        Done, 0 to 1.
    by
        Name of who asked; null for the platform itself.
    not_before
        When it may begin.
    seconds
        It has run, or ran; null before it began.
    ahead
        Jobs that wait and come before this one.
    result, file
        Addresses of the page that shows what it made, and of its file; null where there is none.
    """

    id: int
    task: str
    title: str
    state: str
    state_name: str
    badge: str
    fraction: float
    message: str
    community: str | None
    by: str | None
    is_mine: bool
    asked_at: datetime
    not_before: datetime
    ended_at: datetime | None
    seconds: int | None
    ahead: int
    may_cancel: bool
    result: str | None
    file: str | None


def state_name(job: JobRow) -> str:
    """Name the state of a job."""
    if job.cancel_wished and job.state == "running":
        return _("being cancelled")
    names = {
        "asked": _("waiting"),
        "running": _("running"),
        "done": _("done"),
        "failed": _("failed"),
        "cancelled": _("cancelled"),
    }
    return names[job.state]


def view_of(job: JobRow, scope: Scope, *, now: datetime) -> JobView:
    """Put a job into words for a person."""
    words = words_of(job.task)
    is_mine = job.asked_by == scope.user_id
    done = job.state == "done"
    has_file = done and is_mine and job.has_file and words.hands_over_a_file
    return JobView(
        id=job.id,
        task=job.task,
        title=words.title(),
        state=job.state,
        state_name=state_name(job),
        badge={"done": "good", "failed": "bad", "running": "warn"}.get(job.state, ""),
        fraction=round(job.fraction, 3),
        message=said_of(job.message),
        community=_community(job),
        by=job.by,
        is_mine=is_mine,
        asked_at=job.asked_at,
        not_before=job.not_before,
        ended_at=job.ended_at,
        seconds=_seconds(job, now),
        ahead=job.ahead,
        may_cancel=job.state in UNFINISHED and not job.cancel_wished and job.asked_by is not None,
        result=words.result(job) if done else None,
        file=url_for("jobs_api.file", job_id=job.id) if has_file else None,
    )


def _community(job: JobRow) -> str | None:
    in_english = current_language() == "en" and job.community_en
    return job.community_en if in_english else job.community


def _seconds(job: JobRow, now: datetime) -> int | None:
    if job.started_at is None or job.state == "asked":
        return None
    return max(0, round(((job.ended_at or now) - job.started_at).total_seconds()))
