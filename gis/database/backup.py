"""Back a database up into one file, and restore it beside the living one before they change places.

A dump is taken from one snapshot and its rows are counted: those in the file must be those of the
snapshot. A restore fills a new database, counts again, and only then swaps the names.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from gis.database.answers import value_of
from gis.database.binaries import Binaries, find_client, list_binaries
from gis.database.databases import create_database, drop_database, has_database, swap_databases
from gis.database.diskspace import require_free_space, space_for_import
from gis.database.urls import database_name, driver_url, libpq_url, with_database
from gis.errors import CommandHint, DatabaseUnavailable, InvalidInput

_SIGNATURE = b"PGDMP"
_OWN_TABLES = """
    SELECT format('%I.%I', n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND n.nspname NOT LIKE 'pg\\_%' AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1
"""


@dataclass(frozen=True)
class Backup:
    """What a backup holds.

    Parameters
    ----------
    file
        The dump, in PostgreSQL's custom format.
    size_bytes
        Its size.
    rows
        Number of rows of each table, ``schema.table``.
    """

    file: Path
    size_bytes: int
    rows: dict[str, int]


@dataclass(frozen=True)
class Restoration:
    """What a restore has done.

    Parameters
    ----------
    rows
        Number of rows of each table, as in the file.
    previous
        Name under which the replaced database is kept; None when there was none.
    """

    rows: dict[str, int]
    previous: str | None


def backup_database(url: str, file: Path) -> Backup:
    """Write a database into a file, readable by its owner only; a whole file or none.

    Parameters
    ----------
    url
        The database.
    file
        File to write; its folder exists, the file does not.

    Raises
    ------
    InvalidInput
        The file exists, or its folder does not.
    DatabaseUnavailable
        The server cannot be reached, or the rows in the file are not those of the database.
    """
    if file.exists() or not file.parent.is_dir():
        raise InvalidInput(f"{file} must be a new file in a folder that exists")
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.touch(mode=0o600)
    try:
        with _snapshot(url) as (connection, snapshot):
            binaries = _binaries_for(connection)
            options = ["--format=custom", f"--snapshot={snapshot}", f"--file={unfinished}"]
            _run(binaries, "pg_dump", url, *options)
            expected = _count_rows(connection)
        rows = count_rows_of_dump(unfinished, binaries)
        _require_equal(rows, expected, "the backup is not complete")
        _sync(unfinished)
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return Backup(file=file, size_bytes=file.stat().st_size, rows=rows)


def restore_database(
    url: str, file: Path, *, prepare: Callable[[str], None] | None = None
) -> Restoration:
    """Fill a new database from a backup, then let it take the place of the URL's.

    Whoever is connected is thrown out at the swap. The replaced database is kept under another
    name, to be dropped by hand when nobody misses it.

    Parameters
    ----------
    url
        The database to replace; it need not exist.
    file
        A backup.
    prepare
        Called with the URL of the filled database before the swap, to say whose it is, upgrade or
        check it; an error leaves everything as it was.

    Raises
    ------
    InvalidInput
        The file is not a backup.
    NotEnoughSpace
        The disk is too full to hold both.
    DatabaseUnavailable
        The server cannot be reached, or not all rows have arrived; nothing has changed then.
    """
    _require_dump(file)
    stamp = time.strftime("%Y%m%d_%H%M%S", time.gmtime())
    filled, previous = f"{database_name(url)}_restored_{stamp}", f"{database_name(url)}_{stamp}"
    new_url = with_database(url, filled)
    if not create_database(new_url):
        raise DatabaseUnavailable(f"the database {filled} exists already; try again in a second")
    try:
        rows = _fill(new_url, file)
        if prepare is not None:
            prepare(new_url)
        replaced = has_database(url)
        swap_databases(url, replacement=filled, previous=previous)
    except BaseException:
        drop_database(new_url)
        raise
    return Restoration(rows=rows, previous=previous if replaced else None)


def _fill(url: str, file: Path) -> dict[str, int]:
    """Load a dump into an empty database; give the rows of each table."""
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        binaries = _binaries_for(connection)
        _require_space(connection, file)
        expected = count_rows_of_dump(file, binaries)
        options = [
            "--no-owner",
            "--no-privileges",
            "--no-comments",
            "--exit-on-error",
            "--jobs=2",
            str(file.resolve()),
        ]
        _run(binaries, "pg_restore", url, *options)
        connection.execute("ANALYZE")
        rows = _count_rows(connection)
    _require_equal(rows, expected, "not every row could be restored; nothing was changed")
    return rows


def count_rows_of_dump(file: Path, binaries: Binaries) -> dict[str, int]:
    """Count the rows of each table in a dump, by reading all of it."""
    command = [binaries.program("pg_restore"), "--data-only", "--file=-", str(file.resolve())]
    rows: dict[str, int] = {}
    table = None
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None, "both are pipes"
        for line in process.stdout:
            if table is not None and line == b"\\.\n":
                table = None
            elif table is not None:
                rows[table] += 1
            elif line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
                table = line[len("COPY ") :].decode().split(" (")[0].split(" FROM ")[0]
                rows[table] = 0
        complaint = process.stderr.read().decode(errors="replace").strip()
    if process.returncode != 0:
        raise InvalidInput(f"{file} is damaged: {complaint}")
    return rows


def _count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """Count the rows of each table that is not an extension's."""
    tables = [name for (name,) in connection.execute(_OWN_TABLES)]
    count = sql.SQL("SELECT count(*) FROM ONLY {}")
    return {name: value_of(connection.execute(count.format(sql.SQL(name)))) for name in tables}


def _require_equal(found: dict[str, int], expected: dict[str, int], complaint: str) -> None:
    """Compare counts of rows; tables that only one side knows count as empty there."""
    wrong = [
        f"{table} {found.get(table, 0):,} instead of {expected.get(table, 0):,}"
        for table in sorted(found.keys() | expected.keys())
        if found.get(table, 0) != expected.get(table, 0) and not _is_of_extension(table)
    ]
    if wrong:
        raise DatabaseUnavailable(f"{complaint}; rows: {', '.join(wrong)}")


def _is_of_extension(table: str) -> bool:
    return table.rpartition(".")[2] == "spatial_ref_sys"


@contextmanager
def _snapshot(url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """Hold one state of the database, for the counts and the dump alike."""
    try:
        connection = psycopg.connect(libpq_url(url), connect_timeout=10)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(f"the database cannot be reached: {error}") from error
    with connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection, value_of(connection.execute("SELECT pg_export_snapshot()"))


def _binaries_for(connection: psycopg.Connection) -> Binaries:
    return find_client(list_binaries(), server_major=connection.info.server_version // 10_000)


def _run(binaries: Binaries, program: str, url: str, *options: str) -> None:
    """Run a program of PostgreSQL on a database; the password goes by the environment."""
    password = driver_url(url).password
    environment = dict(os.environ) | ({"PGPASSWORD": str(password)} if password else {})
    address = f"--dbname={libpq_url(url, with_password=False)}"
    answer = subprocess.run(
        [binaries.program(program), address, "--no-password", *options],
        env=environment | {"LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise DatabaseUnavailable(f"{program} failed: {answer.stderr.strip()}")


def _require_dump(file: Path) -> None:
    try:
        with file.open("rb") as handle:
            beginning = handle.read(len(_SIGNATURE))
    except OSError as error:
        raise InvalidInput(f"the backup cannot be read: {error}") from error
    if beginning != _SIGNATURE:
        raise InvalidInput(
            "{file} is not a backup that Community Grid made{hint}",
            file=str(file),
            hint=CommandHint("community-grid db backup"),
        )


def _require_space(connection: psycopg.Connection, file: Path) -> None:
    """Refuse when the server's disk, where it is this machine's and may be seen, is too full."""
    if connection.info.host.startswith("/"):
        folder = Path(value_of(connection.execute("SHOW data_directory")))
        require_free_space(folder, space_for_import(file.stat().st_size), f"to restore {file}")


def _sync(file: Path) -> None:
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
