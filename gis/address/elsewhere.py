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
    here = register.parts["town"][match.row]
    for rung, name, numbers, written in (
        ("street", compact(a.street), register.number_high, a.number_from),
        ("E.estate", compact(a.estate), _building_numbers(register), _as_number(a.building)),
    ):
        if name and written > 0:
            rows = register.groups[rung].rows_with(name)
            others = rows[register.parts["town"][rows] != here]
            return bool(numbers[others].max(initial=-1) >= written)
    return True


def _building_numbers(register: Register) -> np.ndarray:
    """Give the number of each entry's building, 0 for letters and none; kept on the register."""
    if register.building_number is None:
        values = register.parts["building"].tolist()
        known = {v: _as_number(v) for v in set(values)}
        register.building_number = np.array([known[v] for v in values], np.int64)
    return register.building_number


def _as_number(text: str) -> int:
    return int(text[:9]) if text.isdecimal() else 0
