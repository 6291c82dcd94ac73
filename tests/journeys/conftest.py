"""A served application on a database of its own, and browsers that must not leave the machine."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from werkzeug.serving import make_server

from gis.database.engine import open_engine
from gis.domain.access import SYSTEM
from gis.settings import Settings
from tests.answers import check_answers
from tests.application import refuse_backup
from tests.factories import PASSWORD, Town
from webmap import create_app
from webmap.access.backup_job import BackupPlace
from webmap.jobs.here import do_jobs_within_requests
from webmap.tasks import TASKS

CHROMIUM = Path("/usr/bin/chromium")
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def chromium():
    """Give a headless Chromium that can reach this machine only."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed; `./scripts/test` installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", OFFLINE]
        )
        yield browser
        browser.close()


@pytest.fixture
def served(fresh_town: str, unpickled_town: Town) -> Iterator[SimpleNamespace]:
    """Serve the tiny town: its ``url``, ``town``, ``engine`` and ``app``."""
    engine, town = open_engine(fresh_town), unpickled_town
    app = create_app(Settings(Path("/nonexistent"), None, "none", "key", "en", 1), engine)
    app.extensions["backups"] = BackupPlace(Path("/nonexistent"), refuse_backup)
    answers = check_answers(app)
    do_jobs_within_requests(app, TASKS, SYSTEM)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = False  # so that closing waits for the last answer
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.port}"
    yield SimpleNamespace(url=url, town=town, engine=engine, app=app)
    server.shutdown()
    thread.join()
    server.server_close()
    engine.dispose()
    assert answers.wrong == []


@pytest.fixture
def visit(chromium, served) -> Iterator[Callable]:
    """Give a function that signs a user in, opens a path, and watches every request.

    At the end of the test nothing may have left the machine and no script may have failed.
    """
    faults: list[str] = []
    contexts = []

    def enter(login: str, path: str, *, width: int = 1280, height: int = 800, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: _watch(r.url, served.url, faults))
        page.on("pageerror", lambda error: faults.append(f"script failed: {error}"))
        page.goto(f"{served.url}/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.click("button.primary")
        page.goto(served.url + path)
        return page

    yield enter
    for context in contexts:
        for page in context.pages:
            page.evaluate("0")  # so that every fault so far has arrived
    seen = list(faults)  # closing breaks off what still loads, which is no fault of the page
    for context in contexts:
        with contextlib.suppress(Exception):
            context.close()
    assert seen == []


def _watch(url: str, home: str, faults: list[str]) -> None:
    if not url.startswith((home, "data:", "blob:")):
        faults.append(f"left the machine: {url}")
