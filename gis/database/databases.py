"""Databases of a server, as wholes: make, drop and swap them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from gis.database.urls import database_name, libpq_url, with_database
from gis.errors import CommandHint, DatabaseUnavailable

_MAINTENANCE_DATABASES = ("postgres", "template1")


@contextmanager
def maintenance_connection(url: str) -> Iterator[psycopg.Connection]:
    """Connect to a database of the server that is none of ours, each statement on its own.

    Raises
    ------
    DatabaseUnavailable
        The server cannot be reached.
    """
    connection = _connect_to_any(url)
    with connection:
        yield connection


def _connect_to_any(url: str) -> psycopg.Connection:
    for name in _MAINTENANCE_DATABASES:
        try:
            address = libpq_url(with_database(url, name))
            return psycopg.connect(address, autocommit=True, connect_timeout=10)
        except psycopg.OperationalError as error:
            refusal = error
    raise DatabaseUnavailable(
        f"the PostgreSQL server cannot be reached: {str(refusal).strip()}"
    ) from refusal


def has_database(url: str) -> bool:
    """Say whether the database of the URL exists."""
    with maintenance_connection(url) as connection:
        return _exists(connection, database_name(url))


def list_databases(url: str) -> list[str]:
    """List the names of the databases of the URL's server that its user may open."""
    query = """
        SELECT datname FROM pg_database
        WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres'
          AND has_database_privilege(datname, 'CONNECT')
        ORDER BY datname
    """
    with maintenance_connection(url) as connection:
        return [name for (name,) in connection.execute(query).fetchall()]


def _exists(connection: psycopg.Connection, name: str) -> bool:
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return connection.execute(query, (name,)).fetchone() is not None


def create_database(url: str, *, template: str | None = None) -> bool:
    """Make the database of the URL unless it exists; say whether it was made.

    Parameters
    ----------
    url
        URL that names the new database.
    template
        Database to copy; None for an empty one in UTF-8 whose locale knows Chinese letters.
    """
    name = database_name(url)
    if template is None:
        rest: sql.Composable = sql.SQL("TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    else:
        rest = sql.SQL("TEMPLATE {}").format(sql.Identifier(template))
    with maintenance_connection(url) as connection:
        if _exists(connection, name):
            return False
        try:
            connection.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), rest))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return False
    return True


def drop_database(url: str) -> None:
    """Drop the database of the URL, throwing out whoever is connected."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with maintenance_connection(url) as connection:
        connection.execute(statement.format(sql.Identifier(database_name(url))))


def swap_databases(url: str, *, replacement: str, previous: str) -> None:
    """Put another database in the place of the URL's, which is kept under a new name.

    Both renames are one transaction: nobody ever finds the name missing.

    Parameters
    ----------
    url
        URL of the database to replace.
    replacement
        Name of the database that takes its place.
    previous
        Name the replaced database gets.
    """
    name = database_name(url)
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with maintenance_connection(url) as connection:
        _close_connections(connection, [name, replacement])
        with connection.transaction():
            if _exists(connection, name):
                connection.execute(rename.format(sql.Identifier(name), sql.Identifier(previous)))
            connection.execute(rename.format(sql.Identifier(replacement), sql.Identifier(name)))


def _close_connections(connection: psycopg.Connection, names: list[str]) -> None:
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)"
    try:
        connection.execute(query, (names,))
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseUnavailable(
            "others are connected to the database, and this login may not end their connections."
            " Stop the application first{hint}, then do this again.",
            hint=CommandHint("community-grid serve"),
        ) from error
