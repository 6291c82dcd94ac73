"""Bring a database to the schema of this release, by the migrations in `gis.store.migrations`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from gis.errors import DatabaseUnavailable

_FOLDER = Path(__file__).with_name("migrations")


def _config(connection: Connection | None = None, **attributes: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes.update(attributes, connection=connection)
    return config


def head_revision() -> str:
    """Give the newest revision this release knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current_revision(connection: Connection) -> str | None:
    """Give the revision a database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(
    engine: Engine,
    revision: str = "head",
    *,
    time_zone: str | None = None,
    say: Callable[[str], None] | None = None,
) -> None:
    """Upgrade the database; safe to call again, and from several processes at once.

    Parameters
    ----------
    time_zone
        Zone of the platform, for a database that knows none yet; None takes the default.
    say
        Told in a sentence what the upgrade changed in stored data.

    Raises
    ------
    DatabaseUnavailable
        The database was made by a newer release.
    """
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7263000)")
        _refuse_newer(connection)
        command.upgrade(_config(connection, time_zone=time_zone, say=say), revision)
    engine.dispose()


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to an older revision (``base`` removes everything)."""
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7263000)")
        command.downgrade(_config(connection), revision)
    engine.dispose()


def require_current(engine: Engine) -> None:
    """Refuse to work on a database that is not at this release's schema.

    Raises
    ------
    DatabaseUnavailable
        Older (run ``community-grid init``) or newer (install the newer release).
    """
    with engine.connect() as connection:
        _refuse_newer(connection)
        if current_revision(connection) != head_revision():
            raise DatabaseUnavailable(
                "the database has an older schema; run `community-grid init` to upgrade it"
            )


def _refuse_newer(connection: Connection) -> None:
    current = current_revision(connection)
    known = {r.revision for r in ScriptDirectory.from_config(_config()).walk_revisions()}
    if current is not None and current not in known:
        raise DatabaseUnavailable(
            f"the database was upgraded by a newer release (revision {current});"
            " install that release"
        )
