"""Commands about the database itself: make it, start and stop it, back it up."""

from __future__ import annotations

from pathlib import Path

import click

from gis.cli.context import answer, cluster_of, database_url, prepare_database, say
from gis.errors import InvalidInput
from gis.settings import Settings, read_settings
from gis.store import migrate
from gis.store.backup import backup_database, restore_database


@click.command("init")
def init_command() -> None:
    """Create or upgrade the database (embedded PostGIS unless DATABASE_URL is set)."""
    engine = prepare_database(read_settings())
    with engine.connect() as connection:
        say(f"the database is ready at schema {migrate.current_revision(connection)}")


@click.group("db")
def database_group() -> None:
    """Start, stop, inspect, back up and restore the embedded database."""


def _embedded() -> Settings:
    settings = read_settings()
    if settings.database_url:
        raise InvalidInput(
            "DATABASE_URL is set, so the server is not ours to start or stop; unset it to use "
            "the embedded database"
        )
    return settings


@database_group.command()
def start() -> None:
    """Start the embedded database; makes it when there is none."""
    cluster = cluster_of(_embedded())
    cluster.start()
    say(f"running; data in {cluster.status().data}")


@database_group.command()
def stop() -> None:
    """Stop the embedded database."""
    cluster_of(_embedded()).stop()
    say("stopped")


@database_group.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Show how the embedded database stands."""
    found = cluster_of(_embedded()).status()
    row = {
        "state": found.state,
        "pid": found.pid,
        "postgresql": found.major,
        "data": str(found.data),
        "socket": str(found.socket_folder),
        "log": str(found.log),
    }
    answer([row], as_json=as_json)


@database_group.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write the whole database to FILE (pg_dump custom format)."""
    backup_database(database_url(read_settings()), file)
    say(f"written: {file}")


@database_group.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.confirmation_option(prompt="Replace the present database by this backup?")
def restore(file: Path) -> None:
    """Replace the database by the backup in FILE; the replaced one is kept under a dated name."""
    restore_database(database_url(read_settings()), file)
    say(f"restored from {file}")
