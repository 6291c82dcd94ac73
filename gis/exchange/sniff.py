"""Tell what a file is by its content, never by its name alone; refuse what is not read."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path

from gis.errors import CommandHint, InvalidInput, Message
from gis.exchange.formats import FORMATS, READABLE

_GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
_DRAWN = "a CAD drawing; save it as GeoPackage or Shapefile"
_DUMPED = "a dump of a database; export the table as CSV"
_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF89a", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"PAR1\x15", "Parquet; save it as CSV or GeoPackage"),
    (b"fgb\x03", "FlatGeobuf; save it as GeoPackage"),
    (b"AutoCAD Binary DXF", _DRAWN),
)
"""How files that are not read begin, and what they are."""

_OPENINGS = (
    (b"{\\rtf", "a text document (RTF); save its table as .xlsx"),
    (
        b"mime-version:",
        "a web page saved with its parts; open it in a spreadsheet and save as .xlsx",
    ),
    (b"!table", "a MapInfo table; save it as GeoPackage or Shapefile"),
    (b"version 300", "a MapInfo exchange file; save it as GeoPackage or Shapefile"),
    (b"create table", _DUMPED),
    (b"insert into", _DUMPED),
)
"""How texts begin that are no table, in small letters."""

_TELLING = (
    (re.compile(rb"0\s+section\s+2\s+(?:header|entities|tables)"), _DRAWN),
    (re.compile(rb"--[\s-]+(?:postgresql|mysql|mariadb)\b"), _DUMPED),
    (re.compile(rb"(?:var|let|const)\s+\w+\s*="), "a script; save the data in it as GeoJSON"),
    (
        re.compile(rb"(?:srid=\d+;)?(?:multi)?(?:point|linestring|polygon)\s*z?m?\s*\([\s(]*[-\d]"),
        "WKT without a header; name its columns in the first row",
    ),
)
"""More of them, told by a pattern."""
_SPREADSHEETS = (b"schemas-microsoft-com:office", b"<table")
_XML_ROOTS = {
    b"<ogrvrt": "a VRT (it only points to other files)",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"<gml": "GML",
    b"featurecollection": "GML",
    b"<gpx": "GPX",
    b"<svg": "an SVG drawing",
    b"<osm": Message(
        "OpenStreetMap XML{hint}",
        hint=CommandHint("convert it to .osm.pbf; community-grid import osm"),
    ),
}

_OSM = Message(
    "an OpenStreetMap extract, which whoever runs the server can import{hint}",
    hint=CommandHint("community-grid import osm"),
)


def sniff_format(path: Path, name: str) -> str:
    """Give the format of a file: zip, csv.gz, or the name of one of `gis.exchange.formats`.

    Parameters
    ----------
    path
        The file.
    name
        Its name in messages and, for text, a hint.

    Raises
    ------
    InvalidInput
        Empty, or of a format that is not read; says what it is where that can be told.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b"\x00 \t\r\n"):
        raise InvalidInput(
            "{name}: the file is empty; expected {readable}", name=name, readable=READABLE
        )
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        _refuse_old_office_file(path, name)
    return _binary_format(head, name) or _text_format(head, name)


def _binary_format(head: bytes, name: str) -> str | None:
    if head.startswith(b"SQLite format 3\x00"):
        if head[68:72] not in _GEOPACKAGE_IDS:
            raise _refusal(name, "a SQLite database but no GeoPackage")
        return "geopackage"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "shapefile"
    if head.startswith(b"\x1f\x8b"):
        return "csv.gz"
    if b"OSMHeader" in head[:64]:
        raise _refusal(name, _OSM)
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            raise _refusal(name, words)
    return None


def _refuse_old_office_file(path: Path, name: str) -> None:
    """Refuse a file of old office programs by what it holds: a protected workbook, or an old one.

    Its parts are named in UTF-16.
    """
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _refusal(name, "a workbook with a password; take the password off and save it again")
    if "WordDocument".encode("utf-16-le") in content:
        raise _refusal(name, "an old Word document; save its table as .xlsx")
    raise _refusal(name, "an old workbook (.xls); open it and save it as .xlsx")


def _text_format(head: bytes, name: str) -> str:
    start = _plain_start(head)
    opening = next((words for sign, words in _OPENINGS if start.startswith(sign)), None)
    opening = next((words for telling, words in _TELLING if telling.match(start)), opening)
    if opening is not None:
        raise _refusal(name, opening)
    if start.startswith((b"{", b"[")):
        return "geojson"
    if start.startswith(b"<"):
        return _xml_format(start, name)
    if name.lower().endswith(".dbf"):
        raise _refusal(name, "the table of a Shapefile alone; give the .shp with it, or a CSV")
    if name.lower().endswith((".geojson", ".json", ".gpkg", ".shp", ".xlsx", ".zip")):
        raise _refusal(name, "not what its name says")
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in head and not is_wide and not name.lower().endswith((".csv", ".txt", ".tsv")):
        raise _refusal(name, "a binary file of unknown kind")
    return "csv"


def _plain_start(head: bytes) -> bytes:
    """Give the first characters as lower-case ASCII, whatever Unicode form they are in."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if head.startswith(mark):
            head = head.decode(encoding, "ignore").lstrip("\ufeff").encode("utf-8")
    return head.lstrip(b" \t\r\n\x1e\x0b\x0c")[:600].lower()


def _xml_format(start: bytes, name: str) -> str:
    for form in FORMATS:
        if form.xml_root is not None and form.xml_root in start:
            return form.name
    raise _refusal(name, _describe_xml(start))


def _describe_xml(start: bytes) -> str:
    if any(sign in start for sign in _SPREADSHEETS):
        return "a web page or XML with the name of a workbook; open it and save it as .xlsx"
    for root, words in _XML_ROOTS.items():
        if root in start:
            return words
    return "XML"


def _refusal(name: str, what: str) -> InvalidInput:
    return InvalidInput(
        "{name}: this is {what}; expected {readable}",
        name=name,
        what=Message(what),
        readable=READABLE,
    )


def unpack_gzip(path: Path, target: Path, *, name: str, max_bytes: int, max_ratio: int) -> None:
    """Unpack one gzip file, counting what comes out.

    Raises
    ------
    InvalidInput
        Damaged, or larger than the limits when unpacked.
    """
    limit = min(max_bytes, max(path.stat().st_size * max_ratio, 1024**2))
    written = 0
    try:
        with gzip.open(path, "rb") as source, target.open("wb") as sink:
            while chunk := source.read(1024**2):
                written += len(chunk)
                if written > limit:
                    raise InvalidInput(
                        "{name}: unpacks to more than {limit} MB; refused",
                        name=name,
                        limit=limit // 1024**2,
                    )
                sink.write(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise InvalidInput("{name}: the gzip file is damaged or cut short", name=name) from error
