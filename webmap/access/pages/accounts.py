"""Accounts: the list, and a page for each where names, rights, grids and passwords are changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from gis.actions.access import accounts
from gis.actions.plan import workers
from gis.database.engine import Session
from gis.domain.access import ROLES
from gis.domain.password import MIN_LENGTH
from gis.errors import GisError
from gis.store.access.sessions import list_sessions
from gis.store.access.users import UserRow, community_ids_of, list_users, user_row
from gis.store.area.places import list_places
from gis.store.plan.workers import grids_of_worker, grids_within
from webmap.access.words.place_tree import place_paths, place_tree
from webmap.access.words.roles import role_name, role_task
from webmap.shell.access import allowed
from webmap.shell.bodies import day_of
from webmap.shell.database import transaction
from webmap.shell.language import say
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("accounts", __name__, url_prefix="/admin/users")

Page = str | Response | tuple[str, int]
"""A page, another address, or a page that says why something was not done."""

_WORDS = {"roles": ROLES, "role_name": role_name, "role_task": role_task, "least": MIN_LENGTH}


@blueprint.get("")
@allowed("user.manage")
def index() -> str:
    """List the accounts."""
    with transaction() as session:
        rows = list_users(session, current_scope())
        paths = place_paths(list_places(session, current_scope()))
    return render_template("access/users.html", rows=rows, paths=paths, **_WORDS)


@blueprint.get("/-/new")
@allowed("user.manage")
def blank() -> Page:
    """Ask for a new account."""
    return _blank_page({})


def _blank_page(given: dict[str, Any], problem: str = "") -> str:
    with transaction() as session:
        places = list_places(session, current_scope())
    return render_template(
        "access/new_user.html",
        given=given,
        problem=problem,
        tree=place_tree(places),
        paths=place_paths(places),
        **_WORDS,
    )


@blueprint.post("")
@allowed("user.manage")
def add() -> Page:
    """Create an account."""
    form = request.form
    login, name = form.get("login", "").strip(), form.get("name", "").strip()
    roles, areas = form.getlist("roles"), _areas()
    try:
        with transaction() as session:
            accounts.create_user(
                current_work(session),
                login=login,
                name=name,
                password=form.get("password", ""),
                roles=roles,
                area_codes=areas,
            )
    except GisError as error:
        given = {"login": login, "name": name, "roles": roles, "area_codes": areas}
        return _blank_page(given, say(error.message)), 400
    flash(_("The account is there. The first password has to be changed at first use."))
    return redirect(url_for("accounts.show", login=login))


def _areas() -> list[str]:
    """Give the places that were chosen; several may stand in one field."""
    return " ".join(request.form.getlist("areas")).split()


@blueprint.get("/<login>")
@allowed("user.manage")
def show(login: str) -> str:
    """Show one account."""
    return _account_page(login)


def _account_page(login: str, problem: str = "", given: dict[str, Any] | None = None) -> str:
    scope, today = current_scope(), now().date()
    with transaction() as session:
        user = user_row(session, scope, login)
        places = list_places(session, scope)
        return render_template(
            "access/user.html",
            user=user,
            given={"roles": user.roles, "area_codes": user.areas} | (given or {}),
            problem=problem,
            sessions=len(list_sessions(session, user.id)),
            grids=grids_of_worker(session, scope, user.id, today=today),
            choices=_grids_to_choose(session, user),
            today=today,
            latest=today + timedelta(days=366),
            tree=place_tree(places),
            paths=place_paths(places),
            **_WORDS,
        )


def _grids_to_choose(session: Session, user: UserRow) -> list:
    """List the grids that a worker may be given: those of the account's areas."""
    if "worker" not in user.roles:
        return []
    inside = community_ids_of(session, user.id, frozenset())
    return grids_within(session, current_scope(), inside, today=now().date())


@blueprint.post("/<login>/name")
@allowed("user.manage")
def rename(login: str) -> Page:
    """Change the name of the person."""
    name = request.form.get("name", "")
    return _do(login, lambda s: accounts.rename_user(current_work(s), login=login, name=name))


@blueprint.post("/<login>/password")
@allowed("user.manage")
def reset_password(login: str) -> Page:
    """Set a new password for somebody."""
    password = request.form.get("password", "")
    return _do(
        login, lambda s: accounts.set_password(current_work(s), login=login, password=password)
    )


@blueprint.post("/<login>/rights")
@allowed("user.manage")
def change_rights(login: str) -> Page:
    """Give somebody other roles and areas."""
    given = {"roles": request.form.getlist("roles"), "area_codes": _areas()}
    return _do(login, lambda s: accounts.set_rights(current_work(s), login=login, **given), given)


@blueprint.post("/<login>/grids")
@allowed("user.manage")
def give_grid(login: str) -> Page:
    """Make a worker look after a grid from a day on, or end that."""
    code, ended = request.form.get("grid", ""), request.form.get("ended") == "1"

    def act(session: Session) -> None:
        day, work = day_of(request.form, "day"), current_work(session)
        if ended:
            workers.end_assignment(work, code, valid_to=day)
            return
        user = user_row(session, work.scope, login)
        workers.assign_worker(work, code, user.id, valid_from=day)

    return _do(login, act)


@blueprint.post("/<login>/sign-out")
@allowed("user.manage")
def sign_out(login: str) -> Page:
    """End all sessions of somebody."""
    return _do(login, lambda s: accounts.sign_out_user(current_work(s), login=login))


@blueprint.post("/<login>/closed")
@allowed("user.manage")
def close(login: str) -> Page:
    """Close an account, or open it again."""
    closed = request.form.get("closed") == "1"
    return _do(
        login, lambda s: accounts.set_disabled(current_work(s), login=login, disabled=closed)
    )


def _do(
    login: str, action: Callable[[Session], object], given: dict[str, Any] | None = None
) -> Page:
    try:
        with transaction() as session:
            action(session)
    except GisError as error:
        return _account_page(login, say(error.message), given), 400
    flash(_("Done."))
    return redirect(url_for("accounts.show", login=login))
