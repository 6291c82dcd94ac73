"""The rungs an address is tried on, from room down to town, and the evidence each step leaves."""

from __future__ import annotations

import numpy as np

from gis.address.address import Address
from gis.address.administration import Administration
from gis.address.clerk import Clerk
from gis.address.context import Context, Reading
from gis.address.crossing import Crossings
from gis.address.detail import detail_keys, kin_of_number, refine
from gis.address.elsewhere import may_be_elsewhere
from gis.address.evidence import is_doubtful, score_of
from gis.address.gather import Gatherer
from gis.address.known_names import KnownNames
from gis.address.match import (
    Match,
    add_codes,
    add_reading,
    make_match,
    overruled,
    told_by_flat,
    unproved,
    without_doubles,
)
from gis.address.names import NameIndex, NameMatch, compact
from gis.address.network import StreetNetwork
from gis.address.place_name import village_street
from gis.address.placing import Placer
from gis.address.proof import Proofs
from gis.address.register import Register

_MOST_YARDS = 200


class Ladder:
    """Climbs from a read address to register entries.

    Parameters
    ----------
    register
        The indexed register.
    network
        The streets, or None.
    """

    def __init__(self, register: Register, network: StreetNetwork | None) -> None:
        self.register = register
        self.network = network
        self.streets = NameIndex([*register.street_names, *(network.names if network else ())])
        for alias, name in network.aliases if network else ():
            self.streets.add_alias(alias, name)
        self.estates = NameIndex(register.estate_names)
        self._administration = Administration(register)
        self._context = Context(register)
        self._gatherer = Gatherer(register, self._administration)
        self._clerk = Clerk(register, self.streets, self.estates)
        self._proofs = Proofs(register)
        self._yards: dict[str, bool] = {}
        parts = register.parts
        self._known_names = KnownNames(
            self.streets,
            self.estates,
            communities=set(parts["community"]),
            towns=set(parts["town"]),
        )
        self._placer = Placer(register, network, self._gatherer)
        self._crossings = None
        if network is not None:
            self._crossings = Crossings(network, self.streets, self._placer.extent_of)
        self.number_line = self._placer.number_line

    def climb(self, a: Address) -> list[Match]:
        """Give every answer worth showing, in no order; empty when nothing fits."""
        found = [self._clerk.checked(a, m) for m in self._climb(a)]
        if self._context.is_chinese:
            found = [self._doubted(a, m) for m in found]
        if found and not all(is_doubtful(m.codes) for m in found):
            return found
        read = [
            self._clerk.checked(written, self._read_otherwise(written, m, reading))
            for written, reading in self._readings(a)
            for m in self._climb(reading[0])
        ]
        found = [self._proved(a, m) for m in found]
        return without_doubles(found + read)

    def _proved(self, a: Address, match: Match) -> Match:
        """Give the match without the doubts that its own parts overrule."""
        proofs = self._proofs
        if proofs.is_told_by_flat(a, match):
            match = told_by_flat(match)
        overrules = (
            proofs.is_proved(a, match)
            or proofs.is_whole_flat(a, match)
            or proofs.overrules_community(a, match)
        )
        return overruled(match) if overrules else match

    def _read_otherwise(self, written: Address, match: Match, reading: Reading) -> Match:
        other, likeness, codes = reading
        is_proved = self._proofs.is_proved(other, match)
        found = add_reading(match, likeness, codes, is_proved=is_proved)
        if self._proofs.is_told_by_flat(written, found):
            found = told_by_flat(found)
        return overruled(found) if self._proofs.overrules_community(written, found) else found

    def _doubted(self, a: Address, match: Match) -> Match:
        """Doubt a name that is read otherwise and not proved, or that other towns have too."""
        match = match if self._proofs.has_plate_of_estate(a, match) else unproved(match)
        if "no_admin" not in match.codes or self._proofs.is_proved(a, match):
            return match
        if self._context.n_towns > 1 and _lacks_detail(match):
            match = add_codes(match, "detail_unproved")
        names = (("street", compact(a.street)), ("estate", compact(a.estate)))
        if any(name and self._context.is_of_one_town(part, name) for part, name in names):
            return match
        if not may_be_elsewhere(self.register, a, match):
            return match
        return add_codes(match, "name_elsewhere")

    def _readings(self, a: Address) -> list[tuple[Address, Reading]]:
        """Give other ways to read a Chinese address, by the names that the register knows.

        Each with what is written: the names as they are, parted as that reading parts them.
        """
        peeled = self._administration.peeled(a)
        found = [(a, reading) for reading in self._context.readings(a)]
        if peeled != a:
            doubt = self._doubt_of_peeling(a)
            found += [(peeled, (peeled, 0.97, doubt))]
            found += [
                (peeled, (r, likeness, (*codes, *doubt)))
                for r, likeness, codes in self._context.readings(peeled)
                if r != peeled
            ]
        return found

    def _doubt_of_peeling(self, a: Address) -> tuple[str, ...]:
        """Tell that the words may be a name themselves: 中寨2组 is a hamlet, and 中寨 a village."""
        if a.community or self._administration.knows_town(a.town):
            return ()
        known = compact(a.street) in self.streets if a.street else compact(a.estate) in self.estates
        return ("name_unsure",) if known else ()

    def full_name(self, key: str) -> str:
        """Give the street or estate of a key as it is written, else the key itself."""
        return self.streets.full_name(key) or self.estates.full_name(key) or key

    def agreement(self, place: int) -> tuple[str, ...]:
        """Give the evidence of a text that names town and community as the register does."""
        return self._administration.agreement(place)

    def _climb(self, a: Address) -> list[Match]:
        if a.kind == "none":
            return []
        a = self._known_names.read(a)
        if a.kind == "intersection":
            return self._at_crossing(a)
        found: list[Match] = []
        for key, similarity, codes in self._street_readings(a):
            found += self._on_street(a, key, similarity, codes)
        if a.number and found and all(m.level == "street" for m in found):
            found += self._on_other_street(a)
        if a.estate and not _is_settled(a, found):
            for key, similarity, codes in self.estates.resolve(a.estate):
                found += self._in_estate(a, key, similarity, codes)
        return found or self._in_place(a)

    def _at_crossing(self, a: Address) -> list[Match]:
        """Find a crossing, or else where its streets come close, or the first: all in doubt."""
        found = self._crossings.find(a) if self._crossings else []
        if found:
            return found
        if self._crossings is not None:
            found = self._crossings.find_near(a)
        known = self._crossings is not None and self.streets.resolve(a.cross_street)
        code = "streets_apart" if known else "cross_street_unknown"
        for key, similarity, codes in self.streets.resolve(a.street):
            found += self._street_itself(a, key, similarity, (code, *codes, *a.notes))
        return found or self._in_place(a)

    def _street_readings(self, a: Address) -> list[NameMatch]:
        """Give the streets, or for a house number without a street the villages, it may lie in."""
        if a.street:
            return self.streets.resolve(a.street)
        if not a.number or not a.community:
            return []
        village = village_street(a.community, compact(a.estate))
        known = self.register.groups["street"].index
        if village in known:
            return [(village, 1.0, ())]
        near = [
            (village_street(a.community, key), similarity, codes)
            for key, similarity, codes in (self.estates.resolve(a.estate) if a.estate else ())
        ]
        return [n for n in near if n[0] in known]

    # -- on a street ---------------------------------------------------------------------------

    def _on_street(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        codes = a.notes + codes
        if a.number:
            found = self._by_number(a, street, similarity, codes)
            if found and all("town_differs" in m.codes for m in found):
                doubt = ("number_unknown", *codes)
                found = found + self._placer.between_numbers(a, street, similarity, doubt)
            if found:
                return found
        counted = a.number_from >= 0 and not _is_hyphenated(a)
        if counted and (found := self._near_number(a, street, similarity, codes)):
            return found
        return self._street_itself(a, street, similarity, codes)

    def _on_other_street(self, a: Address) -> list[Match]:
        """Find the number on streets of nearly this name: for a person to judge."""
        found: list[Match] = []
        for key, similarity, codes in self.streets.alternatives(a.street):
            found += self._by_number(a, key, similarity, codes + a.notes)
        return found

    def _by_number(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        found = self._known_number(a, street, similarity, codes)
        if any(m.lon != m.lon for m in found):
            found = [self._placed(a, m) for m in found]
        return self._placer.confirmed(a, found)

    def _placed(self, a: Address, match: Match) -> Match:
        """Give an entry without coordinates the position its neighbours suggest."""
        kept = tuple(c for c in match.codes if c != "no_coordinates")
        for other in self._placer.between_numbers(a, match.street, match.score, ()):
            more = ("position_unsure",) if "position_unsure" in other.codes else ()
            codes = (*kept, "position_interpolated", *more)
            likeness = match.score / max(score_of(match.codes), 1e-9)
            placed = make_match(
                "interpolated", other.lon, other.lat, match.row, codes, similarity=likeness
            )
            return placed._replace(street=match.street, error_m=other.error_m)
        return match

    def _known_number(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        groups = self.register.groups
        key = f"{street}|{a.number}"
        if a.building or a.stairwell or a.room:
            for rung, level, tail in detail_keys(a, key):
                group = groups[f"S.{rung}"].index.get(tail)
                if group is not None and level:
                    return self._gatherer.from_group(
                        a, f"S.{rung}", level, group, similarity, codes, street
                    )
        group = groups["S.number"].index.get(key)
        if group is None:
            return []
        if a.building or a.stairwell or a.room:
            rows = groups["S.number"].rows_of(group)
            rows, level, missing = refine(self.register, rows, a, "number")
            more = (f"{level}_exact", *missing, *codes)
            return self._gatherer.from_rows(a, rows, level, similarity, more, street)
        return self._gatherer.from_group(a, "S.number", "number", group, similarity, codes, street)

    def _near_number(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        if a.kind == "block" or _may_be_stretch(a):
            return self._placer.block(a, street, similarity, codes)
        for rows, code in kin_of_number(self.register.parts["number"], a, self.number_line(street)):
            if len(rows):
                more = ("number_exact", code, *codes)
                return self._gatherer.from_rows(a, rows, "number", similarity, more, street)
        return self._placer.between_numbers(a, street, similarity, codes)

    def _street_itself(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        code = "number_range" if a.kind == "block" else "number_missing"
        if a.number:
            code = "number_unknown"
        if _names_street_only(a):
            code = "street_whole"
        return self._placer.street(a, street, similarity, (code, *codes))

    # -- in an estate, community or town ---------------------------------------------------------

    def _in_estate(
        self, a: Address, estate: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        groups = self.register.groups
        codes = a.notes + codes + (("number_unknown",) if a.street and a.number else ())
        in_yards = bool(a.number) and not a.street and self._has_yards(estate)
        for rung, level, tail in [] if in_yards else detail_keys(a, estate):
            group = groups[f"E.{rung}"].index.get(tail)
            if group is not None:
                codes += self._doubt_of_yard(groups[f"E.{rung}"].rows_of(group))
                found = self._gatherer.from_group(
                    a, f"E.{rung}", level, group, similarity, codes, estate
                )
                return [self._clerk.told_by_number(a, m) for m in found]
        group = groups["E.estate"].index.get(estate)
        if group is None:
            return []
        rows, level, missing = refine(self.register, groups["E.estate"].rows_of(group), a, "estate")
        more = (f"{level}_exact", *missing, *codes)
        found = self._gatherer.from_rows(
            a, rows, level, similarity, more, estate, split=level != "estate"
        )
        return [self._clerk.told_by_number(a, m) for m in found]

    def _has_yards(self, estate: str) -> bool:
        """Whether numbers part an estate without a street into yards (幸福里3号院)."""
        found = self._yards.get(estate)
        if found is None:
            rows = self.register.groups["E.estate"].rows_with(estate)
            found = self._yards[estate] = bool((self.register.parts["number"][rows] != "").any())
        return found

    def _doubt_of_yard(self, rows: np.ndarray) -> tuple[str, ...]:
        """Tell that no yard is written where several have such a building."""
        if len(rows) < 2:
            return ()
        parts = self.register.parts
        yards = {
            (parts["street"][r], parts["number"][r])
            for r in rows[:_MOST_YARDS].tolist()
            if parts["street"][r].startswith("@")
        }
        return ("yard_missing",) if len(yards) > 1 else ()

    def _in_place(self, a: Address) -> list[Match]:
        """Fall back to the community, then the town, by their full or bare names."""
        for level, name in (("community", a.community), ("town", a.town)):
            groups = self.register.groups[level]
            group = groups.index.get(name) if name else None
            if group is None:
                continue
            unknown = ("number_unknown",) if a.street or a.number or a.estate else ()
            is_whole = level == "community" and not (unknown or a.building or a.room)
            codes = (f"{level}_{'whole' if is_whole else 'only'}", *unknown, *a.notes)
            return self._gatherer.from_place(a, level, group, codes, name)
        return []


def _is_settled(a: Address, found: list[Match]) -> bool:
    """Whether the street gave all the detail the address has."""
    if not found:
        return False
    wants_detail = bool(a.building or a.stairwell or a.room)
    if any("detail_unknown" in m.codes for m in found) and wants_detail:
        return False
    return any(m.level not in ("street", "community", "town") for m in found)


def _lacks_detail(match: Match) -> bool:
    """Whether an estate or building is known and what is written within it is not."""
    return "detail_unknown" in match.codes and match.level in ("estate", "unit", "building")


def _names_street_only(a: Address) -> bool:
    """Whether nothing finer than a street is written, so that the whole street is meant."""
    finer = (a.number, a.estate, a.building, a.stairwell, a.room, a.cross_street)
    plain = a.kind == "address" and not a.street.isascii()
    return plain and a.number_from < 0 and not any(finer)


def _may_be_stretch(a: Address) -> bool:
    """Whether a Chinese number that the register does not have is a stretch (12-16号)."""
    return a.number_to > a.number_from and not a.street.isascii()


def _is_hyphenated(a: Address) -> bool:
    """Whether a Western number is one number with a hyphen (23-45), not 23 with an annex."""
    first, _, second = a.number.partition("-")
    return (
        a.street.isascii() and a.number_to == a.number_from
        and len(first) > 1 and len(second) > 1 and second.isdecimal()
    )  # fmt: skip
