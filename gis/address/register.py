"""The address register, indexed by the keys of every rung of the ladder.

Coordinates are degrees (lon, lat); distances between entries are metres on a local flat earth.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from gis.address.address import ADDRESS_PARTS
from gis.address.distance import METRES_PER_DEGREE
from gis.address.names import compact
from gis.address.normalise import normalise
from gis.address.place_name import core_name, village_street
from gis.address.region import NOWHERE, Region
from gis.address.register_parts import each_distinct, read_parts, read_regions
from gis.errors import InvalidInput

RUNGS: dict[str, tuple[str, ...]] = {
    "S.room": ("street", "number", "building", "stairwell", "room"),
    "S.unit": ("street", "number", "building", "stairwell"),
    "S.building": ("street", "number", "building"),
    "S.number": ("street", "number"),
    "E.room": ("estate", "building", "stairwell", "room"),
    "E.unit": ("estate", "building", "stairwell"),
    "E.building": ("estate", "building"),
    "E.estate": ("estate",),
    "street": ("street",),
    "community": ("community",),
    "town": ("town",),
}
"""Rung to the parts of its key: S by street and number, E by estate."""

_LAST = {"room": "room", "unit": "stairwell", "building": "building", "number": "number"}
_FINEST_FIRST = (
    ("room", "room"),
    ("unit", "stairwell"),
    ("building", "building"),
    ("number", "number"),
    ("estate", "estate"),
    ("street", "street"),
    ("community", "community"),
)


@dataclass(frozen=True)
class Groups:
    """Register rows sharing a key, with where they lie.

    Parameters
    ----------
    index
        Key to group number.
    lon, lat, spread_m
        Mean position of each group and the diagonal of its extent; nan without coordinates.
    own_row
        The row that is exactly of this rung, not finer; the first where there are several, -1
        where there is none.
    own_count
        How many such rows there are.
    place
        Town and community code all rows share; -1 when they differ.
    rows, starts
        Rows of group g are ``rows[starts[g]:starts[g + 1]]``.
    """

    index: dict[str, int]
    lon: list[float]
    lat: list[float]
    spread_m: list[float]
    own_row: list[int]
    own_count: list[int]
    place: list[int]
    rows: np.ndarray
    starts: list[int]

    def rows_of(self, group: int) -> np.ndarray:
        """Give the register rows of a group."""
        return self.rows[self.starts[group] : self.starts[group + 1]]

    def rows_with(self, key: str) -> np.ndarray:
        """Give the register rows of a key; empty when there is no such key."""
        group = self.index.get(key)
        return self.rows[:0] if group is None else self.rows_of(group)


@dataclass
class Register:
    """A register ready to be asked.

    Parameters
    ----------
    frame
        Columns ``address_id, lon, lat`` and ``text`` or any of the eight parts; ``region``
        (province, city, county) where it is known apart from the text.
    grammar
        Grammar of the ``text`` column.
    """

    frame: pd.DataFrame
    grammar: str = "auto"
    ids: list[Hashable] = field(init=False)
    parts: dict[str, np.ndarray] = field(init=False)
    lon: np.ndarray = field(init=False)
    lat: np.ndarray = field(init=False)
    number_low: np.ndarray = field(init=False)
    number_high: np.ndarray = field(init=False)
    places: list[tuple[str, str]] = field(init=False)
    place_code: np.ndarray = field(init=False)
    town_code: np.ndarray = field(init=False)
    groups: dict[str, Groups] = field(init=False)
    region_code: np.ndarray = field(init=False)
    regions: list[Region] = field(init=False)
    building_number: np.ndarray | None = field(init=False, default=None)
    _bits: list[int] | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        _check_columns(self.frame)
        self.ids = self.frame["address_id"].tolist()
        self.lon = pd.to_numeric(self.frame["lon"], errors="coerce").to_numpy(float)
        self.lat = pd.to_numeric(self.frame["lat"], errors="coerce").to_numpy(float)
        self.parts = read_parts(self.frame, self.grammar)
        self.street_names = pd.unique(self.parts["street"]).tolist()
        self.estate_names = pd.unique(self.parts["estate"]).tolist()
        self.parts["street"] = each_distinct(self.parts["street"], compact)
        self.parts["estate"] = each_distinct(self.parts["estate"], compact)
        self.town_code = pd.factorize(self.parts["town"])[0]
        self._name_villages()
        self._part_codes: dict[str, tuple[np.ndarray, dict[str, int]]] = {}
        self._number_ends()
        self._code_places()
        self.region_code, self.regions = read_regions(self.frame)
        self.groups = {rung: self._group(rung, keys) for rung, keys in RUNGS.items()}

    def rows_by_text(self) -> dict[str, int]:
        """Give the row of each whole text that stands for one row only, normalised.

        Rows without town and community, or without position, are left out: their text alone
        does not say that no other place is meant.
        """
        if "text" not in self.frame.columns:
            return {}
        texts = pd.Series([normalise(t) for t in self.frame["text"].tolist()], dtype=object)
        named = np.array([bool(t or c) for t, c in self.places], dtype=bool)
        sure = ~texts.duplicated(keep=False).to_numpy() & (texts != "").to_numpy()
        sure &= np.isfinite(self.lon) & np.isfinite(self.lat) & named[self.place_code]
        fine = np.logical_or.reduce([self.parts[p] != "" for _, p in _FINEST_FIRST[:5]])
        rows = np.flatnonzero(sure & fine)
        return dict(zip(texts.iloc[rows].tolist(), rows.tolist(), strict=True))

    def levels(self) -> list[str]:
        """Give the level of each entry: that of its finest part."""
        level = np.full(len(self.ids), "town", dtype=object)
        for name, part in reversed(_FINEST_FIRST):
            level[self.parts[part] != ""] = name
        return level.tolist()

    def regions_of(self, row: int, key: str = "") -> list[Region]:
        """Give the regions of an entry, or of all that a street, estate or place holds.

        Entries of which none is known are left out; empty when that is so for all.
        """
        if self.is_of_one_region:
            return [r for r in self.regions if r != NOWHERE]
        rows = [row] if row >= 0 else self._rows_named(key)
        codes = np.unique(self.region_code[rows])
        return [self.regions[c] for c in codes.tolist() if self.regions[c] != NOWHERE]

    def _rows_named(self, key: str) -> np.ndarray:
        for rung in ("street", "E.estate", "community", "town"):
            rows = self.groups[rung].rows_with(key)
            if len(rows):
                return rows
        return np.arange(len(self.ids))

    def by_town(self, rows: np.ndarray) -> list[np.ndarray]:
        """Split rows by their town, in the order towns first appear."""
        towns = self.town_code[rows]
        distinct = pd.unique(towns).tolist()
        return [rows] if len(distinct) == 1 else [rows[towns == town] for town in distinct]

    def rows_having(self, rows: np.ndarray, part: str, value: str) -> np.ndarray:
        """Keep the rows of which a part is a value."""
        if part not in self._part_codes:
            codes, distinct = pd.factorize(self.parts[part])
            index = {name: code for code, name in enumerate(distinct.tolist())}
            self._part_codes[part] = codes, index
        codes, index = self._part_codes[part]
        code = index.get(value)
        return rows[:0] if code is None else rows[codes[rows] == code]

    def rows_in(self, rows: np.ndarray, places: Iterable[int]) -> np.ndarray:
        """Keep the rows that lie in some of the places (their codes)."""
        is_meant = np.zeros(len(self.places), bool)
        is_meant[list(places)] = True
        return rows[is_meant[self.place_code[rows]]]

    def written_bits(self) -> list[int]:
        """Give the parts each entry has, a bit for each of `ADDRESS_PARTS`."""
        if self._bits is None:
            bits = [
                (self.parts[p] != "").astype(np.int64) << i for i, p in enumerate(ADDRESS_PARTS)
            ]
            self._bits = sum(bits).tolist()
        return self._bits

    @property
    def is_of_one_region(self) -> bool:
        """Whether all entries lie in one province, city and county, known or not."""
        return len(self.regions) == 1

    def bounds_of(
        self, rows: np.ndarray, margin_degrees: float
    ) -> tuple[float, float, float, float] | None:
        """Give west, south, east, north of rows, widened; None when none has a position."""
        rows = rows[np.isfinite(self.lon[rows]) & np.isfinite(self.lat[rows])]
        if not len(rows):
            return None
        lon, lat = self.lon[rows], self.lat[rows]
        return (
            float(lon.min()) - margin_degrees,
            float(lat.min()) - margin_degrees,
            float(lon.max()) + margin_degrees,
            float(lat.max()) + margin_degrees,
        )

    def farthest_m(self, rows: np.ndarray, lon: float, lat: float) -> float:
        """Give the largest distance of rows from a point, rounded up; nan without positions."""
        x = (self.lon[rows] - lon) * np.cos(np.radians(lat))
        metres = METRES_PER_DEGREE * np.hypot(x, self.lat[rows] - lat)
        return (
            float(np.ceil(np.nanmax(metres) + 0.5)) if np.isfinite(metres).any() else float("nan")
        )

    def _name_villages(self) -> None:
        """Give rows that have a number but no street the village as their street."""
        lonely = (self.parts["street"] == "") & (self.parts["number"] != "")
        if lonely.any():
            names = village_street(self.parts["community"][lonely], self.parts["estate"][lonely])
            self.parts["street"] = self.parts["street"].copy()
            self.parts["street"][lonely] = names

    def _number_ends(self) -> None:
        numbers = pd.Series(self.parts["number"], dtype="str")
        ends = numbers.str.extract(r"^(\d{1,9})(?:-(\d{1,9})$)?")
        low = pd.to_numeric(ends[0]).fillna(-1).to_numpy(np.int64)
        high = pd.to_numeric(ends[1]).fillna(-1).to_numpy(np.int64)
        is_range = (high > low) & (high - low <= 98) & ((high - low) % 2 == 0)
        self.number_low, self.number_high = low, np.where(is_range, high, low)

    def _code_places(self) -> None:
        names = pd.MultiIndex.from_arrays([self.parts["town"], self.parts["community"]])
        codes, distinct = pd.factorize(names)
        self.place_code = codes.astype(np.int64)
        self.places = [(core_name(t), core_name(c)) for t, c in distinct]

    def _group(self, rung: str, key_parts: tuple[str, ...]) -> Groups:
        values = [self.parts[p].astype(object) for p in key_parts]
        required = [values[0] != ""]
        if rung[:2] == "S.":
            required.append(values[1] != "")
        last = _LAST.get(rung.rpartition(".")[2])
        if last:
            required.append(self.parts[last] != "")
        chosen = np.flatnonzero(np.logical_and.reduce(required))
        keys = values[0][chosen]
        for value in values[1:]:
            keys = keys + "|" + value[chosen]
        finer = [self.parts[p][chosen] == "" for p in _finer_parts(rung, key_parts[-1])]
        own = np.logical_and.reduce(finer) if finer else np.ones(len(chosen), bool)
        return self._grouped(keys, chosen, own)

    def _grouped(self, keys: np.ndarray, chosen: np.ndarray, own: np.ndarray) -> Groups:
        codes, distinct = pd.factorize(keys)
        order = np.argsort(codes, kind="stable")
        rows = chosen[order]
        starts = np.searchsorted(codes[order], np.arange(len(distinct) + 1))
        if len(distinct) == 0:
            return Groups({}, [], [], [], [], [], [], rows, [0])
        place = self.place_code[rows]
        first, last = (f.reduceat(place, starts[:-1]) for f in (np.minimum, np.maximum))
        own_rows = np.where(own[order], rows, len(self.ids))
        own_row = np.minimum.reduceat(own_rows, starts[:-1])
        lon, lat, spread_m = self._extents(rows, starts)
        return Groups(
            dict(zip(distinct.tolist(), range(len(distinct)), strict=True)),
            lon.tolist(),
            lat.tolist(),
            spread_m.tolist(),
            np.where(own_row < len(self.ids), own_row, -1).tolist(),
            np.add.reduceat(own[order].astype(np.int64), starts[:-1]).tolist(),
            np.where(first == last, first, -1).tolist(),
            rows,
            starts.tolist(),
        )

    def _extents(
        self, rows: np.ndarray, starts: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Give mean lon, mean lat and extent in metres of each run of rows."""
        middle, size = [], []
        for values in (self.lon[rows], self.lat[rows]):
            known = np.isfinite(values)
            count = np.add.reduceat(known.astype(float), starts[:-1])
            total = np.add.reduceat(np.where(known, values, 0.0), starts[:-1])
            low = np.minimum.reduceat(np.where(known, values, np.inf), starts[:-1])
            high = np.maximum.reduceat(np.where(known, values, -np.inf), starts[:-1])
            empty = count == 0
            middle.append(np.where(empty, np.nan, total / np.maximum(count, 1)))
            size.append(np.where(empty, np.nan, np.where(empty, 0, high) - np.where(empty, 0, low)))
        squeeze = np.cos(np.radians(np.nan_to_num(middle[1])))
        spread_m = METRES_PER_DEGREE * np.hypot(size[0] * squeeze, size[1])
        return middle[0], middle[1], spread_m


def _check_columns(frame: pd.DataFrame) -> None:
    missing = [c for c in ("address_id", "lon", "lat") if c not in frame.columns]
    if missing:
        raise InvalidInput(f"register: column {', '.join(missing)} is missing; add it")
    if "text" not in frame.columns and not set(ADDRESS_PARTS) & set(frame.columns):
        raise InvalidInput(
            f"register: expected a column text or any of {', '.join(ADDRESS_PARTS)}; add one"
        )


def _finer_parts(rung: str, last: str) -> list[str]:
    """Give the parts that must be empty in a row that is of this rung itself."""
    finer = list(ADDRESS_PARTS[ADDRESS_PARTS.index(last) + 1 :])
    if rung == "S.number":
        finer.remove("estate")
    return [*finer, "number"] if rung == "E.estate" else finer
