"""What every command needs: the settings, the database made ready, and a place for its words."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gis.actions.publishing import put_due_in_force
from gis.settings import Settings, read_settings
from gis.store import migrate
from gis.store.cluster import Cluster
from gis.store.engine import open_engine, transaction
from gis.store.server import check_server

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
    migrate.upgrade(engine)
    return engine


def ready_engine(settings: Settings | None = None) -> Engine:
    """Open a database that `init` has made; refuses an older schema and says what to run.

    Plans announced for today or before come into force first, so that no command reads the past.
    """
    engine = _open(settings or read_settings())
    migrate.require_current(engine)
    with transaction(engine) as session:
        put_due_in_force(session, now=now())
    return engine


@contextmanager
def work_session() -> Iterator[Session]:
    """Give a session on the ready database whose work is committed at the end."""
    with transaction(ready_engine()) as session:
        yield session


def now() -> datetime:
    """Give the present moment; the only clock below the entry points is their argument."""
    return datetime.now(UTC)


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
