"""Take a private copy of a file from outside, tell its format, lay its parts out for the reader.

Readers only ever see our own path in a temporary folder, never a string that a user typed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipInfo

from gis.errors import CommandHint, InvalidInput
from gis.exchange.archive import list_entries, unpack_entries
from gis.exchange.formats import FORMAT_BY_NAME, FORMATS, Format
from gis.exchange.limits import (
    MAX_ARCHIVE_RATIO,
    MAX_FILE_BYTES,
    MAX_UNPACKED_BYTES,
    megabytes,
)
from gis.exchange.sniff import sniff_format, unpack_gzip

UNPACKED = (".csv", ".tsv", ".xlsx", ".geojson", ".json", ".gpkg")
"""Endings of files that are read when they are unpacked."""

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True)
class Staged:
    """A file made ready to be read.

    Parameters
    ----------
    format
        Name of one of `gis.exchange.formats`.
    path
        Our copy.
    name
        Name of the original, for messages.
    sha256
        Of the original file, as hexadecimal text.
    layers
        Names of the Shapefiles in a zip; empty for other formats.
    inner
        Name of the one file of a zip that is read, where it is told afterwards.
    """

    format: str
    path: Path
    name: str
    sha256: str
    layers: tuple[str, ...] = ()
    inner: str | None = None


def stage_file(
    path: Path, folder: Path, *, layer: str | None, usual_layer: str | None = None
) -> Staged:
    """Copy a file into `folder` and find out how to read it.

    Parameters
    ----------
    path
        The original.
    folder
        An empty temporary folder.
    layer
        Which Shapefile of a zip to take; needed when there are several.
    usual_layer
        The one to take where several are there and none is named.

    Raises
    ------
    InvalidInput
        Missing, too large, or of a format that is not read.
    """
    copy = folder / "original"
    digest = copy_file(path, copy, name=path.name)
    found = sniff_format(copy, path.name)
    if found == "zip":
        choice = (layer, usual_layer)
        return _stage_zip(copy, folder, name=path.name, digest=digest, choice=choice)
    if found == "csv.gz":
        unpacked = folder / "table.csv"
        unpack_gzip(
            copy,
            unpacked,
            name=path.name,
            max_bytes=MAX_UNPACKED_BYTES,
            max_ratio=MAX_ARCHIVE_RATIO,
        )
        if sniff_format(unpacked, path.name.removesuffix(".gz")) != "csv":
            raise InvalidInput(
                "{file}: only a CSV is read from inside a .gz; unpack it first", file=path.name
            )
        return Staged("csv", unpacked, path.name, digest)
    if found == "shapefile":
        _copy_parts(path, folder)
        return Staged("shapefile", copy.rename(folder / "layer.shp"), path.name, digest)
    if found == "geopackage":
        _refuse_unwritten(path)
    suffix = FORMAT_BY_NAME[found].suffix
    return Staged(found, copy.rename(folder / f"layer{suffix}"), path.name, digest)


def copy_file(path: Path, target: Path, *, name: str) -> str:
    """Copy a file, counting bytes; give its SHA-256.

    Raises
    ------
    InvalidInput
        It is missing, cannot be read, is no plain file, or is too large.
    """
    digest = hashlib.sha256()
    n_bytes = 0
    try:
        if not path.is_file():
            raise InvalidInput("{name}: there is no such file", name=name)
        with path.open("rb") as source, target.open("wb") as sink:
            while chunk := source.read(1024**2):
                n_bytes += len(chunk)
                if n_bytes > MAX_FILE_BYTES:
                    raise InvalidInput(
                        "{name}: larger than {max_file_bytes}; split the file",
                        name=name,
                        max_file_bytes=megabytes(MAX_FILE_BYTES),
                    )
                digest.update(chunk)
                sink.write(chunk)
    except (OSError, ValueError) as error:
        raise InvalidInput("{name}: the file cannot be opened", name=name) from error
    return digest.hexdigest()


def _refuse_unwritten(path: Path) -> None:
    """Refuse a GeoPackage whose last changes stand in a file beside it."""
    beside = path.with_name(f"{path.name}-wal")
    if beside.exists() and beside.stat().st_size:
        raise InvalidInput(
            "{name}: its last changes are still in {beside}; close it in every program, or save it"
            " under a new name",
            name=path.name,
            beside=beside.name,
        )


def _copy_parts(path: Path, folder: Path) -> None:
    """Copy the files beside a .shp, whatever the case of their endings."""
    wanted = {path.stem.lower() + part: part for part in SHAPEFILE_PARTS[1:]}
    for beside in path.parent.iterdir():
        part = wanted.get(beside.name.lower())
        target = folder / f"layer{part}"
        if part and (beside.stem == path.stem or not target.exists()):
            copy_file(beside, target, name=beside.name)


def _stage_zip(
    copy: Path, folder: Path, *, name: str, digest: str, choice: tuple[str | None, str | None]
) -> Staged:
    entries = list_entries(copy, name)
    names = {entry.filename.lower() for entry in entries}
    if "[content_types].xml" in names:
        _refuse_other_office_files(names, name)
        return Staged("workbook", copy.rename(folder / "book.xlsx"), name, digest)
    stems = {e.filename[:-4]: e for e in entries if e.filename.lower().endswith(".shp")}
    if not stems:
        for form in FORMATS:
            inner = [e for e in entries if _is_entry_of(form, e)]
            if inner:
                return _stage_entry(copy, folder, form, inner, name=name, digest=digest)
        _refuse_zip(names, sorted(e.filename for e in entries), name)
    layer, usual = choice
    if layer is None and usual in {stem.rsplit("/", 1)[-1] for stem in stems}:
        layer = usual
    chosen = _choose_stem(list(stems), layer, name)
    parts = {
        entry: folder / f"layer{part}"
        for entry in entries
        for part in SHAPEFILE_PARTS
        if entry.filename.lower() == f"{chosen.lower()}{part}"
    }
    unpack_entries(copy, parts, name=name)
    sniffed = sniff_format(folder / "layer.shp", f"{name}/{chosen}.shp")
    if sniffed != "shapefile":
        raise InvalidInput("{name}: {chosen}.shp is no Shapefile", name=name, chosen=chosen)
    return Staged("shapefile", folder / "layer.shp", name, digest, tuple(stems))


def _is_entry_of(form: Format, entry: ZipInfo) -> bool:
    return form.zip_entry is not None and entry.filename.lower().endswith(form.zip_entry)


def _stage_entry(
    copy: Path, folder: Path, form: Format, inner: list[ZipInfo], *, name: str, digest: str
) -> Staged:
    """Lay out the one file of a format that a zip holds; the first is the one, as KMZ rules it."""
    target = folder / f"layer{form.suffix}"
    unpack_entries(copy, {inner[0]: target}, name=name)
    if sniff_format(target, f"{name}/{inner[0].filename}") != form.name:
        raise InvalidInput(
            "{name}: {inner} is no {title}",
            name=name,
            inner=inner[0].filename,
            title=form.title,
        )
    return Staged(form.name, target, name, digest, inner=inner[0].filename)


def _choose_stem(stems: list[str], layer: str | None, name: str) -> str:
    matching = [s for s in stems if layer is None or layer in (s, s.rsplit("/", 1)[-1])]
    if len(matching) == 1:
        return matching[0]
    last = [s.rsplit("/", 1)[-1] for s in stems]
    listed = ", ".join(last if len(set(last)) == len(last) else stems)
    if layer is None:
        raise InvalidInput(
            "{name}: name one layer{hint}; it holds: {listed}",
            name=name,
            hint=CommandHint("--layer LAYER"),
            listed=listed,
        )
    raise InvalidInput(
        "{name}: no layer {asked!r}; it holds: {listed}", name=name, asked=layer, listed=listed
    )


def _refuse_zip(names: set[str], files: list[str], name: str) -> None:
    """Refuse a zip without a Shapefile; say what is to be done with what it holds."""
    if any(inner.endswith(UNPACKED) for inner in names):
        raise InvalidInput(
            "{name}: of a zip only a Shapefile or KML is read; unpack it and give the file in it:"
            " {found}",
            name=name,
            found=", ".join(files[:10]),
        )
    if "content.xml" in names and "mimetype" in names:
        raise InvalidInput("{name}: an OpenDocument file; open it and save it as .xlsx", name=name)
    if any(inner.endswith(".gdbtable") for inner in names):
        raise InvalidInput(
            "{name}: an Esri file geodatabase; export its layer as GeoPackage or Shapefile",
            name=name,
        )
    raise InvalidInput(
        "{name}: a zip is read only with a Shapefile or KML in it; it holds: {found}",
        name=name,
        found=", ".join(files[:10]) or "nothing",
    )


def _refuse_other_office_files(names: set[str], name: str) -> None:
    if not any(entry.startswith("xl/") for entry in names):
        raise InvalidInput(
            "{name}: an office document but no workbook; save it as .xlsx", name=name
        )
    if any(entry.endswith("vbaproject.bin") for entry in names):
        raise InvalidInput("{name}: the workbook holds macros; save it as plain .xlsx", name=name)
    if "xl/workbook.bin" in names:
        raise InvalidInput("{name}: a binary workbook (.xlsb); save it as .xlsx", name=name)
