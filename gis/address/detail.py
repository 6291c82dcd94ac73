"""What is finer than a street or an estate: its numbers, buildings, stairwells and rooms."""

from __future__ import annotations

import numpy as np

from gis.address.address import Address
from gis.address.numbers import NumberLine
from gis.address.numeral import STEMS
from gis.address.register import Register


def detail_keys(a: Address, key: str) -> list[tuple[str, str, str]]:
    """Give rung, level and key for each depth the address has, deepest first."""
    keys = []
    if a.room:
        keys.append(("room", "room", f"{key}|{a.building}|{a.stairwell}|{a.room}"))
    elif a.stairwell:
        keys.append(("unit", "unit", f"{key}|{a.building}|{a.stairwell}"))
    elif a.building:
        keys.append(("building", "building", f"{key}|{a.building}"))
    return keys


def kin_of_number(
    numbers: np.ndarray, a: Address, line: NumberLine
) -> list[tuple[np.ndarray, str]]:
    """Give rows of the same number with another suffix, or of one end of a range.

    Parameters
    ----------
    numbers
        House number of every row of the register.
    """
    same = line.rows_with(a.number_from)
    ranged = line.is_range(same)
    is_plain = a.number == str(a.number_from)
    if is_plain:
        kin = [(same[ranged], "range_end"), (same[~ranged], "suffix_added")]
    else:
        bare = numbers[same] == str(a.number_from)
        has_stem = a.number[-1:] in STEMS
        kin = [(same[bare], "suffix_unknown" if has_stem else "suffix_dropped")]
        kin.append((same[~bare], kin[0][1]))
    kin.append((line.rows_over(a.number_from), "range_end"))
    if a.number_to > a.number_from:
        kin[0] = (kin[0][0], "range_end")
        kin.append((line.rows_with(a.number_to), "range_end"))
    return kin


def refine(
    register: Register, rows: np.ndarray, a: Address, level: str
) -> tuple[np.ndarray, str, tuple[str, ...]]:
    """Narrow rows by number, building, stairwell, room, as far as the register knows them.

    A number in an estate may be meant as a building (阳光小区3号).
    """
    if level == "estate" and not a.street and a.number:
        hits = register.rows_having(rows, "number", a.number)
        finer = "number"
        if not len(hits) and not a.building:
            hits, finer = register.rows_having(rows, "building", a.number), "building"
        if not len(hits):
            return rows, level, ("number_unknown",)
        rows, level = hits, finer
    for part, finer in (("building", "building"), ("stairwell", "unit"), ("room", "room")):
        value = getattr(a, part)
        if not value:
            continue
        hits = register.rows_having(rows, part, value)
        if not len(hits) or (finer == "room" and len(hits) > 1):
            return rows, level, ("detail_unknown",)
        rows, level = hits, finer
    return rows, level, ()
