"""Who may ask for which route. A view without one of these marks answers nobody.

``@public`` answers everyone, ``@signed_in`` everyone with an account, ``@before_change`` also
those who first have to change a password that somebody else has set, ``@allowed("plan.view")``
those whose roles include one of the permissions. Where (which community, which grid) is decided
by the store and the actions, at the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from gis.errors import NotAllowed
from gis.words.permissions import PERMISSIONS, PERMISSIONS_OF_ROLE
from webmap.access.words.roles import role_name

View = Callable[..., Any]
"""Gives whatever `webmap.shell.answers.Application` makes an answer of."""

Mark = str | tuple[str, ...]
"""One of the words below, or the permissions of which one is enough."""

PUBLIC = "public"
SIGNED_IN = "signed in"
WHOEVER_MUST_CHANGE = "signed in, also before a password set by somebody else is changed"


def public(view: View) -> View:
    """Mark a view that answers everyone."""
    return _marked(view, PUBLIC)


def signed_in(view: View) -> View:
    """Mark a view that answers everyone who has signed in."""
    return _marked(view, SIGNED_IN)


def before_change(view: View) -> View:
    """Mark a view for everyone signed in, who may still have to change a password first."""
    return _marked(view, WHOEVER_MUST_CHANGE)


def allowed(*permissions: str) -> Callable[[View], View]:
    """Mark a view that answers those who have one of the permissions.

    Raises
    ------
    KeyError
        There is no such permission; see `gis.words.permissions`.
    """
    if unknown := set(permissions) - set(PERMISSIONS):
        raise KeyError(f"there is no permission {', '.join(sorted(unknown))}")

    def mark(view: View) -> View:
        return _marked(view, permissions)

    return mark


def _marked(view: View, mark: Mark) -> View:
    vars(view)["allowed"] = mark
    return view


def mark_of(app: Flask, endpoint: str) -> Mark | None:
    """Give the mark of an endpoint; None means nobody ever said who may use it."""
    return getattr(app.view_functions[endpoint], "allowed", None)


def install(app: Flask) -> None:
    """Check every request before its view runs."""
    _open_static_files(app)

    @app.before_request
    def check() -> Response | None:
        if request.endpoint is None:
            return None
        return _check(mark_of(app, request.endpoint))


def _open_static_files(app: Flask) -> None:
    """Let everyone have the static files, read whole so that they are compressed and closed."""

    def send_static_file(filename: str) -> Response:
        response = app.send_static_file(filename)
        if response.status_code == 200:
            response.direct_passthrough = False
            response.make_sequence()
        return response

    app.view_functions["static"] = public(send_static_file)


def _check(mark: Mark | None) -> Response | None:
    if mark == PUBLIC:
        return None
    if not current_user.is_authenticated:
        if wants_json():
            abort(401)
        return redirect(url_for("login.sign_in_page", next=request.full_path.rstrip("?")))
    if mark == WHOEVER_MUST_CHANGE:
        return None
    if current_user.must_change:
        if wants_json():
            raise NotAllowed("your password was set by somebody else; change it first")
        return redirect(url_for("account.index"))
    if mark == SIGNED_IN:
        return None
    permissions = mark if isinstance(mark, tuple) else ()
    if not any(current_user.scope.may(p) for p in permissions):
        raise _not_for_you(permissions)
    return None


def _not_for_you(permissions: tuple[str, ...]) -> NotAllowed:
    """Refuse a page, and say whose it is."""
    roles = [r for r, held in PERMISSIONS_OF_ROLE.items() if held & set(permissions)]
    if not roles:
        return NotAllowed("your roles do not include this page; ask an administrator")
    return NotAllowed(
        "your roles do not include this page; it is for: {roles}. Ask one of them for what you"
        " need, or an administrator for the role",
        roles=", ".join(role_name(role) for role in roles),
    )


def wants_json() -> bool:
    """Say whether the answer is for a program, not for a person's eyes."""
    return request.path.startswith(("/api/", "/tiles/"))
