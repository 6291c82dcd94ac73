"""Administration: where it begins, and the audit trail."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from gis.domain.local_time import start_of_day
from gis.errors import InvalidInput
from gis.store.access.audit import list_audit
from gis.words.events import event_of
from webmap.shell.access import allowed
from webmap.shell.bodies import whole_number
from webmap.shell.database import transaction
from webmap.shell.session import current_scope, time_zone

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

PAGE = 100


@blueprint.get("/")
@allowed("user.manage", "audit.view")
def index() -> Response:
    """Go to the first page the person may see."""
    first = "accounts.index" if current_scope().may("user.manage") else "admin.audit"
    return redirect(url_for(first))


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
