"""Backups: the whole database into one file, and back through a new database that is swapped in."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from gis.errors import DatabaseUnavailable, InvalidInput
from gis.store.binaries import find_server, list_binaries
from gis.store.databases import create_database, drop_database
from gis.store.urls import database_name, libpq_url, with_database


def backup_database(url: str, file: Path) -> None:
    """Dump a database in PostgreSQL's custom format, atomically.

    Raises
    ------
    DatabaseUnavailable
        `pg_dump` failed; its own words are in the message.
    """
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        _run("pg_dump", "--format=custom", f"--file={unfinished}", libpq_url(url))
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)


def restore_database(url: str, file: Path) -> None:
    """Restore a backup into a new database and swap it for the present one.

    The present database is only removed when the restored one is complete.

    Raises
    ------
    InvalidInput
        The file is no backup of this program's.
    DatabaseUnavailable
        `pg_restore` failed; the present database is untouched.
    """
    if file.read_bytes()[:5] != b"PGDMP":
        raise InvalidInput(f"{file.name} is no database backup; give one that `db backup` wrote")
    name = database_name(url)
    fresh, aside = with_database(url, f"{name}_restored"), with_database(url, f"{name}_before")
    for leftover in (fresh, aside):
        drop_database(leftover)
    create_database(fresh)
    try:
        _run(
            "pg_restore", "--exit-on-error", "--no-owner", f"--dbname={libpq_url(fresh)}", str(file)
        )
    except DatabaseUnavailable:
        drop_database(fresh)
        raise
    _swap(url, name)
    drop_database(aside)


def _swap(url: str, name: str) -> None:
    """Rename the present database aside and the restored one into its place."""
    with psycopg.connect(libpq_url(with_database(url, "postgres")), autocommit=True) as connection:
        for old in (name, f"{name}_restored"):
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (old,)
            )
        for old, new in ((name, f"{name}_before"), (f"{name}_restored", name)):
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(old), sql.Identifier(new)
                )
            )


def _run(program: str, *arguments: str) -> None:
    binaries = find_server(list_binaries())
    answer = subprocess.run(
        [str(binaries.program(program)), *arguments], capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        raise DatabaseUnavailable(f"{program} failed: {answer.stderr.strip()[:500]}")
