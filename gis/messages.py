"""Messages as plain JSON: template and values, so that they can be said later in any language.

What another process wrote, or the database holds, is read with care: a template is filled in only
where it holds plain names and short formats.
"""

from __future__ import annotations

import re
from numbers import Integral, Real
from typing import Any

from gis.errors import CommandHint, Message

_ODD_NAME = re.compile(r"\{(?![a-z_0-9]+(?:!r)?(?::[,.0-9a-z]{1,4})?\})")


def plain_message(text: object) -> object:
    """Give a message as JSON can hold it: its text, or template and values; a hint as a dict.

    Examples
    --------
    >>> plain_message(Message("{n} rows {what}", n=3, what=Message("to {k} decimals", k=2)))
    ['{n} rows {what}', {'n': 3, 'what': ['to {k} decimals', {'k': 2}]}]
    """
    if isinstance(text, CommandHint):
        return {"hint": text.words}
    if isinstance(text, Message):
        return [text.template, {name: plain_message(value) for name, value in text.values.items()}]
    if isinstance(text, Integral):
        return int(text)
    return float(text) if isinstance(text, Real) else str(text)


def read_message(written: Any) -> Message:
    """Read what `plain_message` gave; only plain names and short formats may be in a template.

    Examples
    --------
    >>> read_message(["{n} rows {what}", {"n": 3, "what": ["to {k} decimals", {"k": 2}]}])
    '3 rows to 2 decimals'
    """
    if isinstance(written, str):
        return Message(written)
    template, values = written
    if _ODD_NAME.search(template.replace("{{", "").replace("}}", "")):
        return Message(template)
    return Message(template, **{name: _value(value) for name, value in values.items()})


def _value(written: Any) -> object:
    if isinstance(written, dict):
        return CommandHint(str(written["hint"]))
    return read_message(written) if isinstance(written, list) else written
