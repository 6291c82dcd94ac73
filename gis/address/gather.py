"""Register rows to matches: those that agree with what was written, split into places."""

from __future__ import annotations

from math import isfinite, nan

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

_FINER_BITS = {
    level: sum(1 << ADDRESS_PARTS.index(p) for p in parts) for level, parts in FINER_PARTS.items()
}
_MOST_PLACES = 8
_MOST_CLUSTERED = 500
_FEW = 200


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
        self._bits = register.written_bits().tolist()
        self._distinct_of: dict[tuple[str, int], list[int]] = {}
        self._spots: dict[tuple, tuple[float, float, int, float]] = {}

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
        """Make the match of a whole community or town.

        Its entries are thousands and its texts many, so what was found of it is remembered.
        """
        rows = self._register.groups[level].rows_of(group)
        if self._of_estate(a, rows) is not rows:
            return self.from_rows(a, rows, level, 1.0, codes, name, split=False)
        if (level, group) not in self._distinct_of:
            self._distinct_of[level, group] = _distinct(self._places[rows])
        said, kept = self._agreeing(a, self._distinct_of[level, group])
        key = (level, group, kept)
        if key not in self._spots:
            part = rows if kept is None else rows[np.isin(self._places[rows], kept)]
            lon, lat, _ = self.middle(part)
            error_m = self._register.farthest_m(part, lon, lat)
            self._spots[key] = (lon, lat, self._own_row(part, level), error_m)
        lon, lat, own, error_m = self._spots[key]
        return [make_match(
            level, lon, lat, own, (*codes, *said), similarity=1.0, street=name, error_m=error_m
        )]  # fmt: skip

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
        finer = _FINER_BITS.get(level, 0)
        one_is_enough = level in ("room", "number")
        own = -1
        for row in rows[:_FEW].tolist():
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
        hits = rows[self._register.has_estate(rows, compact(a.estate))]
        return hits if len(hits) else rows

    def best_places(self, a: Address, rows: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
        """Give the evidence and the rows of the places that agree best with what is written."""
        codes = self._places[rows]
        said, kept = self._agreeing(a, _distinct(codes))
        if kept is None:
            return said, rows
        if len(codes) > _FEW:
            return said, rows[np.isin(codes, kept)]
        return said, rows[[p in kept for p in codes.tolist()]]

    def _agreeing(
        self, a: Address, places: list[int]
    ) -> tuple[tuple[str, ...], tuple[int, ...] | None]:
        """Give the evidence and the places that agree best with what is written; None for all."""
        judged = {p: self._administration.judge(a, p) for p in places}
        best = min(rank for rank, _ in judged.values())
        kept = {p: said for p, (rank, said) in judged.items() if rank == best}
        said = next(iter(kept.values()))
        return said, None if len(kept) == len(judged) else tuple(kept)

    def _clusters(self, rows: np.ndarray, tolerance_m: float) -> list[np.ndarray]:
        """Split rows into places farther apart than the tolerance; rows without position last."""
        if tolerance_m == np.inf or len(rows) == 1:
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
        return [np.array(c) for c in clusters]

    def _is_within(self, rows: np.ndarray, tolerance_m: float) -> bool:
        """Whether all rows have a position, and none is farther from another than the tolerance."""
        if len(rows) > _MOST_CLUSTERED:
            return False
        lon, lat = self._register.lon[rows], self._register.lat[rows]
        return distance_m(lon.min(), lat.min(), lon.max(), lat.max()) <= tolerance_m

    def middle(self, rows: np.ndarray) -> tuple[float, float, float]:
        """Give mean lon and lat of the rows that have a position, and their extent in metres."""
        if len(rows) == 1:
            lon, lat = self._lon[rows[0]], self._lat[rows[0]]
            return (lon, lat, 0.0) if isfinite(lon) and isfinite(lat) else (nan, nan, 0.0)
        lon, lat = self._register.lon[rows], self._register.lat[rows]
        known = np.isfinite(lon) & np.isfinite(lat)
        if not known.any():
            return nan, nan, 0.0
        lon, lat = lon[known], lat[known]
        extent_m = distance_m(lon.min(), lat.min(), lon.max(), lat.max())
        return float(lon.mean()), float(lat.mean()), extent_m


def _distinct(codes: np.ndarray) -> list[int]:
    """Give each code once, in the order of first appearance; few are quicker without arrays."""
    if len(codes) > _FEW:
        return pd.unique(codes).tolist()
    return list(dict.fromkeys(codes.tolist()))


def _half(extent_m: float) -> float:
    """Give the error of the middle of several entries; nan for one, whose error is not known."""
    return extent_m / 2 if extent_m > 0 else float("nan")
