"""Register rows to matches: those that agree with what was written, split into places."""

from __future__ import annotations

from math import inf, isfinite, nan

import numpy as np
import pandas as pd

from gis.address.address import ADDRESS_PARTS, Address
from gis.address.administration import Administration
from gis.address.distance import distance_m
from gis.address.match import Match, make_match
from gis.address.names import compact
from gis.address.register import Register

TOLERANCE_M = {
    "room": 100.0,
    "unit": 100.0,
    "building": 100.0,
    "number": 200.0,
    "interpolated": 200.0,
    "estate": 120.0,
}
"""Entries of one answer may lie this far apart and still be one place."""

FINER_PARTS = {
    "town": ("community", "street", "number", "estate", "building", "stairwell", "room"),
    "community": ("street", "number", "estate", "building", "stairwell", "room"),
    "street": ("number", "building", "stairwell", "room"),
    "estate": ("building", "stairwell", "room"),
    "number": ("building", "stairwell", "room"),
    "building": ("stairwell", "room"),
    "unit": ("room",),
}
"""Level of an answer to the parts that an entry must not have to be that answer itself."""

LONGEST_WHOLE_M = 1_000.0
"""A street or hamlet named without a number is one place up to this extent."""

FINER_BITS = {
    level: sum(1 << ADDRESS_PARTS.index(p) for p in parts) for level, parts in FINER_PARTS.items()
}
"""The same as bits of `gis.address.register.Register.written_bits`."""

_MOST_PLACES = 8
_MOST_CLUSTERED = 500
_MOST_SPOTS = 20_000
_MOST_OWN = 200
_FEW = 400
_FEWEST_FOR_ARRAYS = 8
"""Fewer rows are quicker without arrays; added one by one they have the same mean."""


Agreeing = tuple[tuple[str, ...], tuple[int, ...] | None]
"""Evidence of town and community, and the codes of the places it is said of; None for all."""


