"""Unpack a zip from outside: few files, of bounded size, with harmless names, nothing nested."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path

from gis.errors import InvalidInput
from gis.exchange.limits import (
    MAX_ARCHIVE_ENTRIES,
    MAX_ARCHIVE_RATIO,
    MAX_UNPACKED_BYTES,
    megabytes,
)

_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_NESTED = (".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".kmz", ".shz")
_SMALL_BYTES = 1024**2
"""Below this the compression ratio says nothing."""


def list_entries(path: Path, name: str) -> list[zipfile.ZipInfo]:
    """List the files of a zip after refusing dangerous ones.

    Raises
    ------
    InvalidInput
        Damaged or encrypted; too many entries, too large by its own headers; absolute or climbing
        names, links, the same name twice, or an archive inside the archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [
                entry
                for entry in archive.infolist()
                if not entry.is_dir() and not _is_clutter(entry.filename)
            ]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InvalidInput("{name}: the zip is damaged or cut short", name=name) from error
    if len(entries) > MAX_ARCHIVE_ENTRIES:
        raise InvalidInput(
            "{name}: {n_entries} files; at most {max_archive_entries} are read",
            name=name,
            n_entries=len(entries),
            max_archive_entries=MAX_ARCHIVE_ENTRIES,
        )
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise InvalidInput(
            "{name}: unpacks to more than {max_unpacked_bytes}; refused",
            name=name,
            max_unpacked_bytes=megabytes(MAX_UNPACKED_BYTES),
        )
    seen: set[str] = set()
    for entry in entries:
        entry.filename = _readable_name(entry)
        _refuse_dangerous(entry, seen, name)
        seen.add(entry.filename.lower())
    return entries


def _is_clutter(inner: str) -> bool:
    """Say whether a file is one that a desktop leaves in archives, of no use to anybody.

    Examples
    --------
    >>> _is_clutter("__MACOSX/a/._f.shp"), _is_clutter("._f.shp"), _is_clutter("f.shp")
    (True, True, False)
    """
    folders, _, last = inner.replace("\\", "/").rpartition("/")
    return (
        "__MACOSX" in folders.split("/")
        or last.startswith("._")
        or last.lower() in (".ds_store", "thumbs.db", "desktop.ini")
    )


def _readable_name(entry: zipfile.ZipInfo) -> str:
    """Decode names written in GBK without saying so, as Chinese Windows does."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    raw = entry.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return entry.filename


def _refuse_dangerous(entry: zipfile.ZipInfo, seen: set[str], name: str) -> None:
    inner = entry.filename
    parts = inner.replace("\\", "/").split("/")
    if inner.startswith(("/", "\\")) or ":" in parts[0] or ".." in parts or "\x00" in inner:
        raise InvalidInput(
            "{name}: holds a file that would land outside its folder; refused", name=name
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InvalidInput("{name}: holds a link ({inner}); refused", name=name, inner=inner)
    if inner.lower() in seen:
        raise InvalidInput("{name}: holds {inner} twice; refused", name=name, inner=inner)
    if inner.lower().endswith(_NESTED):
        raise InvalidInput(
            "{name}: holds another archive ({inner}); unpack it first", name=name, inner=inner
        )
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise InvalidInput("{name}: is protected with a password; unpack it first", name=name)


def unpack_entries(path: Path, entries: dict[zipfile.ZipInfo, Path], *, name: str) -> None:
    """Unpack chosen entries to given paths, counting what really comes out.

    Raises
    ------
    InvalidInput
        More bytes than the limits allow, whatever the headers say; or damaged.
    """
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for entry, target in entries.items():
                total += _unpack(archive, entry, target, name=name, already=total)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise InvalidInput("{name}: the zip is damaged or cut short", name=name) from error
    except RuntimeError as error:
        raise InvalidInput(
            "{name}: is protected with a password; unpack it first", name=name
        ) from error


def _unpack(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, *, name: str, already: int
) -> int:
    largest = max(entry.compress_size * MAX_ARCHIVE_RATIO, _SMALL_BYTES)
    written = 0
    with archive.open(entry) as source, target.open("wb") as sink:
        while chunk := source.read(256 * 1024):
            written += len(chunk)
            if written > largest or already + written > MAX_UNPACKED_BYTES:
                raise InvalidInput(
                    "{name}: {filename} unpacks to far more than it should",
                    name=name,
                    filename=entry.filename,
                )
            sink.write(chunk)
    return written
