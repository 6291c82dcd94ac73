"""The database of a running application: opened from the settings, one transaction per use."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import current_app

from gis.settings import Settings
from gis.store.cluster import Cluster
from gis.store.engine import Engine, Session, open_engine
from gis.store.engine import snapshot as snapshot_of
from gis.store.engine import transaction as transaction_of
from gis.store.migrate import require_current
from gis.store.platform import require_time_zone


def database_url(settings: Settings) -> str:
    """Give the URL of the database; starts the embedded cluster when that is the one."""
    if settings.database_url:
        return settings.database_url
    cluster = Cluster(settings.home / "postgres")
    cluster.start()
    cluster.ensure_database(settings.database_name)
    return cluster.url(settings.database_name)


def connect(settings: Settings) -> Engine:
    """Open the database and check that its schema is this release's."""
    engine = open_engine(database_url(settings), statement_timeout_s=60)
    require_current(engine)
    require_time_zone(engine, settings.time_zone)
    return engine


def transaction() -> AbstractContextManager[Session]:
    """Open a transaction on the application's database: ``with transaction() as session:``."""
    return transaction_of(current_app.extensions["engine"])


def snapshot() -> AbstractContextManager[Session]:
    """Read one moment of the application's database: ``with snapshot() as session:``."""
    return snapshot_of(current_app.extensions["engine"])
