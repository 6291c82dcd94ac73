"""Accounts: sign in, create a user, set a password, disable a user; each is audited.

Passwords are kept as argon2id hashes. Five wrong passwords in a row lock an account for half
an hour; nobody learns from an answer whether a login exists.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gis.domain.access import ROLES, Scope, require
from gis.errors import Conflict, InvalidInput, NotFound
from gis.store.audit import write_audit
from gis.store.tables import DivisionUnit, UserAccount, UserArea, UserRole
from gis.store.users import find_account, scope_of

MAX_FAILURES = 5
LOCK_TIME = timedelta(minutes=30)
MIN_PASSWORD_LENGTH = 10

_HASHER = PasswordHasher()
_NO_PASSWORD = "!"
"""Stands where a hash would: no password matches it."""

_NOBODY = _HASHER.hash("the password of nobody")
_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
_APART = frozenset({"administrator", "auditor"})


@dataclass(frozen=True)
class SignIn:
    """How an attempt to sign in ended: a scope, or a reason why not.

    Parameters
    ----------
    scope
        What the person may; None when refused.
    epoch
        Number that ends older sessions when it changes.
    language
        The language the person chose, if any.
    refusal
        ``wrong``, ``locked`` or ``disabled``; empty when it worked.
    """

    scope: Scope | None = None
    epoch: int = 0
    language: str | None = None
    refusal: str = ""


def sign_in(session: Session, *, login: str, password: str, now: datetime) -> SignIn:
    """Check a login and password, count failures, lock, and record the attempt.

    A refusal is returned, not raised: the failure must be counted, so the transaction stands.
    """
    account = find_account(session, login, for_update=True)
    if account is None:
        _matches(_NOBODY, password)
        write_audit(session, None, "login.failed", now=now, detail={"reason": "unknown"})
        return SignIn(refusal="wrong")
    refusal = _refusal(account, password, now)
    scope = scope_of(session, account, today=now.date())
    if refusal:
        detail = {"reason": refusal, "failures": account.failed_logins}
        write_audit(session, scope, "login.failed", now=now, detail=detail)
        return SignIn(refusal=refusal)
    account.failed_logins, account.locked_until = 0, None
    if _HASHER.check_needs_rehash(account.password_hash):
        account.password_hash = _HASHER.hash(password)
    write_audit(session, scope, "login", now=now)
    return SignIn(scope, account.session_epoch, account.language)


def _refusal(account: UserAccount, password: str, now: datetime) -> str:
    """Say why an attempt fails and count it; a locked account is not even compared."""
    if account.locked_until is not None and account.locked_until > now:
        return "locked"
    if not _matches(account.password_hash, password):
        account.failed_logins += 1
        if account.failed_logins >= MAX_FAILURES:
            account.failed_logins, account.locked_until = 0, now + LOCK_TIME
            return "locked"
        return "wrong"
    return "disabled" if account.disabled_at is not None else ""


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def check_password(password: str) -> str:
    """Give back a password that is good enough, or refuse it.

    Examples
    --------
    >>> check_password("correct-horse-7")
    'correct-horse-7'
    """
    kinds = sum(bool(re.search(kind, password)) for kind in _CLASSES)
    if len(password) < MIN_PASSWORD_LENGTH or kinds < 3:
        raise InvalidInput(
            "a password needs at least {letters} characters and three of: small "
            "letters, capital letters, digits, other signs",
            letters=MIN_PASSWORD_LENGTH,
        )
    return password


def create_user(
    session: Session,
    scope: Scope,
    *,
    login: str,
    name: str,
    password: str | None,
    roles: Collection[str],
    area_codes: Collection[str] = (),
    language: str | None = None,
    now: datetime,
) -> int:
    """Create an account with roles and areas (division codes); gives its id.

    Without a password nobody can sign in to it until one is set.

    Raises
    ------
    InvalidInput
        An unknown role, a weak password, an odd login, or administrator and auditor in one.
    Conflict
        The login is taken.
    NotFound
        An area code does not exist today.
    """
    require(scope, "user.manage")
    _check_account(login, roles)
    if find_account(session, login) is not None:
        raise Conflict("the login “{login}” is taken; choose another", login=login)
    account = UserAccount(
        login=login,
        name=name,
        password_hash=_NO_PASSWORD if password is None else _HASHER.hash(check_password(password)),
        password_changed_at=now,
        language=language,
    )
    session.add(account)
    session.flush()
    session.add_all(UserRole(user_id=account.id, role=role) for role in sorted(roles))
    _set_areas(session, account.id, area_codes)
    detail = {"roles": sorted(roles), "areas": sorted(area_codes)}
    _audit(session, scope, "user.create", account.id, now, detail)
    return account.id


def _check_account(login: str, roles: Collection[str]) -> None:
    if not re.fullmatch(r"[\w.@-]{2,64}", login):
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


def _set_areas(session: Session, user_id: int, codes: Collection[str]) -> None:
    rows = session.execute(
        select(DivisionUnit.code, DivisionUnit.id).where(
            DivisionUnit.code.in_(codes), DivisionUnit.valid_to.is_(None)
        )
    )
    found = dict(rows.all())
    if missing := sorted(set(codes) - set(found)):
        raise NotFound("there is no division unit with code {missing}", missing=", ".join(missing))
    session.execute(delete(UserArea).where(UserArea.user_id == user_id))
    session.add_all(UserArea(user_id=user_id, division_unit_id=i) for i in found.values())
    session.flush()


def set_password(
    session: Session, scope: Scope, *, login: str, password: str, now: datetime
) -> None:
    """Set a password: one's own, or anybody's for who may manage users. Ends older sessions."""
    account = _account(session, login)
    if scope.user_id != account.id:
        require(scope, "user.manage")
    account.password_hash = _HASHER.hash(check_password(password))
    account.password_changed_at = now
    account.failed_logins, account.locked_until = 0, None
    account.session_epoch += 1
    _audit(session, scope, "user.password", account.id, now)


def set_rights(
    session: Session,
    scope: Scope,
    *,
    login: str,
    roles: Collection[str],
    area_codes: Collection[str],
    now: datetime,
) -> None:
    """Give an account other roles and areas; its sessions end, so that they hold at once."""
    require(scope, "user.manage")
    account = _account(session, login)
    if account.id == scope.user_id:
        raise Conflict("you cannot change your own rights; another administrator can")
    _check_account(login, roles)
    session.execute(delete(UserRole).where(UserRole.user_id == account.id))
    session.add_all(UserRole(user_id=account.id, role=role) for role in sorted(roles))
    _set_areas(session, account.id, area_codes)
    account.session_epoch += 1
    detail = {"roles": sorted(roles), "areas": sorted(area_codes)}
    _audit(session, scope, "user.rights", account.id, now, detail)


def set_disabled(
    session: Session, scope: Scope, *, login: str, disabled: bool, now: datetime
) -> None:
    """Close an account (its sessions end at once), or open it again."""
    require(scope, "user.manage")
    account = _account(session, login)
    if account.id == scope.user_id:
        raise Conflict("you cannot close your own account; another administrator can")
    account.disabled_at = now if disabled else None
    account.session_epoch += 1
    _audit(session, scope, "user.disable" if disabled else "user.enable", account.id, now)


def set_language(session: Session, scope: Scope, *, language: str) -> None:
    """Remember the language a person chose for the pages."""
    if language not in ("zh", "en"):
        raise InvalidInput("the language is “zh” or “en”")
    if scope.user_id is not None:
        session.get_one(UserAccount, scope.user_id).language = language


def sign_out(session: Session, scope: Scope, *, now: datetime) -> None:
    """Record that a person signed out."""
    write_audit(session, scope, "logout", now=now)


def _account(session: Session, login: str) -> UserAccount:
    account = find_account(session, login, for_update=True)
    if account is None:
        raise NotFound("there is no account “{login}”", login=login)
    return account


def _audit(
    session: Session,
    scope: Scope,
    action: str,
    user_id: int,
    now: datetime,
    detail: dict | None = None,
) -> None:
    write_audit(
        session, scope, action, now=now, object_kind="user", object_id=user_id, detail=detail
    )
