"""From another datum to that of today: which operation there is, and how exact it is. Pure.

PROJ knows operations between datums with the ground and the accuracy they were made for. For some
there is none on some ground, and then it takes the numbers as they are ("ballpark"), which is off
by tens of metres and more for Beijing 1954 and Xi'an 1980. CGCS2000 is taken as equal to WGS84
(they differ by less than a metre). No grids are fetched: only what is installed counts.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup

from gis.errors import Message
from gis.geometry.zones import meridian_of

WORST_ACCURACY_M = 5.0
"""An operation less exact than this is asked about: neighbours' houses stand so close."""

EXACT_M = 1.0
"""An operation at least as exact as this is not mentioned."""

BEYOND_DEGREES = 3.0
"""Zones are used so far beyond their own ground: a province is often mapped in one of its zones."""

_OLD = ("Beijing 1954", "Xian 1980")
"""Adjusted county by county: always asked about, whatever accuracy a region's operation states."""
CHINA_2000 = "China Geodetic Coordinate System 2000"
_CGCS2000, _WGS84 = 4490, 4326
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class DatumShift:
    """An operation from some system to longitude and latitude of today.

    Parameters
    ----------
    transformer
        Does it; x east, y north on both sides.
    source
        Name of the system's datum.
    operation
        Name of the change of datum; None when there is none to make.
    accuracy_m
        As its makers state it; None when nobody does.
    is_null
        Whether the numbers are only taken as they are.
    """

    transformer: Transformer
    source: str
    operation: str | None
    accuracy_m: float | None
    is_null: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Say whether a person must agree before anything is stored."""
        is_old = self.source in _OLD
        return is_old or self.accuracy_m is None or self.accuracy_m > WORST_ACCURACY_M

    @property
    def sentence(self) -> Message | None:
        """Say what is done and how exact it is; None where there is nothing to say."""
        if self.is_null:
            return Message(
                "there is no exact transformation from {datum} to today's datum here: the numbers "
                "would be taken as they are ({operation}), with unknown accuracy, and may lie tens "
                "of metres off and more",
                datum=self.source,
                operation=self.operation,
            )
        if self.accuracy_m is None:
            return Message(
                "the transformation from {datum} ({operation}) has no stated accuracy",
                datum=self.source,
                operation=self.operation,
            )
        if self.accuracy_m <= EXACT_M and self.source not in _OLD:
            return None
        return Message(
            "transformed from {datum} by “{operation}”, accurate to {accuracy_m:g} m",
            datum=self.source,
            operation=self.operation,
            accuracy_m=self.accuracy_m,
        )


def find_shift(crs: CRS, *, x: object = (), y: object = ()) -> DatumShift:
    """Choose the best operation from a system to longitude and latitude.

    Parameters
    ----------
    crs
        The system of the numbers.
    x, y
        (n,) numbers; where they lie decides between operations of several regions.

    Examples
    --------
    >>> shift = find_shift(CRS.from_epsg(4610), x=[114.1], y=[30.1])
    >>> shift.is_null, shift.is_doubtful, shift.source
    (True, True, 'Xian 1980')
    >>> find_shift(CRS.from_epsg(4214), x=[108.5], y=[37.5]).operation
    'Beijing 1954 to WGS 84 (6)'
    >>> find_shift(CRS.from_epsg(4547)).sentence is None
    True
    """
    same = _best(_operations(crs.to_wkt(), _CGCS2000, None))
    name = crs.geodetic_crs.name if crs.geodetic_crs is not None else crs.name
    if same is not None and same.accuracy == 0:
        return DatumShift(same, name, None, 0.0)
    rough = Transformer.from_crs(crs, _WGS84, always_xy=True)
    bounds = _bounds(*rough.transform(np.asarray(x, float), np.asarray(y, float)))
    best = _best(_operations(crs.to_wkt(), _WGS84, bounds)) or rough
    named = [o.name for o in best.operations or () if not _is_mere_form(o.name)]
    ballpark = [n for n in named if n.startswith("Ballpark")]
    accuracy_m = best.accuracy if best.accuracy >= 0 else None
    operation = "; ".join(ballpark or named) or best.description
    return DatumShift(best, name, operation, accuracy_m, is_null=bool(ballpark))


def _is_mere_form(name: str) -> bool:
    """Say whether a step changes how a place is written, not the datum."""
    return name.startswith(("axis order", "Inverse of", "Null geographic", "Conversion"))


def _bounds(lon: np.ndarray, lat: np.ndarray) -> Bounds | None:
    fine = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    if not fine.any():
        return None
    lon, lat = lon[fine], lat[fine]
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


@lru_cache(maxsize=64)
def _operations(wkt: str, target: int, bounds: Bounds | None) -> tuple[Transformer, ...]:
    """List the operations that can be made here, best first as PROJ ranks them."""
    aoi = None if bounds is None else AreaOfInterest(*bounds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = TransformerGroup(
            CRS.from_wkt(wkt),
            CRS.from_epsg(target),
            always_xy=True,
            area_of_interest=aoi,  # type: ignore[arg-type]  # pyproj's stub names a class of its own
        ).transformers
    if bounds is None:
        return tuple(found)
    whole = [t for t in found if t.accuracy < 0 or _covers(t, bounds)]
    return tuple(whole or found)


def _covers(operation: Transformer, bounds: Bounds) -> bool:
    made_for = operation.area_of_use
    if made_for is None:
        return True
    west, south, east, north = made_for.bounds
    is_wide = west > east
    inside = (bounds[0] >= west or is_wide) and (bounds[2] <= east or is_wide)
    return inside and bounds[1] >= south and bounds[3] <= north


def _best(operations: tuple[Transformer, ...]) -> Transformer | None:
    """Take the most exact of the operations; those of unknown accuracy last."""
    if not operations:
        return None
    return min(operations, key=lambda t: t.accuracy if t.accuracy >= 0 else np.inf)


def ground_of(crs: CRS) -> Bounds | None:
    """Give west, south, east, north of the ground on which a system may be used, in degrees.

    A zone is given `BEYOND_DEGREES` more on every side. None where a system says nothing.

    Examples
    --------
    >>> ground_of(CRS.from_epsg(4490)), ground_of(CRS.from_epsg(4547))
    ((73.62, 16.7, 134.77, 53.56), (109.5, 18.52, 118.5, 48.45))
    """
    made_for, meridian, geodetic = crs.area_of_use, meridian_of(crs), crs.geodetic_crs
    if made_for is None and meridian is None and geodetic and geodetic.name == CHINA_2000:
        made_for = CRS.from_epsg(_CGCS2000).area_of_use
    if made_for is not None:
        west, south, east, north = made_for.bounds
        if west > east:
            return None
    elif meridian is not None:
        west, south, east, north = meridian - 1.5, -90.0, meridian + 1.5, 90.0
    else:
        return None
    more = BEYOND_DEGREES if crs.is_projected else 0.0
    return (
        round(west - more, 6),
        round(max(south - more, -90.0), 6),
        round(east + more, 6),
        round(min(north + more, 90.0), 6),
    )
