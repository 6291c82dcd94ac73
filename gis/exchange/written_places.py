"""Places written in one cell of a table: two coordinates, WKT, EWKT or hexadecimal WKB.

Spreadsheets have a column 坐标 with "114.12, 30.08", databases export a column of WKT. Two numbers
are longitude and latitude in this order, unless the name of the column or the cells say otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gis.errors import InvalidInput
from gis.exchange.columns import cell_text, plain_name
from gis.exchange.quantities import degrees_from_text
from gis.exchange.table import Table

_PAIR_NAMES = """
坐标 坐标位置 位置坐标 地理坐标 经纬度 经纬度坐标 经度纬度 经度,纬度 经度、纬度 纬经度
纬度经度 纬度,经度 GPS GPS坐标 定位 定位坐标 经纬
coordinate coordinates coords coord position lonlat lon,lat lon/lat lnglat lng,lat longlat latlon
lat,lon lat/lon latlng lat,lng latlong latitude,longitude longitude,latitude point gps_coordinates
geometry geom the_geom wkt wkb ewkt ewkb geo shape geolocation
"""
PAIR_NAMES = frozenset(plain_name(name) for name in _PAIR_NAMES.split())
"""Names of a column that may hold a place in each cell."""

WGS84 = 4326
"""What a shape without a code is taken for beside others that state it."""

MAX_DEPTH = 8
"""Brackets inside brackets; more are no shape of a place."""

SAMPLE_ROWS = 200
_WKT = re.compile(
    r"^(?:SRID\s*=\s*(?P<srid>\d{1,6})\s*;\s*)?"
    r"(?P<wkt>(?:MULTI)?(?:POINT|LINESTRING|POLYGON|CURVE|SURFACE)|GEOMETRYCOLLECTION"
    r"|CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON)\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY)",
    re.IGNORECASE,
)
_HEX = re.compile(r"^(?:\\x)?(?P<hex>0[01][0-9A-Fa-f]{40,})$")
_SEPARATORS = (r"\s*[;|/]\s*", r"\s*[,、]\s*", r"\s+")
_BRACKETS = ("()", "[]", "{}", "【】")


@dataclass(frozen=True)
class WrittenPlaces:
    """The column of a table that holds a place in each cell.

    Parameters
    ----------
    column
        Its position in the row.
    shapes
        Shape of each row, None where the cell is empty or cannot be read.
    unread
        Positions of the rows whose cell cannot be read.
    srid
        Code of the reference system that every cell states; 0 where none does.
    """

    column: int
    shapes: np.ndarray
    unread: list[int]
    srid: int = 0


def find_places(table: Table, used: Collection[int], *, file: str) -> WrittenPlaces | None:
    """Find and read the column of places; None where there is none.

    Parameters
    ----------
    table
        The rows.
    used
        Columns that feed a field and are none of places.
    file
        Name for messages.

    Raises
    ------
    InvalidInput
        The cells state several reference systems.
    """
    for column, name in enumerate(table.columns):
        if column in used:
            continue
        cells = [cell_text(row[column]) for row in table.rows]
        if not _holds_places(cells, plain_name(name) in PAIR_NAMES):
            continue
        return _read_column(cells, column, name, file)
    return None


def _holds_places(cells: Sequence[str], is_named: bool) -> bool:
    """Say whether most of the first filled cells are shapes, or pairs under a name for them."""
    filled = [cell for cell in cells if cell][:SAMPLE_ROWS]
    if not filled:
        return False
    n_shapes = sum(bool(_WKT.match(cell) or _HEX.match(cell)) for cell in filled)
    n_pairs = sum(_pair(cell, False) is not None for cell in filled) if is_named else 0
    return 2 * (n_shapes + n_pairs) > len(filled)


def _read_column(cells: Sequence[str], column: int, name: str, file: str) -> WrittenPlaces:
    latitude_first = bool(re.match(r"lat|纬", plain_name(name)))
    shapes = np.full(len(cells), None, dtype=object)
    unread, srids = [], set()
    for position, cell in enumerate(cells):
        if not cell:
            continue
        shape, srid = _shape(cell, latitude_first)
        shapes[position] = shape
        if shape is None:
            unread.append(position)
        else:
            srids.add(srid)
    if srids == {0, WGS84}:
        srids = {WGS84}
    if len(srids) > 1:
        listed = ", ".join(f"EPSG:{srid}" if srid else "—" for srid in sorted(srids))
        raise InvalidInput(
            "{file}: the shapes in column {column} are in several coordinate systems ({systems});"
            " give each its own file",
            file=file,
            column=name,
            systems=listed,
        )
    return WrittenPlaces(column, shapes, unread, srids.pop() if srids else 0)


def _shape(cell: str, latitude_first: bool) -> tuple[shapely.Geometry | None, int]:
    """Read one cell: its shape and the code of the reference system it states."""
    match = _WKT.match(cell)
    if match:
        is_deep = max(_depths(cell), default=0) > MAX_DEPTH
        text = cell[match.start("wkt") :]
        read = None if is_deep else shapely.from_wkt(text, on_invalid="ignore")
        return read, int(match["srid"] or 0)
    match = _HEX.match(cell)
    if match:
        read = shapely.from_wkb(match["hex"], on_invalid="ignore")
        return read, int(shapely.get_srid(read)) if read is not None else 0
    pair = _pair(cell, latitude_first)
    return (None if pair is None else shapely.Point(*pair)), 0


def _depths(text: str) -> list[int]:
    depth, depths = 0, []
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        depths.append(depth)
    return depths


def _pair(cell: str, latitude_first: bool) -> tuple[float, float] | None:
    """Read two coordinates, a height after them dropped; None where it is no pair.

    Examples
    --------
    >>> _pair("114.1247, 30.088", False), _pair("30.088，114.1247", True)
    ((114.1247, 30.088), (114.1247, 30.088))
    >>> _pair("北纬30.5° 东经114.25°", False), _pair("学院路1号", False), _pair("1.5", False)
    ((114.25, 30.5), None, None)
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    for opening, closing in map(tuple, _BRACKETS):
        if text.startswith(opening) and text.endswith(closing):
            text = text[1:-1].strip()
    for separator in _SEPARATORS:
        parts = re.split(separator, text)
        if len(parts) in (2, 3):
            pair = _ordered(parts, latitude_first)
            if pair is not None:
                return pair
    return None


def _ordered(parts: Sequence[str], latitude_first: bool) -> tuple[float, float] | None:
    """Read the parts as longitude and latitude; letters of a hemisphere tell the order."""
    if len(parts) == 3 and _plain(parts[2]) is None:
        return None
    axes = ("lat", "lon") if latitude_first else ("lon", "lat")
    for first, second in (axes, axes[::-1]):
        one, other = _angle(parts[0], first), _angle(parts[1], second)
        if one is not None and other is not None:
            return (one, other) if first == "lon" else (other, one)
    return None


def _angle(text: str, axis: str) -> float | None:
    try:
        angle = degrees_from_text(text, axis)
    except ValueError:
        return None
    return _plain(text) if angle is None else angle


def _plain(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[+-]?\d{1,9}(?:\.\d+)?", text) else None
