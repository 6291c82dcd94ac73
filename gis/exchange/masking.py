"""How values are shown in a list of defects: those of personal fields masked."""

from __future__ import annotations

from gis.domain.kinds import KINDS

MAX_SHOWN = 40


def is_personal(kind: str, field: str) -> bool:
    """Say whether values of a field tell something about a person.

    Examples
    --------
    >>> is_personal("households", "phone"), is_personal("buildings", "levels")
    (True, False)
    """
    return kind in KINDS and field in KINDS[kind].personal


def shown(value: object, *, kind: str, field: str) -> str:
    r"""Write a value for a message: masked when personal, short, and with hidden signs visible.

    Examples
    --------
    >>> shown("13800001111", kind="households", field="phone")
    "'1**********'"
    >>> shown("a\u202eb", kind="buildings", field="name")
    "'a\\u202eb'"
    """
    text = str(value)
    if is_personal(kind, field):
        text = text[:1] + "*" * (min(len(text), 12) - 1)
    return ascii_controls(repr(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"))


def ascii_controls(text: str) -> str:
    """Write invisible and direction-changing characters as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
