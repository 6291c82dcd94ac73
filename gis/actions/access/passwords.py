"""Passwords as they are kept: argon2id hashes, compared with the same work whoever asks."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from gis.domain.password import MAX_LENGTH, check_password, is_published
from gis.errors import Conflict
from gis.store.access.real_people import holds_real_rows
from gis.store.tables import UserAccount

NO_PASSWORD = "!"
"""Stands where a hash would: no password matches it."""

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("the password of nobody")


def matches(password_hash: str | None, password: str) -> bool:
    """Compare a password with a hash; where there is none, with nobody's, for the same time."""
    known = None if password_hash == NO_PASSWORD else password_hash
    given = password[: MAX_LENGTH + 1].encode("utf-8", "surrogatepass")
    try:
        _HASHER.verify(_NOBODY if known is None else known, given)
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


def hash_of(session: Session, password: str, *, login: str, name: str) -> str:
    """Hash a password that is good enough for its owner and this database.

    Raises
    ------
    InvalidInput
        It is weak; see `gis.domain.password.check_password`.
    Conflict
        It is one that the demonstration prints, and the database holds real people.
    """
    if is_published(password) and holds_real_rows(session):
        raise Conflict(
            "this password is printed by the demonstration and known to everybody; this database"
            " holds real records. Choose another"
        )
    return _HASHER.hash(check_password(password, login=login, name=name))


def demo_hash(session: Session, password: str) -> str:
    """Hash a published password of the demonstration, where all records are invented.

    Raises
    ------
    Conflict
        The database holds real records.
    """
    if holds_real_rows(session):
        raise Conflict("the demonstration's passwords are known; this database holds real records")
    return _HASHER.hash(password)


def refresh_hash(account: UserAccount, password: str) -> None:
    """Hash a right password again where the way of hashing has changed."""
    if _HASHER.check_needs_rehash(account.password_hash):
        account.password_hash = _HASHER.hash(password)
