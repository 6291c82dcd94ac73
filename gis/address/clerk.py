"""The last look at an answer: what is written beside what the entry says, part by part.

Every answer of the ladder passes here, by whatever path it was found (a name spelt otherwise,
another type, part of a name, another reading). A part that is written and contradicts is said as
evidence, and sends the answer to a person. An answer coarser than an entry never carries its id.
"""

from __future__ import annotations

from rapidfuzz.distance import OSA

from gis.address.address import Address
from gis.address.evidence import RANK, score_of
from gis.address.gather import FINER_BITS
from gis.address.match import Match, add_codes
from gis.address.names import NameIndex, compact
from gis.address.region import NOWHERE, contradicts, region_of
from gis.address.register import Register

_DETAIL = ("building", "stairwell", "room")
_ADMIN_SAID = frozenset(
    ["community_agrees", "community_near", "town_agrees", "town_near", "town_unread"]
)
_OTHER_NUMBER = frozenset(["suffix_dropped", "suffix_added", "suffix_unknown", "range_end"])
_UNCHECKED = ("region_unchecked",)
_MOST_NAMES = 50_000
_ALIKE_SHARE = 0.5
"""Names with fewer signs in common are two different things, not one name misspelt."""


class Clerk:
    """Compares answers with what is written.

    Parameters
    ----------
    register
        The register.
    streets, estates
        Its names, and those of the streets as lines.
    """

    def __init__(self, register: Register, streets: NameIndex, estates: NameIndex) -> None:
        self._register = register
        self._streets, self._estates = streets, estates
        self._bits = register.written_bits()
        self._regions: dict[str, tuple[str, ...]] = {}
        self._likely: dict[tuple[str, ...], bool] = {}

    def checked(self, a: Address, match: Match) -> Match:
        """Give the answer with what contradicts it, and without the id of a finer entry.

        Parameters
        ----------
        a
            What is written, its names as they are written.
        match
            An answer to it.
        """
        match = self.without_finer_entry(a, match)
        against = [*self._against_region(a, match), *self._against_names(a, match)]
        if match.row >= 0:
            against += self._against_numbers(a, match)
        new = [code for code in dict.fromkeys(against) if code not in match.codes]
        return add_codes(match, *new) if new else match

    def told_by_number(self, a: Address, match: Match) -> Match:
        """Take a street that is not known for a misspelt one where its number is the entry's."""
        if "number_unknown" not in match.codes or match.row < 0:
            return match
        parts, row = self._register.parts, match.row
        street = parts["street"][row]
        if parts["number"][row] != a.number or not self._is_like(a.street, street):
            return match
        codes = tuple("name_fuzzy" if c == "number_unknown" else c for c in match.codes)
        weight = score_of(("name_fuzzy",)) / score_of(("number_unknown",))
        return match._replace(codes=codes, score=round(match.score * weight, 4))

    def without_finer_entry(self, a: Address, match: Match) -> Match:
        """Take the id off an answer whose entry is finer than the answer, or than a stretch."""
        if match.row < 0:
            return match
        parts, row = self._register.parts, match.row
        finer = bool(self._bits[row] & FINER_BITS.get(match.level, 0))
        if match.level == "estate" and parts["street"][row].startswith("@"):
            finer = finer or bool(parts["number"][row])
        is_stretch = a.kind == "block" or "number_range" in match.codes
        if self._is_of_suffix(a, match) or is_stretch or finer:
            return match._replace(row=-1)
        return match

    def _is_of_suffix(self, a: Address, match: Match) -> bool:
        """Whether the entry has a suffix that is not written; one of a range is its own."""
        if _OTHER_NUMBER.isdisjoint(match.codes) or "range_end" in match.codes:
            return False
        return self._register.parts["number"][match.row] != str(a.number_from)

    # -- province, city, county ------------------------------------------------------------------

    def _against_region(self, a: Address, match: Match) -> tuple[str, ...]:
        if not a.region:
            return ()
        said = self._regions.get(a.region) if self._register.is_of_one_region else None
        if said is None:
            said = self._compare_region(a.region, match)
            if self._register.is_of_one_region:
                if len(self._regions) >= _MOST_NAMES:
                    self._regions.clear()
                self._regions[a.region] = said
        return said if said != _UNCHECKED or _ADMIN_SAID.isdisjoint(match.codes) else ()

    def _compare_region(self, region: str, match: Match) -> tuple[str, ...]:
        """Say whether a region as written is another than that of an answer, or not known there."""
        written = region_of(region)
        if written == NOWHERE:
            return ()
        here = self._register.regions_of(match.row, match.street)
        if here and all(contradicts(written, r) for r in here):
            return ("region_differs",)
        unknown = not here or any(not r.county and not r.city for r in here)
        return _UNCHECKED if unknown else ()

    # -- names -----------------------------------------------------------------------------------

    def _against_names(self, a: Address, match: Match) -> tuple[str, ...]:
        street, estate = self._names_of(match)
        if _is_the_name(a.street, street) and _is_the_name(a.estate, estate):
            return ()
        if self._lacks_a_sign(a, match):
            return ()
        if a.street and not self._may_be(a.street, street, estate):
            return ("sign_differs",)
        if a.estate and not self._may_be(a.estate, estate, "" if a.street else street):
            return ("sign_differs",)
        return ("estate_differs",) if self._is_other_estate(a, match, estate) else ()

    def _lacks_a_sign(self, a: Address, match: Match) -> bool:
        """Whether a sign is only left out or moved (滨江路 for 滨江东路), all else as written.

        One name with the house number and the flat then tells the other; a sign that is written
        and differs is never overlooked.
        """
        if match.level != "room" or match.row < 0 or not (a.street and a.number and a.estate):
            return False
        parts, row = self._register.parts, match.row
        same = all(parts[p][row] == getattr(a, p) for p in ("number", "building", "room"))
        pairs = [(compact(getattr(a, p)), parts[p][row]) for p in ("street", "estate")]
        others = [(w, known) for w, known in pairs if w != known]
        if not same or len(others) != 1:
            return False
        return _is_within(*others[0]) or _is_swapped(*others[0])

    def _is_other_estate(self, a: Address, match: Match, here: str) -> bool:
        """Whether a known estate is written, and the building found is of another one."""
        if not (a.estate and here) or RANK[match.level] > RANK["building"]:
            return False
        is_known = compact(a.estate) in self._estates or "no_admin" in match.codes
        return is_known and not self._is_like(a.estate, here)

    def _names_of(self, match: Match) -> tuple[str, str]:
        """Give the keys of street and estate an answer lies in; "" where it names none."""
        parts = self._register.parts
        if match.row >= 0:
            street, estate = parts["street"][match.row], parts["estate"][match.row]
        else:
            in_estate = match.street in self._estates and match.street not in self._streets
            street, estate = ("", match.street) if in_estate else (match.street, "")
        return ("" if street.startswith("@") else street), estate

    def _may_be(self, written: str, *here: str) -> bool:
        """Whether a written name may be one of those here, or none that is like it is here."""
        key = (written, *here)
        found = self._likely.get(key)
        if found is None:
            if len(self._likely) >= _MOST_NAMES:
                self._likely.clear()
            known = [name for name in here if name and self._is_like(written, name)]
            found = not known or not all(self._differs(written, name) for name in known)
            self._likely[key] = found
        return found

    def _differs(self, written: str, key: str) -> bool:
        index = self._streets if key in self._streets else self._estates
        return index.differs(written, key)

    @staticmethod
    def _is_like(written: str, key: str) -> bool:
        name = compact(written)
        return OSA.distance(name, key) <= max(2, _ALIKE_SHARE * max(len(name), len(key)))

    # -- numbers ---------------------------------------------------------------------------------

    def _against_numbers(self, a: Address, match: Match) -> list[str]:
        parts, row = self._register.parts, match.row
        against = []
        if a.number and (number := parts["number"][row]) and number != a.number:
            as_building = not a.building and parts["building"][row] == a.number
            if not as_building and _OTHER_NUMBER.isdisjoint(match.codes):
                against.append("number_differs")
        if RANK[match.level] < RANK["street"]:
            for part, written in zip(_DETAIL, (a.building, a.stairwell, a.room), strict=True):
                if written and (here := parts[part][row]) and written != here:
                    against.append(f"{part}_differs")
        return against


def _is_the_name(written: str, here: str) -> bool:
    """Whether no name is written, or in Chinese the very name that is here."""
    return not written or (written == here and not here.isascii())


def _is_swapped(written: str, known: str) -> bool:
    """Whether two neighbouring signs of a name have changed places."""
    return sorted(written) == sorted(known) and OSA.distance(written, known) == 1


def _is_within(written: str, known: str) -> bool:
    """Whether a name is a known one without one of its signs."""
    return len(known) == len(written) + 1 and any(
        written == known[:i] + known[i + 1 :] for i in range(len(known))
    )
