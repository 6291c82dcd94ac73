"""Positions along a street for numbers the register does not place, each with its error.

Two sources: known numbers on either side, and the number ranges of street sides. Where both
speak they must agree; the error given is what nine of ten such positions kept within when every
known number of a real city was left out and placed again.
"""

from __future__ import annotations

from gis.address.address import Address
from gis.address.distance import distance_m
from gis.address.evidence import score_of
from gis.address.gather import Agreeing, Gatherer
from gis.address.match import Match, add_codes, make_match
from gis.address.network import Box, StreetNetwork
from gis.address.numbers import NumberLine
from gis.address.register import Register
from gis.address.side_ranges import Spot

UNSURE_M = 60.0
"""A position that may be off by more than this goes to a person."""

APART_M = 250.0
"""An entry this far from where the number ranges of its street put it is in doubt."""

_MARGIN_DEGREES = 0.003
_MOST_LINES = 20_000


class Placer:
    """Places house numbers, stretches of numbers and whole streets.

    Parameters
    ----------
    register
        The register.
    network
        The streets, or None.
    gatherer
        Judges towns and communities.
    """

    def __init__(
        self, register: Register, network: StreetNetwork | None, gatherer: Gatherer
    ) -> None:
        self._register = register
        self._network = network
        self._gatherer = gatherer
        self._lines: dict[str, NumberLine] = {}
        self._lines_of: dict[tuple[str, tuple[int, ...] | None], list[NumberLine]] = {}
        self._extents: dict[tuple[str, str], Box | None] = {}

    def number_line(self, street: str) -> NumberLine:
        """Give the known house numbers of a street, of every town that has one of this name."""
        line = self._lines.get(street)
        if line is None:
            rows = self._register.groups["street"].rows_with(street)
            line = self._lines[street] = NumberLine(self._register, rows)
        return line

    def between_numbers(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        """Place a number between known ones, or within a side's range; empty when neither can."""
        admin, lines = self._lines_meant(a, street)
        codes = (*codes, *admin)
        spots = [line.interpolate(a.number_from) for line in lines]
        between = [spot for spot in spots if spot is not None]
        if not between:
            ranged = ("street_range", *codes)
            return [self._match(s, ranged, similarity, street) for s in self._spots(a, street)]
        codes = ("interpolated", *self._denial(street, a.number_from), *codes)
        found = []
        for lon, lat, error_m in between:
            spot = (lon, lat, max(error_m, self._off_street_m(street, lon, lat)))
            found.append(self._match(spot, codes, similarity, street))
        return found

    def confirmed(self, a: Address, found: list[Match]) -> list[Match]:
        """Give entries with a number; where its street's ranges put it far away, that too."""
        if not found or a.building or found[0].level != "number":
            return found
        spots = self._spots(a, found[0].street)
        near = [m for m in found for s in spots if not _apart_m(m, s) > APART_M]
        if near or not spots:
            return found
        likeness = found[0].score / max(score_of(found[0].codes), 1e-9)
        codes = ("street_range", "sources_apart")
        other = self._match(spots[0], codes, likeness, found[0].street)
        return [*(add_codes(m, "sources_apart") for m in found), other]

    def block(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        """Place the middle of a stretch of numbers; the stretch itself is what was said."""
        codes = ("number_range", *codes)
        line = self.number_line(street)
        rows = line.rows_between(a.number_from, a.number_to)
        if len(rows):
            _, meant = self._gatherer.best_places(a, rows)
            return [
                match
                for part in self._register.by_town(meant)
                for match in self._gatherer.from_rows(
                    a, part, "interpolated", similarity, codes, street, split=False, is_whole=True
                )
            ]
        if self._network is not None:
            spot = self._network.sides.locate_range(street, a.number_from, a.number_to)
            if spot is not None:
                ranged = ("street_range", *codes, *self._admin_of(a, street))
                return [self._stretch(spot, ranged, similarity, street)]
        spot = line.interpolate((a.number_from + a.number_to) // 2)
        if spot is None:
            return []
        between = ("interpolated", *codes, *self._admin_of(a, street))
        return [self._stretch(spot, between, similarity, street)]

    @staticmethod
    def _stretch(spot: Spot, codes: tuple[str, ...], similarity: float, street: str) -> Match:
        """Give the middle of a stretch; how long it is, is no doubt."""
        return make_match(
            "interpolated", *spot[:2], -1, codes,
            similarity=similarity, street=street, error_m=spot[2],
        )  # fmt: skip

    def street(
        self, a: Address, street: str, similarity: float, codes: tuple[str, ...]
    ) -> list[Match]:
        """Give the middle of a street, within the town that is written."""
        if street.startswith("@"):
            return []
        group = self._register.groups["street"].index.get(street, -1)
        admin, places = self._meant(a, group)
        if self._network is not None and street in self._network:
            lon, lat, error_m = self._network.middle(street, self.extent_of(a))
        elif group < 0:
            return []
        else:
            lon, lat, error_m, _ = self._gatherer.spot_of("street", group, places)
        if "street_whole" in codes and not self._is_sure(group, (admin, places)):
            codes = tuple("number_missing" if c == "street_whole" else c for c in codes)
        kind = () if "street_whole" in codes else ("street_only",)
        more = (*kind, *codes, *admin)
        return [make_match(
            "street", lon, lat, -1, more, similarity=similarity, street=street, error_m=error_m
        )]  # fmt: skip

    def _is_sure(self, group: int, meant: Agreeing) -> bool:
        """Whether a street named without a number is one: that of its community, or of its town.

        Where two communities of the town have a house of one number, they have a street each.
        """
        admin, places = meant
        if "community_agrees" in admin:
            return True
        if "town_agrees" not in admin or group < 0:
            return "town_agrees" in admin
        houses = {
            (self._register.place_code[r], self._register.parts["number"][r])
            for r in self._gatherer.rows_of("street", group, places).tolist()
            if self._register.parts["number"][r]
        }
        return len(houses) == len({number for _, number in houses})

    def extent_of(self, a: Address) -> Box | None:
        """Give the ground of the community or town that is written, a little widened."""
        for rung, name in (("community", a.community), ("town", a.town)):
            if name and name in self._register.groups[rung].index:
                key = (rung, name)
                if key not in self._extents:
                    rows = self._register.groups[rung].rows_with(name)
                    self._extents[key] = self._register.bounds_of(rows, _MARGIN_DEGREES)
                return self._extents[key]
        return None

    def _spots(self, a: Address, street: str) -> list[Spot]:
        """Give where the ranges of the street's sides put the number, in the town written."""
        if self._network is None or a.number_from < 0:
            return []
        spots = self._network.sides.locate_number(street, a.number_from)
        box = self.extent_of(a) if spots else None
        return [s for s in spots if box is None or _is_within(s, box)]

    def _lines_meant(self, a: Address, street: str) -> tuple[tuple[str, ...], list[NumberLine]]:
        """Give evidence of town and community, and the known numbers, each town's apart."""
        group = self._register.groups["street"].index.get(street, -1)
        said, places = self._meant(a, group)
        key = (street, places)
        lines = self._lines_of.get(key)
        if lines is None:
            if len(self._lines_of) >= _MOST_LINES:
                self._lines_of.clear()
            lines = self._lines_of[key] = self._lines_in(street, group, places)
        return said, lines

    def _lines_in(
        self, street: str, group: int, places: tuple[int, ...] | None
    ) -> list[NumberLine]:
        """Give the known numbers of a street in some of its places, each town's apart."""
        if group < 0:
            return [self.number_line(street)]
        towns = self._register.by_town(self._gatherer.rows_of("street", group, places))
        if places is None and len(towns) == 1:
            return [self.number_line(street)]
        return [NumberLine(self._register, part) for part in towns]

    def _denial(self, street: str, number: int) -> tuple[str, ...]:
        """Give a doubt where the number ranges of the street leave a number out."""
        denied = self._network is not None and self._network.sides.denies(street, number)
        return ("number_passed_over",) if denied else ()

    def _off_street_m(self, street: str, lon: float, lat: float) -> float:
        if self._network is None or street not in self._network:
            return 0.0
        return self._network.distance_m(street, lon, lat)

    def _match(self, spot: Spot, codes: tuple[str, ...], similarity: float, street: str) -> Match:
        lon, lat, error_m = spot
        unsure = ("position_unsure",) if error_m > UNSURE_M else ()
        return make_match(
            "interpolated", lon, lat, -1, (*codes, *unsure),
            similarity=similarity, street=street, error_m=error_m,
        )  # fmt: skip

    def _meant(self, a: Address, group: int) -> Agreeing:
        """Give the places of a street that agree best with what is written; group -1 has none."""
        if group < 0:
            return ("admin_unchecked",) if a.town or a.community else ("no_admin",), None
        return self._gatherer.places_of(a, "street", group)

    def _admin_of(self, a: Address, street: str) -> tuple[str, ...]:
        return self._meant(a, self._register.groups["street"].index.get(street, -1))[0]


def _is_within(spot: Spot, box: Box) -> bool:
    west, south, east, north = box
    return west <= spot[0] <= east and south <= spot[1] <= north


def _apart_m(match: Match, spot: Spot) -> float:
    return distance_m(match.lon, match.lat, spot[0], spot[1])
