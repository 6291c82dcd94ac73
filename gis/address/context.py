"""Reads a Chinese address again by what the register knows of the town or community it names.

Within one community a misspelt street has few rivals, and within one town a misspelt community;
so a name that is the only near one there is taken, and what stays unsure is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd

from gis.address.address import Address
from gis.address.likeness import LikeNames, limit_of
from gis.address.names import NameMatch, compact
from gis.address.place_name import core_name
from gis.address.register import Register

LIKENESS_PER_COST = 0.2
CLEAR_MARGIN = 0.4
"""A rival must cost this much more, or else both are unsure."""

MOST_READINGS = 8

Reading = tuple[Address, float, tuple[str, ...]]
"""Address as the register writes it, likeness in (0, 1], evidence codes."""


class _Place(NamedTuple):
    """A community (or a whole town) of the register that the text may mean."""

    town: str
    community: str
    codes: tuple[int, ...]
    cost: float
    evidence: tuple[str, ...]


class Context:
    """What the register knows of each place.

    Parameters
    ----------
    register
        The register.
    """

    def __init__(self, register: Register) -> None:
        self._register = register
        self._names: dict[tuple[str, int], list[str]] = {}
        self._streets: dict[tuple[int, ...], LikeNames] = {}
        self._estates: dict[tuple[int, ...], LikeNames] = {}
        self._full = _full_names(register)
        self._towns_of: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._of_town: dict[str, list[int]] = {}
        self._of_community: dict[str, dict[str, tuple[int, ...]]] = {}
        for code, (town, community) in enumerate(register.places):
            self._of_town.setdefault(town, []).append(code)
            homes = self._of_community.setdefault(community, {})
            homes[town] = (*homes.get(town, ()), code)
        order = {town: i for i, town in enumerate(self._of_town)}
        self._of_community = {
            community: dict(sorted(homes.items(), key=lambda home: order[home[0]]))
            for community, homes in self._of_community.items()
        }
        self._towns = LikeNames(t for t in self._of_town if not t.isascii())
        self._communities: dict[str, LikeNames] = {
            town: LikeNames(register.places[c][1] for c in codes)
            for town, codes in self._of_town.items()
        }
        self._all_communities = LikeNames(c for _, c in register.places if not c.isascii())

    @property
    def is_chinese(self) -> bool:
        """Whether the register names towns or communities in Chinese."""
        return bool(self._towns.names or self._all_communities.names)

    @property
    def n_towns(self) -> int:
        """How many towns the register has."""
        return len(self._of_town)

    def is_of_one_town(self, part: str, name: str) -> bool:
        """Whether a street or estate of this name is in one town only."""
        return len(self._towns_with(part, name)) == 1

    def _towns_with(self, part: str, name: str) -> Collection[str]:
        """Give the towns that have a street or estate of this name."""
        if not self._towns_of:
            for (column, code), names in self._all_names().items():
                for known in names:
                    self._towns_of[column, known].add(self._register.places[code][0])
        return self._towns_of.get((part, name), ())

    def readings(self, a: Address) -> list[Reading]:
        """Give the address as the register would write it, likeliest first.

        Empty where neither town nor community is known or like a known one.
        """
        found: list[Reading] = []
        for place in self._places(a):
            found += self._readings_in(a, place)
        found.sort(key=lambda r: -r[1])
        return [r for r in found if r[0] != a or r[2]][:MOST_READINGS]

    # -- places ----------------------------------------------------------------------------------

    def _places(self, a: Address) -> list[_Place]:
        town, community = core_name(a.town), core_name(a.community)
        towns = self._towns.like(town) if town else []
        if community:
            return self._like_community(community, town, towns)
        places = []
        near = _clear(towns)
        for name, cost in near:
            codes = tuple(self._of_town[name])
            full = self._full[codes[0]][0]
            places.append(_Place(full, "", codes, cost, _code("town", cost, name, len(near))))
        return places

    def _like_community(
        self, community: str, town: str, towns: list[tuple[str, float]]
    ) -> list[_Place]:
        places = []
        is_known = community in self._all_communities
        for name, town_cost in _clear(towns):
            for like, cost in _clear(self._communities[name].like(community)):
                n_meant = 2 if is_known and cost else 1
                evidence = _code("town", town_cost, name, 1) + _code(
                    "community", cost, like, n_meant
                )
                codes = self._of_community.get(like, {}).get(name)
                if codes:
                    places.append(self._place(codes, cost + town_cost, evidence))
        if places:
            return places
        known_town = bool(towns) and towns[0][1] == 0.0
        likes = _clear(self._all_communities.like(community))
        for like, cost in likes:
            evidence = _code("community", cost, like, 2 if cost >= 1 else len(likes))
            homes = self._of_community.get(like, {})
            is_told = cost == 0.0 and len(homes) == 1
            doubt = "town_differs" if known_town else "town_unread" if is_told else "town_unknown"
            said = (*evidence, doubt) if town else evidence
            places += [self._place(codes, cost, said) for codes in homes.values()]
        return places

    def _place(self, codes: tuple[int, ...], cost: float, evidence: tuple[str, ...]) -> _Place:
        return _Place(*self._full[codes[0]], codes, cost, evidence)

    # -- names in a place --------------------------------------------------------------------------

    def _readings_in(self, a: Address, place: _Place) -> Iterator[Reading]:
        """Give the readings of street and estate by the names of one place."""
        town, community = place.town or a.town, place.community or a.community
        for street, estate, cost, codes in self._named_there(a, place):
            likeness = 1 - LIKENESS_PER_COST * (place.cost + cost)
            here = a._replace(town=town, community=community, street=street, estate=estate)
            yield from self._in_villages(here, place, max(likeness, 0.1), (*place.evidence, *codes))

    def _named_there(
        self, a: Address, place: _Place
    ) -> Iterator[tuple[str, str, float, tuple[str, ...]]]:
        """Give what street and estate become by the names of the place, at which cost."""
        streets = self._like(self._streets, "street", place, a.street)
        estates = self._like(self._estates, "estate", place, a.estate)
        if a.street and not streets and not (a.estate and estates):
            return
        for (street, cost, codes), (estate, more, others) in product(
            streets or [(a.street, 0.0, ())], estates or [(a.estate, 0.0, ())]
        ):
            yield street, estate, cost + more, (*codes, *others)
        if a.number and not a.street and not a.estate and place.community:
            for estate in self._hamlets_with(a.number, place):
                yield a.street, estate, 0.5, ("estate_missing",)
        if a.number and a.estate and not a.street:
            for street, cost, codes in self._like(self._streets, "street", place, a.estate):
                yield street, "", cost, codes

    def _hamlets_with(self, number: str, place: _Place) -> list[str]:
        """Give the hamlets of a village that have a house of this number."""
        numbers = self._register.groups["S.number"].index
        hamlets = (e for code in place.codes for e in self._names_of("estate", code))
        return [e for e in hamlets if f"@{place.community}/{e}|{number}" in numbers]

    def _in_villages(
        self, a: Address, place: _Place, likeness: float, codes: tuple[str, ...]
    ) -> Iterator[Reading]:
        """Give the reading, or one for each village of a town that has such a hamlet and number."""
        if place.community or a.street or not (a.estate and a.number):
            yield a, likeness, codes
            return
        numbers = self._register.groups["S.number"].index
        for code in place.codes:
            community = self._full[code][1]
            if f"@{community}/{compact(a.estate)}|{a.number}" in numbers:
                yield a._replace(community=community), likeness, codes

    def _like(
        self, known: dict[tuple[int, ...], LikeNames], part: str, place: _Place, written: str
    ) -> list[NameMatch]:
        if not written:
            return []
        names = known.get(place.codes)
        if names is None:
            names = known[place.codes] = LikeNames(
                n for code in place.codes for n in self._names_of(part, code)
            )
        name = compact(written)
        near = _clear(names.like(name))
        elsewhere = near and near[0][1] and self._is_in_town(part, place, name)
        n_meant = 2 if elsewhere else len(near)
        return [(n, cost, _code("name", cost, n, n_meant)) for n, cost in near]

    def _is_in_town(self, part: str, place: _Place, name: str) -> bool:
        """Whether a name that the place does not have is that of another place in its town."""
        return self._register.places[place.codes[0]][0] in self._towns_with(part, name)

    def _names_of(self, part: str, code: int) -> list[str]:
        return self._all_names().get((part, code), [])

    def _all_names(self) -> dict[tuple[str, int], list[str]]:
        """Give the streets and estates of each place, gathered when first asked for."""
        if not self._names:
            for column in ("street", "estate"):
                codes, names = pd.factorize(self._register.parts[column])
                pairs = pd.unique(self._register.place_code * len(names) + codes).tolist()
                for place, code in (divmod(pair, len(names)) for pair in pairs):
                    name = names[code]
                    if name and not name.startswith("@"):
                        self._names.setdefault((column, place), []).append(name)
        return self._names


def _full_names(register: Register) -> list[tuple[str, str]]:
    """Give town and community of each place as the register writes them."""
    codes, first = np.unique(register.place_code, return_index=True)
    town, community = register.parts["town"].tolist(), register.parts["community"].tolist()
    rows = dict(zip(codes.tolist(), first.tolist(), strict=True))
    return [(town[rows[c]], community[rows[c]]) for c in range(len(register.places))]


def _clear(found: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Keep the names that cost about as little as the best; only they can be meant."""
    return [(n, c) for n, c in found if c < found[0][1] + CLEAR_MARGIN]


def _code(part: str, cost: float, name: str, n_meant: int) -> tuple[str, ...]:
    """Give the evidence of taking a name at a cost, one of so many that may be meant.

    Half of a name is enough where names are few and all known: towns, communities of a town.
    """
    if cost == 0.0:
        return ()
    limit = limit_of(name) if part == "name" else max(limit_of(name), 1.0)
    return (f"{part}_near",) if cost <= limit and n_meant == 1 else (f"{part}_unsure",)
