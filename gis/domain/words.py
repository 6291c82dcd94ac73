"""Texts that people write: what of them can be kept."""

from __future__ import annotations

import re

from gis.errors import InvalidInput

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BREAKS = re.compile("\x0b|\x0c|\u2028|\u2029")
_INVISIBLE = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def clean_text(text: str, name: str = "") -> str:
    r"""Give a text as it is kept: breaks of a page or line as new lines, no control characters.

    Parameters
    ----------
    text
        As it was received.
    name
        Of the field, for the refusal.

    Raises
    ------
    InvalidInput
        It holds NUL or half of a surrogate pair: no database, file or header can.

    Examples
    --------
    >>> clean_text("学院路\x0b12号\x07"), clean_text("a\tb")
    ('学院路\n12号', 'a\tb')
    """
    if _UNSTORABLE.search(text):
        raise InvalidInput(
            "{name}: holds a character that cannot be stored (NUL or half of a pair);"
            " delete the text and type it again",
            name=name or "?",
        )
    return _INVISIBLE.sub("", _BREAKS.sub("\n", text))
