"""The database of an installation: which one it is, and opened only when it is fit for use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from gis.database import migrate
from gis.database.cluster import Cluster
from gis.database.databases import create_database, has_database, list_databases
from gis.database.engine import open_engine
from gis.database.server import check_server
from gis.database.urls import database_name, with_database
from gis.domain.local_time import zone_named
from gis.errors import CommandHint, DatabaseUnavailable, GisError
from gis.store.area.platform import require_time_zone
from gis.store.casework.incident_times import settle_time_zone
from gis.store.schema_state import FoundSchema, SchemaState, find_schema


@dataclass(frozen=True)
class Installation:
    """Where the database of an installation lies.

    Parameters
    ----------
    home
        Data folder; the embedded cluster lies in it.
    server_url
        URL of a database on a server of one's own; None means the embedded cluster.
    database
        Name of the database in the embedded cluster.
    time_zone
        Zone of the platform as the settings state it; None takes the database's own.
    """

    home: Path
    server_url: str | None
    database: str
    time_zone: str | None = None

    @property
    def cluster(self) -> Cluster | None:
        """Give the embedded cluster; None where a server of one's own is used."""
        return None if self.server_url else Cluster(self.home / "postgres")

    def url(self) -> str:
        """Give the URL of the database; starts the embedded cluster where it is used."""
        cluster = self.cluster
        if cluster is None:
            return self.server_url
        cluster.start()
        return cluster.url(self.database)

    def make_ready(self, *, say: Callable[[str], None] | None = None) -> Engine:
        """Open the database, made and brought to this release's schema where it is not.

        Parameters
        ----------
        say
            Told in a sentence what an upgrade changed in stored data.

        Raises
        ------
        DatabaseUnavailable
            It was upgraded by a newer release, or holds the tables of something else.
        Conflict
            It counts in another time zone than the settings state.
        InvalidInput
            The settings state a time zone that there is not.
        """
        if self.time_zone is not None:
            zone_named(self.time_zone)
        url = self.url()
        if self.server_url is None:
            create_database(url)
        engine = open_engine(url)
        with engine.begin() as connection:
            check_server(connection)
            found = find_schema(connection)
        if found.state in (SchemaState.NEWER, SchemaState.FOREIGN):
            engine.dispose()
            raise self._refusal(url, found)
        with _closed_if_refused(engine):
            migrate.upgrade(engine, time_zone=self.time_zone, say=say)
            settle_time_zone(engine, self.time_zone)
        return engine

    def open_ready(self, **options: float) -> Engine:
        """Open a database that is at this release's schema; nothing is made or changed.

        Parameters
        ----------
        options
            As `open_engine` takes them.

        Raises
        ------
        DatabaseUnavailable
            There is none of this name, or it is empty, of an older or newer release, or not ours;
            the message says what to run, and names the databases that could be used instead.
        Conflict
            It counts in another time zone than the settings state.
        """
        url = self.url()
        if self.server_url is None and not has_database(url):
            raise DatabaseUnavailable(
                "there is no database {name} yet; it is to be made first{init}{others}",
                name=self.database,
                init=_INIT,
                others=self._others(url),
            )
        engine = open_engine(url, **options)
        with engine.connect() as connection:
            found = find_schema(connection)
        if found.state is not SchemaState.CURRENT:
            engine.dispose()
            raise self._refusal(url, found)
        with _closed_if_refused(engine):
            require_time_zone(engine, self.time_zone)
        return engine

    def _refusal(self, url: str, found: FoundSchema) -> DatabaseUnavailable:
        return DatabaseUnavailable(
            _REFUSALS[found.state],
            name=database_name(url),
            revision=found.revision,
            head=migrate.head_revision(),
            tables=", ".join(found.tables),
            others=self._others(url),
            init=_INIT,
        )

    def _others(self, url: str) -> str:
        """Name the other databases of the server that this release could use."""
        names = [name for name in list_databases(url) if name != database_name(url)]
        usable = [name for name in names if _is_current(with_database(url, name))]
        if not usable:
            return ""
        if self.server_url:
            return f"; DATABASE_URL could name one of these instead: {', '.join(usable)}"
        return "; or use one that is here: " + ", ".join(
            f"COMMUNITY_GRID_DATABASE={name}" for name in usable
        )


_INIT = CommandHint("community-grid init")

_REFUSALS = {
    SchemaState.EMPTY: ("the database {name} is empty and is to be set up first{init}{others}"),
    SchemaState.OLDER: (
        "the database {name} has an older schema ({revision}, this release has {head}) and is to "
        "be upgraded first{init}"
    ),
    SchemaState.NEWER: (
        "the database {name} was upgraded by a newer release (schema {revision}, this release has "
        "{head}); install that release{others}"
    ),
    SchemaState.FOREIGN: (
        "the database {name} is not of Community Grid: it holds other tables ({tables}, …); "
        "nothing in it was touched. Give an empty database{others}"
    ),
}


@contextmanager
def _closed_if_refused(engine: Engine) -> Iterator[None]:
    """Close the connections of an engine that is not going to be given."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


def _is_current(url: str) -> bool:
    engine = open_engine(url, pool_size=1, statement_timeout_s=5)
    try:
        with engine.connect() as connection:
            return find_schema(connection).state is SchemaState.CURRENT
    except GisError:
        return False
    finally:
        engine.dispose()
