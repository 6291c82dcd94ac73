"""Accounts: create a user, set a password, change rights, disable a user; each is audited.

Whatever changes what an account may, or how it is proved, ends all its sessions. A password
that somebody else has set must be changed by its owner at first use.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gis.actions.access.passwords import NO_PASSWORD, demo_hash, hash_of, matches
from gis.actions.access.work import Work
from gis.domain.access import ROLES, Scope, require
from gis.domain.password import demo_password
from gis.domain.sign_in import MOST_LETTERS, lanes_of
from gis.errors import Conflict, InvalidInput, NotFound
from gis.store.access import sign_ins, users
from gis.store.access.audit import write_audit
from gis.store.access.sessions import end_sessions
from gis.store.access.users import find_account
from gis.store.tables import UserAccount

_APART = frozenset({"administrator", "auditor"})


def create_user(
    work: Work,
    *,
    login: str,
    name: str,
    password: str | None,
    roles: Collection[str],
    area_codes: Collection[str] = (),
    language: str | None = None,
) -> int:
    """Create an account with roles and areas (division codes); gives its id.

    Without a password nobody can sign in to it until one is set; a given one has to be changed
    at first use.

    Raises
    ------
    InvalidInput
        An unknown role, a weak password, an odd login, no name, administrator and auditor in one.
    Conflict
        The login is taken.
    NotFound
        An area code does not exist today.
    """
    require(work.scope, "user.manage")
    _check_account(login, roles)
    name = _read_name(name)
    if find_account(work.session, login) is not None:
        raise Conflict("the login “{login}” is taken; choose another", login=login)
    hashed = NO_PASSWORD
    if password is not None:
        hashed = hash_of(work.session, password, login=login, name=name)
    account = users.add_account(
        work.session,
        roles=roles,
        login=login,
        name=name,
        password_hash=hashed,
        password_changed_at=work.now,
        password_must_change=password is not None,
        language=language,
    )
    _set_areas(work.session, account.id, area_codes)
    detail = {"roles": sorted(roles), "areas": sorted(area_codes)}
    _audit(work, "user.create", account.id, detail)
    return account.id


def _check_account(login: str, roles: Collection[str]) -> None:
    if not re.fullmatch(rf"[\w.@-]{{2,{MOST_LETTERS}}}", login):
        raise InvalidInput("a login has 2 to 64 letters, digits or . _ - @ and no spaces")
    unknown = set(roles) - set(ROLES)
    if unknown or not roles:
        raise InvalidInput(
            "give one or more of the roles {roles}; unknown: {unknown}",
            roles=", ".join(ROLES),
            unknown=", ".join(unknown),
        )
    if len(_APART & set(roles)) > 1:
        raise InvalidInput("administrator and auditor must be two different people")


def _read_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("give the person's name")
    return name


def _set_areas(session: Session, user_id: int, codes: Collection[str]) -> None:
    found = users.units_by_code(session, codes)
    if missing := sorted(set(codes) - set(found)):
        raise NotFound("there is no division unit with code {missing}", missing=", ".join(missing))
    users.put_areas(session, user_id, found.values())


def set_password(work: Work, *, login: str, password: str) -> None:
    """Set a password: one's own, or for somebody else, who changes it at first use.

    All sessions end. What was counted against the login is forgotten, and so are the addresses
    and browsers it was known from.
    """
    account = _account(work.session, login)
    if work.scope.user_id != account.id:
        require(work.scope, "user.manage")
    _put_password(work.session, account, password, work.now)
    account.password_must_change = work.scope.user_id != account.id
    sign_ins.forget_lanes(work.session, lanes_of(login, "", device=None, knows_address=False)[:1])
    sign_ins.forget_places(work.session, account.id)
    _audit(work, "user.password", account.id)


@dataclass(frozen=True)
class Change:
    """How changing one's password ended: ``refusal`` is empty, ``wrong`` or ``wait``."""

    refusal: str = ""
    wait: timedelta = timedelta()


