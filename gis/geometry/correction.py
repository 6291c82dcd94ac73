"""How coordinates that are wrong as a whole are set right: a value with a name, kept as text. Pure.

Applying a correction gives new coordinates and never changes those that were given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gis.errors import InvalidInput
from gis.geometry.crs import project_points
from gis.geometry.datum import (
    bd09_from_gcj02,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    wgs84_from_gcj02,
)

METRES_PER_DEGREE = 111_320.0
DATUM_KINDS = ("gcj02", "bd09", "reverse_gcj02", "reverse_bd09")
KINDS = (*DATUM_KINDS, "swapped_axes", "zone", "offset", "metres")

LonLat = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Correction:
    """What to do to coordinates given as longitude and latitude.

    Parameters
    ----------
    kind
        ``gcj02``, ``bd09``: they are in that datum. ``reverse_gcj02``, ``reverse_bd09``: they were
        taken back from that datum though they never were in it. ``swapped_axes``: latitude stands
        first. ``zone``: they were projected back from the wrong zone. ``offset``: everything lies
        off by the same way. ``metres``: they are metres of a projected system.
    degrees
        Of a ``zone``: what to add to the longitude.
    east_m, north_m
        Of an ``offset``: how far to move.
    epsg, is_swapped
        Of ``metres``: the system, and whether they stand north before east.

    Examples
    --------
    >>> str(Correction("zone", degrees=-3.0)), str(Correction("offset", east_m=120.4, north_m=-7))
    ('zone:-3', 'offset:120.4,-7')
    """

    kind: str
    degrees: float = 0.0
    east_m: float = 0.0
    north_m: float = 0.0
    epsg: int = 0
    is_swapped: bool = False

    def __str__(self) -> str:
        """Write it as `parse_correction` reads it."""
        if self.kind == "zone":
            return f"zone:{self.degrees:g}"
        if self.kind == "offset":
            return f"offset:{round(self.east_m, 2):g},{round(self.north_m, 2):g}"
        if self.kind == "metres":
            return f"metres:{self.epsg}" + (",swapped" if self.is_swapped else "")
        return self.kind

    def apply(self, lon: np.ndarray, lat: np.ndarray) -> LonLat:
        """Give the corrected longitudes and latitudes; missing ones stay missing.

        Examples
        --------
        >>> lon, lat = Correction("swapped_axes").apply([25.9], [108.5])
        >>> lon.tolist(), lat.tolist()
        ([108.5], [25.9])
        """
        lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
        if self.kind == "gcj02":
            return wgs84_from_gcj02(lon, lat)
        if self.kind == "bd09":
            return wgs84_from_gcj02(*gcj02_from_bd09(lon, lat))
        if self.kind == "reverse_gcj02":
            return gcj02_from_wgs84(lon, lat)
        if self.kind == "reverse_bd09":
            return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))
        if self.kind == "swapped_axes":
            return lat.copy(), lon.copy()
        if self.kind == "zone":
            return lon + self.degrees, lat.copy()
        if self.kind == "metres":
            return self._from_metres(lon, lat)
        narrowing = np.cos(np.radians(lat))
        moved = lon + self.east_m / (METRES_PER_DEGREE * narrowing)
        return moved, lat + self.north_m / METRES_PER_DEGREE

    def _from_metres(self, x: np.ndarray, y: np.ndarray) -> LonLat:
        if self.is_swapped:
            x, y = y, x
        lon, lat = project_points(x, y, source=f"EPSG:{self.epsg}", target="EPSG:4326")
        known = np.isfinite(lon) & np.isfinite(lat)
        return np.where(known, lon, np.nan), np.where(known, lat, np.nan)


def parse_correction(text: str) -> Correction:
    """Read a correction as `str` writes it.

    Raises
    ------
    InvalidInput
        It is none.

    Examples
    --------
    >>> parse_correction("offset:120.4,-7")
    Correction(kind='offset', degrees=0.0, east_m=120.4, north_m=-7.0, epsg=0, is_swapped=False)
    """
    kind, _, rest = text.strip().partition(":")
    try:
        if kind in (*DATUM_KINDS, "swapped_axes") and not rest:
            return Correction(kind)
        if kind == "zone":
            return Correction("zone", degrees=_finite(rest))
        if kind == "offset":
            east_m, north_m = map(_finite, rest.split(","))
            return Correction("offset", east_m=east_m, north_m=north_m)
        if kind == "metres":
            code, _, swapped = rest.partition(",")
            if swapped in ("", "swapped"):
                return Correction("metres", epsg=int(code), is_swapped=bool(swapped))
    except ValueError:
        pass
    raise InvalidInput(
        "“{text}” is no correction; write gcj02, bd09, reverse_gcj02, "
        "reverse_bd09, swapped_axes, zone:DEGREES, offset:EAST_M,NORTH_M or "
        "metres:EPSG",
        text=text,
    )


def _finite(text: str) -> float:
    number = float(text)
    if not np.isfinite(number):
        raise ValueError("not finite")
    return number


def apply_each(corrections: Sequence[str | None], lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """Correct rows that come from several files, each in its own way.

    Parameters
    ----------
    corrections
        (n,) texts of corrections; anything that is no text leaves the row as it is.
    lon, lat
        (n,) coordinates as given.

    Examples
    --------
    >>> lon, lat = apply_each(["swapped_axes", None], [25.9, 108.6], [108.5, 25.8])
    >>> lon.tolist(), lat.tolist()
    ([108.5, 108.6], [25.9, 25.8])
    """
    named = np.array([c if isinstance(c, str) else "" for c in corrections], dtype=object)
    new_lon, new_lat = np.array(lon, dtype=float), np.array(lat, dtype=float)
    for text in set(named.tolist()) - {""}:
        rows = np.flatnonzero(named == text)
        corrected = parse_correction(text).apply(new_lon[rows], new_lat[rows])
        new_lon[rows], new_lat[rows] = corrected
    return new_lon, new_lat
