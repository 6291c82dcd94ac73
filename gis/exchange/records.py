"""Read a file of any readable format into the frame of one kind of record, with its defects.

The one door for files from outside: copy, recognise, read (confined), match columns, check cells
and shapes. Nothing is stored here and nothing refused as a whole: the caller decides what a defect
means. A file that cannot be read at all raises `InvalidInput`.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import geopandas as gpd

from gis.domain.kinds import KINDS, RecordKind
from gis.errors import CommandHint, Defect, InvalidInput, Message
from gis.exchange.cells import SHEETS, Cells, without_unfed_rows
from gis.exchange.columns import match_columns
from gis.exchange.coordinates import crs_of_file
from gis.exchange.formats import FORMAT_BY_NAME
from gis.exchange.frames import frame_of_kind
from gis.exchange.header import with_header
from gis.exchange.masking import ascii_controls
from gis.exchange.sandbox import read_confined
from gis.exchange.shapes import Bounds, ShapeCheck, check_shapes
from gis.exchange.staging import Staged, stage_file
from gis.exchange.table import Table
from gis.geometry.rounding import Rounding


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
    middle
        Median of the coordinates as they stand in the file; None without any.
    rounding
        What points are rounded to as they stand in the file, by row number; None when they are not.
    """

    frame: gpd.GeoDataFrame
    defects: tuple[Defect, ...]
    n_rows: int
    columns: dict[str, str]
    notes: tuple[Defect, ...]
    sha256: str
    middle: tuple[float, float] | None = None
    rounding: Rounding | None = None


def read_records(
    path: str | Path,
    kind: str | Sequence[RecordKind],
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
    accept_far: bool = False,
    accept_shift: bool = False,
    usual_layer: str | None = None,
    today: dt.date | None = None,
) -> ReadResult:
    """Read a file of one of the formats in `gis.exchange.formats`.

    Parameters
    ----------
    path
        The file.
    kind
        Name of a kind in `gis.domain.kinds.KINDS`, such as ``households``; or several kinds, of
        which the first is taken that the file can be.
    layer, worksheet
        Which layer of a GeoPackage or zip, which sheet of a workbook; needed with several.
    mapping
        Source of a field, see `gis.exchange.columns`; the rest is recognised by name.
    crs, datum, swap_axes
        See `gis.exchange.coordinates` and `gis.exchange.shapes`.
    encoding
        Of a CSV or Shapefile, when it cannot be found out.
    code_prefix
        Digits that complete shorter division codes to twelve. Rows without codes are None there;
        see `gis.actions.provenance.community_codes`.
    within
        West, south, east, north that everything must lie in.
    accept_repairs
        Take the proposed repairs of community and block outlines.
    accept_far, accept_shift
        Take places outside the ground of the system, and a change of datum that is not exact.
    usual_layer
        Layer to take where there are several and none is named.
    today
        Day after which a birth date is refused.

    Raises
    ------
    InvalidInput
        The file cannot be read, or an option does not fit it.
    """
    kinds = [_kind_named(kind)] if isinstance(kind, str) else list(kind)
    path = Path(path)
    known = [name for record in kinds for name in _known_names(record, mapping)]
    staged, table = _table_of(
        path, known, layer=layer, usual_layer=usual_layer, encoding=encoding, worksheet=worksheet
    )
    record = _first_fitting(kinds, table, mapping, path.name)
    sources = match_columns(record, table.columns, mapping, file=path.name)
    cells = Cells(record, without_unfed_rows(table, sources), sources, path.name)
    if staged.inner is not None:
        cells.note(Message("{inner} in it was read", inner=staged.inner))
    cells.fill(code_prefix, today)
    check = cells.shape_check(staged.format)
    if check is not None:
        crs_found = crs_of_file(_stated_crs(cells, staged), crs, file=path.name)
        check_shapes(
            check,
            crs=crs_found,
            datum=datum,
            within=within,
            swap_axes=swap_axes,
            accept_repairs=accept_repairs,
            accept_far=accept_far,
            accept_shift=accept_shift,
        )
    cells.finish(check)
    return _result(cells, staged.sha256, check)


