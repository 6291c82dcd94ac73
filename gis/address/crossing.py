"""Addresses at the crossing of two streets."""

from __future__ import annotations

from collections.abc import Callable

from gis.address.address import Address
from gis.address.match import Match, make_match
from gis.address.names import NameIndex, NameMatch
from gis.address.network import Box, StreetNetwork
from gis.address.side_ranges import Spot

FARTHEST_APPROACH_M = 300.0
"""Streets farther apart than this were not meant as a crossing."""


class Crossings:
    """Finds where two written streets meet.

    Parameters
    ----------
    network
        The streets.
    names
        Their names, and those of the register.
    extent_of
        Gives the ground of the town or community an address names, None where it names none.
    """

    def __init__(
        self,
        network: StreetNetwork,
        names: NameIndex,
        extent_of: Callable[[Address], Box | None],
    ) -> None:
        self._network = network
        self._names = names
        self._extent_of = extent_of

    def find(self, a: Address) -> list[Match]:
        """Give the points where the two streets meet; empty when they do not."""
        found = self._of_readings(a, self._meeting)
        return _surest([_without_weak_doubt(m) for m in found])

    def find_near(self, a: Address) -> list[Match]:
        """Give where two streets that do not meet come closest, for a person to judge."""
        return _surest(self._of_readings(a, self._approach))

    def _of_readings(
        self, a: Address, places: Callable[[str, str], tuple[list[Spot], str]]
    ) -> list[Match]:
        found: list[Match] = []
        box = self._extent_of(a)
        for first, likeness_a, codes_a in self._readings(a.street):
            for second, likeness_b, codes_b in self._readings(a.cross_street):
                if first == second or first not in self._network or second not in self._network:
                    continue
                spots, code = places(first, second)
                codes = (code, *dict.fromkeys(codes_a + codes_b), *a.notes)
                found += [
                    make_match(
                        "intersection", lon, lat, -1, codes,
                        similarity=likeness_a * likeness_b, street=first, error_m=error_m,
                    )
                    for lon, lat, error_m in _within(spots, box)
                ]  # fmt: skip
        return found

    def _meeting(self, first: str, second: str) -> tuple[list[Spot], str]:
        spots, is_node = self._network.meetings(first, second)
        return spots, "intersection_exact" if is_node else "streets_close"

    def _approach(self, first: str, second: str) -> tuple[list[Spot], str]:
        spot = self._network.approach(first, second)
        return [spot] if spot[2] <= FARTHEST_APPROACH_M / 2 else [], "streets_apart"

    def _readings(self, name: str) -> list[NameMatch]:
        """Give the names a street may be meant by, and names of another type than written."""
        others = [(k, s, ("type_differs",)) for k, s, _ in self._names.alternatives(name)]
        return self._names.resolve(name) + others


def _within(spots: list[Spot], box: Box | None) -> list[Spot]:
    """Keep the spots in a box, or all when none is."""
    if box is None:
        return spots
    west, south, east, north = box
    kept = [s for s in spots if west <= s[0] <= east and south <= s[1] <= north]
    return kept or spots


def _surest(matches: list[Match]) -> list[Match]:
    """Keep the crossings of the streets as written, where those meet at all."""
    as_written = [m for m in matches if "type_differs" not in m.codes]
    return as_written or matches


def _without_weak_doubt(match: Match) -> Match:
    """Two streets that meet confirm one another: a name that only resembles is then sure enough."""
    if "name_unsure" not in match.codes:
        return match
    codes = tuple("name_fuzzy" if c == "name_unsure" else c for c in match.codes)
    return match._replace(codes=codes)
