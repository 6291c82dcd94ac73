"""Addresses at the crossing of two streets."""

from __future__ import annotations

from gis.address.address import Address
from gis.address.match import Match, make_match
from gis.address.names import NameIndex, NameMatch
from gis.address.network import StreetNetwork


class Crossings:
    """Finds where two written streets meet.

    Parameters
    ----------
    network
        The streets.
    names
        Their names, and those of the register.
    """

    def __init__(self, network: StreetNetwork, names: NameIndex) -> None:
        self._network = network
        self._names = names

    def find(self, a: Address) -> list[Match]:
        """Give the points where the two streets meet; empty when they do not."""
        found: list[Match] = []
        for first, likeness_a, codes_a in self._readings(a.street):
            for second, likeness_b, codes_b in self._readings(a.cross_street):
                if first == second or first not in self._network or second not in self._network:
                    continue
                points, is_node = self._network.meetings(first, second)
                code = "intersection_exact" if is_node else "streets_close"
                codes = (code, *dict.fromkeys(codes_a + codes_b), *a.notes)
                found += [
                    make_match(
                        "intersection", lon, lat, -1, codes,
                        similarity=likeness_a * likeness_b, street=first,
                    )
                    for lon, lat in points
                ]  # fmt: skip
        return _surest([_without_weak_doubt(m) for m in found])

    def _readings(self, name: str) -> list[NameMatch]:
        """Give the names a street may be meant by, and names of another type than written."""
        others = [(k, s, ("type_differs",)) for k, s, _ in self._names.alternatives(name)]
        return self._names.resolve(name) + others


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
