"""The database of a running application: opened from the settings, one transaction per use."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import current_app

from gis.database.engine import Engine, Session
from gis.database.engine import snapshot as snapshot_of
from gis.database.engine import transaction as transaction_of
from gis.settings import Settings
from gis.store.installation import Installation


def installation_of(settings: Settings) -> Installation:
    """Give the database that the settings mean."""
    return Installation(
        settings.home,
        settings.database_url,
        settings.database_name,
        settings.time_zone,
        settings.app_database_url,
    )


def connect(settings: Settings) -> Engine:
    """Open the database and check that its schema is this release's."""
    return installation_of(settings).open_ready(statement_timeout_s=60)


def transaction() -> AbstractContextManager[Session]:
    """Open a transaction on the application's database: ``with transaction() as session:``."""
    return transaction_of(current_app.extensions["engine"])


def snapshot() -> AbstractContextManager[Session]:
    """Read one moment of the application's database: ``with snapshot() as session:``."""
    return snapshot_of(current_app.extensions["engine"])
