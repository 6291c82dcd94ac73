"""Requests whose answer is made by a job: waited for a while, or followed from job to answer.

A job that makes an answer keeps it in every language of the pages, as its file; what it was refused
for is raised again for the person who asked. ``Prefer: respond-async`` asks for the job at once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Annotated, Any, Literal

from flask import Flask, Response, request
from flask_babel import force_locale

from gis.actions.jobs.refusals import read_refusal
from gis.domain.job import UNFINISHED
from gis.errors import Conflict, GisError, NotFound
from gis.messages import read_message
from gis.store.jobs.files import KeptFile, made_file
from gis.store.jobs.listing import JobRow, job_row
from webmap.jobs.here import work_here
from webmap.jobs.words.job_view import JobView, view_of
from webmap.shell.answers import JSON, Media, json_answer, to_json
from webmap.shell.database import transaction
from webmap.shell.language import LANGUAGES, current_language
from webmap.shell.session import current_scope, now

WAITED_S = 50.0
"""Longest that a request waits; beyond it the answer says which job to follow."""

LOOKED_EVERY_S = 0.2

JobAnswer = tuple[Annotated[Response, Media(body=JobView)], Literal[202]]
"""The job, where it takes longer than a request waits or the person wants to."""


def answer_of(job_id: int) -> tuple[Response, Any]:
    """Give the answer of a job that was just asked for; or the job, where it takes longer."""
    return said(awaited(job_id))


def awaited(job_id: int) -> JobRow:
    """Wait for a job that was just asked for, as long as the person wants and a request may."""
    work_here(job_id)
    patience = 0.0 if "respond-async" in request.headers.get("Prefer", "") else WAITED_S
    deadline = time.monotonic() + patience
    job = _look(job_id)
    while job.state in UNFINISHED and time.monotonic() < deadline:
        time.sleep(LOOKED_EVERY_S)
        job = _look(job_id)
    return job


def said(job: JobRow) -> tuple[Response, Any]:
    """Give what a job answers: 202 and the job as long as it has not ended.

    Raises
    ------
    GisError
        What it was refused for.
    """
    file = answered_file(job)
    if file is None:
        return json_answer(view_of(job, current_scope(), now=now())), 202
    result = job.result or {}
    if file.mimetype != JSON or "status" not in result:
        raise NotFound("this job made a file, not an answer")
    told = json.loads(file.content)[current_language()]
    return json_answer(told), result["status"]


def answered_file(job: JobRow) -> KeptFile | None:
    """Give the file of a job that has ended well; None as long as it has not ended.

    Raises
    ------
    GisError
        What it was refused for.
    """
    if job.state in UNFINISHED:
        return None
    if job.state == "cancelled":
        raise Conflict("this job was cancelled; nothing of it was stored")
    if job.state == "failed":
        refusal = (job.result or {}).get("refusal")
        raise read_refusal(refusal) if refusal else GisError(read_message(job.message))
    with transaction() as session:
        return made_file(session, current_scope(), job.id)


def answer_file(app: Flask, tell: Callable[[], object]) -> KeptFile:
    """Make the file that holds an answer in every language."""
    told = {}
    with app.test_request_context("/"):
        for language, locale in LANGUAGES.items():
            with force_locale(locale):
                told[language] = tell()
        content = to_json(told)
    return KeptFile("answer.json", JSON, content)


def _look(job_id: int) -> JobRow:
    with transaction() as session:
        return job_row(session, current_scope(), job_id)
