"""Signing in and out: the password, the waits, and the session on the server.

Nobody learns from an answer, or from how long it takes, whether a login exists: an unknown one
is compared with the hash of nobody's password and goes along the same lanes of waiting
(`gis.domain.sign_in`). A session is a row; its cookie holds a random token, the row its digest.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gis.actions.access.passwords import matches, refresh_hash
from gis.actions.access.work import Work
from gis.domain.access import Scope
from gis.domain.password import is_published
from gis.domain.sign_in import Lane, digest_of, is_over, lanes_of, network_of, printable
from gis.store.access import sessions, sign_ins
from gis.store.access.audit import write_audit
from gis.store.access.real_people import holds_real_rows
from gis.store.access.users import Standing, find_account, find_standing, lock_account, scope_of
from gis.store.tables import UserAccount

TOUCHED_EVERY = timedelta(minutes=1)
"""How exact the time of a session's last use is kept."""

_MOST_AGENT = 200


@dataclass(frozen=True)
class Origin:
    """Where an attempt to sign in comes from.

    Parameters
    ----------
    address
        Of the client, as the server sees it or a trusted proxy says.
    agent
        How the browser names itself.
    device
        Random token that the browser keeps; None when it has none yet.
    """

    address: str = ""
    agent: str = ""
    device: str | None = None


@dataclass(frozen=True)
class SignIn:
    """How an attempt to sign in ended: a scope and a token, or a reason why not.

    Parameters
    ----------
    scope
        What the person may; None when refused.
    token
        What the cookie of the new session holds.
    device
        Token for the browser to keep, so that it is known next time.
    language
        The language the person chose, if any.
    must_change
        Whether the password has to be changed before anything else.
    refusal
        ``wrong``, ``wait``, ``disabled`` or ``published``; empty when it worked.
    wait
        How long to wait, when that is the refusal.
    """

    scope: Scope | None = None
    token: str = ""
    device: str = ""
    language: str | None = None
    must_change: bool = False
    refusal: str = ""
    wait: timedelta = timedelta()


def sign_in(
    session: Session,
    *,
    login: str,
    password: str,
    now: datetime,
    origin: Origin | None = None,
    previous: str = "",
) -> SignIn:
    """Check a login and password, count failures, and open a session.

    ``previous`` is the token of the session that the browser had, which ends with a success.

    A refusal is returned, not raised: the failure must be counted, so the transaction stands.
    Only who gave the right password learns that the account is closed.
    """
    origin, login = origin or Origin(), printable(login.strip(), 200)
    account = find_account(session, login)
    lanes = _lanes(session, account, login, origin, now)
    wait = sign_ins.enter_lanes(session, lanes, now=now)
    if wait:
        sign_ins.count_refused(session, lanes, now=now)
        return SignIn(refusal="wait", wait=wait)
    right = matches(None if account is None else account.password_hash, password)
    if account is None or not right:
        reason = "unknown" if account is None else "wrong"
        wait, refused = sign_ins.count_failure(session, lanes, now=now)
        counted = {"wait_s": round(wait.total_seconds()), "refused": refused}
        _record_failure(session, account, login, origin, reason, now, counted)
        return SignIn(refusal="wrong")
    lock_account(session, account)
    if refusal := _closed_to(session, account, password):
        _record_failure(session, account, login, origin, refusal, now, {})
        return SignIn(refusal=refusal)
    sign_ins.forget_failures(session, lanes, now=now)
    if previous:
        sessions.end_session(session, digest_of("session", previous))
    return _enter(session, account, password, origin, now)


def _lanes(
    session: Session, account: UserAccount | None, login: str, origin: Origin, now: datetime
) -> tuple[Lane, ...]:
    device, knows_address = None, False
    if account is not None:
        if origin.device and sign_ins.knows_place(
            session, account.id, digest_of("device", origin.device), now=now
        ):
            device = origin.device
        place = _address_place(origin.address)
        knows_address = sign_ins.knows_place(session, account.id, place, now=now)
    return lanes_of(login, origin.address, device=device, knows_address=knows_address)


def _address_place(address: str) -> str:
    return digest_of("address", network_of(address))


def _closed_to(session: Session, account: UserAccount, password: str) -> str:
    """Say why even the right password opens nothing."""
    if not matches(account.password_hash, password):
        return "wrong"  # it was changed while we compared
    if account.disabled_at is not None:
        return "disabled"
    return "published" if is_published(password) and holds_real_rows(session) else ""


def _record_failure(
    session: Session,
    account: UserAccount | None,
    login: str,
    origin: Origin,
    reason: str,
    now: datetime,
    counted: dict,
) -> None:
    detail = {"login": printable(login), "address": printable(origin.address), "reason": reason}
    write_audit(
        session,
        None,
        "login.failed",
        now=now,
        object_kind=None if account is None else "user",
        object_id=None if account is None else account.id,
        detail=detail | counted,
    )


def _enter(
    session: Session, account: UserAccount, password: str, origin: Origin, now: datetime
) -> SignIn:
    refresh_hash(account, password)
    account.last_sign_in_at = now
    device = origin.device or secrets.token_urlsafe(24)
    places = [digest_of("device", device), _address_place(origin.address)]
    sign_ins.remember_places(session, account.id, places, now)
    scope = scope_of(session, account, today=now.date())
    write_audit(session, scope, "login", now=now, detail={"address": printable(origin.address)})
    token = begin_session(session, account.id, origin=origin, now=now)
    return SignIn(scope, token, device, account.language, account.password_must_change)


def begin_session(session: Session, user_id: int, *, origin: Origin, now: datetime) -> str:
    """Open a session of an account; gives the token for its cookie."""
    token = secrets.token_urlsafe(32)
    sessions.add_session(
        session,
        now=now,
        token_digest=digest_of("session", token),
        user_id=user_id,
        address=printable(origin.address),
        agent=printable(origin.agent, _MOST_AGENT),
    )
    return token


def resume(session: Session, token: str, *, now: datetime) -> Standing | None:
    """Give what the person behind a token may now; None when the session is over."""
    digest = digest_of("session", token)
    row = sessions.find_session(session, digest)
    if row is None:
        return None
    standing = find_standing(session, row.user_id, today=now.date())
    if standing is None or is_over(row.began_at, row.last_used_at, standing.scope.roles, now=now):
        sessions.end_session(session, digest)
        return None
    if now - row.last_used_at >= TOUCHED_EVERY:
        sessions.touch_session(session, digest, now)
    return standing


def sign_out(work: Work, token: str) -> None:
    """End the session on the server: the cookie and its copies are worth nothing."""
    sessions.end_session(work.session, digest_of("session", token))
    work.audit("logout")


def sign_out_everywhere(work: Work) -> int:
    """End all sessions of a person; gives how many there were."""
    ended = sessions.end_sessions(work.session, work.scope.account_id)
    work.audit("logout.everywhere", detail={"sessions": ended})
    return ended
