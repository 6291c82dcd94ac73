"""Chinese addresses written the usual way, read by one pattern and remembered readings.

Most texts are town, community, street and number, then an estate with building, stairwell and room,
in that order and in the one spelling. What stands before the house number, and what stands between
it and the building, comes again and again: each is read once, with other numbers, by the grammar.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gis.address.address import Address
from gis.address.chinese import parse_chinese
from gis.address.normalise import normalise_chinese
from gis.address.wording import LEADS, in_usual_order

_FRONT = "((?:[^0-9,(]+[0-9]{1,2}[组段巷弄])*"
_UNIT = "(?:([0-9]{1,3})栋)?(?:([0-9]{1,2})单元)?(?:([0-9]{1,4})室)?$"
_with_plate = re.compile(
    rf"{_FRONT}[^0-9,(]*)([0-9]{{1,3}})号(?:附([0-9]{{1,3}})号)?([^0-9A-Z,()]*){_UNIT}"
).match
_without_plate = re.compile(
    rf"{_FRONT}[^0-9A-Z,(]+)([0-9]{{1,3}})栋(?:([0-9]{{1,2}})单元)?(?:([0-9]{{1,4}})室)?$"
).match
_may_cross = re.compile("[路街巷弄道段口处]").search
_MOST = 65_536


_met: set[str] = set()


def read_usual(text: str, *, is_new: bool = True) -> Address | None:
    """Read a text as `parse_chinese` would after normalising; None for one written otherwise.

    Parameters
    ----------
    is_new
        Whether to read a beginning that was never met before, too. Reading it once for all costs
        more than reading one text, and most beginnings of carelessly written texts come only once.

    Examples
    --------
    >>> a = read_usual("古州镇古榕社区榕江大道12号附3号阳光小区3栋2单元501室")
    >>> a.street, a.number, a.estate, a.building, a.stairwell, a.room
    ('榕江大道', '12-3', '阳光小区', '3', '2', '501')
    >>> read_usual("榕江大道12号旁边"), read_usual("榕江大道十二号"), read_usual("12 Elm St")
    (None, None, None)
    """
    with_plate = _with_plate(text)
    match = with_plate or _without_plate(text)
    if match is None or not (is_new or _was_met(match[1])):
        return None
    return _read_plate(*match.groups("")) if with_plate else _read_estate(*match.groups(""))


def _was_met(front: str) -> bool:
    """Whether a beginning was met before; from now on it was."""
    if front in _met:
        return True
    if len(_met) >= _MOST:
        _met.clear()
    _met.add(front)
    return False


def _read_plate(
    front: str, number: str, annex: str, between: str, building: str, stairwell: str, room: str
) -> Address | None:
    has_unit = bool(building or stairwell or room)
    a = _front_of_plate(front, has_unit and not between and not annex)
    estate = _between(between, bool(annex), bool(building), bool(stairwell), bool(room))
    if a is None or estate is None or (stairwell and not building):
        return None
    if a.estate and estate:
        return None
    low = int(number)
    return Address(
        a.town, a.community, a.street, f"{low}-{int(annex)}" if annex else str(low),
        a.estate or estate, building.lstrip("0") or building, stairwell.lstrip("0") or stairwell,
        room, "address", a.region, "", low, low, (),
    )  # fmt: skip


def _read_estate(front: str, building: str, stairwell: str, room: str) -> Address | None:
    a = _front_of_building(front, bool(stairwell), bool(room))
    if a is None:
        return None
    return Address(
        a.town, a.community, a.street, "", a.estate, building.lstrip("0") or building,
        stairwell.lstrip("0") or stairwell, room, "address", a.region, "", -1, -1, (),
    )  # fmt: skip


def _read(text: str) -> Address | None:
    """Read a text in full; None where it is not in the one spelling, or not wholly understood."""
    if normalise_chinese(text) != text or in_usual_order(text) != text:
        return None
    a = parse_chinese(text)
    return a if a.kind == "address" and not a.notes else None


def _is_usual(a: Address | None, **parts: str) -> bool:
    return a is not None and all(getattr(a, part) == value for part, value in parts.items())


@lru_cache(maxsize=_MOST)
def _front_of_plate(front: str, before_digit: bool) -> Address | None:
    """Read what stands before a house number; None where it must be read with what follows."""
    if not front or front[0] in LEADS:
        return None
    a = _read(f"{front}1号1栋" if before_digit else f"{front}1号")
    building = "1" if before_digit else ""
    usual = _is_usual(a, number="1", building=building, stairwell="", room="")
    return a if usual else None


@lru_cache(maxsize=_MOST)
def _between(
    words: str, after_annex: bool, has_building: bool, has_stairwell: bool, has_room: bool
) -> str | None:
    """Read what stands between house number and building; None where it must be read in full."""
    unit = "3栋" * has_building + "2单元" * has_stairwell + "401室" * has_room
    if not words:
        return ""
    if not unit and _may_cross(words):
        return None
    a = _read(f"甲子路1号{'附2号' * after_annex}{words}{unit}")
    usual = _is_usual(
        a, street="甲子路", number="1-2" if after_annex else "1", town="", community="",
        building="3" * has_building, stairwell="2" * has_stairwell, room="401" * has_room,
    )  # fmt: skip
    return a.estate if a is not None and usual else None


@lru_cache(maxsize=_MOST)
def _front_of_building(front: str, has_stairwell: bool, has_room: bool) -> Address | None:
    """Read what stands before a building where no house number is written."""
    if front[0] in LEADS:
        return None
    a = _read(f"{front}3栋{'2单元' * has_stairwell}{'401室' * has_room}")
    usual = _is_usual(
        a, number="", building="3", stairwell="2" * has_stairwell, room="401" * has_room
    )
    return a if usual else None
