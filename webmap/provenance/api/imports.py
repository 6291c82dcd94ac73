"""Imports as an administrator reads them: what came of a file, and what is doubtful in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from flask import Blueprint

from gis.actions.location.undo_job import begin_undo
from gis.actions.provenance.delivery import Tally
from gis.actions.provenance.kept_doubts import read_doubts
from gis.store.jobs.listing import job_row
from gis.store.provenance.batches import get_batch, list_batches
from webmap.jobs.here import work_here
from webmap.jobs.words.job_view import JobView, view_of
from webmap.shell.access import allowed
from webmap.shell.answers import Moment
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.language import say
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("imports_api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True)
class _Import:
    id: int
    kind: str
    file_name: str | None
    state: str
    rows_read: int | None
    rows_stored: int | None
    correction: str | None
    created_at: Moment
    undone_at: Moment | None
    is_misplaced: bool
    doubts: list[str]


@dataclass(frozen=True)
class ListedImport(_Import):
    """An import.

    Parameters
    ----------
    doubts
        Sentences about points that share one place, are rounded or of two datums.
    defects
        How many there are.
    """

    defects: int


@dataclass(frozen=True)
class Imports:
    """Imports, newest first."""

    imports: list[ListedImport]


@dataclass(frozen=True)
class RefusedRow:
    """What is wrong with a row of a file."""

    row_number: int | None
    field: str | None
    code: str
    message: str


@dataclass(frozen=True)
class OneImport(_Import):
    """One import, with what was refused in it.

    Parameters
    ----------
    doubts
        Sentences about points that share one place, are rounded or of two datums.
    tally
        How the file compared with what was stored, in rows.
    """

    tally: Tally | None
    defects: list[RefusedRow]


@blueprint.get("/imports")
@allowed("import")
def imports() -> Imports:
    """List the imports, newest first."""
    with transaction() as session:
        rows = list_batches(session, current_scope())
    return Imports([ListedImport(**_told(r), defects=r.defects) for r in rows])


@blueprint.get("/imports/<int:batch_id>")
@allowed("import")
def one_import(batch_id: int) -> OneImport:
    """Give one import, with what was refused in it."""
    with transaction() as session:
        batch, defects = get_batch(session, current_scope(), batch_id)
        refused = [RefusedRow(d.row_number, d.field, d.code, d.message) for d in defects]
        tally = None if batch.tally is None else Tally(**batch.tally)
        return OneImport(**_told(batch), tally=tally, defects=refused)


@blueprint.delete("/imports/<int:batch_id>")
@allowed("import")
def undo(batch_id: int) -> tuple[JobView, Literal[202]]:
    """Begin to undo an import; everything it changed is as before once the job is done."""
    scope = current_scope()
    with transaction() as session:
        job_id = begin_undo(current_work(session), batch_id)
    work_here(job_id)
    with transaction() as session:
        row = job_row(session, scope, job_id)
    return view_of(row, scope, now=now()), 202


def _told(batch: Any) -> dict[str, Any]:  # noqa: ANN401  (an import, or a row of a query)
    plain = ("id", "kind", "file_name", "state", "rows_read", "rows_stored", "correction")
    return {
        **{name: getattr(batch, name) for name in plain},
        "created_at": batch.created_at.isoformat(),
        "undone_at": batch.undone_at.isoformat() if batch.undone_at else None,
        "is_misplaced": batch.misplacement is not None,
        "doubts": [say(doubt) for doubt in read_doubts(batch.doubts).told],
    }


OPENAPI = {
    "/api/v1/imports": says("get", "Imports, newest first"),
    "/api/v1/imports/{batch_id}": says("get", "One import", in_path("batch_id", "integer"))
    | says(
        "delete",
        "Undo an import, as a job",
        in_path("batch_id", "integer"),
        refused={409: "Something rests on it"},
    ),
}
