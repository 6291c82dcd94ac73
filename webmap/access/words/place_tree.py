"""The places that an account may be for, as a tree by name: county, town, community."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gis.domain.codes import county_code_of, level_of, town_code_of
from gis.store.area.places import Place
from webmap.shell.language import current_language

STEP = " › "
"""Stands between a place and the one it lies in."""


@dataclass
class PlaceNode:
    """A place with those in it.

    Parameters
    ----------
    words
        What it can be found by: its names in both languages, in small letters.
    """

    code: str
    name: str
    words: str
    inner: list[PlaceNode] = field(default_factory=list)


def place_tree(places: Iterable[Place]) -> list[PlaceNode]:
    """Put places, in the order of their codes, into those they lie in."""
    roots: list[PlaceNode] = []
    known: dict[str, PlaceNode] = {}
    for place in places:
        words = " ".join(filter(None, (place.name, place.name_en))).casefold()
        node = PlaceNode(place.code, name_of(place), words)
        outer = known.get(_outer(place.code) or "")
        (outer.inner if outer else roots).append(node)
        known[place.code] = node
    return roots


def place_paths(places: Sequence[Place]) -> dict[str, str]:
    """Name every place with those it lies in, by its code: ``County › Town › Community``."""
    names = {place.code: name_of(place) for place in places}
    return {code: STEP.join(names[c] for c in _way(code) if c in names) for code in names}


def name_of(place: Place) -> str:
    """Name a place in the language of the page."""
    in_english = current_language() == "en" and place.name_en
    return str(place.name_en if in_english else place.name)


def _way(code: str) -> list[str]:
    return list(dict.fromkeys((county_code_of(code), town_code_of(code), code)))


def _outer(code: str) -> str | None:
    level = level_of(code)
    if level == "county":
        return None
    return county_code_of(code) if level == "town" else town_code_of(code)
