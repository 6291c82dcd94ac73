"""Printing map sheets as a job; the PDF is for the one who asked, for a day."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from flask_babel import force_locale

from gis.actions.access.work import Work
from gis.actions.jobs.asking import ask_job
from gis.actions.jobs.work import JobWork
from gis.actions.plan.sheets import take_sheets
from gis.database.engine import Session
from gis.domain.access import Scope
from gis.domain.job import UNFINISHED
from gis.errors import NotFound
from gis.store.jobs.files import KeptFile, made_file, made_size
from gis.store.jobs.listing import JobRow, job_row
from gis.store.plan.plans import get_plan
from webmap.jobs.words.messages import said_of
from webmap.plan.sheets.chromium import print_pdf
from webmap.plan.sheets.document import SheetWish, sheets_html
from webmap.shell.language import LANGUAGES

TASK = "sheets"


@dataclass(frozen=True)
class SheetsState:
    """How far the printing of sheets is.

    Parameters
    ----------
    state
        ``running``, ``done``, ``failed`` or ``cancelled``.
    bytes
        Of the file, once it is there.
    """

    id: str
    state: str
    message: str
    bytes: int | None


def begin_sheets(
    work: Work,
    plan_id: int,
    *,
    paper: str,
    codes: Sequence[str],
    language: str,
) -> int:
    """Ask for the sheets of a plan; gives the id of the job."""
    plan = get_plan(work.session, work.scope, plan_id)
    return ask_job(
        work,
        TASK,
        community_id=plan.community_id,
        arguments={
            "plan_id": plan_id,
            "paper": paper,
            "codes": list(codes),
            "language": language,
        },
    )


def print_sheets(work: JobWork, app: Flask) -> None:
    """Draw and print the sheets that were asked for."""
    asked = work.arguments
    with (
        app.test_request_context("/"),
        force_locale(LANGUAGES[asked["language"]]),
        work.transaction() as session,
    ):
        within = work.within(session)
        read = take_sheets(within, asked["plan_id"])
        wish = SheetWish(asked["paper"], tuple(asked["codes"]))
        html = sheets_html(session, read, wish, today=within.now.date())
    file = KeptFile("sheets.pdf", "application/pdf", work.compute(print_pdf, html))
    with work.transaction() as session:
        work.finish(session, {"plan_id": asked["plan_id"]}, file)


def sheets_job(session: Session, scope: Scope, job_id: str) -> JobRow:
    """Get a printing of one's own.

    Raises
    ------
    NotFound
        There is none of this name, or somebody else asked for it.
    """
    number = int(job_id) if job_id.isascii() and job_id.isdigit() and len(job_id) < 10 else 0
    with contextlib.suppress(NotFound):
        job = job_row(session, scope, number)
        if job.task == TASK and job.asked_by == scope.user_id:
            return job
    raise NotFound("there are no such sheets; print them again")


def state_of(session: Session, job: JobRow) -> SheetsState:
    """Say how far a printing is; one that waits for a worker counts as running."""
    return SheetsState(
        id=str(job.id),
        state="running" if job.state in UNFINISHED else job.state,
        message=said_of(job.message),
        bytes=made_size(session, job.id),
    )


def sheets_file(session: Session, scope: Scope, job: JobRow) -> KeptFile:
    """Give printed sheets.

    Raises
    ------
    NotFound
        They are not printed yet, or cleared away.
    """
    if job.state != "done":
        raise NotFound("these sheets are not printed yet")
    return made_file(session, scope, job.id)
