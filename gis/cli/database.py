"""Commands about the database itself: make it, start and stop it, back it up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from gis.actions.access.work import Work
from gis.actions.casework.time_zone import KEEP, change_time_zone
from gis.cli.answers import Shown, answer, reading
from gis.cli.context import (
    installation_of,
    now,
    prepare_database,
    ready_engine,
    say,
    work_session,
)
from gis.database import migrate
from gis.database.backup import backup_database, restore_database
from gis.database.cluster import Cluster
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput, Message
from gis.settings import read_settings
from gis.store.area.platform import read_time_zone


@click.command("init")
def init_command() -> None:
    """Create or upgrade the database (embedded PostGIS unless DATABASE_URL is set).

    Tables are made as `owner`, and everything else runs as `app`, which only uses their rows. With
    DATABASE_URL the login takes both roles; or it is the owner, and COMMUNITY_GRID_APP_DATABASE_URL
    names a login for everything else.

    COMMUNITY_GRID_TIME_ZONE decides whose days and months are counted (default Asia/Shanghai).
    """
    engine = prepare_database(read_settings())
    with engine.connect() as connection:
        revision, zone = migrate.current_revision(connection), read_time_zone(connection)
    say(f"the database is ready at schema {revision}; it counts in the time zone {zone.key}")


@click.command("time-zone")
@click.argument("zone", required=False)
@click.option(
    "--keep",
    type=click.Choice(KEEP),
    help="What stays of incidents that are stored: their moments; or what the clocks showed, where"
    " files told local times and the zone so far was wrong.",
)
@reading
def time_zone_command(zone: str | None, keep: str | None, shown: Shown) -> None:
    """Show the time zone of the platform, or change it to ZONE and count all months again."""
    if zone is not None:
        engine = ready_engine(replace(read_settings(), time_zone=None))
        with transaction(engine) as session:
            n = change_time_zone(Work(session, SYSTEM, now()), zone, keep=keep)
        said = "{n:,} incidents counted again by the months of {zone}"
        say(Message(said, n=n, zone=zone))
        say(f"where COMMUNITY_GRID_TIME_ZONE is set, it must say {zone} from now on")
        return
    with work_session() as session:
        answer([{"time_zone": read_time_zone(session).key}], shown)


@click.group("db")
def database_group() -> None:
    """Start, stop, inspect, back up and restore the embedded database."""


def _embedded() -> Cluster:
    cluster = installation_of(read_settings()).cluster
    if cluster is None:
        raise InvalidInput(
            "DATABASE_URL or COMMUNITY_GRID_APP_DATABASE_URL is set, so the server is not ours to "
            "start or stop; unset it to use the embedded database"
        )
    return cluster


@database_group.command()
def start() -> None:
    """Start the embedded database; makes it when there is none."""
    cluster = _embedded()
    cluster.start()
    say(f"running; data in {cluster.status().data}")


@database_group.command()
def stop() -> None:
    """Stop the embedded database."""
    _embedded().stop()
    say("stopped")


@database_group.command()
@reading
def status(shown: Shown) -> None:
    """Show how the embedded database stands."""
    found = _embedded().status()
    row = {
        "state": found.state,
        "pid": found.pid,
        "postgresql": found.major,
        "data": str(found.data),
        "socket": str(found.socket_folder),
        "log": str(found.log),
    }
    answer([row], shown)


@database_group.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write the whole database to FILE (pg_dump custom format)."""
    backup_database(installation_of(read_settings()).full_url(), file)
    say(f"written: {file}")


@database_group.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.confirmation_option(prompt="Replace the present database by this backup?")
def restore(file: Path) -> None:
    """Replace the database by the backup in FILE; the replaced one is kept under a dated name."""
    installation = installation_of(read_settings())
    restore_database(installation.making_url(), file, prepare=installation.settle)
    say(f"restored from {file}")
