"""Any address text into one `Address`, by the grammar of its script."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from gis.address.address import ADDRESS_PARTS, Address
from gis.address.chinese import parse_chinese
from gis.address.normalise import is_chinese, normalise_chinese, normalise_western, text_of
from gis.address.usual_form import read_usual
from gis.address.western import parse_western
from gis.address.wording import in_usual_order
from gis.errors import InvalidInput

GRAMMARS = ("auto", "chinese", "western")
READ_COLUMNS = (
    "raw",
    "kind",
    "region",
    *ADDRESS_PARTS,
    "cross_street",
    "number_from",
    "number_to",
)


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
    if grammar != "western" and (usual := read_usual(text, is_new=False)) is not None:
        return usual
    if grammar == "chinese" or (grammar == "auto" and is_chinese(text)):
        return parse_chinese(in_usual_order(normalise_chinese(text)))
    return parse_western(normalise_western(text))


def parse_spelling(spelling: str, grammar: str) -> Address:
    """Read a text that `normalise` has written, by an already checked grammar."""
    if grammar != "western" and (usual := read_usual(spelling, is_new=False)) is not None:
        return usual
    if is_chinese(spelling) and grammar != "western":
        return parse_chinese(in_usual_order(spelling))
    if grammar != "chinese" and not is_chinese(spelling):
        return parse_western(spelling)
    return parse_text(spelling, grammar)


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


def read_addresses(values: Iterable[object], *, grammar: str = "auto") -> pd.DataFrame:
    """Read many texts into a frame: the text as it was written beside what was read in it.

    Returns
    -------
    read
        One row per value, in order, with the columns of `READ_COLUMNS` and the index of
        ``values`` where it has one. ``raw`` is the text, "" for None and NaN; parts the text is
        silent about are ""; ``number_from, number_to`` are -1 where there is no number.

    Examples
    --------
    >>> read = read_addresses(["1300 block of T St", "阳光小区3-2-501"])
    >>> read[["kind", "street", "estate", "room", "number_from", "number_to"]].values.tolist()
    [['block', 't street', '', '', 1300, 1399], ['address', '', '阳光小区', '501', -1, -1]]
    """
    index = values.index if isinstance(values, pd.Series) else None
    written = [text_of(v) for v in values]
    read = parse_many(written, grammar=grammar)
    columns = {name: [getattr(a, name) for a in read] for name in READ_COLUMNS[1:]}
    frame = pd.DataFrame({"raw": written, **columns}, index=index, columns=list(READ_COLUMNS))
    texts = [c for c in READ_COLUMNS if not c.startswith("number_")]
    return frame.astype({**dict.fromkeys(texts, object), "number_from": int, "number_to": int})
