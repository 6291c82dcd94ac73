"""Systems in metres that China's maps come in: what numbers tell about the one they are in. Pure.

The same ground has an easting of six digits (500 km on the central meridian) in a Gauss-Krüger zone
without prefix, and of eight digits, the zone number in front, in one with. A northing in China lies
between 1,800 and 6,100 km. Web Mercator has neither: its eastings in China lie between 8 and 15
million, where only a few zones of six degrees have theirs. So numbers tell whether they have a
prefix, and whether their axes are exchanged; which of the zones without prefix they are in, only
the ground they must lie on can tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyproj import CRS

from gis.errors import CommandHint, Message

NORTHINGS_M = (1_800_000.0, 6_100_000.0)
EASTINGS_M = (100_000.0, 900_000.0)
MERCATOR_X_M = (8_000_000.0, 15_200_000.0)
MERCATOR_Y_M = (1_800_000.0, 7_300_000.0)
"""Web Mercator in China, from 72 to 136 degrees east and 16 to 54 north."""

THREE_DEGREE_ZONES = range(25, 46)
SIX_DEGREE_ZONES = range(13, 24)
PREFIX_M = 1_000_000.0
MERIDIAN_M = 500_000.0
WEB_MERCATOR = 3857


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


@dataclass(frozen=True)
class ZoneFamily:
    """The Gauss-Krüger zones of one Chinese datum, by the codes of the first zone of each kind.

    Parameters
    ----------
    three_prefixed, three_plain
        Zones of three degrees from 25 (meridian 75) to 45, with and without zone number.
    six_prefixed, six_plain
        Zones of six degrees from 13 (meridian 75) to 23.
    """

    name: str
    three_prefixed: int
    three_plain: int
    six_prefixed: int
    six_plain: int

    def prefixed(self, number: int) -> int | None:
        """Give the code of the zone that a prefix names, None if there is no such zone.

        Examples
        --------
        >>> CGCS2000.prefixed(36), XIAN_1980.prefixed(38), BEIJING_1954.prefixed(19)
        (4524, 2362, 21419)
        """
        if number in THREE_DEGREE_ZONES:
            return self.three_prefixed + number - THREE_DEGREE_ZONES.start
        return self.six_prefixed + number - SIX_DEGREE_ZONES.start if _is_six(number) else None

    def plain(self, number: int) -> int | None:
        """Give the code of the zone on the same meridian without prefix.

        Examples
        --------
        >>> CGCS2000.plain(36), XIAN_1980.plain(38), BEIJING_1954.plain(19)
        (4545, 2383, 21459)
        """
        if number in THREE_DEGREE_ZONES:
            return self.three_plain + number - THREE_DEGREE_ZONES.start
        return self.six_plain + number - SIX_DEGREE_ZONES.start if _is_six(number) else None

    def codes(self) -> set[int]:
        """Give the codes of all its zones."""
        numbers = (*THREE_DEGREE_ZONES, *SIX_DEGREE_ZONES)
        return {code for n in numbers for code in (self.prefixed(n), self.plain(n)) if code}


def _is_six(number: int) -> bool:
    return number in SIX_DEGREE_ZONES


CGCS2000 = ZoneFamily("CGCS2000", 4513, 4534, 4491, 4502)
XIAN_1980 = ZoneFamily("Xian 1980", 2349, 2370, 2327, 2338)
BEIJING_1954 = ZoneFamily("Beijing 1954", 2401, 2422, 21413, 21453)


def family_of(crs: CRS) -> ZoneFamily:
    """Give the family whose datum a system has; CGCS2000 for any other datum.

    Examples
    --------
    >>> [family_of(CRS.from_epsg(code)).name for code in (2383, 21419, 4547, 32650)]
    ['Xian 1980', 'Beijing 1954', 'CGCS2000', 'CGCS2000']
    """
    base = crs.geodetic_crs
    name = base.name if base is not None else ""
    return next((f for f in (XIAN_1980, BEIJING_1954) if f.name == name), CGCS2000)


def zone_with_prefix(number: int) -> int | None:
    """Give the code of the CGCS2000 zone that a prefix names, None if there is no such zone.

    Examples
    --------
    >>> zone_with_prefix(36), zone_with_prefix(19), zone_with_prefix(99)
    (4524, 4497, None)
    """
    return CGCS2000.prefixed(number)


def likely_zones(
    x: np.ndarray, y: np.ndarray, *, family: ZoneFamily = CGCS2000, mercator: bool = True
) -> list[Zone]:
    """List the systems that numbers may be in; empty when they look like none.

    Parameters
    ----------
    x, y
        (n,) numbers as given, first and second column.
    family
        Datum of the zones.
    mercator
        Whether Web Mercator may be among them, after the zones.

    Examples
    --------
    >>> likely_zones(np.array([36552262.0]), np.array([2869371.8]))
    [Zone(epsg=4524, is_swapped=False)]
    >>> likely_zones(np.array([2869371.8]), np.array([36552262.0]))
    [Zone(epsg=4524, is_swapped=True)]
    >>> len(likely_zones(np.array([552262.0]), np.array([2869371.8])))
    21
    >>> likely_zones(np.array([12704398.0]), np.array([3514226.0]))
    [Zone(epsg=3857, is_swapped=False)]
    """
    first, second = _middle(x), _middle(y)
    for is_swapped, (east, north) in enumerate([(first, second), (second, first)]):
        codes = _codes(east, north, family)
        if mercator and _is_mercator(east, north):
            codes.append(WEB_MERCATOR)
        if codes:
            return [Zone(code, is_swapped=bool(is_swapped)) for code in codes]
    return []


def _middle(values: np.ndarray) -> float:
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    return float(np.median(finite)) if len(finite) else float("nan")


def _codes(easting: float, northing: float, family: ZoneFamily) -> list[int]:
    if not NORTHINGS_M[0] <= northing <= NORTHINGS_M[1]:
        return []
    if EASTINGS_M[0] <= easting <= EASTINGS_M[1]:
        return [family.three_plain + i for i in range(len(THREE_DEGREE_ZONES))]
    prefix = int(easting // PREFIX_M) if np.isfinite(easting) else 0
    code = family.prefixed(prefix)
    inside = EASTINGS_M[0] <= easting - prefix * PREFIX_M <= EASTINGS_M[1]
    return [code] if code is not None and inside else []


def _is_mercator(x: float, y: float) -> bool:
    return MERCATOR_X_M[0] <= x <= MERCATOR_X_M[1] and MERCATOR_Y_M[0] <= y <= MERCATOR_Y_M[1]


def prefix_of(crs: CRS) -> int | None:
    """Give the zone number before the eastings of a Gauss-Krüger or UTM zone; 0 if it has none.

    None for a system of another kind, or one whose meridian does not lie at 500 km.

    Examples
    --------
    >>> [prefix_of(CRS.from_epsg(code)) for code in (4524, 4545, 3857)]
    [36, 0, None]
    """
    easting = _parameter(crs, "False easting")
    if easting is None:
        return None
    prefix, rest = divmod(easting, PREFIX_M)
    return int(prefix) if rest == MERIDIAN_M else None


def meridian_of(crs: CRS) -> float | None:
    """Give the central meridian of a transverse Mercator system, in degrees.

    Examples
    --------
    >>> meridian_of(CRS.from_epsg(4524)), meridian_of(CRS.from_epsg(3857))
    (108.0, None)
    """
    return _parameter(crs, "Longitude of natural origin")


def _parameter(crs: CRS, name: str) -> float | None:
    """Give a parameter in metres or degrees of a transverse Mercator system, else None."""
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return None
    found = [p for p in operation.params if p.name == name]
    if not found or found[0].unit_name.lower() not in ("metre", "meter", "degree"):
        return None
    return float(found[0].value)


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
    >>> find_zone_mistake(CRS.from_epsg(4547), np.array([12704398.0]), np.array([3514226.0]))
    'cannot be in EPSG:4547: they look like Web Mercator (EPSG:3857)'
    """
    stated, family = prefix_of(crs), family_of(crs)
    if stated is None:
        return None
    name = f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.name
    likely = likely_zones(x, y, family=family, mercator=False)
    if not likely:
        return _find_mercator(name, x, y)
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
    return _missing_prefix(crs, family, stated, name) if stated else None


def _find_mercator(name: str, x: np.ndarray, y: np.ndarray) -> Message | None:
    """Say so when numbers that are in no zone are those of Web Mercator."""
    likely = likely_zones(x, y)
    if not likely:
        return None
    return Message(
        "cannot be in {system}: they look like Web Mercator (EPSG:3857){order}",
        system=name,
        order=north_first(likely[0]),
    )


def north_first(zone: Zone) -> Message:
    """Say that numbers are given north before east, after a comma; nothing if they are not."""
    if not zone.is_swapped:
        return Message("")
    return Message(", north before east{hint}", hint=CommandHint("--swap-axes"))


def _missing_prefix(crs: CRS, family: ZoneFamily, stated: int, name: str) -> Message:
    code = crs.to_epsg()
    twin = family.plain(stated) if code is not None and code == family.prefixed(stated) else None
    if not twin:
        return Message("lack the zone number {zone} that {system} has", zone=stated, system=name)
    return Message(
        "lack the zone number {zone} that {system} has: they look like EPSG:{epsg}",
        zone=stated,
        system=name,
        epsg=twin,
    )
