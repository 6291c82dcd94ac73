"""Write map layers as GeoJSON or as zipped Shapefiles: whole or not at all, the same every day."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import shapely

from gis.errors import InvalidInput
from gis.exchange.writers import plain_value, replace_file, writable

GEOJSON_DIGITS = 13
"""Decimals of a degree. With fewer, corners that stand a millimetre apart could change sides."""

LONGEST_NAME = 10
"""Letters of a column in a Shapefile."""

_FIXED_TIME = (2000, 1, 1, 0, 0, 0)
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def write_geojson(path: str | Path, frame: gpd.GeoDataFrame) -> None:
    """Write a frame as GeoJSON (RFC 7946: WGS 84, longitude first).

    Raises
    ------
    InvalidInput
        The frame has no CRS, or the path cannot be written.
    """
    if frame.crs is None:
        raise InvalidInput(f"{Path(path).name}: the coordinate system is not known")
    frame = frame.to_crs(4326)
    names = list(frame.columns.drop(frame.geometry.name))
    columns = [[plain_value(v) for v in frame[n].astype(object)] for n in names]
    lines = [
        _feature(dict(zip(names, row, strict=True)), shape)
        for *row, shape in zip(*columns, frame.geometry, strict=True)
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    replace_file(Path(path), lambda part: part.write_text(text, "utf-8"))


def _feature(properties: dict, shape: shapely.Geometry) -> str:
    geometry = json.loads(shapely.to_geojson(shape))
    geometry["coordinates"] = _rounded(geometry["coordinates"])
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps(feature, ensure_ascii=False, default=str, separators=(",", ":"))


def _rounded(value: object) -> object:
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    return round(value, GEOJSON_DIGITS) if isinstance(value, float) else value


def write_shapefiles(path: str | Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Write frames as Shapefiles in one zip, text in UTF-8 and saying so (.cpg).

    Parameters
    ----------
    path
        The zip.
    layers
        Frame by layer name; long column names are shortened (`short_names`).

    Raises
    ------
    InvalidInput
        There is nothing to write, a frame has no CRS, or the path cannot be written.
    """
    if not layers:
        raise InvalidInput(f"{Path(path).name}: there is no layer to write")
    for name, frame in layers.items():
        if frame.crs is None:
            raise InvalidInput(f"layer {name}: its coordinate system is not known")
    replace_file(Path(path), lambda part: _write_zip(part, layers))


def _write_zip(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path, "w") as archive:
        for name, frame in layers.items():
            shape = Path(folder) / f"{name}.shp"
            short = writable(frame).rename(columns=short_names(frame))
            short.to_file(shape, driver="ESRI Shapefile", engine="pyogrio", encoding="UTF-8")
            for part in _PARTS:
                entry = zipfile.ZipInfo(f"{name}{part}", date_time=_FIXED_TIME)
                archive.writestr(entry, _content(shape, part), zipfile.ZIP_DEFLATED)


def _content(shape: Path, part: str) -> bytes:
    """Give the bytes of a part; the day of change in a .dbf is fixed."""
    content = shape.with_suffix(part).read_bytes()
    return content[:1] + bytes((100, 1, 1)) + content[4:] if part == ".dbf" else content


def short_names(frame: gpd.GeoDataFrame) -> dict[str, str]:
    """Give the columns that are too long for a Shapefile names of their own.

    Examples
    --------
    >>> columns = ["code", "main_road_share", "main_road_straddled", "geometry"]
    >>> short_names(gpd.GeoDataFrame(columns=columns, geometry="geometry"))
    {'main_road_share': 'main_road', 'main_road_straddled': 'main_roa_1'}
    """
    taken = {str(c) for c in frame.columns if len(str(c).encode()) <= LONGEST_NAME}
    short: dict[str, str] = {}
    for name in (str(c) for c in frame.columns if str(c) not in taken):
        short[name] = _free_name(name, taken)
        taken.add(short[name])
    return short


def _free_name(name: str, taken: set[str]) -> str:
    first = name.encode()[:LONGEST_NAME].decode("utf-8", "ignore").rstrip("_")
    if first not in taken:
        return first
    trimmed = name.encode()[: LONGEST_NAME - 2].decode("utf-8", "ignore")
    return next(f"{trimmed}_{n}" for n in range(1, 100) if f"{trimmed}_{n}" not in taken)
