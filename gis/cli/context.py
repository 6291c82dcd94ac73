"""What every command needs: the settings, the database made ready, and a place for its words."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gis.actions.publishing import put_due_in_force
from gis.domain.local_time import DEFAULT_TIME_ZONE, on_the_clock, zone_named
from gis.settings import Settings, read_settings
from gis.store import migrate
from gis.store.cluster import Cluster
from gis.store.engine import open_engine, transaction
from gis.store.platform import require_time_zone, settle_time_zone
from gis.store.server import check_server

_ZONE = "community_grid.time_zone"
PIPED_WIDTH = 240
"""Characters of a table that goes to a file or another program, so that no code is broken."""


def cluster_of(settings: Settings) -> Cluster:
    """Give the embedded cluster of an installation, started or not."""
    return Cluster(settings.home / "postgres")


def database_url(settings: Settings) -> str:
    """Give the URL of the database to use; starts the embedded cluster where it is used."""
    if settings.database_url:
        return settings.database_url
    cluster = cluster_of(settings)
    cluster.start()
    cluster.ensure_database(settings.database_name)
    return cluster.url(settings.database_name)


def _open(settings: Settings) -> Engine:
    """Open the database; its connections are closed when the command ends."""
    engine = open_engine(database_url(settings))
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(engine.dispose)
    return engine


def prepare_database(settings: Settings) -> Engine:
    """Open the database, check the server, and bring the schema up to date."""
    engine = _open(settings)
    with engine.begin() as connection:
        check_server(connection)
    if settings.time_zone is not None:
        zone_named(settings.time_zone)
    migrate.upgrade(engine, time_zone=settings.time_zone, say=say)
    _keep_zone(settle_time_zone(engine, settings.time_zone))
    return engine


def ready_engine(settings: Settings | None = None) -> Engine:
    """Open a database that `init` has made; refuses an older schema and says what to run.

    Plans announced for today or before come into force first, so that no command reads the past.
    """
    settings = settings or read_settings()
    engine = _open(settings)
    migrate.require_current(engine)
    _keep_zone(require_time_zone(engine, settings.time_zone))
    with transaction(engine) as session:
        put_due_in_force(session, now=now())
    return engine


@contextmanager
def work_session() -> Iterator[Session]:
    """Give a session on the ready database whose work is committed at the end."""
    with transaction(ready_engine()) as session:
        yield session


def now() -> datetime:
    """Give the present moment on the clock of the platform, whose zone the database tells.

    The only clock below the entry points is their argument.
    """
    context = click.get_current_context(silent=True)
    known = context.meta.get(_ZONE) if context else None
    zone = known or zone_named(read_settings().time_zone or DEFAULT_TIME_ZONE)
    return on_the_clock(datetime.now(UTC), zone)


def _keep_zone(zone: ZoneInfo) -> None:
    """Remember for the length of a command in which zone its database counts."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[_ZONE] = zone


def say(text: str) -> None:
    """Print a line of progress on stderr, so that stdout stays the answer."""
    click.echo(text, err=True)


def answer(rows: Sequence[dict], *, as_json: bool, title: str | None = None) -> None:
    """Print rows as a table for people or as JSON for programs."""
    if as_json:
        click.echo(json.dumps(list(rows), ensure_ascii=False, default=str, indent=1))
        return
    if not rows:
        say("nothing to show")
        return
    table = Table(title=title, header_style="bold")
    for name in rows[0]:
        number = isinstance(rows[0][name], int | float) and not isinstance(rows[0][name], bool)
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(v) for v in row.values()))
    Console(width=None if sys.stdout.isatty() else PIPED_WIDTH).print(table)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def track(items: Iterable, description: str, total: int) -> Iterator:
    """Go through items with a progress bar on a terminal, and plain lines otherwise."""
    if not sys.stderr.isatty():
        for done, item in enumerate(items, 1):
            yield item
            if done == total or done % max(1, total // 10) == 0:
                say(f"  {description}: {done}/{total}")
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield from progress.track(items, total=total, description=description)
