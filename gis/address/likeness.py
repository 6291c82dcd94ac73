"""How far apart two Chinese names are to people who misspell: by ear, by eye, by a slip.

A cost of 1 is one arbitrary sign; a sign of the same sound costs 0.3, two swapped signs 0.5, a sign
written twice 0.4. Signs that tell names apart (`gis.address.signs`) never count as misspelt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from math import inf

from rapidfuzz import process
from rapidfuzz.distance import OSA

from gis.address.names import split_type
from gis.address.signs import tells_apart
from gis.address.sound import sound_of

SAME_SOUND, SWAPPED, DOUBLED, OTHER_TYPE = 0.3, 0.5, 0.4, 0.5
FARTHEST = 2
"""Signs that may differ at most."""

NEAR_COST = {1: 0.0, 2: 0.7, 3: 1.05, 4: 1.4}
"""Length of the name's own part to the cost up to which it is surely meant, if no other is near."""

NEAR_COST_LONG = 2.0
MOST = 5
_kind_of_place = re.compile(r"(?:寨|屯|坝|自然村|家属[院区]|宿舍)?(?:\d+[组队])?$")


def limit_of(name: str) -> float:
    """Give the cost up to which a written name is surely this one, if no other is near.

    Examples
    --------
    >>> limit_of("兴隆街"), limit_of("滨江东路"), limit_of("新寨2组")
    (0.7, 1.05, 0.0)
    """
    return NEAR_COST.get(len(_own_part(name)), NEAR_COST_LONG)


@lru_cache(maxsize=200_000)
def _own_part(name: str) -> str:
    """Give a name without its kind and the number of a group, which tell nothing."""
    own = _kind_of_place.sub("", name) or name
    return split_type(own)[0]


def cost_of(written: str, known: str, limit: float = inf) -> float:
    """Give the cost of taking a written name for a known one; infinite where it must not be.

    Parameters
    ----------
    limit
        A higher cost is infinite too. Most names cost more than is allowed, which is found sooner
        than whether a sign tells them apart.

    Examples
    --------
    >>> cost_of("溶江大道", "榕江大道"), cost_of("江榕大道", "榕江大道"), cost_of("榕榕江", "榕江")
    (0.3, 0.5, 0.4)
    >>> cost_of("滨江东路", "滨江西路"), cost_of("兴隆路", "兴隆街"), cost_of("河江", "榕江")
    (inf, 0.5, 1.0)
    """
    cost = _cost_of_slips(written, known)
    return inf if cost > limit or tells_apart(written, known) else cost


@lru_cache(maxsize=200_000)
def _cost_of_slips(written: str, known: str) -> float:
    """Give the cost of all that was misspelt, whatever it tells."""
    if written == known:
        return 0.0
    signs = OSA.distance(written, known)
    sounds = OSA.distance(sound_of(written), sound_of(known))
    cost = sounds + SAME_SOUND * (signs - sounds)
    if cost > SWAPPED and sorted(written) == sorted(known):
        cost = SWAPPED
    if cost > DOUBLED and _is_doubled(written, known):
        cost = DOUBLED
    if cost > OTHER_TYPE and len(own := _own_part(known)) > 1 and own == _own_part(written):
        cost = OTHER_TYPE
    return round(cost, 2)


def _is_doubled(written: str, known: str) -> bool:
    return len(written) == len(known) + 1 and any(
        written[i] == written[i - 1] and written[:i] + written[i + 1 :] == known
        for i in range(1, len(written))
    )


class LikeNames:
    """Known names of one place, asked for those like a written one.

    Parameters
    ----------
    names
        The names, normalised.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(set(names) - {""})
        self._known = set(self.names)
        self._sounds = [sound_of(n) for n in self.names]
        self._limits = {n: max(limit_of(n), min(1.0, len(n) - 1)) for n in self.names}
        self._by_own: dict[str, list[str]] = {}
        for name in self.names:
            self._by_own.setdefault(_own_part(name), []).append(name)

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def like(self, written: str) -> list[tuple[str, float]]:
        """Give the names a written one may mean with their cost, the likeliest first."""
        if written in self._known:
            return [(written, 0.0)]
        near = process.extract(
            sound_of(written), self._sounds, scorer=OSA.distance, score_cutoff=FARTHEST, limit=8
        )
        found = {self.names[i] for _, _, i in near}
        found |= set(self._by_own.get(_own_part(written), ()))
        costs = [(name, cost_of(written, name, self._limits[name])) for name in found]
        return sorted((nc for nc in costs if nc[1] < inf), key=lambda nc: (nc[1], nc[0]))[:MOST]
