"""What proves an answer although one part of the text speaks against it or is badly written.

Each part that is the entry's speaks for it: a flat with its building, a house number on its street.
"""

from __future__ import annotations

from gis.address.address import Address
from gis.address.match import TOWN_SAID, Match
from gis.address.names import compact
from gis.address.place_name import core_name
from gis.address.register import Register

_HOUSE = ("room", "unit", "building", "number")
_NOT_AS_WRITTEN = frozenset(
    ["number_unknown", "detail_unknown", "suffix_dropped", "suffix_added", "suffix_unknown"]
    + ["range_end", "name_unsure", "another_street", "vague_position"]
)
_OTHER_NAME = frozenset(["type_differs", "type_missing", "name_fuzzy", "street_partial"])
"""A name written otherwise is proved by a flat, not by a house number."""

_COMMUNITY_UNSURE = frozenset(["community_near", "community_unsure", "town_differs"])


class Proofs:
    """Asks the register whether the parts of an entry prove one another.

    Parameters
    ----------
    register
        The register.
    """

    def __init__(self, register: Register) -> None:
        self._register = register
        self._communities: dict[tuple[str, str], frozenset[str]] = {}

    def is_proved(self, a: Address, match: Match) -> bool:
        """Whether street and estate both are those of the entry found: each proves the other."""
        if match.row < 0 or match.level not in _HOUSE:
            return False
        parts = self._register.parts
        return bool(a.street and a.estate) and (
            parts["street"][match.row] == compact(a.street)
            and parts["estate"][match.row] == compact(a.estate)
        )

    def is_whole_flat(self, a: Address, match: Match) -> bool:
        """Whether building and room of an estate that is in one place only are all as written."""
        if match.row < 0 or match.level != "room" or not (a.estate and a.building and a.room):
            return False
        parts, row = self._register.parts, match.row
        if parts["estate"][row] != compact(a.estate):
            return False
        rows = self._register.groups["E.estate"].rows_with(parts["estate"][row])
        return len(set(self._register.place_code[rows].tolist())) == 1

    def overrules_community(self, a: Address, match: Match) -> bool:
        """Whether the town has such a street or estate, and the community written none of it.

        People often take a neighbouring community for their own. A house that counts within its
        village or hamlet is known by the village alone.
        """
        if match.row < 0 or match.level not in _HOUSE or TOWN_SAID.isdisjoint(match.codes):
            return False
        doubts = _NOT_AS_WRITTEN if match.level == "room" else _NOT_AS_WRITTEN | _OTHER_NAME
        parts, row = self._register.parts, match.row
        if parts["street"][row].startswith("@") or not doubts.isdisjoint(match.codes):
            return False
        written = (("street", "street", a.street), ("E.estate", "estate", a.estate))
        names = [(rung, parts[part][row]) for rung, part, name in written if name]
        names = [(rung, name) for rung, name in names if name]
        return bool(names) and not any(self._has(a.community, *name) for name in names)

    def _has(self, community: str, rung: str, name: str) -> bool:
        """Whether a community has a street or estate of this name."""
        key = (rung, name)
        if key not in self._communities:
            rows = self._register.groups[rung].rows_with(name)
            codes = set(self._register.place_code[rows].tolist())
            self._communities[key] = frozenset(self._register.places[c][1] for c in codes)
        return core_name(community) in self._communities[key]

    def has_plate_of_estate(self, a: Address, match: Match) -> bool:
        """Whether estate and house number are the entry's, so that its street can be no other."""
        if match.row < 0 or not (a.estate and a.number and a.street):
            return False
        parts, row = self._register.parts, match.row
        return parts["estate"][row] == compact(a.estate) and parts["number"][row] == a.number

    def is_told_by_flat(self, a: Address, match: Match) -> bool:
        """Whether building and flat are the entry's, and so is its community, or all but one name.

        The only name that is badly written can then be no other.
        """
        if match.row < 0 or match.level not in ("room", "unit", "building") or not a.building:
            return False
        parts, row = self._register.parts, match.row
        written = {p: getattr(a, p) for p in ("number", "building", "stairwell", "room")}
        here = {p: parts[p][row] for p in written}
        if here["building"] != a.building or any(
            value and here[p] and here[p] != value for p, value in written.items()
        ):
            return False
        codes = match.codes
        is_there = "community_agrees" in codes and _COMMUNITY_UNSURE.isdisjoint(codes)
        is_there = is_there and bool(a.community)
        if match.level != "room":
            return is_there
        by_plate = bool(a.number) and parts["street"][row] == compact(a.street) != ""
        by_estate = bool(a.number and a.street) and parts["estate"][row] == compact(a.estate) != ""
        return is_there or by_plate or by_estate
