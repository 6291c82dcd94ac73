"""Read a file of any readable format into the frame of one kind of record, with its defects.

The one door for files from outside: copy, recognise, read (confined), match columns, check cells
and shapes. Nothing is stored here and nothing refused as a whole: the caller decides what a defect
means. A file that cannot be read at all raises `InvalidInput`.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from gis.domain.record import KINDS, RecordKind
from gis.errors import Defect, InvalidInput
from gis.exchange.cells import SHEETS, Cells
from gis.exchange.columns import match_columns
from gis.exchange.coordinates import crs_of_file
from gis.exchange.delimited import read_csv
from gis.exchange.frames import frame_of_kind
from gis.exchange.header import with_header
from gis.exchange.sandbox import read_confined
from gis.exchange.shapes import Bounds, check_shapes
from gis.exchange.staging import Staged, stage_file
from gis.exchange.table import Table


@dataclass(frozen=True)
class ReadResult:
    """What a file holds for one kind of record.

    Parameters
    ----------
    frame
        The rows without defects: columns of the kind and ``geometry`` (EPSG:4326); the index is
        the row number in the file, from 1.
    defects
        What is wrong, by row and field.
    n_rows
        Data rows in the file, the defective ones included.
    columns
        Column (or mapping) that fed each field; fields that nothing fed are not in it.
    notes
        What was assumed, repaired or left out.
    sha256
        Of the file, as hexadecimal text.
    """

    frame: gpd.GeoDataFrame
    defects: tuple[Defect, ...]
    n_rows: int
    columns: dict[str, str]
    notes: tuple[Defect, ...]
    sha256: str


def read_records(
    path: str | Path,
    kind: str,
    *,
    layer: str | None = None,
    mapping: Mapping[str, str] | None = None,
    crs: str | None = None,
    datum: str = "wgs84",
    encoding: str | None = None,
    code_prefix: str | None = None,
    worksheet: str | None = None,
    within: Bounds | None = None,
    swap_axes: bool = False,
    accept_repairs: bool = False,
    today: dt.date | None = None,
) -> ReadResult:
    """Read GeoPackage, GeoJSON, Shapefile (also zipped), CSV (also .csv.gz) or XLSX.

    Parameters
    ----------
    path
        The file.
    kind
        Name of a kind in `gis.domain.record.KINDS`, such as ``households``.
    layer, worksheet
        Which layer of a GeoPackage or zip, which sheet of a workbook; needed with several.
    mapping
        Source of a field, see `gis.exchange.columns`; the rest is recognised by name.
    crs, datum, swap_axes
        See `gis.exchange.coordinates` and `gis.exchange.shapes`.
    encoding
        Of a CSV or Shapefile, when it cannot be found out.
    code_prefix
        Digits that complete shorter division codes to twelve; where the file has no codes, a
        prefix of nine digits numbers the rows in file order.
    within
        West, south, east, north that everything must lie in.
    accept_repairs
        Take the proposed repairs of community and block outlines.
    today
        Day after which a birth date is refused.

    Raises
    ------
    InvalidInput
        The file cannot be read, or an option does not fit it.
    """
    record = _kind_named(kind)
    path = Path(path)
    with tempfile.TemporaryDirectory(prefix="community-grid-") as folder:
        staged = stage_file(path, Path(folder), layer=layer)
        raw = _read_staged(staged, Path(folder), layer, encoding, worksheet)
    table = raw
    if staged.format in SHEETS:
        table = with_header(raw, _known_names(record, mapping), name=path.name)
    sources = match_columns(record, table.columns, mapping, file=path.name)
    cells = Cells(record, table, sources, path.name)
    cells.fill(code_prefix, today)
    check = cells.shape_check(staged.format)
    if check is not None:
        crs_found = crs_of_file(_stated_crs(table, staged), crs, file=path.name)
        check_shapes(
            check,
            crs=crs_found,
            datum=datum,
            within=within,
            swap_axes=swap_axes,
            accept_repairs=accept_repairs,
        )
    cells.finish(check)
    return _result(cells, staged.sha256)


def _kind_named(kind: str) -> RecordKind:
    if kind not in KINDS:
        raise InvalidInput(f"no kind of record {kind!r}; kinds: {', '.join(KINDS)}")
    return KINDS[kind]


def _read_staged(
    staged: Staged, folder: Path, layer: str | None, encoding: str | None, worksheet: str | None
) -> Table:
    if staged.format == "csv":
        return read_csv(staged.path, name=staged.name, encoding=encoding)
    options: dict[str, dict[str, object]] = {
        "geojson": {},
        "geopackage": {"layer": layer},
        "shapefile": {"encoding": encoding},
        "workbook": {"worksheet": worksheet},
    }
    return read_confined(
        staged.format,
        staged.path,
        name=staged.name,
        folder=folder,
        options=options[staged.format],
    )


def _known_names(record: RecordKind, mapping: Mapping[str, str] | None) -> list[str]:
    names = [name for f in record.fields for name in (f.name, *f.synonyms)]
    for source in (mapping or {}).values():
        names += [part.strip() for part in source.split("{")[0].split("+")]
    return [name for name in names if name]


def _stated_crs(table: Table, staged: Staged) -> str | None:
    """Columns named lon and lat are degrees of WGS84 unless someone says otherwise."""
    return "EPSG:4326" if staged.format in SHEETS else table.crs


def _result(cells: Cells, sha256: str) -> ReadResult:
    good = [p for p in range(len(cells.rows)) if p not in cells.bad]
    frame = frame_of_kind(
        cells.record.name,
        [cells.rows[p] for p in good],
        index=[cells.table.numbers[p] for p in good],
    )
    return ReadResult(
        frame=frame,
        defects=tuple(sorted(cells.defects, key=lambda d: (d.row or 0, d.field or ""))),
        n_rows=cells.table.n_rows,
        columns={field: source.written for field, source in cells.sources.items()},
        notes=tuple(cells.notes),
        sha256=sha256,
    )
