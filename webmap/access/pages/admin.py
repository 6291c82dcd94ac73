"""Administration: where it begins, imports and sources, and the audit trail."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from gis.actions.location.misplacement import apply_offer, offers, undo_offer
from gis.actions.provenance.kept_doubts import read_doubts
from gis.domain.local_time import start_of_day
from gis.errors import InvalidInput
from gis.messages import read_message
from gis.store.access.audit import list_audit
from gis.store.provenance.batches import get_batch, list_batches
from gis.store.provenance.sources import list_sources
from gis.words.events import event_of
from webmap.location.offers import offer_text
from webmap.provenance.words.kinds import kind_name
from webmap.shell.access import allowed
from webmap.shell.bodies import whole_number
from webmap.shell.database import transaction
from webmap.shell.language import say
from webmap.shell.session import current_scope, current_work, time_zone

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

PAGE = 100
MOST_ROWS_CORRECTED = 20_000
"""Larger imports take longer to locate again than a page may: the command line does it."""


@blueprint.get("/")
@allowed("user.manage", "audit.view")
def index() -> Response:
    """Go to the first page the person may see."""
    first = "accounts.index" if current_scope().may("user.manage") else "admin.audit"
    return redirect(url_for(first))


@blueprint.get("/imports")
@allowed("import")
def imports() -> str:
    """List imports and sources."""
    with transaction() as session:
        rows = list_batches(session, current_scope())
        sources = list_sources(session)
    return render_template("access/imports.html", rows=rows, sources=sources, kind_name=kind_name)


@blueprint.get("/imports/<int:batch_id>")
@allowed("import")
def one_import(batch_id: int) -> str:
    """Show one import with what was refused in it."""
    with transaction() as session:
        batch, defects = get_batch(session, current_scope(), batch_id)
        found = offers(session, current_scope())
    return render_template(
        "access/import.html",
        batch=batch,
        doubts=[say(doubt) for doubt in read_doubts(batch.doubts).told],
        defects=defects,
        said=[say(read_message(d.said)) if d.said else d.message for d in defects],
        kind_name=kind_name,
        offer=next((o for o in found if o.batch_id == batch_id), None),
        offer_text=offer_text,
        most_rows=MOST_ROWS_CORRECTED,
    )


@blueprint.post("/imports/<int:batch_id>/correction")
@allowed("import")
def correct_import(batch_id: int) -> Response:
    """Put the correction of an import's coordinates in force, or take it away."""
    act = undo_offer if request.form.get("undo") == "1" else apply_offer
    with transaction() as session:
        act(current_work(session), batch_id)
    flash(_("Done."))
    return redirect(url_for("admin.one_import", batch_id=batch_id))


@blueprint.get("/audit")
@allowed("audit.view")
def audit() -> str:
    """Show the audit trail, newest first, filtered; it holds ids and counts, no person."""
    asked = {k: request.args.get(k, "").strip() for k in ("actor", "action", "since", "until")}
    since, until = _day(asked["since"]), _day(asked["until"])
    with transaction() as session:
        rows = list_audit(
            session,
            current_scope(),
            actor=asked["actor"] or None,
            action=asked["action"] or None,
            since=_beginning(since),
            until=_beginning(until + timedelta(days=1) if until else None),
            before_id=whole_number(request.args, "before"),
            limit=PAGE + 1,
        )
    more = {**asked, "before": rows[PAGE - 1].id} if len(rows) > PAGE else None
    return render_template(
        "access/audit.html", rows=rows[:PAGE], asked=asked, more=more, event_of=event_of
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 1900 <= day.year <= 2199:
        raise InvalidInput(_("Write a day such as 2026-03-01."))
    return day


def _beginning(day: date | None) -> datetime | None:
    return start_of_day(day, time_zone()) if day else None
