"""What every command needs: the settings, the database made ready, and a way to say things."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.plan.publishing import put_due_in_force
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.domain.local_time import DEFAULT_TIME_ZONE, on_the_clock, zone_named
from gis.settings import Settings, read_settings
from gis.store.area.platform import read_time_zone
from gis.store.installation import Installation

_ZONE = "community_grid.time_zone"


def installation_of(settings: Settings) -> Installation:
    """Give the database that the settings mean."""
    return Installation(
        settings.home,
        settings.database_url,
        settings.database_name,
        settings.time_zone,
        settings.app_database_url,
    )


def database_url(settings: Settings) -> str:
    """Give the URL the application connects by; starts the embedded cluster where it is used."""
    return installation_of(settings).url()


def _until_the_command_ends(engine: Engine) -> Engine:
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(engine.dispose)
    return engine


def prepare_database(settings: Settings) -> Engine:
    """Open the database, made and brought up to date where it is not."""
    engine = _until_the_command_ends(installation_of(settings).make_ready(say=say))
    _keep_zone(zone_of(engine))
    return engine


def ready_engine(settings: Settings | None = None) -> Engine:
    """Open a database that `init` has made; refuses any other and says what to run.

    Plans announced for today or before come into force first, so that no command reads the past.
    """
    engine = _until_the_command_ends(installation_of(settings or read_settings()).open_ready())
    _keep_zone(zone_of(engine))
    with transaction(engine) as session:
        put_due_in_force(Work(session, SYSTEM, now()))
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


def now_in(zone: ZoneInfo) -> datetime:
    """Give the present moment on the clocks of a zone; for processes that no command runs in."""
    return on_the_clock(datetime.now(UTC), zone)


def zone_of(engine: Engine) -> ZoneInfo:
    """Give the zone in which a ready database counts."""
    with engine.connect() as connection:
        return read_time_zone(connection)


def _keep_zone(zone: ZoneInfo) -> None:
    """Remember for the length of a command in which zone its database counts."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[_ZONE] = zone


def say(text: str) -> None:
    """Print a line of progress on stderr, so that stdout stays the answer."""
    click.echo(text, err=True)


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
