"""Signing in and out, the language switch, the start page by role, and the health check."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from gis.actions import accounts
from webmap import session as sessions
from webmap.access import public, signed_in
from webmap.database import transaction
from webmap.language import LANGUAGES
from webmap.presentation import start_of

blueprint = Blueprint("login", __name__)


@blueprint.get("/")
@signed_in
def start() -> Response | str:
    """Go to the first page of the person's role."""
    there = start_of(current_app, sessions.current_scope())
    return redirect(there) if there else render_template("no_page.html")


@blueprint.get("/login")
@public
def sign_in_page() -> Response | str:
    """Show the form."""
    there = safe_target(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(there)
    return render_template("login.html", next=there, refusal="", login="")


@blueprint.post("/login")
@public
def sign_in() -> Response | tuple[str, int]:
    """Check login and password."""
    login = request.form.get("login", "").strip()
    there = safe_target(request.form.get("next"))
    with transaction() as session:
        outcome = accounts.sign_in(
            session, login=login, password=request.form.get("password", ""), now=sessions.now()
        )
    if outcome.scope is None:
        page = render_template("login.html", next=there, refusal=outcome.refusal, login=login)
        return page, 401
    sessions.begin(outcome.scope, epoch=outcome.epoch, language=outcome.language)
    return redirect(there)


@blueprint.post("/logout")
@signed_in
def sign_out() -> Response:
    """End the session."""
    with transaction() as session:
        accounts.sign_out(session, sessions.current_scope(), now=sessions.now())
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
    """Give a path on this site to go on to; anything else becomes the start page.

    Examples
    --------
    >>> safe_target("/official/?topic=noise"), safe_target("//evil.example"), safe_target(None)
    ('/official/?topic=noise', '/', '/')
    """
    if not target or not target.startswith("/") or "\\" in target or target.startswith("//"):
        return "/"
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else "/"
