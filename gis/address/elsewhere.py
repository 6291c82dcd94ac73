"""Whether a name that several towns have may mean another of them than the one found.

A house number, or a building, above all that a town's street or estate has cannot be that town's.
"""

from __future__ import annotations

import numpy as np

from gis.address.address import Address
from gis.address.match import Match
from gis.address.names import compact
from gis.address.register import Register


def may_be_elsewhere(register: Register, a: Address, match: Match) -> bool:
    """Whether a town other than that of the entry found may have the house that is written.

    Parameters
    ----------
    a
        What is written, without town and community.
    match
        An answer to it.
    """
    if match.row < 0:
        return True
    here = register.town_code[match.row]
    for rung, name, numbers, written in (
        ("street", compact(a.street), register.number_high, a.number_from),
        ("E.estate", compact(a.estate), _building_numbers(register), _as_number(a.building)),
    ):
        if not name:
            continue
        rows = register.groups[rung].rows_with(name)
        others = rows[register.town_code[rows] != here]
        if rung != "street" and a.building.isalpha():
            lettered = [b for b in register.parts["building"][others].tolist() if b.isalpha()]
            return max(lettered, default="") >= a.building
        if written > 0:
            if numbers[others].max(initial=-1) < written:
                return False
            alike = others[numbers[others] == written]
            is_house = rung == "street"
            return (
                _may_have_building(register, a, alike)
                if is_house
                else _may_have_flat(register, a, alike)
            )
    return True


def _may_have_building(register: Register, a: Address, rows: np.ndarray) -> bool:
    """Whether houses of this number may have the building and flat that are written."""
    building = _as_number(a.building)
    if not len(rows) or building <= 0 or not a.room:
        return True
    numbers = _building_numbers(register)[rows]
    if numbers.max() < building:
        return False
    return _may_have_flat(register, a, rows[numbers == building])


def _may_have_flat(register: Register, a: Address, rows: np.ndarray) -> bool:
    """Whether buildings of this number may have the flat: none may whose flats all end below it."""
    flats = rows[register.parts["room"][rows] != ""]
    room = _as_number(a.room)
    if not len(flats) or room < 100:
        return True
    parts = register.parts
    at = [
        (_as_number(parts["stairwell"][r]), *divmod(_as_number(parts["room"][r]), 100))
        for r in flats.tolist()
    ]
    stairwell, (floor, flat) = _as_number(a.stairwell), divmod(room, 100)
    return (
        stairwell <= max(s for s, _, _ in at)
        and floor <= max(f for _, f, _ in at)
        and flat <= max(n for _, _, n in at)
    )


def _building_numbers(register: Register) -> np.ndarray:
    """Give the number of each entry's building, 0 for letters and none; kept on the register."""
    if register.building_number is None:
        values = register.parts["building"].tolist()
        known = {v: _as_number(v) for v in set(values)}
        register.building_number = np.array([known[v] for v in values], np.int64)
    return register.building_number


def _as_number(text: str) -> int:
    return int(text[:9]) if text.isdecimal() else 0
