"""Administration: accounts and their rights, imports and sources, and the audit trail."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from gis.actions.access import accounts
from gis.actions.location.misplacement import apply_offer, offers, undo_offer
from gis.actions.provenance.kept_doubts import read_doubts
from gis.domain.access import ROLES
from gis.domain.local_time import start_of_day
from gis.errors import GisError, InvalidInput
from gis.messages import read_message
from gis.store.access.audit import list_audit
from gis.store.access.users import list_users
from gis.store.provenance.batches import get_batch, list_batches
from gis.store.provenance.sources import list_sources
from gis.words.events import event_of
from webmap.location.offers import offer_text
from webmap.provenance.words.kinds import kind_name
from webmap.shell.access import allowed
from webmap.shell.bodies import whole_number
from webmap.shell.database import transaction
from webmap.shell.language import say
from webmap.shell.session import current_scope, current_work, now, time_zone

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

PAGE = 100
MOST_ROWS_CORRECTED = 20_000
"""Larger imports take longer to locate again than a page may: the command line does it."""


def role_name(role: str) -> str:
    """Name a role."""
    names = {
        "administrator": _("administrator"),
        "official": _("county official"),
        "town_coordinator": _("town coordinator"),
        "planner": _("planner"),
        "community_manager": _("community manager"),
        "worker": _("grid worker"),
        "handler": _("department handler"),
        "auditor": _("auditor"),
    }
    return names.get(role, role)


@blueprint.get("/")
@allowed("user.manage", "audit.view")
def index() -> Response:
    """Go to the first page the person may see."""
    first = "admin.users" if current_scope().may("user.manage") else "admin.audit"
    return redirect(url_for(first))


@blueprint.get("/users")
@allowed("user.manage")
def users() -> str:
    """List the accounts."""
    return _users_page()


def _users_page(problem: str = "") -> str:
    with transaction() as session:
        rows = list_users(session, current_scope())
    return render_template(
        "access/users.html", rows=rows, roles=ROLES, role_name=role_name, problem=problem
    )


@blueprint.post("/users")
@allowed("user.manage")
def add_user() -> Response | tuple[str, int]:
    """Create an account."""
    form = request.form
    wanted = {
        "login": form.get("login", "").strip(),
        "name": form.get("name", "").strip(),
        "password": form.get("password", ""),
        "roles": form.getlist("roles"),
        "area_codes": form.get("areas", "").split(),
    }
    if not wanted["name"]:
        return _users_page(_("Give the person's name.")), 400
    return _do(lambda session: accounts.create_user(current_work(session), **wanted))


@blueprint.post("/users/<login>/password")
@allowed("user.manage")
def reset_password(login: str) -> Response | tuple[str, int]:
    """Set a new password for somebody."""
    password = request.form.get("password", "")
    return _do(
        lambda session: accounts.set_password(current_work(session), login=login, password=password)
    )


@blueprint.post("/users/<login>/rights")
@allowed("user.manage")
def change_rights(login: str) -> Response | tuple[str, int]:
    """Give somebody other roles and areas."""
    roles, codes = request.form.getlist("roles"), request.form.get("areas", "").split()
    return _do(
        lambda session: accounts.set_rights(
            current_work(session), login=login, roles=roles, area_codes=codes
        )
    )


@blueprint.post("/users/<login>/sign-out")
@allowed("user.manage")
def sign_out_user(login: str) -> Response | tuple[str, int]:
    """End all sessions of somebody."""
    return _do(lambda session: accounts.sign_out_user(current_work(session), login=login))


@blueprint.post("/users/<login>/closed")
@allowed("user.manage")
def close_account(login: str) -> Response | tuple[str, int]:
    """Close an account, or open it again."""
    closed = request.form.get("closed") == "1"
    return _do(
        lambda session: accounts.set_disabled(current_work(session), login=login, disabled=closed)
    )


def _do(action: object) -> Response | tuple[str, int]:
    try:
        with transaction() as session:
            action(session)
    except GisError as error:
        return _users_page(say(error.message)), 400
    flash(_("Done."))
    return redirect(url_for("admin.users"))


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
        act(session, current_scope(), batch_id, now=now())
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
