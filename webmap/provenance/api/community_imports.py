"""Communities in by a page: what a file changes, and which repairs of outlines it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from gis.actions.jobs.asking import ask_job
from gis.actions.provenance.imports import ImportOutcome
from gis.actions.provenance.outline_fit import OutlineRepair
from gis.domain.access import require
from gis.errors import Message
from gis.exchange.records import ReadResult
from gis.store.jobs.files import KeptFile
from gis.store.jobs.listing import JobRow
from webmap.jobs.answers import JobAnswer, answer_of
from webmap.jobs.words.known import TaskWords, describe_task
from webmap.provenance import import_job
from webmap.shell.access import allowed
from webmap.shell.answers import Media
from webmap.shell.database import transaction
from webmap.shell.describing import says
from webmap.shell.language import say
from webmap.shell.session import current_scope, now
from webmap.shell.uploads import is_ticked, uploaded_file

blueprint = Blueprint("community_imports_api", __name__, url_prefix="/api/v1/imports")


def _address(job: JobRow) -> str | None:
    return url_for("admin.imports") if (job.result or {}).get("committed") else None


describe_task(import_job.TASK, TaskWords(lambda: _("Importing communities"), result=_address))

FIELDS = ("name", "code", "town_name", "county_name")
"""What a column of a file may be said to hold."""

MOST_TOLD = 500
"""Defects and remarks sent to the page; the record of an import has more."""


@dataclass(frozen=True)
class CommunityDefect:
    """What is wrong with a row of the file."""

    row: int | None
    field: str | None
    code: str
    message: str


@dataclass(frozen=True)
class CommunitiesTaken:
    """What came of a file of communities, or would come of it.

    Parameters
    ----------
    state
        ``dry_run``, ``committed``, ``refused`` or ``unchanged``.
    new, changed, unchanged
        Good rows by what storing them does.
    settled
        Stored rows by kind that belong to something else with this.
    blocks_out_of_date
        Codes of communities whose blocks have to be built again.
    repairs
        Repairs of outlines.
    notes, defects
        The first of them.
    n_defects
        All there are.
    """

    state: str
    rows_read: int
    rows_good: int
    rows_stored: int
    new: int
    changed: int
    unchanged: int
    settled: dict[str, int]
    blocks_out_of_date: list[str]
    repairs: tuple[OutlineRepair, ...]
    notes: list[str]
    defects: list[CommunityDefect]
    n_defects: int


@blueprint.post("/communities")
@allowed("import")
def take_in() -> (
    tuple[Annotated[Response, Media(body=CommunitiesTaken)], Literal[200, 201]] | JobAnswer
):
    """Import communities of a file; a dry run unless ``commit`` is 1."""
    scope = current_scope()
    require(scope, "import")
    with uploaded_file() as path:
        file = KeptFile(path.name, "application/octet-stream", path.read_bytes())
    with transaction() as session:
        job_id = ask_job(
            session,
            scope,
            import_job.TASK,
            now=now(),
            arguments={"reading": _reading(), "storing": _storing()},
            file=file,
        )
    return answer_of(job_id)


def _prefix() -> str | None:
    return request.form.get("code_prefix", "").strip() or None


def _reading() -> dict:
    form = request.form
    return {
        "layer": form.get("layer") or None,
        "mapping": {f: column for f in FIELDS if (column := form.get(f, "").strip())},
        "crs": form.get("crs", "").strip() or None,
        "datum": form.get("datum") or "wgs84",
        "encoding": form.get("encoding") or None,
        "code_prefix": _prefix(),
        "accept_repairs": is_ticked("accept_repairs"),
        "accept_far": is_ticked("accept_far"),
        "accept_shift": is_ticked("accept_shift"),
        "swap_axes": is_ticked("swap_axes"),
    }


def _storing() -> dict:
    return {
        "commit": is_ticked("commit"),
        "good_rows_only": is_ticked("good_rows"),
        "accept_far": is_ticked("accept_far"),
        "accept_repairs": is_ticked("accept_repairs"),
        "number_communities": is_ticked("number_communities"),
        "code_prefix": _prefix(),
    }


def told_of(outcome: ImportOutcome, read: ReadResult) -> CommunitiesTaken:
    """Give what the page of an import shows."""
    tally = outcome.tally
    notes = [*(note.message for note in read.notes), *outcome.doubts]
    return CommunitiesTaken(
        state=outcome.state,
        rows_read=outcome.rows_read,
        rows_good=outcome.rows_good,
        rows_stored=outcome.rows_stored,
        new=tally.new,
        changed=tally.changed,
        unchanged=tally.unchanged,
        settled=outcome.settled,
        blocks_out_of_date=list(outcome.stale),
        repairs=outcome.repairs,
        notes=[say(Message(note)) for note in notes[:MOST_TOLD]],
        defects=[
            CommunityDefect(d.row, d.field, d.code, say(Message(d.message)))
            for d in outcome.defects[:MOST_TOLD]
        ],
        n_defects=len(outcome.defects),
    )


OPENAPI = {
    "/api/v1/imports/communities": says(
        "post",
        "Import communities of a file (multipart form; a dry run unless commit=1)",
    ),
}
