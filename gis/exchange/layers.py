"""Read GeoPackage and Shapefile through GDAL, with every other driver switched off.

Runs in the confined child. GDAL reads its settings when it is imported, so they are set just
before; pandas is kept out, the child does not need it.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from gis.errors import CommandHint, InvalidInput
from gis.exchange.dbf_text import decode_table
from gis.exchange.limits import MAX_COLUMNS, MAX_ROWS
from gis.exchange.table import Table, Value

SKIPPED_DRIVERS = (
    "MEM PCIDSK PDS4 VICAR PDF MBTiles EEDA OGCAPI GDALG MapInfo_File LVBAG S57 DGN OGR_VRT VRT "
    "CSV GML GPX LIBKML KML GeoJSON GeoJSONSeq ESRIJSON TopoJSON OGR_GMT SQLite WAsP OpenFileGDB "
    "DXF FlatGeobuf GeoRSS VFK PGDUMP OSM GPSBabel OGR_PDS WFS OAPIF EDIGEO Idrisi ODS XLSX "
    "Elasticsearch Carto AmigoCloud SXF Selafin JML PLSCENES CSW VDV MVT NGW MapML GTFS PMTiles "
    "JSONFG MiraMonVector ADBC AVCBin AVCE00 AIVector HTTP WMS WCS WMTS DAAS"
)
SETTINGS = {
    "GDAL_SKIP": ",".join(d.replace("_File", " File") for d in SKIPPED_DRIVERS.split()),
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "GDAL_NUM_THREADS": "1",
    "GDAL_HTTP_TIMEOUT": "1",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{noext}",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "PROJ_NETWORK": "OFF",
    "SHAPE_RESTORE_SHX": "YES",
}
"""GDAL settings of the child, in force before GDAL is imported."""


def _import_gdal(needed: str | None = None) -> ModuleType:
    """Import GDAL with every driver off but those that are always there and the one needed."""
    os.environ.update(SETTINGS)
    skipped = (d for d in SETTINGS["GDAL_SKIP"].split(",") if d != needed)
    os.environ["GDAL_SKIP"] = ",".join(skipped)
    for heavy in ("pandas", "geopandas", "pyarrow"):
        sys.modules.setdefault(heavy, None)  # type: ignore[arg-type]  # None bars it
    import pyogrio.raw

    return pyogrio


def read_geopackage(path: Path, *, name: str, layer: str | None, usual: str | None = None) -> Table:
    """Read one feature or attribute table of a GeoPackage; ``usual`` where none is named.

    Raises
    ------
    InvalidInput
        Damaged; the layer asked for is not there; several layers and none was named; the layer
        is a view (its query would run on our side).
    """
    layers = _geopackage_tables(path, name)
    if layer is not None and layer in _views(path):
        raise InvalidInput(
            "{name}: layer {layer!r} is a view, which is not run here; save it as a plain layer",
            name=name,
            layer=layer,
        )
    chosen = choose_layer(layers, layer or (usual if usual in layers else None), name)
    return read_layer(path, chosen, name=name)


def _geopackage_tables(path: Path, name: str) -> list[str]:
    """List the tables that `gpkg_contents` names and that are real tables."""
    query = (
        "SELECT c.table_name FROM gpkg_contents c JOIN sqlite_master m "
        "ON m.name = c.table_name AND m.type = 'table' "
        "WHERE c.data_type IN ('features', 'attributes') ORDER BY c.rowid"
    )
    try:
        database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            return [str(row[0]) for row in database.execute(query)]
        finally:
            database.close()
    except sqlite3.Error as error:
        raise InvalidInput(
            "{name}: the GeoPackage is damaged ({error})", name=name, error=str(error)
        ) from error


def _views(path: Path) -> list[str]:
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
        return [str(row[0]) for row in found]
    finally:
        database.close()


def choose_layer(layers: list[str], asked: str | None, name: str) -> str:
    """Choose a layer by name, or the only one.

    Raises
    ------
    InvalidInput
        Not there, none at all, or several and none was named.
    """
    if asked is not None and asked in layers:
        return asked
    listed = ", ".join(layers[:20]) or "none that can be read"
    if asked is not None:
        raise InvalidInput(
            "{name}: no layer {asked!r}; it holds: {listed}", name=name, asked=asked, listed=listed
        )
    if len(layers) != 1:
        raise InvalidInput(
            "{name}: name one layer{hint}; it holds: {listed}",
            name=name,
            hint=CommandHint("--layer LAYER"),
            listed=listed,
        )
    return layers[0]


def read_shapefile(path: Path, *, name: str, encoding: str | None) -> Table:
    """Read a Shapefile whose parts lie beside `path` under the same stem.

    Text is read byte for byte and decoded here: the code page a Shapefile states is often wrong.

    Raises
    ------
    InvalidInput
        The .dbf is missing or has another number of rows; the encoding cannot be told.
    """
    _check_parts(path, name)
    table = read_layer(path, None, name=name, encoding="ISO-8859-1")
    decode_table(table, _stated_encoding(path, encoding), name, is_certain=encoding is not None)
    return table


def _check_parts(path: Path, name: str) -> None:
    dbf = path.with_suffix(".dbf")
    if not dbf.exists():
        raise InvalidInput(
            "{name}: the .dbf beside it is missing; a Shapefile is .shp, .shx, .dbf", name=name
        )
    n_rows = int.from_bytes(dbf.read_bytes()[4:8], "little")
    index = path.with_suffix(".shx")
    if index.exists() and (index.stat().st_size - 100) // 8 != n_rows:
        n_shapes = (index.stat().st_size - 100) // 8
        raise InvalidInput(
            "{name}: {n_shapes} shapes but {n_rows} rows in the .dbf; export it again",
            name=name,
            n_shapes=n_shapes,
            n_rows=n_rows,
        )


def _stated_encoding(path: Path, asked: str | None) -> str | None:
    if asked is not None:
        return asked
    page = path.with_suffix(".cpg")
    stated = page.read_text("ascii", "replace").strip() if page.exists() else ""
    language = path.with_suffix(".dbf").read_bytes()[29:30]
    return stated or {b"\x4d": "gbk", b"\x4f": "big5"}.get(language)


def list_layers(path: Path, *, name: str, driver: str) -> list[str]:
    """List the layers of a file that a driver reads which is off otherwise.

    Raises
    ------
    InvalidInput
        Damaged.
    """
    pyogrio = _import_gdal(driver)
    try:
        return [str(layer) for layer, _ in pyogrio.list_layers(path)]
    except pyogrio.errors.DataSourceError as error:
        raise InvalidInput("{name}: the file is damaged and cannot be read", name=name) from error


def read_layer(
    path: Path,
    layer: str | None,
    *,
    name: str,
    encoding: str | None = None,
    driver: str | None = None,
) -> Table:
    """Read one layer whole; ``driver`` is one that is off otherwise.

    Raises
    ------
    InvalidInput
        Damaged, or more rows or columns than are read.
    """
    pyogrio = _import_gdal(driver)
    try:
        meta, _, shapes, fields = pyogrio.raw.read(
            path,
            layer=layer,
            encoding=encoding,
            force_2d=True,
            max_features=MAX_ROWS + 1,
            datetime_as_string=True,
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise InvalidInput("{name}: the file is damaged and cannot be read", name=name) from error
    except (pyogrio.errors.FeatureError, pyogrio.errors.GeometryError, UnicodeError) as error:
        raise InvalidInput("{name}: holds a record that cannot be read", name=name) from error
    return _table(meta, shapes, fields, name)


def _table(meta: dict, shapes: np.ndarray | None, fields: list, name: str) -> Table:
    n_rows = len(fields[0]) if fields else 0 if shapes is None else len(shapes)
    if n_rows > MAX_ROWS:
        raise InvalidInput(
            "{name}: more than {max_rows} rows; split the file", name=name, max_rows=MAX_ROWS
        )
    if len(fields) > MAX_COLUMNS:
        raise InvalidInput(
            "{name}: {n_fields} columns; at most {max_columns} are read",
            name=name,
            n_fields=len(fields),
            max_columns=MAX_COLUMNS,
        )
    columns = [[_plain(value) for value in column.tolist()] for column in fields]
    return Table(
        columns=[str(column) for column in meta["fields"]],
        rows=[list(row) for row in zip(*columns, strict=True)] if columns else [[]] * n_rows,
        numbers=list(range(1, n_rows + 1)),
        shapes=None if shapes is None else [None if s is None else bytes(s) for s in shapes],
        crs=meta["crs"] or None,
        n_rows=n_rows,
    )


def _plain(value: object) -> Value:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return None if value != value else value
    return None if isinstance(value, bytes) else str(value)
