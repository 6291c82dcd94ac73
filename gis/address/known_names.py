"""What a Western text means once the names of the register are known.

The grammar alone cannot tell ``one main street`` from ``seven pines road``, where the town begins
in ``broadway springfield``, that ``canal museum`` is a place and no street, or whether the register
has Schaan as a town or as a community.
"""

from __future__ import annotations

from collections.abc import Iterable

from gis.address.address import Address
from gis.address.names import NameIndex, compact
from gis.address.western_number import word_of_number


class KnownNames:
    """Reads an address again by the names of streets, estates, communities and towns.

    Parameters
    ----------
    streets, estates
        Known names.
    communities, towns
        Known names, normalised.

    Examples
    --------
    >>> known = KnownNames(
    ...     NameIndex(["seven pines road", "broadway"]), NameIndex(["canal museum"]),
    ...     communities=["schaan"], towns=["springfield"],
    ... )
    >>> a = known.read(Address(street="broadway springfield", number="12"))
    >>> a.street, a.town
    ('broadway', 'springfield')
    >>> known.read(Address(street="canal museum")).estate
    'canal museum'
    >>> known.read(Address(street="broadway", town="schaan")).community
    'schaan'
    """

    def __init__(
        self,
        streets: NameIndex,
        estates: NameIndex,
        *,
        communities: Iterable[str],
        towns: Iterable[str],
    ) -> None:
        self._streets, self._estates = streets, estates
        self._communities = {compact(c): c for c in communities if c and c.isascii()}
        self._towns = {compact(t): t for t in towns if t and t.isascii()}
        self._places = NameIndex([*self._communities.values(), *self._towns.values()])

    def read(self, a: Address) -> Address:
        """Give the address as the register's names have it; other than Latin texts unchanged."""
        if not a.street.isascii():
            return a
        if a.kind != "intersection":
            a = self._with_spelt_name(a)
            if compact(a.street) not in self._streets:
                a = self._with_street_read(a)
        return self._with_place(a) if a.town and a.town.isascii() else a

    def _with_spelt_name(self, a: Address) -> Address:
        """Take a number word back into the street where a known street has it."""
        if "number_spelt" not in a.notes:
            return a
        street = f"{word_of_number(a.number)} {a.street}"
        if compact(street) not in self._streets:
            return a
        notes = tuple(note for note in a.notes if note != "number_spelt")
        return a._replace(street=street, number="", number_from=-1, number_to=-1, notes=notes)

    def _with_street_read(self, a: Address) -> Address:
        """Part a town off the street, or take the words as an estate or a town."""
        if not a.town:
            a = self._with_town_apart(a)
        if a.estate or self._streets.resolve(a.street):
            return a
        if not a.number and compact(a.street) in self._places:
            return a._replace(street="", town=a.street)
        return a._replace(street="", estate=a.street) if self._estates.resolve(a.street) else a

    def _with_town_apart(self, a: Address) -> Address:
        words = a.street.split()
        for count in (1, 2, 3):
            town = " ".join(words[-count:])
            if count < len(words) and compact(town) in self._places:
                return a._replace(street=" ".join(words[:-count]), town=town)
        return a

    def _with_place(self, a: Address) -> Address:
        """Take what is written as the town for the town or community it is in the register."""
        key = compact(a.town)
        if key in self._towns or not (self._towns or self._communities):
            return a
        if key in self._communities:
            return a._replace(town="", community=self._communities[key])
        near = self._places.resolve(a.town)
        if not near:
            return a._replace(notes=(*a.notes, "town_unknown"))
        key, _, codes = near[0]
        sure = len(near) == 1 and "name_unsure" not in codes
        notes = (*a.notes, "town_near" if sure else "town_unsure")
        if key in self._towns:
            return a._replace(town=self._towns[key], notes=notes)
        return a._replace(town="", community=self._communities[key], notes=notes)
