"""The door to the database: an engine with sane limits, and transactions that end well.

Every connection works in the time zone of the platform, which the database itself holds: days and
months in SQL, and times read from it, are those of the platform in every process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import Session

from gis.database.urls import driver_url
from gis.errors import (
    CommandHint,
    Conflict,
    DatabaseUnavailable,
    GisError,
    InvalidInput,
    NotEnoughSpace,
)

_UNREACHABLE = ("08", "57P01", "57P02", "57P03", "53300")
"""SQLSTATEs (or classes) of a server that is away, going away, starting or full."""

_HELD_BY_OTHERS = ("55P03", "40P01")
"""SQLSTATEs of a lock that somebody else holds: waited for too long, or for one another."""

_UNFIT = ("22001", "22003", "22007", "22008", "22021", "22P02", "22P03", "22P05")
"""SQLSTATEs of a value that a column cannot hold: its length, range, form or characters."""


STATEMENT_TIMEOUT_S = 600.0


def open_engine(
    url: str,
    *,
    application_name: str = "community-grid",
    pool_size: int = 5,
    max_overflow: int = 10,
    statement_timeout_s: float = STATEMENT_TIMEOUT_S,
    lock_timeout_s: float = 10,
) -> Engine:
    """Open a pool of connections; nothing is connected before the first use.

    Parameters
    ----------
    url
        ``postgres://``, ``postgresql://`` or ``postgresql+psycopg://``; its own ``options``, such
        as a role to take, are kept.
    application_name
        Name shown in ``pg_stat_activity``.
    pool_size, max_overflow
        Connections kept, and more of them under load.
    statement_timeout_s, lock_timeout_s
        Longest a statement may run, or wait for a lock; 0 means no limit.

    Values of statements are in no error and no log: they may be names and telephone numbers.

    Raises
    ------
    DatabaseUnavailable
        The URL is none of PostgreSQL, or (at the first use) the server cannot be reached.

    Examples
    --------
    >>> open_engine("postgres://grid@db.example/town").url.drivername
    'postgresql+psycopg'
    """
    options = {
        "timezone": "UTC",
        "statement_timeout": f"{statement_timeout_s * 1000:.0f}",
        "lock_timeout": f"{lock_timeout_s * 1000:.0f}",
        "idle_in_transaction_session_timeout": "3600000",
    }
    address = driver_url(url)
    own = address.query.get("options", ())
    engine = create_engine(
        address,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_pre_ping=True,
        pool_reset_on_return="rollback",
        hide_parameters=True,
        connect_args={
            "application_name": application_name,
            "connect_timeout": 10,
            "options": " ".join(
                (
                    *(f"-c {name}={value}" for name, value in options.items()),
                    *((own,) if isinstance(own, str) else own),
                )
            ),
        },
    )
    event.listen(engine, "connect", _use_time_zone)
    event.listen(engine, "handle_error", _translate)
    return engine


def _use_time_zone(connection: psycopg.Connection, _record: object) -> None:
    """Work in the zone of the platform; in UTC while the database holds none, or shows none."""
    try:
        connection.execute("SELECT set_config('TimeZone', time_zone, false) FROM platform")
        connection.commit()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        connection.rollback()


def driver_of(connection: Connection) -> psycopg.Connection:
    """Give the driver's own connection below an open one."""
    found = connection.connection.driver_connection
    if not isinstance(found, psycopg.Connection):
        raise TypeError(f"expected a connection of psycopg, got {type(found).__name__}")
    return found


@contextmanager
def transaction(bind: Engine | Connection) -> Iterator[Session]:
    """Give a session whose work is committed at the end, or undone when an error leaves the block.

    Parameters
    ----------
    bind
        The engine; or a connection already in a transaction, of which this becomes a savepoint.
    """
    with (
        Session(bind, expire_on_commit=False, join_transaction_mode="create_savepoint") as session,
        session.begin(),
    ):
        yield session


@contextmanager
def snapshot(bind: Engine | Connection) -> Iterator[Session]:
    """Give a session that reads one moment: whatever is published meanwhile is seen whole later.

    A page asks several questions, and their answers have to fit one another. Nothing can be
    written, and nobody waits.

    Parameters
    ----------
    bind
        The engine; or a connection already in a transaction, which is read as it is.
    """
    with transaction(bind) as session:
        if isinstance(bind, Engine):
            session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        yield session


def _translate(context: ExceptionContext) -> None:
    """Raise the error a person understands in place of the driver's, where there is one."""
    error = context.original_exception
    if context.is_pre_ping:
        return
    if isinstance(error, UnicodeError | OverflowError):
        raise _unfit() from error
    if not isinstance(error, psycopg.Error):
        return
    if refusal := _refusal(error, connected=context.connection is not None):
        raise refusal from error


def _refusal(error: psycopg.Error, *, connected: bool) -> GisError | None:
    state = error.sqlstate or ""
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if state == "53100":
        return NotEnoughSpace(
            "the database's disk is full: {reason}. Free space, never by deleting "
            "files inside the database folder.",
            reason=reason,
        )
    if state in _HELD_BY_OTHERS:
        return Conflict(
            "someone else is changing the same records right now; nothing was changed, try again"
        )
    lost = isinstance(error, psycopg.OperationalError) and not state
    if lost or state.startswith(_UNREACHABLE) or not connected:
        return DatabaseUnavailable(
            "the database cannot be reached: {reason}. "
            "Whoever runs the server has to start it{hint}.",
            reason=reason,
            hint=CommandHint("community-grid db start, or check DATABASE_URL"),
        )
    if isinstance(error, psycopg.DataError) and (not state or state in _UNFIT):
        return _unfit()
    return None


def _unfit() -> InvalidInput:
    return InvalidInput(
        "a value is too large, too long or not of the kind that is stored here;"
        " check what was entered"
    )
