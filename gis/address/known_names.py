"""What a Western text means once the names of the register are known.

The grammar alone cannot tell ``one main street`` from ``seven pines road``, where the town begins
in ``broadway springfield``, or that ``canal museum`` is a place and no street.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gis.address.address import Address
from gis.address.names import NameIndex, compact
from gis.address.western_number import word_of_number


def with_known_names(
    a: Address, streets: NameIndex, estates: NameIndex, knows_town: Callable[[str], bool]
) -> Address:
    """Give the address with its street read as what the register knows.

    Parameters
    ----------
    streets, estates
        Known names.
    knows_town
        Whether a name is that of a town.

    Examples
    --------
    >>> known = NameIndex(["seven pines road", "broadway"]), NameIndex(["canal museum"])
    >>> a = Address(street="broadway springfield", number="12", number_from=12, number_to=12)
    >>> b = with_known_names(a, *known, {"springfield"}.__contains__)
    >>> b.street, b.town
    ('broadway', 'springfield')
    >>> with_known_names(Address(street="canal museum"), *known, set().__contains__).estate
    'canal museum'
    """
    if not a.street.isascii() or compact(a.street) in streets:
        return _with_spelt_name(a, streets)
    a = _with_spelt_name(a, streets)
    if not a.town:
        a = _with_town_apart(a, knows_town)
    if a.estate or streets.resolve(a.street):
        return a
    if not a.number and knows_town(a.street):
        return replace(a, street="", town=a.street)
    return replace(a, street="", estate=a.street) if estates.resolve(a.street) else a


def _with_spelt_name(a: Address, streets: NameIndex) -> Address:
    """Take a number word back into the street where a known street has it."""
    if "number_spelt" not in a.notes:
        return a
    street = f"{word_of_number(a.number)} {a.street}"
    if compact(street) not in streets:
        return a
    notes = tuple(note for note in a.notes if note != "number_spelt")
    return replace(a, street=street, number="", number_from=-1, number_to=-1, notes=notes)


def _with_town_apart(a: Address, knows_town: Callable[[str], bool]) -> Address:
    """Part a known town off the end of the words of the street."""
    words = a.street.split()
    for count in (1, 2, 3):
        town = " ".join(words[-count:])
        if count < len(words) and knows_town(town):
            return replace(a, street=" ".join(words[:-count]), town=town)
    return a
