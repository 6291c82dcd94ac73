"""Who is signed in: the account behind the cookie's token, and its scope."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_app_context, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from gis.actions.access.sign_in import Origin, resume
from gis.actions.access.work import Work
from gis.database.engine import Session
from gis.domain.access import Scope
from gis.domain.local_time import on_the_clock
from gis.domain.sign_in import KNOWN_FOR
from gis.errors import DatabaseUnavailable
from webmap.shell.client_address import client_address
from webmap.shell.database import transaction

DEVICE_COOKIE = "community_grid_device"
"""Holds a random token by which accounts know a browser that signed in to them before."""


class SignedInUser(UserMixin):
    """The person behind the request."""

    def __init__(self, scope: Scope, language: str | None, must_change: bool) -> None:
        self.id = scope.user_id
        self.scope = scope
        self.language = language
        self.must_change = must_change


def install(app: Flask) -> None:
    """Load the signed-in user with every request."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)


def now() -> datetime:
    """Give the time on the clock of the platform (in UTC where no application is at work).

    Tests replace it.
    """
    moment = datetime.now(UTC)
    return on_the_clock(moment, time_zone()) if has_app_context() else moment


def time_zone() -> ZoneInfo:
    """Give the zone whose days and months the platform counts."""
    return current_app.extensions["time_zone"]


def current_scope() -> Scope:
    """Give the scope of the person who asks."""
    return current_user.scope


def current_work(database: Session) -> Work:
    """Give the work of a request in a transaction: who asks, and the time it is."""
    return Work(database, current_scope(), now())


def current_token() -> str:
    """Give the token of the session of the person who asks."""
    return session.get("token", "")


def origin_of_request() -> Origin:
    """Say where the request comes from."""
    agent = request.headers.get("User-Agent", "")
    return Origin(client_address(), agent, request.cookies.get(DEVICE_COOKIE) or None)


def begin(scope: Scope, token: str, language: str | None, *, must_change: bool = False) -> None:
    """Give the cookie of a session that was opened on the server."""
    session.clear()
    session.permanent = True
    session["token"] = token
    session["language"] = language
    login_user(SignedInUser(scope, language, must_change))


def remember_device(response: Response, device: str) -> None:
    """Let the browser keep the token by which it is known."""
    response.set_cookie(
        DEVICE_COOKIE,
        device,
        max_age=int(KNOWN_FOR.total_seconds()),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def end() -> None:
    """Take the cookie away."""
    logout_user()
    session.clear()


def _load(user_id: str) -> SignedInUser | None:
    token = session.get("token")
    if not isinstance(token, str) or g.get("database_is_away"):
        return None
    try:
        with transaction() as database:
            standing = resume(database, token, now=now())
    except DatabaseUnavailable:
        g.database_is_away = True  # the page that says so asks who reads it, too
        raise
    if standing is None or str(standing.scope.user_id) != user_id:
        return None
    return SignedInUser(standing.scope, standing.language, standing.must_change)
