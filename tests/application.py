"""The application that the tests of a run share: made once, lent to one test after the other."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection

from gis.domain.access import SYSTEM
from gis.errors import DatabaseUnavailable
from gis.settings import Settings
from tests.answers import check_answers
from webmap import create_app
from webmap.access.backup_job import BackupPlace
from webmap.jobs.here import do_jobs_within_requests
from webmap.tasks import TASKS


def settings_for_tests() -> Settings:
    return Settings(Path("/nonexistent"), None, "none", "key of the tests", "en", 1)


def refuse_backup() -> str:
    """Refuse to tell which database to back up: a test that wants one says so itself."""
    raise DatabaseUnavailable("no backup is made in this test")


def make_app(connection: Connection) -> Flask:
    """Make an application of the test's own, for tests that add to it; it does jobs at once."""
    app = create_app(settings_for_tests(), connection)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.extensions["backups"] = BackupPlace(Path("/nonexistent"), refuse_backup)
    check_answers(app)
    do_jobs_within_requests(app, TASKS, SYSTEM)
    return app


_SHARED: list[tuple[Flask, dict, dict]] = []


@contextlib.contextmanager
def lent_app(connection: Connection) -> Iterator[Flask]:
    """Lend the shared application on this connection; what the test sets in it is taken back."""
    if not _SHARED:
        app = make_app(connection)
        _SHARED.append((app, dict(app.config), dict(app.extensions)))
    ((app, config, extensions),) = _SHARED
    app.extensions["engine"] = connection
    yield app
    for kept, now in ((config, app.config), (extensions, app.extensions)):
        now.clear()
        now.update(kept)