def change_password(work: Work, *, current: str, password: str) -> Change:
    """Change one's own password; ends all sessions, this one too.

    A wrong present password is returned, not raised: it must be counted, as at signing in.

    Raises
    ------
    InvalidInput
        The new password is weak, or is the present one.
    """
    lanes = lanes_of(work.scope.login, "", device="changing the password", knows_address=True)
    if wait := sign_ins.enter_lanes(work.session, lanes, now=work.now):
        return Change("wait", wait)
    account = users.get_account(work.session, work.scope.account_id, for_update=True)
    if not matches(account.password_hash, current):
        sign_ins.count_failure(work.session, lanes, now=work.now)
        _audit(work, "user.password.refused", account.id)
        return Change("wrong")
    if current == password:
        raise InvalidInput("the new password is the present one; choose another")
    _put_password(work.session, account, password, work.now)
    account.password_must_change = False
    sign_ins.forget_failures(work.session, lanes, now=work.now)
    _audit(work, "user.password.own", account.id)
    return Change()


def _put_password(session: Session, account: UserAccount, password: str, now: datetime) -> None:
    account.password_hash = hash_of(session, password, login=account.login, name=account.name)
    account.password_changed_at = now
    end_sessions(session, account.id)


def set_demo_password(session: Session, *, login: str) -> None:
    """Give an account of the demonstration the password that is printed at its end.

    Raises
    ------
    Conflict
        The database holds real records.
    """
    account = _account(session, login)
    account.password_hash = demo_hash(session, demo_password(login))
    account.password_must_change = False


def end_demo_sessions(session: Session, *, now: datetime) -> tuple[str, ...]:
    """End the sessions of accounts that still have a published password; gives their logins.

    Real records have come in: these passwords open nothing from now on.
    """
    found = []
    for account in users.accounts_named(session, ROLES):
        if account.password_hash == NO_PASSWORD:
            continue
        if matches(account.password_hash, demo_password(account.login)):
            end_sessions(session, account.id)
            found.append(account.login)
            detail = {"login": account.login}
            write_audit(session, None, "user.demo_closed", now=now, detail=detail)
    return tuple(sorted(found))


def sign_out_user(work: Work, *, login: str) -> int:
    """End all sessions of somebody; gives how many there were."""
    require(work.scope, "user.manage")
    account = _account(work.session, login)
    ended = end_sessions(work.session, account.id)
    _audit(work, "user.sign_out", account.id, {"sessions": ended})
    return ended


def set_rights(
    work: Work,
    *,
    login: str,
    roles: Collection[str],
    area_codes: Collection[str],
) -> None:
    """Give an account other roles and areas; its sessions end, so that they hold at once."""
    require(work.scope, "user.manage")
    account = _account(work.session, login)
    if account.id == work.scope.user_id:
        raise Conflict("you cannot change your own rights; another administrator can")
    _check_account(login, roles)
    users.put_roles(work.session, account.id, roles)
    _set_areas(work.session, account.id, area_codes)
    end_sessions(work.session, account.id)
    detail = {"roles": sorted(roles), "areas": sorted(area_codes)}
    _audit(work, "user.rights", account.id, detail)


def rename_user(work: Work, *, login: str, name: str) -> None:
    """Give an account another name of the person; the login stays."""
    require(work.scope, "user.manage")
    account = _account(work.session, login)
    name = _read_name(name)
    if name != account.name:
        account.name = name
        _audit(work, "user.rename", account.id)


def set_disabled(work: Work, *, login: str, disabled: bool) -> None:
    """Close an account (its sessions end at once), or open it again."""
    require(work.scope, "user.manage")
    account = _account(work.session, login)
    if account.id == work.scope.user_id:
        raise Conflict("you cannot close your own account; another administrator can")
    account.disabled_at = work.now if disabled else None
    end_sessions(work.session, account.id)
    _audit(work, "user.disable" if disabled else "user.enable", account.id)


def set_language(session: Session, scope: Scope, *, language: str) -> None:
    """Remember the language a person chose for the pages."""
    if language not in ("zh", "en"):
        raise InvalidInput("the language is “zh” or “en”")
    if scope.user_id is not None:
        users.get_account(session, scope.user_id).language = language


def _account(session: Session, login: str) -> UserAccount:
    account = find_account(session, login, for_update=True)
    if account is None:
        raise NotFound("there is no account “{login}”", login=login)
    return account


def _audit(
    work: Work,
    action: str,
    user_id: int,
    detail: dict | None = None,
) -> None:
    work.audit(action, object_kind="user", object_id=user_id, detail=detail)
