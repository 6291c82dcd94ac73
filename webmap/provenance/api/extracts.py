"""Extracts of OpenStreetMap in by a page: every kind of record in them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from gis.actions.jobs.asking import ask_job
from gis.actions.provenance.imports import ImportOutcome
from gis.domain.access import require
from gis.errors import InvalidInput, Message
from gis.store.jobs.files import KeptFile
from webmap.jobs.answers import JobAnswer, answer_of
from webmap.jobs.words.known import TaskWords, describe_task
from webmap.provenance import extract_job
from webmap.provenance.api.file_imports import FileTaken, told_of
from webmap.provenance.words.kinds import kind_heading
from webmap.shell.access import allowed
from webmap.shell.answers import Media
from webmap.shell.database import transaction
from webmap.shell.describing import says
from webmap.shell.language import say
from webmap.shell.session import current_scope, current_work
from webmap.shell.uploads import is_ticked, uploaded_file

blueprint = Blueprint("extracts_api", __name__, url_prefix="/api/v1/extracts")

LEVELS_OF_ADMINISTRATION = range(2, 12)
"""What OpenStreetMap calls admin_level."""

describe_task(
    extract_job.TASK,
    TaskWords(
        lambda: _("Importing an extract of OpenStreetMap"),
        result=lambda _job: url_for("imports.index"),
    ),
)


@dataclass(frozen=True)
class KindTaken(FileTaken):
    """What came of one kind of record, with its name in the language of the reader."""

    heading: str


@dataclass(frozen=True)
class ExtractTaken:
    """What came of an extract, or would come of it; ``notes`` say what was left out or assumed."""

    committed: bool
    kinds: list[KindTaken]
    notes: list[str]


@blueprint.post("")
@allowed("import")
def take_in() -> (
    tuple[Annotated[Response, Media(body=ExtractTaken)], Literal[200, 201]] | JobAnswer
):
    """Import an extract; a dry run unless ``commit`` is 1."""
    require(current_scope(), "import")
    reading = {"admin_level": _level(), "code_prefix": _prefix()}
    storing = {
        "commit": is_ticked("commit"),
        "accept_far": is_ticked("accept_far"),
        "accept_repairs": is_ticked("accept_repairs"),
    }
    with uploaded_file() as path:
        file = KeptFile(path.name, "application/octet-stream", path.read_bytes())
    with transaction() as session:
        job_id = ask_job(
            current_work(session),
            extract_job.TASK,
            arguments={"reading": reading, "storing": storing},
            file=file,
        )
    return answer_of(job_id)


def _level() -> int | None:
    written = request.form.get("admin_level", "").strip()
    if not written:
        return None
    if not (written.isascii() and written.isdigit()) or int(written) not in (
        LEVELS_OF_ADMINISTRATION
    ):
        raise InvalidInput("administrative level: expected a number from 2 to 11, or nothing")
    return int(written)


def _prefix() -> str:
    written = request.form.get("code_prefix", "").strip()
    if not (written.isascii() and written.isdigit() and len(written) in (6, 9)):
        raise InvalidInput(
            "digits of county and town: expected 6 (county) or 9 (town) digits, such as 522632100"
        )
    return written


def told_of_extract(outcomes: list[ImportOutcome], notes: Sequence[Message]) -> ExtractTaken:
    """Give what the page of an extract shows."""
    return ExtractTaken(
        committed=any(o.state == "committed" for o in outcomes),
        kinds=[KindTaken(**vars(told_of(o)), heading=kind_heading(o.kind)) for o in outcomes],
        notes=[say(note) for note in notes],
    )


OPENAPI = {
    "/api/v1/extracts": says(
        "post",
        "Import an extract of OpenStreetMap (multipart form; a dry run unless commit=1)",
    ),
}
