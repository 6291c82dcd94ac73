"""The database of an installation: which one it is, and opened only when it is fit for use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine

from gis.database import migrate
from gis.database.cluster import Cluster
from gis.database.databases import create_database, has_database, list_databases
from gis.database.engine import STATEMENT_TIMEOUT_S, driver_of, open_engine
from gis.database.roles import (
    APP,
    OWNER,
    SUPERUSER,
    as_role,
    hand_over,
    needs_role,
    require_plain,
    require_roles,
    role_of,
)
from gis.database.server import check_server
from gis.database.urls import database_name, with_database
from gis.domain.local_time import zone_named
from gis.errors import CommandHint, DatabaseUnavailable, GisError, InvalidInput
from gis.store.area.platform import require_time_zone
from gis.store.casework.incident_times import settle_time_zone
from gis.store.rights import grant_rights
from gis.store.schema_state import FoundSchema, SchemaState, find_schema


@dataclass(frozen=True)
class Installation:
    """Where the database of an installation lies.

    Parameters
    ----------
    home
        Data folder; the embedded cluster lies in it.
    server_url
        URL of a database on a server of one's own, as a login that takes both roles or owns the
        tables; None means the embedded cluster.
    database
        Name of the database in the embedded cluster.
    time_zone
        Zone of the platform as the settings state it; None takes the database's own.
    app_url
        URL of the same database for the application; None where ``server_url`` takes both roles.
    """

    home: Path
    server_url: str | None
    database: str
    time_zone: str | None = None
    app_url: str | None = None

    @property
    def cluster(self) -> Cluster | None:
        """Give the embedded cluster; None where a server of one's own is used."""
        if self.server_url or self.app_url:
            return None
        return Cluster(self.home / "postgres")

    def _started(self) -> Cluster:
        cluster = Cluster(self.home / "postgres")
        cluster.start()
        return cluster

    def url(self) -> str:
        """Give the URL the application connects by; starts the embedded cluster where used."""
        if self.app_url:
            return self.app_url
        if self.server_url:
            return as_role(self.server_url, APP)
        return self._started().url(self.database)

    def making_url(self) -> str:
        """Give the URL of who makes databases and extensions: the superuser, or DATABASE_URL.

        Raises
        ------
        InvalidInput
            The settings name the application's login only.
        """
        cluster = self.cluster
        if cluster is not None:
            cluster.start()
            return cluster.url(self.database, SUPERUSER)
        if self.server_url is None:
            raise InvalidInput(
                "this is done by the owner of the tables, and COMMUNITY_GRID_APP_DATABASE_URL is"
                " the application's login only; set DATABASE_URL to the owner's as well"
            )
        return self.server_url

    def owning_url(self) -> str:
        """Give the URL of the owner of the tables, who migrates them."""
        cluster = self.cluster
        if cluster is not None:
            cluster.start()
            return cluster.url(self.database, OWNER)
        return self.making_url() if self.app_url else as_role(self.making_url(), OWNER)

    def full_url(self) -> str:
        """Give the URL of who may read every table, whatever release made them, to back them up."""
        url = self.making_url()
        if self.cluster is None and not self.app_url and needs_role(url, "alembic_version", OWNER):
            return self.owning_url()
        return url

    def make_ready(self, *, say: Callable[[str], None] | None = None) -> Engine:
        """Open the database, made and brought to this release's schema where it is not.

        Parameters
        ----------
        say
            Told in a sentence what an upgrade changed in stored data.

        Returns
        -------
        Engine
            The application's own.

        Raises
        ------
        DatabaseUnavailable
            It was upgraded by a newer release, or holds the tables of something else; or the login
            may not do what is to be done.
        Conflict
            It counts in another time zone than the settings state.
        InvalidInput
            The settings state a time zone that there is not.
        """
        if self.time_zone is not None:
            zone_named(self.time_zone)
        making = self.making_url()
        if self.cluster is not None:
            create_database(making)
        elif not self.app_url:
            require_roles(making, make=True)
        found = self._check(making)
        if found.state in (SchemaState.NEWER, SchemaState.FOREIGN):
            raise self._refusal(making, found)
        app = self._hand_over(making)
        migrate.upgrade(open_engine(self.owning_url()), app=app, time_zone=self.time_zone, say=say)
        engine = open_engine(self.url())
        with _closed_if_refused(engine):
            self._require_fit(engine)
            settle_time_zone(engine, self.time_zone)
        return engine

    def settle(self, url: str) -> None:
        """Give a database that was filled from a backup to its owner, and the application rights.

        Parameters
        ----------
        url
            The database, as `making_url` gives it.
        """
        filled = replace(
            self,
            database=database_name(url),
            server_url=url if self.server_url else None,
            app_url=self.app_url and with_database(self.app_url, database_name(url)),
        )
        app = filled._hand_over(url)
        engine = open_engine(filled.owning_url())
        with engine.begin() as connection:
            grant_rights(connection, app)
        engine.dispose()

    def _check(self, making: str) -> FoundSchema:
        """Check the server, and find what the database holds, as whoever may look at it."""
        with _engine_for(making) as engine, engine.begin() as connection:
            check_server(connection)
            found = find_schema(connection)
        if found.state is SchemaState.CLOSED:
            with _engine_for(self.owning_url()) as engine, engine.connect() as connection:
                found = find_schema(connection)
        return found

    def _hand_over(self, making: str) -> str:
        """Let the owner have the tables and the application in; give the application's role."""
        if self.cluster is None and self.app_url:
            owner, app = role_of(making), role_of(self.app_url)
        else:
            owner, app = OWNER, APP
        hand_over(making, owner=owner, app=app)
        return app

    def open_ready(self, *, statement_timeout_s: float = STATEMENT_TIMEOUT_S) -> Engine:
        """Open a database that is at this release's schema; nothing is made or changed.

        Parameters
        ----------
        statement_timeout_s
            As `open_engine` takes it.

        Raises
        ------
        DatabaseUnavailable
            There is none of this name, or it is empty, of an older or newer release, or not ours;
            the message says what to run, and names the databases that could be used instead. Or
            the login may do more than the application should.
        Conflict
            It counts in another time zone than the settings state.
        """
        url = self.url()
        if self.cluster is not None and not has_database(url):
            raise DatabaseUnavailable(
                "there is no database {name} yet; it is to be made first{init}{others}",
                name=self.database,
                init=_INIT,
                others=self._others(url),
            )
        engine = open_engine(url, statement_timeout_s=statement_timeout_s)
        with _closed_if_refused(engine):
            self._require_fit(engine)
            require_time_zone(engine, self.time_zone)
        return engine

    def _require_fit(self, engine: Engine) -> None:
        """Refuse a database of another schema, and a login that may do too much."""
        try:
            with engine.connect() as connection:
                found = find_schema(connection)
                if found.state is SchemaState.CURRENT:
                    require_plain(driver_of(connection))
        except DatabaseUnavailable:
            if self.server_url and not self.app_url:
                require_roles(self.server_url)
            raise
        if found.state is not SchemaState.CURRENT:
            raise self._refusal(self.url(), found)

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
        if self.cluster is None:
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
    SchemaState.CLOSED: (
        "the tables of the database {name} are not open to the application yet: an earlier release"
        " made them, or they were restored by hand; it is to be upgraded first{init}{others}"
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
    try:
        with (
            _engine_for(url, statement_timeout_s=5) as engine,
            engine.connect() as connection,
        ):
            return find_schema(connection).state is SchemaState.CURRENT
    except GisError:
        return False


@contextmanager
def _engine_for(url: str, *, statement_timeout_s: float = STATEMENT_TIMEOUT_S) -> Iterator[Engine]:
    """Open an engine for a moment."""
    engine = open_engine(url, pool_size=1, statement_timeout_s=statement_timeout_s)
    try:
        yield engine
    finally:
        engine.dispose()
