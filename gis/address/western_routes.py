"""One spelling for numbered roads of North America: route 27, us highway 1, county road 12.

Works on words written out by `normalise_western`. A state's own road is ``route``, whether written
State Route, State Highway, Rte, SR or NJ-27.
"""

from __future__ import annotations

import re

from gis.address.western_words import STATES

_N = r"(?= \d{1,4}[a-z]?(?: |$))"
_ROUTE = "(?:route|rt|rte)"
_STATE = f"(?:{'|'.join(sorted(STATES - {'in', 'or', 'me', 'de', 'la', 'co', 'ne', 'al', 'fl'}))})"
_may_be_route = re.compile(
    rf"\b(?:{_ROUTE}|highway|interstate|us|u s|i|s[rh]|cr|road|{_STATE}) \d|\b[a-z]{{1,7}}\d"
).search
_glued = re.compile(r"\b(us|sr|sh|cr|rt|rte|route|i|highway|hwy)(\d{1,4})\b")
_forms = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (rf"\b(?:county|co|cnty) (?:road|highway|{_ROUTE}){_N}|\bcr{_N}", "county road"),
        (rf"\b(?:u s|us|united states)(?: (?:highway|{_ROUTE}))?{_N}", "us highway"),
        (rf"\b(?:interstate(?: highway)?|i){_N}", "interstate"),
        (rf"\b(?:(?:state|saint|street|{_STATE}) )?{_ROUTE}{_N}", "route"),
        (rf"\b(?:state|{_STATE}) (?:highway|road){_N}|\b(?:sr|sh){_N}", "route"),
        (rf"(?<=^\d ){_STATE}{_N}|(?<=^\d\d ){_STATE}{_N}|(?<=^\d\d\d ){_STATE}{_N}", "route"),
        (rf"(?<=^\d\d\d\d ){_STATE}{_N}|(?<=^\d\d\d\d\d ){_STATE}{_N}", "route"),
    )
)
"""Ways of writing, the surest first, to the one way."""


def write_routes(text: str) -> str:
    """Write numbered roads one way; writing twice changes nothing more.

    Examples
    --------
    >>> [write_routes(t) for t in ("2035 state route 27", "2035 rte 27", "2035 nj 27", "88 us 1")]
    ['2035 route 27', '2035 route 27', '2035 route 27', '88 us highway 1']
    >>> write_routes("5 co road 12"), write_routes("88 i 95"), write_routes("12 us1")
    ('5 county road 12', '88 interstate 95', '12 us highway 1')
    """
    if not _may_be_route(text):
        return text
    text = _glued.sub(r"\1 \2", text)
    for pattern, word in _forms:
        text = pattern.sub(word, text)
    return text
