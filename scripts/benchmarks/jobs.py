"""How long a page takes while two drawings run, beside how long it takes without: p95 and ratio.

The real server (`community-grid serve`) on a scratch database with two communities of 4,900
blocks; one person asks for pages one after the other. Rounds without and with jobs take turns, so
that a machine that is busy with something else is busy in both.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import numpy as np
from sqlalchemy import text

from gis.actions.access.accounts import create_user
from gis.actions.access.work import Work
from gis.database.engine import open_engine, transaction
from gis.database.migrate import upgrade
from gis.domain.access import SYSTEM
from scripts.benchmarks.editing import CODE, NOW, PASSWORD, _set_up
from scripts.benchmarks.spatial_database import scratch_database

SIDE, GRID_SIDE = 70, 7
HEADING = f"{'what':<28} {'pages':>6} {'p50 ms':>8} {'p95 ms':>8} {'ratio of p95':>13}"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say how much is measured."""
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=60, help="pages in a round")


def run(options: argparse.Namespace) -> Iterator[str]:
    """Yield the rows of the table."""
    with scratch_database() as url:
        engine = open_engine(url)
        upgrade(engine)
        for place in (1, 2):
            _set_up(engine, place, SIDE, GRID_SIDE)
        with transaction(engine) as session:
            create_user(
                Work(session, SYSTEM, NOW),
                login="measured",
                name="Measured",
                password=PASSWORD,
                roles=["planner"],
                area_codes=["522632000000"],
            )
            session.execute(text("UPDATE user_account SET password_must_change = false"))
        engine.dispose()
        with _Served(url) as site:
            without, beside = [], []
            for _ in range(options.rounds):
                without += site.time_pages(options.pages)
                jobs = site.begin_drawings()
                beside += site.time_pages(options.pages)
                yield f"  jobs meanwhile: {', '.join(site.states(jobs))}"
                site.cancel(jobs)
    base = np.percentile(without, 95)
    for what, times in (("without jobs", without), ("two drawings running", beside)):
        p50, p95 = np.percentile(times, [50, 95])
        yield f"{what:<28} {len(times):>6} {p50:>8.1f} {p95:>8.1f} {p95 / base:>13.2f}"


class _Served:
    """The server as a program of its own, and a browser that has signed in."""

    def __init__(self, url: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.site = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "DATABASE_URL": url, "COMMUNITY_GRID_SECRET_KEY": "bench"}
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def __enter__(self) -> _Served:
        command = [sys.executable, "-m", "gis", "serve", "--port", str(self.port)]
        root = Path(__file__).resolve().parents[2]
        self.process = subprocess.Popen(command, env=self.environment, cwd=root)
        while True:
            try:
                page = self._get("/login")
                break
            except urllib.error.URLError:
                time.sleep(0.3)
        form = {"login": "measured", "password": PASSWORD, "csrf_token": _token(page)}
        self.browser.open(f"{self.site}/login", urllib.parse.urlencode(form).encode()).read()
        self.token = _token(self._get("/planner/"))
        self.time_pages(5)
        return self

    def __exit__(self, *_given: object) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def time_pages(self, n: int) -> list[float]:
        """Ask for pages one after the other; (n,) milliseconds of each."""
        paths = ["/planner/", f"/planner/community/{CODE.format(1)}", "/official/"]
        times = []
        for i in range(n):
            begun = time.perf_counter()
            self._get(paths[i % len(paths)])
            times.append(1000 * (time.perf_counter() - begun))
        return times

    def begin_drawings(self) -> list[int]:
        """Ask for two drawings, and wait until both work."""
        found = []
        for place in (1, 2):
            body = {"minimum": 200, "target": 300, "maximum": 400, "fresh": True}
            found.append(self._send("POST", f"communities/{CODE.format(place)}/drafts", body)["id"])
        while any(self._look(job)["fraction"] == 0 for job in found):
            time.sleep(0.5)
        return found

    def states(self, jobs: list[int]) -> list[str]:
        """Say how far jobs are."""
        looked = [self._look(job) for job in jobs]
        return [f"{job['state']} {100 * job['fraction']:.0f}%" for job in looked]

    def cancel(self, jobs: list[int]) -> None:
        """Stop jobs, and wait until they have ended."""
        for job in jobs:
            self._send("DELETE", f"drawings/{job}")
        while any(self._look(job)["state"] == "running" for job in jobs):
            time.sleep(0.5)

    def _look(self, job: int) -> dict:
        return json.loads(self._get(f"/api/v1/drawings/{job}"))

    def _get(self, path: str) -> str:
        return self.browser.open(self.site + path).read().decode()

    def _send(self, method: str, path: str, body: dict | None = None) -> dict:
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        asked = urllib.request.Request(
            f"{self.site}/api/v1/{path}", json.dumps(body or {}).encode(), headers, method=method
        )
        return json.loads(self.browser.open(asked).read())


def _token(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    return found[1]
