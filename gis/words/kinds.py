"""The kinds of records that files bring, in words: what many are called, and one.

What a kind consists of is said by the module of its name in `gis.domain.kinds`.
"""

from __future__ import annotations

from typing import NamedTuple


class KindWord(NamedTuple):
    """What one record of a kind is called, and whether it is located by address or coordinates."""

    one: str
    is_located: bool = False


RECORD_KINDS = {
    "communities": KindWord("community"),
    "barriers": KindWord("barrier"),
    "land_cover": KindWord("land_cover"),
    "buildings": KindWord("building"),
    "compounds": KindWord("compound"),
    "blocks": KindWord("block"),
    "addresses": KindWord("address"),
    "households": KindWord("household", is_located=True),
    "residents": KindWord("resident"),
    "places": KindWord("place", is_located=True),
    "organisations": KindWord("organisation", is_located=True),
    "incidents": KindWord("incident", is_located=True),
}
"""Every kind of record by what many are called: on the command line, in frames and in reports."""

LOCATED_KINDS = tuple(many for many, word in RECORD_KINDS.items() if word.is_located)
"""What is located by address text or coordinates, and may wait for a person to say where it is."""
