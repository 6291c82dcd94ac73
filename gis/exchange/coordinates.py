"""From the coordinates of a file to longitude and latitude in EPSG:4326.

A reference system is never guessed: a file that states none is asked about. CGCS2000 (EPSG:4490)
is taken as equal to WGS84 (they differ by less than a metre).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.errors import CommandHint, InvalidInput, Message
from gis.geometry.datum import gcj02_from_bd09, wgs84_from_gcj02
from gis.geometry.datum_shift import DatumShift, find_shift
from gis.geometry.zones import WEB_MERCATOR, likely_zones, north_first

DATUMS = ("wgs84", "gcj02", "bd09")
_USER_CODE = re.compile(r"^(?:EPSG:\d{4,6}|OGC:CRS84)$", re.IGNORECASE)
_URN = re.compile(r"^urn:ogc:def:crs:(?P<authority>EPSG|OGC):[^:]*:(?P<code>\w+)$", re.IGNORECASE)
_URL = re.compile(
    r"^https?://www\.opengis\.net/def/crs/(?P<authority>EPSG|OGC)/[^/]*/(?P<code>\w+)$",
    re.IGNORECASE,
)
_SAME_AS_WGS84 = frozenset({4326, 4490, 4979, 4480})

LonLat = Callable[[np.ndarray], np.ndarray]


def crs_of_file(stated: str | None, asked: str | None, *, file: str) -> CRS:
    """Decide the reference system: the one the person states, else the file's own.

    Parameters
    ----------
    stated
        What the file says: authority code, URN or WKT.
    asked
        What the person says, such as ``EPSG:4545``; wins.
    file
        Name for messages.

    Raises
    ------
    InvalidInput
        Neither says anything, it is not known, or it is no system for places on the ground.

    Examples
    --------
    >>> crs_of_file(None, "EPSG:4545", file="a.shp").to_epsg()
    4545
    >>> crs_of_file("urn:ogc:def:crs:EPSG::4490", None, file="a.geojson").to_epsg()
    4490
    """
    if asked is not None and not _USER_CODE.match(asked.strip()):
        raise InvalidInput(
            "coordinate system {asked!r}: write an EPSG code, such as EPSG:4326 or EPSG:4545{hint}",
            asked=asked,
            hint=CommandHint("--crs EPSG:4545"),
        )
    text = asked.strip().upper() if asked is not None else stated
    if not text:
        raise InvalidInput(
            "{file}: it does not say which coordinate system it is in; state it, such as "
            "EPSG:4326 (degrees) or EPSG:4545 (CGCS2000, metres){hint}",
            file=file,
            hint=CommandHint("--crs EPSG:4545"),
        )
    try:
        crs = _parse(text)
    except CRSError as error:
        raise InvalidInput(
            "{file}: its coordinate system is not known; state it{hint}",
            file=file,
            hint=CommandHint("--crs"),
        ) from error
    if crs.is_geocentric or not (crs.is_geographic or crs.is_projected):
        raise InvalidInput(
            "{file}: {crs} is no system of places on the ground; state the right one{hint}",
            file=file,
            crs=crs.name,
            hint=CommandHint("--crs"),
        )
    return crs


def _parse(text: str) -> CRS:
    """Read a code, URN, URL of its definition or WKT; never a file name or a free string."""
    match = _URN.match(text.strip()) or _URL.match(text.strip())
    if match:
        text = f"{match['authority']}:{match['code']}".upper()
    if _USER_CODE.match(text.strip()):
        return CRS.from_user_input(text.strip().upper()).to_2d()
    return CRS.from_wkt(text).to_2d()


def lon_lat_from(crs: CRS, *, datum: str, shift: DatumShift | None = None) -> LonLat:
    """Give the function that turns (n, 2) coordinates into (n, 2) lon, lat.

    Parameters
    ----------
    crs
        System of the coordinates.
    datum
        ``wgs84``; ``gcj02`` or ``bd09`` for coordinates taken from Chinese web maps, which are
        shifted by 100 to 700 m.
    shift
        The change of datum chosen for the place, see `gis.geometry.datum_shift`.

    Raises
    ------
    InvalidInput
        Another datum, or a web-map datum on coordinates that are not degrees.
    """
    if datum not in DATUMS:
        raise InvalidInput(
            "datum {datum!r}: expected one of {datums}{hint}",
            datum=datum,
            datums=", ".join(DATUMS),
            hint=CommandHint("--datum"),
        )
    if datum != "wgs84" and not crs.is_geographic:
        raise InvalidInput(
            "the datum {datum} holds for degrees; this file is in {crs}; leave it out{hint}",
            datum=datum,
            crs=crs.name,
            hint=CommandHint("--datum"),
        )
    transformer = None if is_lon_lat(crs) else (shift or find_shift(crs)).transformer

    def convert(xy: np.ndarray) -> np.ndarray:
        x, y = xy[:, 0], xy[:, 1]
        if transformer is not None:
            x, y = transformer.transform(x, y)
        if datum == "bd09":
            x, y = gcj02_from_bd09(x, y)
        if datum in ("bd09", "gcj02"):
            x, y = wgs84_from_gcj02(x, y)
        return np.column_stack([x, y])

    return convert


def is_lon_lat(crs: CRS) -> bool:
    """Say whether coordinates of a system are taken as they are."""
    return crs.is_geographic and crs.to_epsg() in _SAME_AS_WGS84 or crs.name.endswith("(CRS84)")


def hint_for_metres(xy: np.ndarray) -> Message:
    """Say what coordinates beyond the range of degrees look like.

    Examples
    --------
    >>> hint_for_metres(np.array([[36512345.0, 2870000.0]]))
    'look like metres of CGCS2000 3-degree zone 36 (EPSG:4524)'
    >>> hint_for_metres(np.array([[2870000.0, 19512345.0]]))
    'look like metres of CGCS2000 6-degree zone 19 (EPSG:4497), north before east'
    >>> hint_for_metres(np.array([[12704398.0, 3514226.0]]))
    'look like metres of Web Mercator (EPSG:3857)'
    """
    likely = likely_zones(xy[:, 0], xy[:, 1]) if len(xy) else []
    if not likely:
        return Message("look like metres, not degrees")
    order = north_first(likely[0])
    zones = [z.epsg for z in likely if z.epsg != WEB_MERCATOR]
    if len(zones) > 1:
        return Message(
            "look like metres of a CGCS2000 zone without zone number "
            "(EPSG:{first} to EPSG:{last}, by the meridian){order}",
            first=zones[0],
            last=zones[-1],
            order=order,
        )
    if not zones:
        return Message("look like metres of Web Mercator (EPSG:3857){order}", order=order)
    projection = CRS.from_epsg(zones[0]).coordinate_operation
    assert projection is not None, "a zone is a projection"
    zone = projection.name.replace(" Gauss-Kruger", "")
    said = Message("CGCS2000 {zone} (EPSG:{epsg})", zone=zone, epsg=zones[0])
    if len(likely) > 1:
        said = Message("{zone} or of Web Mercator (EPSG:3857)", zone=said)
    return Message("look like metres of {system}{order}", system=said, order=order)
