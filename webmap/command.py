"""Commands that draw or serve pages."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click
from gunicorn.app.base import BaseApplication

from gis.actions.access.work import Work
from gis.actions.plan.publishing import put_due_in_force
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.domain.local_time import on_the_clock
from gis.domain.period import parse_period
from gis.settings import Settings, read_settings
from gis.store.area.platform import read_time_zone
from gis.store.statistics.by_level import LEVELS
from webmap import create_app
from webmap.jobs.worker_process import WorkerProcess
from webmap.shell.database import connect, installation_of
from webmap.shell.server_log import PATHS_ONLY, ServerLog
from webmap.statistics.standalone import standalone_map


@click.command("map")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--topic", default="all", show_default=True, help="Topic to open with.")
@click.option("--period", help="2025, 2025-Q1 or 2025-03; default: the newest quarter.")
@click.option("--by", type=click.Choice(LEVELS), default="grid", show_default=True)
@click.option("--language", type=click.Choice(["zh", "en"]), help="Default: of the installation.")
def map_command(
    out: Path,
    topic: str = "all",
    period: str | None = None,
    by: str = "grid",
    language: str | None = None,
) -> None:
    """Write one HTML file with the statistics map that opens from disk without network."""
    settings = read_settings()
    app = create_app(settings)
    wished = {"topic": topic, "by": by} | ({"period": str(parse_period(period))} if period else {})
    with app.app_context(), transaction(app.extensions["engine"]) as session:
        html = standalone_map(
            session, SYSTEM, wished=wished, language=language or settings.default_language
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    part.write_text(html, "utf-8")
    os.replace(part, out)
    click.echo(f"wrote {out} ({len(html.encode()) / 1e6:.1f} MB)", err=True)


KEEP_ALIVE_S = 310
"""Longer than any client keeps a quiet connection (Chromium 300 s, Firefox 115 s, nginx and other
proxies 60 s): who is about to send on it never finds that the server has just closed it."""

MOST_CONNECTIONS = 800
"""Of one process, below the usual 1024 open files; beyond it answers say that they close."""


class _Server(BaseApplication):
    """Gunicorn with our application: some processes of some threads each."""

    def __init__(self, settings: Settings, host: str, port: int) -> None:
        self.settings, self.address = settings, f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Say how to serve."""
        choices = {
            "bind": self.address,
            "workers": self.settings.workers,
            "worker_class": "gthread",
            "threads": 4,
            "timeout": 120,
            "graceful_timeout": 10,
            "keepalive": KEEP_ALIVE_S,
            "worker_connections": MOST_CONNECTIONS,
            "loglevel": "warning",
            "logger_class": ServerLog,
            "accesslog": None,
            "access_log_format": PATHS_ONLY,
            "proc_name": "community-grid",
        }
        for name, value in choices.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Make the application, once in each process."""
        return create_app(self.settings)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve_command(host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the pages until stopped (Ctrl+C), with one worker for long work."""
    settings = read_settings()
    cluster = installation_of(settings).cluster
    was_running = cluster is None or cluster.status().state == "running"
    click.echo("opening the database …", err=True)
    _open(settings)
    click.echo(f"serving on http://{host}:{port}/ – stop with Ctrl+C", err=True)
    worker = WorkerProcess()
    worker.start()
    server = os.getpid()
    try:
        _Server(settings, host, port).run()
    finally:
        if os.getpid() == server:  # a process that serves pages leaves through here too
            worker.stop()
            if cluster is not None and not was_running:
                cluster.stop()


def _open(settings: Settings) -> None:
    """Check the database, and put in force what came due while nothing was served."""
    engine = connect(settings)
    with transaction(engine) as session:
        put_due_in_force(
            Work(session, SYSTEM, on_the_clock(datetime.now(UTC), read_time_zone(session)))
        )
    engine.dispose()
