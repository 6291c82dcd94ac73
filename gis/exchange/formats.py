"""The formats that are read, each listed once: how a file tells it, and what reads it.

To add one, write its reader (see `gis.exchange.sandbox`) and list it here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """One format that is read.

    Parameters
    ----------
    name
        As `gis.exchange.staging.Staged` calls it.
    title
        As people call it, in messages and documentation.
    suffix
        Ending that our copy of the file gets.
    reader
        Module and function that read it inside the confined child: ``read(path, *, name, ...)``
        gives a `gis.exchange.table.Table`.
    options
        Further keywords of the reader, of ``layer``, ``usual``, ``encoding``, ``worksheet``.
    endings
        Endings of its files, as a page offers them for choice.
    is_sheet
        A table without shapes of its own, whose header is looked for.
    xml_root
        For XML: how its first element begins, in small letters.
    zip_entry
        For formats that come in a zip: ending of the entry that is read.
    """

    name: str
    title: str
    suffix: str
    reader: tuple[str, str]
    options: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    is_sheet: bool = False
    xml_root: bytes | None = None
    zip_entry: str | None = None


FORMATS = (
    Format(
        "geopackage",
        "GeoPackage",
        ".gpkg",
        ("gis.exchange.layers", "read_geopackage"),
        options=("layer", "usual"),
        endings=(".gpkg",),
    ),
    Format(
        "geojson",
        "GeoJSON",
        ".geojson",
        ("gis.exchange.geojson", "read_geojson"),
        endings=(".geojson", ".json"),
    ),
    Format(
        "shapefile",
        "Shapefile (also zipped)",
        ".shp",
        ("gis.exchange.layers", "read_shapefile"),
        options=("encoding",),
        endings=(".zip",),
        zip_entry=".shp",
    ),
    Format(
        "kml",
        "KML (also KMZ)",
        ".kml",
        ("gis.exchange.kml", "read_kml"),
        options=("layer", "usual"),
        endings=(".kml", ".kmz"),
        xml_root=b"<kml",
        zip_entry=".kml",
    ),
    Format(
        "csv",
        "CSV (also .csv.gz)",
        ".csv",
        ("gis.exchange.delimited", "read_csv"),
        options=("encoding",),
        endings=(".csv", ".gz"),
        is_sheet=True,
    ),
    Format(
        "workbook",
        "XLSX",
        ".xlsx",
        ("gis.exchange.workbook", "read_workbook"),
        options=("worksheet",),
        endings=(".xlsx",),
        is_sheet=True,
    ),
)
"""Every format that is read; those with shapes first, as messages list them."""

FORMAT_BY_NAME = {form.name: form for form in FORMATS}
READABLE = ", ".join(form.title for form in FORMATS)
"""What can be read, as messages say it."""


def endings(*, with_sheets: bool = True) -> tuple[str, ...]:
    """Give the endings that a page offers, of formats with shapes only where sheets are no use.

    Examples
    --------
    >>> ".xlsx" in endings(), ".xlsx" in endings(with_sheets=False)
    (True, False)
    """
    return tuple(e for form in FORMATS if with_sheets or not form.is_sheet for e in form.endings)
