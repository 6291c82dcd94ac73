"""Bring a database to the schema of this release, by the migrations in `gis.store.migrations`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from gis.database.roles import APP, MIGRATION_LOCK

_FOLDER = Path(__file__).parents[1] / "store" / "migrations"


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


def is_known(revision: str) -> bool:
    """Say whether this release knows a revision."""
    return revision in {r.revision for r in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(
    engine: Engine,
    revision: str = "head",
    *,
    app: str = APP,
    time_zone: str | None = None,
    say: Callable[[str], None] | None = None,
) -> None:
    """Upgrade the database; safe to call again, and from several processes at once.

    Whoever may not be sure that the database is ours asks `gis.store.installation` first.

    Parameters
    ----------
    engine
        Connects as the role that owns the tables, or will.
    app
        Role of the application, which is granted its rights on every table at the end.
    time_zone
        Zone of the platform, for a database that knows none yet; None takes the default.
    say
        Told in a sentence what the upgrade changed in stored data.
    """
    with engine.begin() as connection:
        _lock(connection)
        command.upgrade(_config(connection, app=app, time_zone=time_zone, say=say), revision)
    engine.dispose()


def downgrade(engine: Engine, revision: str, *, app: str = APP) -> None:
    """Take the database back to an older revision (``base`` removes everything)."""
    with engine.begin() as connection:
        _lock(connection)
        command.downgrade(_config(connection, app=app), revision)
    engine.dispose()


def _lock(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
