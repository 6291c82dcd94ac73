"""The first rung: texts all of whose parts, town and community are those of one entry.

Most addresses of a good file are of this kind. They are read by one pattern and the remembered
reading of what stands before the number, without an object for each; the answer is the one the
ladder would give.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from gis.address.chinese import parse_chinese
from gis.address.names import compact
from gis.address.normalise import normalise_chinese
from gis.address.place_name import core_name
from gis.address.region import Region, contradicts, region_of
from gis.address.register import Register

_UNIT = r"(?:([0-9]{1,3}|[A-Z])栋)?(?:([0-9]{1,2})单元)?(?:([0-9]{1,4})室)?$"
_PLATE = rf"([0-9]+)号(?:附([0-9]+)号)?([^0-9A-Z,()]*){_UNIT}"
_plain = re.compile(rf"([^0-9]*){_PLATE}").match
_with_plate = re.compile(rf"((?:[^0-9]+[0-9]+[组段巷弄])+[^0-9]*){_PLATE}").match
_without_plate = re.compile(
    r"((?:[^0-9]+[0-9]+[组段巷弄])*[^0-9]*?[^0-9A-Z,()])([0-9]{1,3}|[A-Z])栋"
    r"(?:([0-9]{1,2})单元)?(?:([0-9]{1,4})室)?$"
).match

Front = tuple[str, str, int]
"""Beginning of the key, estate, and which evidence: 1 community, 2 community and town."""

UNREAD: Front = ("", "", 0)
MOST_FRONTS = 200_000
EVIDENCE = {1: ("community_agrees",), 2: ("community_agrees", "town_agrees")}


class WholeKeys:
    """Entries by town, community and all parts together.

    Parameters
    ----------
    register
        The register; entries without position, or not the only ones of their key, are left out.
    """

    def __init__(self, register: Register) -> None:
        self._place_of: dict[tuple[str, str], int] = {}
        for code, (town, community) in enumerate(register.places):
            if community and not community.isascii():
                self._place_of[town, community] = code
                alone = ("", community) not in self._place_of
                self._place_of["", community] = code if alone else -1
        self._row_of = _rows_by_key(register) if self._place_of else {}
        self._regions = _regions_by_place(register) if self._place_of else {}
        self._fronts: dict[str, Front] = {}
        self._spelt: dict[str, str] = {}

    def rows_of(self, texts: Sequence[str]) -> tuple[list[int], list[int]]:
        """Give the row of each text, -1 where it must be read in full, and which evidence.

        Examples
        --------
        >>> import pandas as pd
        >>> entry = {"address_id": [7], "lon": [108.5], "lat": [25.9], "town": ["古州镇"]}
        >>> entry |= {"community": ["古榕社区"], "street": ["榕江大道"], "number": ["12"]}
        >>> keys = WholeKeys(Register(pd.DataFrame(entry)))
        >>> keys.rows_of(["古州镇古榕社区榕江大道12号", "古榕社区榕江大道十二号", "榕江大道12号"])
        ([0, 0, -1], [2, 1, 0])
        """
        rows, said = [-1] * len(texts), [0] * len(texts)
        for i, text in enumerate(texts) if self._row_of else ():
            match = _plain(text) or _with_plate(text)
            key, evidence = self._key_of(match) if match else self._key_without_plate(text)
            row = self._row_of.get(key, -1)
            if row >= 0:
                rows[i], said[i] = row, evidence
        return rows, said

    def _key_of(self, match: re.Match[str]) -> tuple[str, int]:
        """Give the key of a text with a house number, and which evidence; "" if not read."""
        front, number, annex, estate, building, stairwell, room = match.groups("")
        known = self._fronts.get(front)
        begins, inside, evidence = self._front(front, "1号") if known is None else known
        if not evidence or (estate and inside):
            return "", 0
        if annex:
            number = f"{number}-{annex}"
        if estate:
            inside = self._spelt.get(estate) or self._spell(estate)
        return f"{begins}|{number}|{inside}|{building}|{stairwell}|{room}", evidence

    def _key_without_plate(self, text: str) -> tuple[str, int]:
        """Give the key of a text without house number; of other texts by their one spelling."""
        match = _without_plate(text)
        if match is None:
            spelling = normalise_chinese(text)
            if spelling == text:
                return "", 0
            match = _plain(spelling) or _with_plate(spelling)
            return self._key_of(match) if match else self._key_without_plate(spelling)
        front, building, stairwell, room = match.groups("")
        known = self._fronts.get(front)
        begins, estate, evidence = self._front(front, "1栋") if known is None else known
        return f"{begins}||{estate}|{building}|{stairwell}|{room}" * bool(evidence), evidence

    def _lies_elsewhere(self, region: str, place: int) -> bool:
        """Whether the province, city or county written is not that of a place."""
        written = region_of(region)
        return any(contradicts(written, here) for here in self._regions.get(place, ()))

    def _spell(self, estate: str) -> str:
        """Give the one spelling of an estate's name, remembered."""
        if len(self._spelt) >= MOST_FRONTS:
            self._spelt.clear()
        found = self._spelt[estate] = compact(normalise_chinese(estate))
        return found

    def _front(self, front: str, ending: str) -> Front:
        """Read what stands before the number, once."""
        if len(self._fronts) >= MOST_FRONTS:
            self._fronts.clear()
        found = self._fronts[front] = self._read_front(front, ending)
        return found

    def _read_front(self, front: str, ending: str) -> Front:
        if "," in front or "(" in front:
            return UNREAD
        a = parse_chinese(normalise_chinese(front + ending))
        place = self._place_of.get((core_name(a.town), core_name(a.community)), -1)
        whole = a.number == "1" and not a.building
        if ending == "1栋":
            whole = a.building == "1" and not (a.street or a.number)
        if a.region and self._lies_elsewhere(a.region, place):
            return UNREAD
        if place < 0 or not whole or a.notes or a.room or a.stairwell or not a.community:
            return UNREAD
        estate = compact(a.estate)
        street = compact(a.street)
        if not street and ending == "1号":
            street = f"@{a.community}/{estate}"
        return f"{place}|{street}", estate, 2 if a.town else 1


def _regions_by_place(register: Register) -> dict[int, set[Region]]:
    """Give the provinces, cities and counties that the entries of each place tell."""
    pairs = np.unique(np.stack([register.place_code, register.region_code]), axis=1).T
    found: dict[int, set[Region]] = {}
    for place, code in pairs.tolist():
        found.setdefault(place, set()).add(register.regions[code])
    return found


def _rows_by_key(register: Register) -> dict[str, int]:
    """Give the row of each key that has one row only."""
    usable = np.isfinite(register.lon) & np.isfinite(register.lat)
    usable &= (register.parts["number"] != "") | (register.parts["building"] != "")
    rows = np.flatnonzero(usable)
    parts = ("street", "number", "estate", "building", "stairwell", "room")
    columns = [
        register.place_code[rows].tolist(),
        *(register.parts[p][rows].tolist() for p in parts),
    ]
    keys = ["|".join(map(str, key)) for key in zip(*columns, strict=True)]
    found: dict[str, int] = {}
    doubled = set()
    for key, row in zip(keys, rows.tolist(), strict=True):
        if found.setdefault(key, row) != row:
            doubled.add(key)
    for key in doubled:
        del found[key]
    return found
