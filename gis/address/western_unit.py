"""Buildings, floors and dwellings in the words of a Western address."""

from __future__ import annotations

import re
from typing import NamedTuple

from gis.address.western_words import (
    BUILDING_WORDS,
    FLOOR_WORDS,
    HOUSE_PARTS,
    ORDINAL_NUMBERS,
    UNIT_WORDS,
)

_name = re.compile(r"\d+[a-z]?(?:[-/.]?[a-z0-9]+)?|[a-z]\d*(?:-\d+)?|ph\d*")


class Unit(NamedTuple):
    """What lies inside a house; "" where the text is silent."""

    building: str = ""
    floor: str = ""
    room: str = ""

    def joined(self, other: Unit) -> Unit:
        """Give this unit with what it is silent about taken from another."""
        return Unit(*(a or b for a, b in zip(self, other, strict=True)))

    @property
    def dwelling(self) -> str:
        """The room, or the floor where no room is written."""
        return self.room or (f"floor {self.floor}" if self.floor else "")


def read_unit(words: list[str], *, is_street: bool = True) -> tuple[Unit, list[str]]:
    """Take building, floor and room out of the words.

    Parameters
    ----------
    is_street
        Whether the words begin with the street: then a unit word never comes first.

    Examples
    --------
    >>> read_unit("main street bldg c apt 8".split())
    (Unit(building='C', floor='', room='8'), ['main', 'street'])
    >>> read_unit("third floor".split(), is_street=False)[0].dwelling
    'floor 3'
    """
    unit, at = Unit(), 1 if is_street else 0
    while at < len(words):
        found = _unit_at(words, at)
        if found is None:
            at += 1
            continue
        piece, end = found
        unit, words = unit.joined(piece), words[:at] + words[end:]
    return unit, words


def leading_unit(words: list[str]) -> tuple[Unit, list[str]] | None:
    """Take a unit that stands first, before a house number or a street; None where none does.

    Examples
    --------
    >>> leading_unit("unit 3b 200 cambridge street".split())
    (Unit(building='', floor='', room='3b'), ['200', 'cambridge', 'street'])
    """
    if words[0] not in UNIT_WORDS | BUILDING_WORDS or len(words) < 3:
        return None
    found = _unit_at(words, 0)
    return None if found is None else (found[0], words[found[1] :])


def _unit_at(words: list[str], at: int) -> tuple[Unit, int] | None:
    """Give the unit that begins at a word, and where it ends."""
    word = words[at]
    after = at + 2 if words[at + 1 : at + 2] == ["#"] else at + 1
    value = words[after] if after < len(words) else ""
    if word in BUILDING_WORDS and _name.fullmatch(value):
        return Unit(building=value.upper()), after + 1
    if word in FLOOR_WORDS and value.isdecimal():
        return Unit(floor=value.lstrip("0") or value), after + 1
    if value in FLOOR_WORDS and after == at + 1 and (floor := _floor(word)):
        return Unit(floor=floor), after + 1
    if word in UNIT_WORDS and word not in FLOOR_WORDS and _name.fullmatch(value):
        return Unit(room=value), after + 1
    if word in HOUSE_PARTS and at == len(words) - 1:
        return Unit(room=HOUSE_PARTS[word]), at + 1
    return None


def _floor(word: str) -> str:
    """Read the number before a word for floor: third, 3, 2nd."""
    digits = word.rstrip("strdnh.")
    return ORDINAL_NUMBERS.get(word, digits if digits.isdecimal() else "")
