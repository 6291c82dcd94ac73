"""Signing in and out, the language switch, the start page by role, and the health check."""

from __future__ import annotations

import math
import re

from flask import (
    Blueprint,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from werkzeug.wrappers import Response

from gis.actions.access import accounts
from gis.actions.access.sign_in import SignIn
from gis.actions.access.sign_in import sign_in as enter
from gis.actions.access.sign_in import sign_out as leave
from gis.actions.access.sign_in import sign_out_everywhere as leave_everywhere
from gis.actions.access.work import Work
from webmap.shell import session as sessions
from webmap.shell.access import before_change, public, signed_in
from webmap.shell.database import transaction
from webmap.shell.language import LANGUAGES
from webmap.shell.presentation import start_of

blueprint = Blueprint("login", __name__)

_ON_THIS_SITE = re.compile(r"/(?!/)[^\\\x00-\x20\x7f-\xa0\ud800-\udfff]*")
"""A path: one slash, and nothing that a browser drops or takes for another one."""


@blueprint.get("/")
@signed_in
def start() -> Response | str:
    """Go to the first page of the person's role."""
    there = start_of(current_app, sessions.current_scope())
    return redirect(there) if there else render_template("shell/no_page.html")


@blueprint.get("/login")
@public
def sign_in_page() -> Response | str:
    """Show the form."""
    there = safe_target(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(there)
    return render_template("access/login.html", next=there, refusal="", login="")


@blueprint.post("/login")
@public
def sign_in() -> Response:
    """Check login and password."""
    login = request.form.get("login", "").strip()
    there = safe_target(request.form.get("next"))
    with transaction() as session:
        outcome = enter(
            session,
            login=login,
            password=request.form.get("password", ""),
            now=sessions.now(),
            origin=sessions.origin_of_request(),
            previous=sessions.current_token(),
        )
    if outcome.scope is None:
        return _refused(outcome, there, login)
    sessions.begin(outcome.scope, outcome.token, outcome.language, must_change=outcome.must_change)
    response = redirect(url_for("account.index") if outcome.must_change else there)
    sessions.remember_device(response, outcome.device)
    return response


def _refused(outcome: SignIn, there: str, login: str) -> Response:
    seconds = math.ceil(outcome.wait.total_seconds())
    page = render_template(
        "access/login.html", next=there, refusal=outcome.refusal, login=login, seconds=seconds
    )
    response = make_response(page, 429 if seconds else 401)
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


@blueprint.post("/logout")
@before_change
def sign_out() -> Response:
    """End the session, on the server too; with ``everywhere`` every session of the person."""
    scope, time = sessions.current_scope(), sessions.now()
    with transaction() as session:
        if request.form.get("everywhere") == "1":
            leave_everywhere(Work(session, scope, time))
        else:
            leave(Work(session, scope, time), sessions.current_token())
    sessions.end()
    return redirect(url_for("login.sign_in_page"))


@blueprint.post("/language")
@public
def change_language() -> Response:
    """Choose the language, for this browser and, when signed in, for the account."""
    choice = request.form.get("language", "")
    response = redirect(safe_target(request.form.get("next")))
    if choice in LANGUAGES:
        response.set_cookie("language", choice, max_age=31_536_000, samesite="Lax", httponly=True)
        if current_user.is_authenticated:
            with transaction() as session:
                accounts.set_language(session, sessions.current_scope(), language=choice)
    return response


@blueprint.get("/healthz")
@public
def health() -> Response:
    """Say that the application and its database answer."""
    with transaction() as session:
        session.connection()
    return jsonify(status="ok")


def safe_target(target: str | None) -> str:
    r"""Give a path on this site to go on to; anything else becomes the start page.

    Examples
    --------
    >>> safe_target("/official/?topic=noise"), safe_target("//evil.example"), safe_target(None)
    ('/official/?topic=noise', '/', '/')
    >>> safe_target("/\n/evil.example"), safe_target("/\\evil.example")
    ('/', '/')
    """
    return target if target and _ON_THIS_SITE.fullmatch(target) else "/"
