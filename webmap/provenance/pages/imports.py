"""Imports: files of every kind in, what came of each, and what was imported taken back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from gis.actions.location.misplacement import apply_offer, offers, undo_offer
from gis.actions.location.undo_job import TASK as UNDO
from gis.actions.location.undo_job import begin_undo
from gis.actions.location.undone_imports import list_obstacles
from gis.actions.provenance.kept_doubts import read_doubts
from gis.domain.kinds import KINDS
from gis.errors import GisError, NotFound
from gis.exchange.template import KINDS_WITH_TEMPLATE, column_name
from gis.messages import read_message
from gis.store.provenance.batches import get_batch, list_batches
from gis.store.provenance.sources import list_sources
from webmap.jobs.answers import answered_file, awaited
from webmap.jobs.words.known import TaskWords, describe_task
from webmap.location.offers import offer_text
from webmap.provenance.api.file_imports import FILE_KINDS, import_address
from webmap.provenance.words.kinds import kind_heading, kind_name
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.language import current_language, say
from webmap.shell.session import current_scope, current_work

blueprint = Blueprint("imports", __name__, url_prefix="/admin/imports")

MOST_ROWS_CORRECTED = 20_000
"""Larger imports take longer to locate again than a page may: the command line does it."""

STATES = {
    "committed": _l("committed"),
    "refused": _l("refused"),
    "undone": _l("undone"),
}
BADGES = {"committed": "good", "refused": "bad"}


describe_task(UNDO, TaskWords(lambda: _("Undoing an import"), result=import_address))


@blueprint.get("")
@allowed("import")
def index() -> str:
    """List imports and sources, and offer to import a file."""
    with transaction() as session:
        rows = list_batches(session, current_scope())
        sources = list_sources(session)
    return render_template(
        "provenance/imports.html",
        rows=rows,
        sources=sources,
        kinds=FILE_KINDS,
        kind_name=kind_name,
        kind_heading=kind_heading,
        states=STATES,
        badges=BADGES,
    )


@blueprint.get("/new")
@allowed("import")
def blank() -> str:
    """Ask for a file of a kind."""
    kind = request.args.get("kind", FILE_KINDS[0])
    if kind not in FILE_KINDS:
        raise NotFound("there is no such page")
    language = current_language()
    return render_template(
        "provenance/new.html",
        kind=kind,
        kinds=FILE_KINDS,
        fields=[(field, column_name(field, language)) for field in KINDS[kind].fields],
        has_template=kind in KINDS_WITH_TEMPLATE,
        has_shapes=bool({"line", "polygon"} & set(KINDS[kind].geometry)),
        kind_name=kind_name,
        kind_heading=kind_heading,
    )


@blueprint.get("/extract")
@allowed("import")
def extract() -> str:
    """Ask for an extract of OpenStreetMap."""
    return render_template("provenance/extract.html")


@blueprint.get("/<int:batch_id>")
@allowed("import")
def show(batch_id: int) -> str:
    """Show one import: what was refused in it, and whether it can be undone."""
    return _page_of(batch_id)


def _page_of(batch_id: int, problem: str = "") -> str:
    with transaction() as session:
        batch, defects = get_batch(session, current_scope(), batch_id)
        found = offers(session, current_scope())
        obstacles = list_obstacles(current_work(session), batch_id)
        return render_template(
            "provenance/import.html",
            batch=batch,
            problem=problem,
            doubts=[say(doubt) for doubt in read_doubts(batch.doubts).told],
            defects=defects,
            said=[say(read_message(d.said)) if d.said else d.message for d in defects],
            kind_name=kind_name,
            is_located=KINDS[batch.kind].is_located,
            subject=KINDS[batch.kind].name,
            offer=next((o for o in found if o.batch_id == batch_id), None),
            offer_text=offer_text,
            most_rows=MOST_ROWS_CORRECTED,
            obstacles=[say(why) for why in obstacles],
            states=STATES,
            badges=BADGES,
        )


@blueprint.post("/<int:batch_id>/undo")
@allowed("import")
def undo(batch_id: int) -> Response | tuple[str, int]:
    """Undo an import, as a job that is waited for."""
    try:
        with transaction() as session:
            job_id = begin_undo(current_work(session), batch_id)
        job = awaited(job_id)
        if job.state in ("asked", "running"):
            flash(_("The import is being undone; its job is in the list."))
            return redirect(url_for("jobs.index"))
        if job.state != "done":
            answered_file(job)
    except NotFound:
        raise
    except GisError as error:
        return _page_of(batch_id, say(error.message)), 409
    flash(_("The import is undone; everything it changed is as it was before."))
    return redirect(url_for("imports.show", batch_id=batch_id))


@blueprint.post("/<int:batch_id>/correction")
@allowed("import")
def correct(batch_id: int) -> Response:
    """Put the correction of an import's coordinates in force, or take it away."""
    act = undo_offer if request.form.get("undo") == "1" else apply_offer
    with transaction() as session:
        act(current_work(session), batch_id)
    flash(_("Done."))
    return redirect(url_for("imports.show", batch_id=batch_id))
