"""Read GeoJSON feature by feature, so that one bad feature costs one row and not the file.

Pure text to table; runs in the confined child. Heights and measures are dropped, rings left open
by less than a metre are closed, duplicate keys and NaN literals are refused.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

from gis.errors import CommandHint, Defect, InvalidInput, Message
from gis.exchange import wkb
from gis.exchange.encoding import detect_codec
from gis.exchange.formats import READABLE
from gis.exchange.limits import MAX_COLUMNS, MAX_GEOJSON_BYTES, MAX_ROWS, megabytes
from gis.exchange.table import Table, Value
from gis.exchange.wkb import ShapeError, wkb_from_geojson

Object = dict[str, object]


class _Refused(ValueError):
    """Something JSON allows and this reader does not."""


def read_geojson(path: Path, *, name: str) -> Table:
    """Read a FeatureCollection, a single Feature, or one Feature in each line.

    Parameters
    ----------
    path
        The file; UTF-8 or UTF-16.
    name
        Its name in messages.

    Raises
    ------
    InvalidInput
        Not JSON, no features, too large, nested too deep, duplicate keys, NaN literals.
    """
    if path.stat().st_size > MAX_GEOJSON_BYTES:
        raise InvalidInput(
            "{name}: GeoJSON is read up to {max_geojson_bytes}; save it as GeoPackage",
            name=name,
            max_geojson_bytes=megabytes(MAX_GEOJSON_BYTES),
        )
    document = _parse(path.read_bytes(), name)
    features = _features(document, name)
    if len(features) > MAX_ROWS:
        raise InvalidInput(
            "{name}: {n_features} features; at most {max_rows} are read at once",
            name=name,
            n_features=len(features),
            max_rows=MAX_ROWS,
        )
    if not features:
        raise InvalidInput("{name}: it holds no features", name=name)
    table = _table(features, name)
    table.crs = _crs(document, name)
    return table


def _parse(content: bytes, name: str) -> Object:
    text = _text(content, name)
    try:
        document = _loaded(text)
    except json.JSONDecodeError as error:
        if _is_sequence(text):
            return _sequence(text, name)
        place = Message("line {line}, column {column}", line=error.lineno, column=error.colno)
        raise InvalidInput(
            "{name}: not valid JSON at {place} ({msg})", name=name, place=place, msg=error.msg
        ) from error
    except RecursionError as error:
        raise InvalidInput(
            "{name}: the JSON is nested too deep to be GeoJSON", name=name
        ) from error
    except _Refused as error:
        raise InvalidInput("{name}: {error}", name=name, error=Message(error.args[0])) from error
    except ValueError as error:
        raise InvalidInput("{name}: holds a number that is too long", name=name) from error
    if isinstance(document, list) and document and isinstance(document[0], dict):
        document = {"type": _kind_of_list(document)}
    if not isinstance(document, dict):
        raise InvalidInput("{name}: JSON, but no GeoJSON FeatureCollection", name=name)
    return document


def _text(content: bytes, name: str) -> str:
    """Decode UTF-8, or UTF-16 with or without a mark; nothing else is GeoJSON."""
    codec = detect_codec(content)
    if codec is not None and codec.startswith("utf-16"):
        return content.decode(codec, "replace").removeprefix("\ufeff")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "{name}: GeoJSON must be UTF-8; save it again as UTF-8", name=name
        ) from error
    if codec not in (None, "utf-8-sig"):
        raise InvalidInput("{name}: GeoJSON must be UTF-8; save it again as UTF-8", name=name)
    return text


def _loaded(text: str) -> object:
    return json.loads(text, object_pairs_hook=_unique_pairs, parse_constant=_refuse_constant)


def _is_sequence(text: str) -> bool:
    """Say whether the first line is a whole feature, as in a file of one feature a line."""
    first = text.lstrip("\x1e \r\n").partition("\n")[0]
    try:
        feature = _loaded(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(feature, dict) and feature.get("type") == "Feature"


def _sequence(text: str, name: str) -> Object:
    """Read one feature in each line (GeoJSONSeq, RFC 8142), each as good or bad as it is."""
    features: list[object] = []
    for number, line in enumerate(text.replace("\x1e", "").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            features.append(_loaded(line))
        except (ValueError, RecursionError) as error:
            raise InvalidInput(
                "{name}: line {line} is no feature; expected one GeoJSON feature in each line",
                name=name,
                line=number,
            ) from error
    return {"type": "FeatureCollection", "features": features}


def _unique_pairs(pairs: list[tuple[str, object]]) -> Object:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Refused(
            Message("the key {key!r} stands twice in one object; keep one", key=twice[:60])
        )
    return found


def _refuse_constant(word: str) -> float:
    raise _Refused(
        Message(
            "holds {word}, which is no JSON number; write null where a value is missing", word=word
        )
    )


def _features(document: Object, name: str) -> list[object]:
    kind = document.get("type")
    if kind == "Feature":
        return [document]
    features = document.get("features")
    if kind != "FeatureCollection" or not isinstance(features, list):
        relative = _relative(document)
        if relative is not None:
            raise InvalidInput(
                "{name}: this is {what}; expected {readable}",
                name=name,
                what=Message(relative),
                readable=READABLE,
            )
        shown = kind if isinstance(kind, str) else "no type"
        raise InvalidInput(
            "{name}: expected a GeoJSON FeatureCollection, found {shown!r}",
            name=name,
            shown=shown[:40],
        )
    return features


_RELATIVES = {
    "geometryType": "Esri JSON of ArcGIS; save it as GeoJSON",
    "rings": "Esri JSON of ArcGIS; save it as GeoJSON",
    "spatialReference": "Esri JSON of ArcGIS; save it as GeoJSON",
    "arcs": "TopoJSON; save it as GeoJSON",
    "CityObjects": "CityJSON; save it as GeoJSON",
    "elements": "an answer of Overpass; save it as GeoJSON",
    "pois": "an answer of a web map; save it as CSV or GeoJSON",
    "log": "a recording of a browser (HAR)",
    "nbformat": "a notebook",
}
"""Members that tell other kinds of JSON."""


def _relative(document: Object) -> str | None:
    """Say what a JSON is that is near GeoJSON and is not read; None where it cannot be told."""
    kind = document.get("type")
    if kind in ("list of features", "list of rows"):
        return _LISTS[kind]
    if document.get("features") is not None or kind not in wkb.TYPES:
        return next((words for member, words in _RELATIVES.items() if member in document), None)
    return None


_LISTS = {
    "list of features": "a list of features; a GeoJSON FeatureCollection must stand around it",
    "list of rows": "a list of rows without shapes; save it as CSV",
}


def _kind_of_list(document: list[Object]) -> str:
    is_feature = document[0].get("type") == "Feature"
    return "list of features" if is_feature else "list of rows"


def _crs(document: Object, name: str) -> str:
    """Give the stated reference system; GeoJSON without one is WGS84 by its standard."""
    stated = document.get("crs")
    if stated is None:
        return "OGC:CRS84"
    properties = stated.get("properties") if isinstance(stated, dict) else None
    if not isinstance(properties, dict) or "name" not in properties:
        raise InvalidInput(
            "{name}: the crs member cannot be read; state the coordinate system{hint}",
            name=name,
            hint=CommandHint("--crs"),
        )
    return str(properties["name"])


def _table(features: list[object], name: str) -> Table:
    columns: dict[str, int] = {}
    kept: list[tuple[int, Object, bytes | None]] = []
    shapes: list[bytes | None] = []
    table = Table([], [], [], shapes=shapes, n_rows=len(features))
    for number, given in enumerate(features, start=1):
        try:
            feature = _feature(given)
            properties = _properties(feature)
            for key in properties:
                columns.setdefault(key, len(columns))
            shape = wkb_from_geojson(feature.get("geometry"))
        except ShapeError as error:
            table.defects.append(Defect(error.args[0], name, None, number, "geometry", error.code))
            continue
        kept.append((number, properties, shape))
    if len(columns) > MAX_COLUMNS:
        raise InvalidInput(
            "{name}: {n_columns} columns; at most {max_columns} are read",
            name=name,
            n_columns=len(columns),
            max_columns=MAX_COLUMNS,
        )
    table.columns = [key.encode("utf-8", "replace").decode("utf-8") for key in columns]
    for number, properties, shape in kept:
        table.rows.append([_plain(properties.get(key)) for key in columns])
        table.numbers.append(number)
        shapes.append(shape)
    return table


def _feature(given: object) -> Object:
    if not isinstance(given, dict) or given.get("type") != "Feature":
        raise ShapeError("expected a GeoJSON Feature", "not_a_feature")
    return given


def _properties(feature: Object) -> Object:
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise ShapeError("properties must be an object", "not_a_feature")
    if "id" in feature and "id" not in properties:
        return {**properties, "id": feature["id"]}
    return properties


def _plain(value: object) -> Value:
    """Keep plain values; write lists and objects as JSON text."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else "Infinity"
    return json.dumps(value, ensure_ascii=False)
