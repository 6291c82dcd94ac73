"""Who is signed in: the account behind the cookie, how long it lasts, and its scope."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from gis.domain.access import Scope
from gis.store.users import find_standing
from webmap.database import transaction

IDLE_TIME = timedelta(minutes=30)
IDLE_TIME_WORKER = timedelta(hours=8)
LONGEST_TIME = timedelta(hours=12)


class SignedInUser(UserMixin):
    """The person behind the request."""

    def __init__(self, scope: Scope, epoch: int, language: str | None) -> None:
        self.id = scope.user_id
        self.scope = scope
        self.epoch = epoch
        self.language = language


def install(app: Flask) -> None:
    """Load the signed-in user with every request."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)

    @app.after_request
    def remember_the_time(response):  # noqa: ANN001, ANN202
        if getattr(g, "_login_user", None) is not None and current_user.is_authenticated:
            session["seen"] = int(now().timestamp()) // 60 * 60
        return response


def now() -> datetime:
    """Give the time, in UTC; tests replace it."""
    return datetime.now(UTC)


def current_scope() -> Scope:
    """Give the scope of the person who asks."""
    return current_user.scope


def begin(scope: Scope, *, epoch: int, language: str | None) -> None:
    """Start the session of a person who has just proved who he is."""
    session.clear()
    session.permanent = True
    session["epoch"] = epoch
    session["began"] = session["seen"] = int(now().timestamp())
    login_user(SignedInUser(scope, epoch, language))


def end() -> None:
    """End the session."""
    logout_user()
    session.clear()


def _load(user_id: str) -> SignedInUser | None:
    with transaction() as database:
        standing = find_standing(database, int(user_id), today=now().date())
    if standing is None or standing.epoch != session.get("epoch") or _is_over(standing.scope):
        return None
    return SignedInUser(standing.scope, standing.epoch, standing.language)


def _is_over(scope: Scope) -> bool:
    idle = IDLE_TIME_WORKER if scope.roles == {"worker"} else IDLE_TIME
    time = now().timestamp()
    began, seen = session.get("began", 0), session.get("seen", 0)
    return time - seen > idle.total_seconds() or time - began > LONGEST_TIME.total_seconds()
