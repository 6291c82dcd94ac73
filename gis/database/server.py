"""Is this PostgreSQL fit for use: version, extensions, and a locale that knows Chinese letters."""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from gis.database.binaries import OLDEST_MAJOR
from gis.errors import DatabaseUnavailable

EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")
"""Extensions the schema needs."""

OLDEST_POSTGIS = (3, 3)
_LOCK_KEY = 0x6772_6964
_CHINESE = "古州镇古榕社区"


def check_server(connection: Connection) -> None:
    """Check that the server and this database are fit for use; make missing extensions.

    The caller commits: extensions are made in the connection's transaction.

    Raises
    ------
    DatabaseUnavailable
        They are not; the message says what to do.
    """
    _check_version(connection)
    _check_encoding(connection)
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    for name in EXTENSIONS:
        _ensure_extension(connection, name)
    _check_postgis(connection)
    _check_chinese(connection)


def _check_version(connection: Connection) -> None:
    number = int(_scalar(connection, "SHOW server_version_num"))
    if number < OLDEST_MAJOR * 10_000:
        raise DatabaseUnavailable(
            f"the server is PostgreSQL {number // 10_000}; {OLDEST_MAJOR} or newer is needed"
        )


def _check_encoding(connection: Connection) -> None:
    encoding = _scalar(connection, "SHOW server_encoding")
    if encoding != "UTF8":
        raise DatabaseUnavailable(
            f"the database's encoding is {encoding}; UTF8 is needed. {_how_to_make(connection)}"
        )


def _ensure_extension(connection: Connection, name: str) -> None:
    known = "SELECT installed_version IS NOT NULL FROM pg_available_extensions WHERE name = :name"
    installed = connection.execute(text(known), {"name": name}).scalar()
    if installed:
        return
    if installed is None:
        raise DatabaseUnavailable(
            f"the server does not have the extension {name}. Install it there: "
            f"on Debian the packages postgresql-NN and postgresql-NN-postgis-3 hold all three "
            f"({', '.join(EXTENSIONS)})"
        )
    try:
        with connection.begin_nested():
            connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {name}"))
    except DBAPIError as error:
        database = _scalar(connection, "SELECT current_database()")
        raise DatabaseUnavailable(
            f"the extension {name} cannot be made in the database {database}: "
            f"{str(error.orig).splitlines()[0]}. Let a superuser run `CREATE EXTENSION {name}` "
            "there once."
        ) from error


def _check_postgis(connection: Connection) -> None:
    version = _scalar(connection, "SELECT extversion FROM pg_extension WHERE extname = 'postgis'")
    parts = tuple(int(part) for part in version.split(".")[:2])
    if parts < OLDEST_POSTGIS:
        raise DatabaseUnavailable(
            f"the database has PostGIS {version}; 3.3 or newer is needed. Install it on the "
            "server, then run `SELECT postgis_extensions_upgrade()` in the database."
        )


def _check_chinese(connection: Connection) -> None:
    count = connection.execute(
        text("SELECT cardinality(show_trgm(:words))"), {"words": _CHINESE}
    ).scalar()
    if not count:
        locale = _scalar(
            connection, "SELECT datctype FROM pg_database WHERE datname = current_database()"
        )
        raise DatabaseUnavailable(
            f"the database's locale {locale} does not know Chinese letters, so names and "
            f"addresses cannot be searched. {_how_to_make(connection)}"
        )


def _how_to_make(connection: Connection) -> str:
    name = _scalar(connection, "SELECT current_database()")
    return (
        f"Make it anew: CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' "
        "LOCALE 'C.UTF-8'"
    )


def _scalar(connection: Connection, query: str) -> str:
    return str(connection.execute(text(query)).scalar_one())
