"""The door that an address is behind: which entrance, what is written on it, floor and flat."""

from __future__ import annotations

import re
from typing import NamedTuple

from gis.address.address import Address
from gis.address.normalise import is_chinese
from gis.address.parse import parse_text

_flat_on_floor = re.compile(r"[A-Z]?0?(?P<floor>[0-9]{1,2})[0-9]{2}[A-Z]?")
_floor_alone = re.compile(r"(?P<floor>[0-9]{1,2})楼.*")


class Door(NamedTuple):
    """Where a dwelling is reached.

    Parameters
    ----------
    entrance
        The address of the entrance, without floor and flat: the same for all behind it; "" where
        the address names none.
    name
        What is written on it, short: ``3栋2单元``, ``12号``, ``12``.
    building
        What is written on its building: ``3栋``; the same as ``name`` where it has one entrance.
    floor
        As people count it, the ground floor being 1; None where the flat does not tell.
    room
        Of the flat; "" where none is known.
    """

    entrance: str = ""
    name: str = ""
    building: str = ""
    floor: int | None = None
    room: str = ""


def find_door(entry: Address | None, text: str | None) -> Door:
    """Find the door of a household.

    Parameters
    ----------
    entry
        Its entry of the address register; None where it was placed otherwise. Then its entrance
        is known by its point only, though floor and flat are read from the text.
    text
        Its address as written: a Chinese one tells what the entry is silent about.

    Examples
    --------
    >>> gate = Address(street="建设路", number="8")
    >>> tuple(find_door(gate, "建设路8号阳光小区3栋2单元1203室"))
    ('建设路8号阳光小区3栋2单元', '3栋2单元', '3栋', 12, '1203')
    >>> tuple(find_door(Address(street="River Street", number="8"), "River Street 8, Flat 2"))
    ('River Street 8', '8', '8', None, '')
    >>> find_door(None, "建设路8号501室").entrance, find_door(None, "建设路8号501室").floor
    ('', 5)
    """
    parts = entry or Address()
    if not parts.room and text and is_chinese(text):
        parts = _completed(parts, parse_text(text, "chinese"), is_new=entry is None)
    name = _name(parts)
    return Door(
        _entrance(parts) if entry and name else "",
        name,
        _name(parts._replace(stairwell="")),
        floor_of(parts.room),
        parts.room,
    )


def floor_of(room: str) -> int | None:
    """Give the floor of a flat by its number: the digits before the last two.

    Examples
    --------
    >>> [floor_of(room) for room in ("501", "1203", "0302", "A301", "3楼", "7", "12-1", "")]
    [5, 12, 3, 3, 3, None, None, None]
    """
    match = _flat_on_floor.fullmatch(room) or _floor_alone.fullmatch(room)
    return int(match["floor"]) or None if match else None


def _completed(entry: Address, written: Address, *, is_new: bool) -> Address:
    """Give an entry with what only the text says: estate, building, stairwell and room."""
    if is_new:
        return written
    finer = ("estate", "building", "stairwell", "room")
    return entry._replace(**{p: getattr(entry, p) or getattr(written, p) for p in finer})


def _is_chinese(a: Address) -> bool:
    return is_chinese(a.street + a.estate + a.community + a.town)


def _name(a: Address) -> str:
    if a.building or a.stairwell:
        return _inside(a)
    return f"{a.number}号" if a.number and _is_chinese(a) else a.number


def _inside(a: Address) -> str:
    if not _is_chinese(a):
        return "-".join(p for p in (a.building, a.stairwell) if p)
    return f"{a.building}栋" * bool(a.building) + f"{a.stairwell}单元" * bool(a.stairwell)


def _entrance(a: Address) -> str:
    """Write the address of an entrance; a hamlet or group comes before the number."""
    if not _is_chinese(a):
        return " ".join(p for p in (a.street, a.number, a.estate, _inside(a)) if p)
    plate = f"{a.number}号" * bool(a.number)
    middle = f"{a.street}{plate}{a.estate}" if a.street else f"{a.estate}{plate}"
    return f"{middle}{_inside(a)}"
