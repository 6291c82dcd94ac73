"""One's own account: change the password, see where one is signed in, sign out everywhere."""

from __future__ import annotations

import math

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from gis.actions.access.accounts import Change, change_password
from gis.actions.access.sign_in import begin_session
from gis.actions.access.work import Work
from gis.domain.password import MAX_LENGTH, MIN_LENGTH
from gis.domain.sign_in import digest_of
from gis.errors import GisError
from gis.store.access.sessions import list_sessions
from webmap.shell import session as sessions
from webmap.shell.access import before_change
from webmap.shell.database import transaction
from webmap.shell.language import current_language, say

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("/")
@before_change
def index() -> str:
    """Show the account of the person who asks."""
    return _page()


def _page(problem: str = "") -> str:
    with transaction() as session:
        rows = list_sessions(session, sessions.current_scope().account_id)
    return render_template(
        "access/account.html",
        rows=rows,
        here=digest_of("session", sessions.current_token()),
        must_change=sessions.current_user.must_change,
        least=MIN_LENGTH,
        most=MAX_LENGTH,
        problem=problem,
    )


@blueprint.post("/password")
@before_change
def change() -> Response | tuple[str, int]:
    """Change the password; all sessions end, and this browser gets a new one."""
    form = request.form
    if form.get("password", "") != form.get("again", ""):
        return _page(_("The two new passwords differ. Type the same one twice.")), 400
    scope, now = sessions.current_scope(), sessions.now()
    try:
        with transaction() as session:
            changed = change_password(
                Work(session, scope, now),
                current=form.get("current", ""),
                password=form.get("password", ""),
            )
            if not changed.refusal:
                token = begin_session(
                    session, scope.account_id, origin=sessions.origin_of_request(), now=now
                )
    except GisError as error:
        return _page(say(error.message)), 400
    if changed.refusal:
        return _page(_said(changed)), 429 if changed.wait else 400
    sessions.begin(scope, token, current_language())
    flash(_("The password is changed. Every other session of yours has ended."))
    return redirect(url_for("account.index"))


def _said(changed: Change) -> str:
    if changed.refusal == "wait":
        minutes = math.ceil(changed.wait.total_seconds() / 60)
        return _("Too many wrong passwords. Try again in %(n)s minutes.", n=minutes)
    return _("The present password is wrong.")
