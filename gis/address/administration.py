"""Towns and communities: whether they agree with what was written, also where badly written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from gis.address.address import Address
from gis.address.likeness import cost_of, limit_of
from gis.address.names import compact
from gis.address.place_name import core_name
from gis.address.register import Register

_stray_kind = re.compile(r"^(?:社区|街道|[村居]?委会|[社区村镇乡])(?=.{2})")
_MOST_WORDS = 50_000
"""Town and community as so many texts write them are remembered."""

Verdict = tuple[int, tuple[str, ...]]
"""Rank (0 agrees, 1 nothing written, 2 cannot tell, 3 unknown, 4 one differs, 5 both), codes."""


class Administration:
    """The towns and communities of a register.

    Parameters
    ----------
    register
        The register.
    """

    def __init__(self, register: Register) -> None:
        self._places = register.places
        self._towns = {t for t, _ in register.places} - {""}
        self._communities = {c for _, c in register.places} - {""}
        towns, communities = register.parts["town"], register.parts["community"]
        self._town_names = {core_name(t): t for t in sorted(set(towns)) if t}
        self._community_names = {core_name(c): c for c in sorted(set(communities)) if c}
        self._n_towns = Counter(c for _, c in set(register.places))
        self._agreements: dict[int, tuple[str, ...]] = {}
        self._verdicts: dict[tuple[str, str], dict[int, Verdict]] = {}
        self._said: dict[tuple[str, str], dict[str, str]] = {}

    def judge(self, a: Address, place: int) -> Verdict:
        """Compare town and community as written with those of a place of the register."""
        return self.judge_all(a, (place,))[place]

    def judge_all(self, a: Address, places: Iterable[int]) -> dict[int, Verdict]:
        """Give the verdicts of places, and of others that were judged for the same words."""
        key = (a.town, a.community)
        found = self._verdicts.get(key)
        if found is None:
            if len(self._verdicts) >= _MOST_WORDS:
                self._verdicts.clear()
                self._said.clear()
            found = self._verdicts[key] = {}
        missing = [place for place in places if place not in found]
        if missing:
            found.update(self._compare(*key, missing))
        return found

    def _is_of_one_town(self, community: str) -> bool:
        return self._n_towns[community] == 1

    def knows_town(self, name: str) -> bool:
        """Whether a town of this name, with or without its kind, is in the register."""
        return core_name(name) in self._towns

    def agreement(self, place: int) -> tuple[str, ...]:
        """Give the evidence that all administrative parts of a place agree."""
        found = self._agreements.get(place)
        if found is None:
            found = self._agreements[place] = self._agree(*self._places[place])
        return found

    @staticmethod
    def _agree(town: str, community: str) -> tuple[str, ...]:
        return (*["community_agrees"] * bool(community), *["town_agrees"] * bool(town))

    def _compare(self, town: str, community: str, places: list[int]) -> dict[int, Verdict]:
        if not town and not community:
            return dict.fromkeys(places, (1, ("no_admin",)))
        town, community = core_name(town), core_name(community)
        of_towns = self._said.setdefault(("town", town), {})
        of_communities = self._said.setdefault(("community", community), {})
        found = {}
        for place in places:
            here_town, here = self._places[place]
            if here_town not in of_towns:
                of_towns[here_town] = _compared("town", town, here_town, self._towns)
            if here not in of_communities:
                of_communities[here] = _compared("community", community, here, self._communities)
            codes = (of_communities[here], of_towns[here_town])
            if codes == ("community_agrees", "town_unknown") and self._is_of_one_town(here):
                codes = ("community_agrees", "town_unread")
            found[place] = _verdict_of(codes)
        return found

    def peeled(self, a: Address) -> Address:
        """Take names of known towns and communities off the front of the words after them.

        They may have lost their kind (古州打摆村) or stand before estate or street without it
        (华优坳寨). A name in Latin letters is not written together with other words.
        """
        if not self._community_names:
            return a
        community, words = a.community, a.street or a.estate
        if community and core_name(community) not in self._communities:
            town, community = _peel(community, self._town_names)
            a = a._replace(town=a.town or town, community=community)
            if (
                core_name(community) in self._communities
                or not _peel(community, self._community_names)[0]
            ):
                return a
            words = community + words
            a = a._replace(community="")
        elif community:
            return a
        town, words = (
            ("", words) if a.town in self._town_names.values() else _peel(words, self._town_names)
        )
        community, words = _peel(words, self._community_names)
        a = a._replace(town=a.town or town, community=community)
        return a._replace(street=words) if a.street else a._replace(estate=compact(words))


def _peel(text: str, names: dict[str, str]) -> tuple[str, str]:
    """Split a known name, the longest first, off the front of a text.

    Examples
    --------
    >>> _peel("华优坳寨", {"华优": "华优村"}), _peel("梨子园区福园巷", {"梨子园": "梨子园社区"})
    (('华优村', '坳寨'), ('梨子园社区', '福园巷'))
    """
    if core_name(text) in names:
        return names[core_name(text)], ""
    for length in range(min(len(text) - 2, 12), 1, -1):
        name = names.get(text[:length])
        if name is not None:
            return name, _stray_kind.sub("", text[length:])
    return "", text


@cache
def _verdict_of(codes: tuple[str, str]) -> Verdict:
    """Rank what is said of community and town."""
    said = tuple(c for c in codes if c and c != "admin_unchecked")
    if n_differ := sum(c.endswith("differs") for c in said):
        return 3 + n_differ, said
    if any(c.endswith("unknown") for c in said):
        return 3, said
    return (0, said) if said else (2, ("admin_unchecked",))


def _compared(part: str, written: str, here: str, known: set[str]) -> str:
    """Compare a name as written with the one of the register; a Chinese list of names is whole."""
    if not written:
        return ""
    if written == here:
        return f"{part}_agrees"
    if here and written in known:
        return f"{part}_differs"
    if not here or written.isascii() or here.isascii():
        return "admin_unchecked"
    limit = limit_of(here)
    return f"{part}_near" if cost_of(written, here, limit) <= limit else f"{part}_unknown"
