"""Gauss-Krüger zones of CGCS2000: what numbers in metres tell about the zone they are in. Pure.

The same ground has an easting of six digits (500 km on the central meridian) in a zone without
prefix, and of eight digits, the zone number in front, in one with. A northing in China lies between
1,900 and 6,000 km. So numbers tell whether they have a prefix, and whether their axes are
exchanged; which of the zones without prefix they are in, only the ground they must lie on can tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyproj import CRS

from gis.errors import CommandHint, Message

NORTHINGS_M = (1_800_000.0, 6_100_000.0)
EASTINGS_M = (100_000.0, 900_000.0)
THREE_DEGREE_ZONES = range(25, 46)
SIX_DEGREE_ZONES = range(13, 24)
PREFIX_M = 1_000_000.0
MERIDIAN_M = 500_000.0


@dataclass(frozen=True)
class Zone:
    """A system that some numbers may be in.

    Parameters
    ----------
    epsg
        Its code.
    is_swapped
        Whether the numbers are given north before east.
    """

    epsg: int
    is_swapped: bool = False


def zone_with_prefix(number: int) -> int | None:
    """Give the code of the CGCS2000 zone that a prefix names, None if there is no such zone.

    Examples
    --------
    >>> zone_with_prefix(36), zone_with_prefix(19), zone_with_prefix(99)
    (4524, 4497, None)
    """
    if number in THREE_DEGREE_ZONES:
        return 4488 + number
    return 4478 + number if number in SIX_DEGREE_ZONES else None


def zones_without_prefix() -> list[int]:
    """List the codes of the zones without prefix, by central meridian from 75 to 135 degrees east.

    Those of six degrees have the formulas of those of three on the same meridian.
    """
    return list(range(4534, 4555))


def likely_zones(x: np.ndarray, y: np.ndarray) -> list[Zone]:
    """List the CGCS2000 systems that numbers may be in; empty when they look like none.

    Parameters
    ----------
    x, y
        (n,) numbers as given, first and second column.

    Examples
    --------
    >>> likely_zones(np.array([36552262.0]), np.array([2869371.8]))
    [Zone(epsg=4524, is_swapped=False)]
    >>> likely_zones(np.array([2869371.8]), np.array([36552262.0]))
    [Zone(epsg=4524, is_swapped=True)]
    >>> len(likely_zones(np.array([552262.0]), np.array([2869371.8])))
    21
    """
    first, second = _middle(x), _middle(y)
    straight = [Zone(code) for code in _codes(first, second)]
    return straight or [Zone(code, is_swapped=True) for code in _codes(second, first)]


def _middle(values: np.ndarray) -> float:
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    return float(np.median(finite)) if len(finite) else float("nan")


def _codes(easting: float, northing: float) -> list[int]:
    if not NORTHINGS_M[0] <= northing <= NORTHINGS_M[1]:
        return []
    if EASTINGS_M[0] <= easting <= EASTINGS_M[1]:
        return zones_without_prefix()
    prefix = int(easting // PREFIX_M) if np.isfinite(easting) else 0
    code = zone_with_prefix(prefix)
    inside = EASTINGS_M[0] <= easting - prefix * PREFIX_M <= EASTINGS_M[1]
    return [code] if code is not None and inside else []


def prefix_of(crs: CRS) -> int | None:
    """Give the zone number before the eastings of a Gauss-Krüger or UTM zone; 0 if it has none.

    None for a system of another kind, or one whose meridian does not lie at 500 km.

    Examples
    --------
    >>> [prefix_of(CRS.from_epsg(code)) for code in (4524, 4545, 3857)]
    [36, 0, None]
    """
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return None
    eastings = [p for p in operation.params if p.name == "False easting"]
    if not eastings or eastings[0].unit_name != "metre":
        return None
    prefix, rest = divmod(eastings[0].value, PREFIX_M)
    return int(prefix) if rest == MERIDIAN_M else None


def find_zone_mistake(crs: CRS, x: np.ndarray, y: np.ndarray) -> Message | None:
    """Say what is wrong when numbers cannot be in the zone they are said to be in.

    Parameters
    ----------
    crs
        The system they are said to be in.
    x, y
        (n,) numbers as given.

    Returns
    -------
    A half-sentence that names the right system, or None when nothing is wrong.

    Examples
    --------
    >>> x, y = np.array([36552262.0]), np.array([2869371.8])
    >>> find_zone_mistake(CRS.from_epsg(4545), x, y)
    'begin with zone number 36, but EPSG:4545 has none: they look like EPSG:4524'
    >>> find_zone_mistake(CRS.from_epsg(4524), x, y) is None
    True
    """
    stated, likely = prefix_of(crs), likely_zones(x, y)
    if stated is None or not likely:
        return None
    name = f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.name
    if likely[0].is_swapped:
        return Message(
            "are given north before east: import again with the axes exchanged{hint}",
            hint=CommandHint("--swap-axes"),
        )
    if len(likely) == 1:
        found = int(_middle(x) // PREFIX_M)
        if found == stated:
            return None
        return Message(
            "begin with zone number {found}, but {system} has {stated}: they look like EPSG:{epsg}",
            found=found,
            system=name,
            stated=stated or Message("none"),
            epsg=likely[0].epsg,
        )
    if not stated:
        return None
    twin = _without_prefix(crs, stated)
    if not twin:
        return Message("lack the zone number {zone} that {system} has", zone=stated, system=name)
    return Message(
        "lack the zone number {zone} that {system} has: they look like EPSG:{epsg}",
        zone=stated,
        system=name,
        epsg=twin,
    )


def _without_prefix(crs: CRS, prefix: int) -> int | None:
    """Give the code of the CGCS2000 zone on the same meridian without prefix."""
    code = crs.to_epsg()
    if code is None or code != zone_with_prefix(prefix):
        return None
    return code + 21 if prefix in THREE_DEGREE_ZONES else code + 11
