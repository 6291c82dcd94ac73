"""Read a file with an existing division: outlines of grids, or a table of blocks or households."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd

from gis.domain.division_file import DIVISION_FILES, names_no_grid, plain_label
from gis.errors import Defect, Message
from gis.exchange.records import ReadResult, read_records
from gis.exchange.shapes import Bounds

USUAL_LAYER = "grids"
"""Layer that our own exports hold the grids in."""


@dataclass(frozen=True)
class DivisionFile:
    """What a file says of a division.

    Parameters
    ----------
    name
        Of the file.
    rows_are
        ``grids``, ``blocks`` or ``households``.
    read
        As `gis.exchange.records.ReadResult`; column ``grid`` holds plain labels, None where a row
        names no grid, and besides it there is ``block``, ``household`` or ``geometry``.
    """

    name: str
    rows_are: str
    read: ReadResult

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """Give the rows without defects; the index is the row in the file."""
        return self.read.frame


def read_division(
    path: str | Path,
    *,
    layer: str | None = None,
    mapping: Mapping[str, str] | None = None,
    crs: str | None = None,
    datum: str = "wgs84",
    encoding: str | None = None,
    worksheet: str | None = None,
    within: Bounds | None = None,
    swap_axes: bool = False,
    accept_repairs: bool = False,
    accept_far: bool = False,
    accept_shift: bool = False,
) -> DivisionFile:
    """Read GeoPackage, GeoJSON, Shapefile, CSV or XLSX; options as `read_records` takes them.

    Outlines without any name of a grid are called by their row.

    Raises
    ------
    InvalidInput
        The file cannot be read, or holds neither outlines nor blocks nor households.
    """
    read = read_records(
        path,
        DIVISION_FILES,
        layer=layer,
        mapping=mapping,
        crs=crs,
        datum=datum,
        encoding=encoding,
        worksheet=worksheet,
        within=within,
        swap_axes=swap_axes,
        accept_repairs=accept_repairs,
        accept_far=accept_far,
        accept_shift=accept_shift,
        usual_layer=USUAL_LAYER,
    )
    rows_are = next((name for name in ("block", "household") if name in read.columns), "grid") + "s"
    return DivisionFile(Path(path).name, rows_are, _with_labels(read, rows_are, Path(path).name))


def _with_labels(read: ReadResult, rows_are: str, file: str) -> ReadResult:
    frame = read.frame.copy()
    if rows_are == "grids" and "grid" not in read.columns:
        frame["grid"] = [f"row {row}" for row in frame.index]
        note = Defect("no column names the grids; they are called by their rows", file, code="note")
        return replace(read, frame=frame, notes=(*read.notes, note))
    given = [t if isinstance(t, str) and t.strip() else None for t in frame["grid"]]
    nothing = sorted(
        {t for t in given if t is not None and rows_are != "grids" and names_no_grid(t)}
    )
    frame["grid"] = [None if t is None or t in nothing else plain_label(t) for t in given]
    if not nothing:
        return replace(read, frame=frame)
    said = Message(
        "“{words}” is taken to mean: no grid; {n:,} rows are left out",
        words=", ".join(nothing[:5]),
        n=sum(t in nothing for t in given),
    )
    return replace(read, frame=frame, notes=(*read.notes, Defect(said, file, code="note")))
