"""What makes a password good enough, and which ones everybody knows.

The commonest passwords come from the package zxcvbn (MIT), which brings 30,000 of them. Signs
put before or after a common word, and the usual disguises of letters (``P@ssw0rd``), do not make
it another word.
"""

from __future__ import annotations

import re
from functools import cache

from gis.errors import InvalidInput

MIN_LENGTH = 10
MAX_LENGTH = 200
"""Longer ones would cost the server more work than any sentence needs."""

_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
_DISGUISES = str.maketrans("@4301!$57", "aaeoiisst")
_DEMO = re.compile(r"Demo-[a-z_]+-2026")


def demo_password(login: str) -> str:
    """Give the published password of a demonstration account: for invented people only.

    Examples
    --------
    >>> demo_password("planner")
    'Demo-planner-2026'
    """
    return f"Demo-{login}-2026"


def is_published(password: str) -> bool:
    """Say whether a password is one of those that the demonstration prints.

    Examples
    --------
    >>> is_published("Demo-planner-2026"), is_published("Demo-planner-2027")
    (True, False)
    """
    return _DEMO.fullmatch(password) is not None


def check_password(password: str, *, login: str = "", name: str = "") -> str:
    """Give back a password that is good enough, or refuse it.

    Parameters
    ----------
    login, name
        Of its owner; the password may not contain them.

    Raises
    ------
    InvalidInput
        Too short or long, too few kinds of signs, a common one, or made of the login or name.

    Examples
    --------
    >>> check_password("correct-horse-7", login="li.na")
    'correct-horse-7'
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH or _kinds(password) < 3:
        raise InvalidInput(
            "a password needs at least {letters} characters, at most {most}, and three of: small "
            "letters, capital letters, digits, other signs",
            letters=MIN_LENGTH,
            most=MAX_LENGTH,
        )
    if any(len(w) > 2 and w.casefold() in password.casefold() for w in (login, name)):
        raise InvalidInput("a password may not contain the login or the name of its owner")
    if is_common(password):
        raise InvalidInput(
            "this password is among the commonest, or is one of them with signs added; choose"
            " several words that do not belong together"
        )
    return password


def _kinds(password: str) -> int:
    return sum(bool(re.search(kind, password)) for kind in _CLASSES)


def is_common(password: str) -> bool:
    """Say whether a password is a common one, also disguised or with signs at its ends.

    Examples
    --------
    >>> is_common("P@ssw0rd-2026!"), is_common("correct-horse-7")
    (True, False)
    """
    typed = password.casefold()
    forms = {typed, typed.translate(_DISGUISES)}
    forms |= {re.sub(r"^[\W\d_]+|[\W\d_]+$", "", form) for form in tuple(forms)}
    forms |= {re.sub(r"^[\W_]+|[\W\d_]+$", "", typed).translate(_DISGUISES)}
    forms |= {re.sub(r"[\W_]", "", typed)}
    return not _common().isdisjoint(forms)


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # large: only who sets a password needs it

    return frozenset(FREQUENCY_LISTS["passwords"])
