"""Accounts from the command line."""

from __future__ import annotations

from dataclasses import asdict

import click

from gis.actions.access import accounts
from gis.actions.access.work import Work
from gis.cli.answers import Shown, answer, reading
from gis.cli.context import now, say, work_session
from gis.domain.access import ROLES, SYSTEM
from gis.errors import Message
from gis.store.access.users import UserRow, list_users

BRIEF = ("login", "name", "roles", "areas", "last_sign_in_at", "disabled_at")


@click.group("user")
def user_group() -> None:
    """Add, list, sign out and disable accounts, and set passwords."""


@user_group.command("add")
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--area", "areas", multiple=True, help="Division code; county, town or community.")
@click.password_option()
def add(
    login: str, name: str, roles: tuple[str, ...], areas: tuple[str, ...], password: str
) -> None:
    """Add an account."""
    with work_session() as session:
        accounts.create_user(
            Work(session, SYSTEM, now()),
            login=login,
            name=name,
            password=password,
            roles=roles,
            area_codes=areas,
        )
    say(f"{login} may sign in, and chooses a password of the person's own at first use")


@user_group.command("list")
@reading
def list_command(shown: Shown) -> None:
    """List accounts with their roles and areas, and when each signed in last."""
    with work_session() as session:
        answer([_row(u) for u in list_users(session, SYSTEM)], shown, brief=BRIEF)


def _row(user: UserRow) -> dict:
    return {
        name: ", ".join(value) if isinstance(value, tuple) else value
        for name, value in asdict(user).items()
    }


@user_group.command("password")
@click.argument("login")
@click.password_option()
def password_command(login: str, password: str) -> None:
    """Set a password, to be changed at first use; every open session of the account ends."""
    with work_session() as session:
        accounts.set_password(Work(session, SYSTEM, now()), login=login, password=password)
    say("password set; it has to be changed at first use")


@user_group.command("sign-out")
@click.argument("login")
def sign_out(login: str) -> None:
    """End every open session of an account, on whatever machine."""
    with work_session() as session:
        ended = accounts.sign_out_user(Work(session, SYSTEM, now()), login=login)
    say(Message("{n} sessions of {login} ended", n=ended, login=login))


@user_group.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Close an account; it stays in the records."""
    with work_session() as session:
        accounts.set_disabled(Work(session, SYSTEM, now()), login=login, disabled=True)
    say(f"{login} may no longer sign in")
