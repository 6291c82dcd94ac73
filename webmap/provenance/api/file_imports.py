"""Files in by a page: what one changes, what is wrong in it, and which repairs it needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from gis.actions.jobs.asking import ask_job
from gis.actions.provenance.imports import ImportOutcome
from gis.actions.provenance.outline_fit import OutlineRepair
from gis.domain.access import require
from gis.domain.kinds import KINDS
from gis.errors import Message, NotFound
from gis.store.jobs.files import KeptFile
from gis.store.jobs.listing import JobRow
from webmap.jobs.answers import JobAnswer, answer_of
from webmap.jobs.words.known import TaskWords, describe_task
from webmap.provenance import import_job
from webmap.shell.access import allowed
from webmap.shell.answers import Media
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.language import say
from webmap.shell.session import current_scope, current_work
from webmap.shell.uploads import is_ticked, uploaded_file

blueprint = Blueprint("file_imports_api", __name__, url_prefix="/api/v1/imports")


def import_address(job: JobRow) -> str | None:
    """Give the page of the import that a job made or undid."""
    batch = (job.result or {}).get("batch")
    return None if batch is None else url_for("imports.show", batch_id=batch)


describe_task(import_job.TASK, TaskWords(lambda: _("Importing a file"), result=import_address))

FILE_KINDS = tuple(name for name, kind in KINDS.items() if kind.from_files)
"""What can be brought in by a file."""

MOST_TOLD = 500
"""Defects and remarks sent to the page; the record of an import has more."""


@dataclass(frozen=True)
class FileDefect:
    """What is wrong with a row of the file."""

    row: int | None
    field: str | None
    code: str
    message: str


@dataclass(frozen=True)
class FileTaken:
    """What came of a file, or would come of it.

    Parameters
    ----------
    state
        ``dry_run``, ``committed``, ``refused`` or ``unchanged``.
    new, changed, unchanged
        Good rows by what storing them does.
    repeated
        Rows that say in everything what another says.
    missing
        Stored rows of the imports that the file delivers again, which it does not have.
    waiting
        Good rows by what they wait for: their community or household.
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
    batch
        The import on record; null of a dry run.
    """

    kind: str
    state: str
    rows_read: int
    rows_good: int
    rows_stored: int
    new: int
    changed: int
    unchanged: int
    repeated: int
    missing: int
    waiting: dict[str, int]
    settled: dict[str, int]
    blocks_out_of_date: list[str]
    repairs: tuple[OutlineRepair, ...]
    notes: list[str]
    defects: list[FileDefect]
    n_defects: int
    batch: int | None


@blueprint.post("/<kind>")
@allowed("import")
def take_in(
    kind: str,
) -> tuple[Annotated[Response, Media(body=FileTaken)], Literal[200, 201]] | JobAnswer:
    """Import the records of a file; a dry run unless ``commit`` is 1."""
    if kind not in FILE_KINDS:
        raise NotFound(
            "“{kind}” is no kind of record; there are {kinds}",
            kind=kind,
            kinds=", ".join(FILE_KINDS),
        )
    scope = current_scope()
    require(scope, "import")
    with uploaded_file() as path:
        file = KeptFile(path.name, "application/octet-stream", path.read_bytes())
    with transaction() as session:
        job_id = ask_job(
            current_work(session),
            import_job.TASK,
            arguments={"kind": kind, "reading": _reading(kind), "storing": _storing(kind)},
            file=file,
        )
    return answer_of(job_id)


def _prefix() -> str | None:
    return request.form.get("code_prefix", "").strip() or None


def _reading(kind: str) -> dict:
    form = request.form
    fields = [field.name for field in KINDS[kind].fields]
    return {
        "layer": form.get("layer") or None,
        "worksheet": form.get("worksheet") or None,
        "mapping": {f: column for f in fields if (column := form.get(f, "").strip())},
        "crs": form.get("crs", "").strip() or None,
        "datum": form.get("datum") or "wgs84",
        "encoding": form.get("encoding") or None,
        "code_prefix": _prefix(),
        "accept_repairs": is_ticked("accept_repairs"),
        "accept_far": is_ticked("accept_far"),
        "accept_shift": is_ticked("accept_shift"),
        "swap_axes": is_ticked("swap_axes"),
    }


def _storing(kind: str) -> dict:
    options: dict = {
        "commit": is_ticked("commit"),
        "good_rows_only": is_ticked("good_rows"),
        "accept_far": is_ticked("accept_far"),
        "accept_moves": is_ticked("accept_moves"),
        "accept_repairs": is_ticked("accept_repairs"),
    }
    if kind == "communities":
        options |= {
            "number_communities": is_ticked("number_communities"),
            "code_prefix": _prefix(),
        }
    return options


def told_of(outcome: ImportOutcome, remarks: Iterable[Message] = ()) -> FileTaken:
    """Give what the page of an import shows; remarks tell how the file was read."""
    tally = outcome.tally
    notes = [*remarks, *outcome.doubts]
    return FileTaken(
        kind=outcome.kind,
        state=outcome.state,
        rows_read=outcome.rows_read,
        rows_good=outcome.rows_good,
        rows_stored=outcome.rows_stored,
        new=tally.new,
        changed=tally.changed,
        unchanged=tally.unchanged,
        repeated=tally.repeated,
        missing=tally.missing,
        waiting=outcome.waiting,
        settled=outcome.settled,
        blocks_out_of_date=list(outcome.stale),
        repairs=outcome.repairs,
        notes=[say(Message(note)) for note in notes[:MOST_TOLD]],
        defects=[
            FileDefect(d.row, d.field, d.code, say(Message(d.message)))
            for d in outcome.defects[:MOST_TOLD]
        ],
        n_defects=len(outcome.defects),
        batch=outcome.batch_id,
    )


OPENAPI = {
    "/api/v1/imports/{kind}": says(
        "post",
        "Import the records of a file (multipart form; a dry run unless commit=1)",
        in_path("kind"),
    ),
}