class Gatherer:
    """Makes matches of register rows.

    Parameters
    ----------
    register
        The register.
    administration
        Its towns and communities.
    """

    def __init__(self, register: Register, administration: Administration) -> None:
        self._register = register
        self._administration = administration
        self._lon, self._lat = register.lon.tolist(), register.lat.tolist()
        self._places = register.place_code
        self._bits = register.written_bits()
        self._distinct_of: dict[tuple[str, int], list[int]] = {}
        self._spots: dict[tuple, tuple[float, float, float, int]] = {}

    def from_group(
        self,
        a: Address,
        rung: str,
        level: str,
        group: int,
        similarity: float,
        codes: tuple[str, ...],
        street: str,
    ) -> list[Match]:
        """Make the match of a group, or one for each place where its rows lie apart."""
        groups = self._register.groups[rung]
        place = groups.place[group]
        codes = (f"{level}_exact", *codes)
        if place >= 0 and groups.own_count[group] == 1 and not (a.building or a.room):
            more = codes + self._administration.judge(a, place)[1]
            own = groups.own_row[group]
            lon, lat = self._lon[own], self._lat[own]
            return [make_match(level, lon, lat, own, more, similarity=similarity, street=street)]
        if place >= 0 and not groups.spread_m[group] > TOLERANCE_M[level]:
            more = codes + self._administration.judge(a, place)[1]
            own, lon, lat = groups.own_row[group], groups.lon[group], groups.lat[group]
            return [make_match(
                level, lon, lat, own, more, similarity=similarity, street=street,
                error_m=_half(groups.spread_m[group]),
            )]  # fmt: skip
        return self.from_rows(a, groups.rows_of(group), level, similarity, codes, street)

    def from_place(
        self, a: Address, level: str, group: int, codes: tuple[str, ...], name: str
    ) -> list[Match]:
        """Make the match of a whole community or town."""
        rows = self._register.groups[level].rows_of(group)
        if self._of_estate(a, rows) is not rows:
            return self.from_rows(a, rows, level, 1.0, codes, name, split=False)
        said, places = self.places_of(a, level, group)
        lon, lat, error_m, own = self.spot_of(level, group, places)
        return [make_match(
            level, lon, lat, own, (*codes, *said), similarity=1.0, street=name, error_m=error_m
        )]  # fmt: skip

    def places_of(self, a: Address, rung: str, group: int) -> Agreeing:
        """Give the places of a group that agree best with what is written."""
        distinct = self._distinct_of.get((rung, group))
        if distinct is None:
            rows = self._register.groups[rung].rows_of(group)
            distinct = self._distinct_of[rung, group] = _distinct(self._places[rows])
        return self._agreeing(a, distinct)

    def rows_of(self, rung: str, group: int, places: tuple[int, ...] | None) -> np.ndarray:
        """Give the rows of a group that lie in some of its places; None for all."""
        rows = self._register.groups[rung].rows_of(group)
        return rows if places is None else self._register.rows_in(rows, places)

    def spot_of(
        self, rung: str, group: int, places: tuple[int, ...] | None
    ) -> tuple[float, float, float, int]:
        """Give the middle of a group in some of its places, how far it reaches, its own row.

        Groups hold thousands of rows and many texts mean them: what was found is remembered.
        """
        key = (rung, group, places)
        found = self._spots.get(key)
        if found is None:
            if len(self._spots) >= _MOST_SPOTS:
                self._spots.clear()
            rows = self.rows_of(rung, group, places)
            lon, lat, _ = self.middle(rows)
            farthest_m = self._register.farthest_m(rows, lon, lat)
            found = self._spots[key] = (lon, lat, farthest_m, self._own_row(rows, rung))
        return found

    def from_rows(
        self,
        a: Address,
        rows: np.ndarray,
        level: str,
        similarity: float,
        codes: tuple[str, ...],
        street: str,
        *,
        split: bool = True,
        is_whole: bool = False,
    ) -> list[Match]:
        """Make matches of rows: those whose place agrees best, one for each separate place.

        Parameters
        ----------
        split
            Whether rows far apart are places of their own.
        is_whole
            Whether all rows together are what is written (a stretch), however far they reach.
        """
        if not len(rows):
            return []
        best, agreeing = self.best_places(a, self._of_estate(a, rows))
        tolerance = TOLERANCE_M.get(level, np.inf)
        parts = self._clusters(agreeing, tolerance if split else np.inf)
        spread = ("spread_out",) if len(parts) > _MOST_PLACES else ()
        if spread:
            parts = [agreeing]
        found = []
        for part in parts:
            lon, lat, extent_m = self.middle(part)
            limit_m = LONGEST_WHOLE_M if self._is_whole_estate(a, part, level) else tolerance
            limit_m = np.inf if is_whole else limit_m
            wide = ("spread_out",) if not spread and extent_m > limit_m else spread
            own = self._own_row(part, level)
            more = (*codes, *wide, *best)
            error_m = _half(extent_m)
            if level in ("community", "town"):
                error_m = self._register.farthest_m(part, lon, lat)
            found.append(make_match(
                level, lon, lat, own, more, similarity=similarity, street=street, error_m=error_m
            ))  # fmt: skip
        return found

    def _is_whole_estate(self, a: Address, rows: np.ndarray, level: str) -> bool:
        """Whether an estate or hamlet of one community is all that is written."""
        finer = (a.number, a.building, a.stairwell, a.room)
        return level == "estate" and not any(finer) and len(_distinct(self._places[rows])) == 1

    def _own_row(self, rows: np.ndarray, level: str) -> int:
        """Give the one row that is of this level itself, not finer; -1 where there is none."""
        if level == "estate" and len(rows) > 1:
            return -1
        finer = FINER_BITS.get(level, 0)
        one_is_enough = level in ("room", "number")
        own = -1
        for row in rows[:_MOST_OWN].tolist():
            if self._bits[row] & finer:
                continue
            if own >= 0:
                return -1
            own = row
            if one_is_enough:
                break
        return own

    def _of_estate(self, a: Address, rows: np.ndarray) -> np.ndarray:
        """Keep the rows of the estate written, where there are any."""
        if not a.estate or len(rows) == 1:
            return rows
        hits = self._register.rows_having(rows, "estate", compact(a.estate))
        return hits if len(hits) else rows

    def best_places(self, a: Address, rows: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
        """Give the evidence and the rows of the places that agree best with what is written."""
        said, kept = self._agreeing(a, _distinct(self._places[rows]))
        return said, rows if kept is None else self._register.rows_in(rows, kept)

    def _agreeing(self, a: Address, places: list[int]) -> Agreeing:
        """Give the evidence and the places that agree best with what is written."""
        judged = self._administration.judge_all(a, places)
        ranks = [judged[p][0] for p in places]
        best = min(ranks)
        said = judged[places[ranks.index(best)]][1]
        if ranks.count(best) == len(ranks):
            return said, None
        return said, tuple(p for p, rank in zip(places, ranks, strict=True) if rank == best)

    def _clusters(self, rows: np.ndarray, tolerance_m: float) -> list[np.ndarray]:
        """Split rows into places farther apart than the tolerance; rows without position last.

        Splitting ends with the first place more than are shown.
        """
        if tolerance_m == inf or len(rows) == 1:
            return [rows]
        if self._is_within(rows, tolerance_m):
            return [rows]
        lon, lat = self._lon, self._lat
        clusters: list[list[int]] = []
        placeless = ~np.isfinite(self._register.lon[rows])
        for row in rows[np.argsort(placeless, kind="stable")][:_MOST_CLUSTERED].tolist():
            x, y = lon[row], lat[row]
            for cluster in clusters:
                if not distance_m(lon[cluster[0]], lat[cluster[0]], x, y) > tolerance_m:
                    cluster.append(row)
                    break
            else:
                clusters.append([row])
                if len(clusters) > _MOST_PLACES:
                    break
        return [np.array(c) for c in clusters]

    def _is_within(self, rows: np.ndarray, tolerance_m: float) -> bool:
        """Whether all rows have a position, and none is farther from another than the tolerance."""
        if len(rows) > _MOST_CLUSTERED:
            return False
        if len(rows) > _FEWEST_FOR_ARRAYS:
            lon, lat = self._register.lon[rows], self._register.lat[rows]
            return distance_m(lon.min(), lat.min(), lon.max(), lat.max()) <= tolerance_m
        lon, lat = self._positions(rows)
        all_placed = len(lon) == len(rows)
        return all_placed and distance_m(min(lon), min(lat), max(lon), max(lat)) <= tolerance_m

    def _positions(self, rows: np.ndarray) -> tuple[list[float], list[float]]:
        """Give lon and lat of the rows that have a position."""
        lon, lat = self._lon, self._lat
        known = [r for r in rows.tolist() if isfinite(lon[r]) and isfinite(lat[r])]
        return [lon[r] for r in known], [lat[r] for r in known]

    def middle(self, rows: np.ndarray) -> tuple[float, float, float]:
        """Give mean lon and lat of the rows that have a position, and their extent in metres."""
        if len(rows) < _FEWEST_FOR_ARRAYS:
            return _middle_of_few(*self._positions(rows))
        lon, lat = self._register.lon[rows], self._register.lat[rows]
        known = np.isfinite(lon) & np.isfinite(lat)
        if not known.any():
            return nan, nan, 0.0
        lon, lat = lon[known], lat[known]
        extent_m = distance_m(lon.min(), lat.min(), lon.max(), lat.max())
        return float(lon.mean()), float(lat.mean()), extent_m


def _middle_of_few(lon: list[float], lat: list[float]) -> tuple[float, float, float]:
    """Give mean lon and lat, and their extent in metres; nan for none."""
    if not lon:
        return nan, nan, 0.0
    if len(lon) == 1:
        return lon[0], lat[0], 0.0
    x = y = 0.0
    for i, value in enumerate(lon):
        x, y = x + value, y + lat[i]
    extent_m = distance_m(min(lon), min(lat), max(lon), max(lat))
    return x / len(lon), y / len(lat), extent_m


def _distinct(codes: np.ndarray) -> list[int]:
    """Give each code once, in the order of first appearance; few are quicker without arrays."""
    if len(codes) > _FEW:
        return pd.unique(codes).tolist()
    return list(dict.fromkeys(codes.tolist()))


def _half(extent_m: float) -> float:
    """Give the error of the middle of several entries; nan for one, whose error is not known."""
    return extent_m / 2 if extent_m > 0 else float("nan")
