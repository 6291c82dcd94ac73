"""Database URLs, as people write them and as the driver and PostgreSQL's programs want them."""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from gis.errors import DatabaseUnavailable

_SCHEMES = ("postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2")


def driver_url(url: str | URL) -> URL:
    """Give the URL that SQLAlchemy opens with psycopg 3.

    Raises
    ------
    DatabaseUnavailable
        It is not the URL of a PostgreSQL database.

    Examples
    --------
    >>> str(driver_url("postgres://grid@db.example/town"))
    'postgresql+psycopg://grid@db.example/town'
    """
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseUnavailable(
            "DATABASE_URL is not a URL; expected postgresql://user:password@host:5432/database"
        ) from None
    if parts.drivername not in _SCHEMES or not parts.database:
        raise DatabaseUnavailable(
            f"DATABASE_URL names a {parts.drivername} database `{parts.database or ''}`; expected "
            "postgresql://user:password@host:5432/database"
        )
    return parts.set(drivername="postgresql+psycopg")


def libpq_url(url: str | URL, *, with_password: bool = True) -> str:
    """Give the URL that psycopg and PostgreSQL's programs open.

    Examples
    --------
    >>> libpq_url("postgresql+psycopg://grid:secret@db.example/town", with_password=False)
    'postgresql://grid@db.example/town'
    """
    parts = driver_url(url).set(drivername="postgresql")
    if not with_password:
        parts = parts._replace(password=None)
    address = parts.render_as_string(hide_password=False)
    if not parts.query:
        return address
    front, mark, query = address.rpartition("?")
    return front + mark + query.replace("+", "%20")  # a space: libpq knows no other way


def with_database(url: str | URL, name: str) -> str:
    """Give the URL of another database of the same server.

    Examples
    --------
    >>> with_database("postgresql://grid@db.example/town", "other")
    'postgresql+psycopg://grid@db.example/other'
    """
    return driver_url(url).set(database=name).render_as_string(hide_password=False)


def database_name(url: str | URL) -> str:
    """Give the name of the database a URL leads to."""
    return str(driver_url(url).database)
