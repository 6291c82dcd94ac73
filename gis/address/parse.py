"""Any address text into one `Address`, by the grammar of its script."""

from __future__ import annotations

from collections.abc import Iterable

from gis.address.address import Address
from gis.address.chinese import parse_chinese
from gis.address.normalise import is_chinese, normalise_chinese, normalise_western, text_of
from gis.address.western import parse_western
from gis.errors import InvalidInput

GRAMMARS = ("auto", "chinese", "western")


def check_grammar(grammar: str) -> str:
    """Give the grammar back, or refuse an unknown one."""
    if grammar not in GRAMMARS:
        raise InvalidInput(f"grammar: expected one of {', '.join(GRAMMARS)}, got {grammar!r}")
    return grammar


def parse(value: object, *, grammar: str = "auto") -> Address:
    """Read one address text.

    Parameters
    ----------
    value
        Any text; other values are taken as text, None and NaN as "".
    grammar
        ``chinese``, ``western``, or ``auto``: Chinese where there is a Han character.

    Examples
    --------
    >>> parse("阳光小区3幢2单元501").room, parse("1350 Massachusetts Ave.").street
    ('501', 'massachusetts avenue')
    """
    check_grammar(grammar)
    return parse_text(text_of(value), grammar)


def parse_text(text: str, grammar: str) -> Address:
    """Read a text by an already checked grammar."""
    if grammar == "chinese" or (grammar == "auto" and is_chinese(text)):
        return parse_chinese(normalise_chinese(text))
    return parse_western(normalise_western(text))


def parse_many(values: Iterable[object], *, grammar: str = "auto") -> list[Address]:
    """Read many texts; each distinct one once.

    Examples
    --------
    >>> [a.number for a in parse_many(["5 Elm St", None, "5 Elm St"])]
    ['5', '', '5']
    """
    check_grammar(grammar)
    known: dict[str, Address] = {}
    out = []
    for value in values:
        text = text_of(value)
        address = known.get(text)
        if address is None:
            address = known[text] = parse_text(text, grammar)
        out.append(address)
    return out
