"""What a person types into the search box, split into a name and what follows the name. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from gis.address.typed import typed_form

MOST_CHARACTERS = 80

_trailing = re.compile(r"^(?P<name>.*?[^\W\d_].*?)[\s,]*(?P<door>\d[^\s,]*(?:\s+\d\S*)*)\s*$")
_leading = re.compile(r"^(?P<door>\d+[a-z]?(?:-\d+)?)[\s,]+(?P<name>[^\d\s].*)$")
_between = re.compile(r"号楼|单元|[号栋幢座室楼层附之弄巷\s#/.-]+")


class Wanted(NamedTuple):
    """One reading of a typed text.

    Parameters
    ----------
    name
        In the form search keys are compared in.
    words
        The words of the name, each in that form.
    door
        Number, building, stairwell and room as far as typed, with ``-`` between; "" for none.
    """

    name: str
    words: tuple[str, ...]
    door: str = ""


def readings_of(text: str) -> list[Wanted]:
    """Read a typed text: all of it as a name, and as a name with a number before or after it.

    Examples
    --------
    >>> [(w.name, w.door) for w in readings_of("榕江大道 12")]
    [('榕江大道12', ''), ('榕江大道', '12')]
    >>> [(w.name, w.door) for w in readings_of("阳光小区3栋2单元501室")][1]
    ('阳光小区', '3-2-501')
    >>> readings_of("12 Elm St")[1]
    Wanted(name='elmst', words=('elm', 'st'), door='12')
    """
    text = unicodedata.normalize("NFKC", text).strip().lower()[:MOST_CHARACTERS]
    found = [_wanted(text, "")]
    for pattern in (_trailing, _leading):
        if split := pattern.match(text):
            found.append(_wanted(split["name"], door_form(split["door"])))
    return [w for w in found if w.name]


def door_form(text: str) -> str:
    """Write number, building, stairwell and room with ``-`` between.

    Examples
    --------
    >>> door_form("12号附3"), door_form("3幢2单元501室"), door_form("12A")
    ('12-3', '3-2-501', '12a')
    """
    return _between.sub("-", unicodedata.normalize("NFKC", text).casefold()).strip("-")


def _wanted(name: str, door: str) -> Wanted:
    words = tuple(filter(None, map(typed_form, re.split(r"[\s,]+", name))))
    return Wanted(typed_form(name), words, door)