def _table_of(
    path: Path,
    known: Sequence[str],
    *,
    layer: str | None,
    usual_layer: str | None,
    encoding: str | None,
    worksheet: str | None,
) -> tuple[Staged, Table]:
    """Copy a file, tell its format and read its table; of a sheet with its header found."""
    with tempfile.TemporaryDirectory(prefix="community-grid-") as folder:
        staged = stage_file(path, Path(folder), layer=layer, usual_layer=usual_layer)
        table = _read_staged(
            staged, Path(folder), encoding, worksheet, layer=layer, usual_layer=usual_layer
        )
    if staged.format in SHEETS:
        in_workbook = staged.format == "workbook"
        table = with_header(table, known, name=path.name, in_workbook=in_workbook)
    return staged, table


def _kind_named(kind: str) -> RecordKind:
    if kind not in KINDS:
        raise InvalidInput(
            "no kind of record {kind!r}; kinds: {kinds}", kind=kind, kinds=", ".join(KINDS)
        )
    return KINDS[kind]


def _first_fitting(
    kinds: Sequence[RecordKind], table: Table, mapping: Mapping[str, str] | None, file: str
) -> RecordKind:
    """Choose what a file can be: with shapes where the kind needs them, and its columns."""
    if len(kinds) == 1:
        return kinds[0]
    has_shapes = table.shapes is not None and any(table.shapes)
    wanted = []
    for record in kinds:
        if set(mapping or {}) <= set(record.by_name) and record.geometry_required <= has_shapes:
            sources = match_columns(record, table.columns, mapping, file=file)
            lacking = [f.name for f in record.fields if f.required and f.name not in sources]
            if not lacking:
                return record
            wanted += lacking
    columns = ascii_controls(", ".join(table.columns[:40])) or "none"
    raise InvalidInput(
        "{file}: holds neither shapes of {kind} nor a column that tells what its rows are;"
        " {how}columns: {columns}",
        file=file,
        kind=kinds[0].name,
        how=_how_to_map(list(dict.fromkeys(wanted))),
        columns=columns,
    )


def _how_to_map(fields: Sequence[str]) -> Message:
    """Say which fields a column could be named for; nothing without any."""
    if not fields:
        return Message("")
    named = [Message(field) for field in fields]
    return Message(
        "say which column holds the {fields}{hint}; ",
        fields=reduce(lambda one, other: Message("{one} or {other}", one=one, other=other), named),
        hint=CommandHint(" or ".join(f"--map {field}=COLUMN" for field in fields)),
    )


def _read_staged(
    staged: Staged,
    folder: Path,
    encoding: str | None,
    worksheet: str | None,
    *,
    layer: str | None,
    usual_layer: str | None,
) -> Table:
    given = {"layer": layer, "usual": usual_layer, "encoding": encoding, "worksheet": worksheet}
    return read_confined(
        staged.format,
        staged.path,
        name=staged.name,
        folder=folder,
        options={key: given[key] for key in FORMAT_BY_NAME[staged.format].options},
    )


def _known_names(record: RecordKind, mapping: Mapping[str, str] | None) -> list[str]:
    names = [name for f in record.fields for name in f.names]
    for source in (mapping or {}).values():
        names += [part.strip() for part in source.split("{")[0].split("+")]
    return [name for name in names if name]


def _stated_crs(cells: Cells, staged: Staged) -> str | None:
    """Places in the cells of a table are degrees of WGS84 unless someone says otherwise."""
    if cells.places is not None and cells.places.srid:
        return f"EPSG:{cells.places.srid}"
    in_cells = staged.format in SHEETS or cells.table.shapes is None
    return "EPSG:4326" if in_cells else cells.table.crs


def _result(cells: Cells, sha256: str, check: ShapeCheck | None) -> ReadResult:
    good = [p for p in range(len(cells.rows)) if p not in cells.bad]
    frame = frame_of_kind(
        cells.record,
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
        middle=None if check is None else check.middle,
        rounding=None if check is None else check.rounding,
    )
