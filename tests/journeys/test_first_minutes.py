"""The first five minutes, as the README tells them: the demo on an empty home, then its pages.

Nothing is started differently here from what a new user types: `./scripts/demo` installs, imports,
draws and serves; then a planner draws a draft, edits and saves it, and prints its sheets.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from gis.database.cluster import Cluster
from tests.journeys.plan.test_redraw import Redraw

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1500)]

ROOT = Path(__file__).resolve().parents[2]
COMMUNITY = "990001001002"
LAST_WORDS = "stop with Ctrl+C"
PAIRS = """() => {
    const { scene, map } = communityGridDesk;
    const { from, to } = scene.shapes.ground;
    const box = map.getContainer().getBoundingClientRect();
    const seen = (row) => {
        const [lon, lat] = scene.shapes.toLonLat(scene.shapes.inner[row]);
        const at = map.latLngToContainerPoint([lat, lon]);
        const top = document.elementFromPoint(at.x + box.left, at.y + box.top);
        return top !== null && top.closest(".leaflet-pane") !== null;
    };
    const pairs = [...from].map((row, edge) => [row, to[edge]]);
    return pairs.filter(([a, b]) => scene.numberOf(a) !== scene.numberOf(b) && seen(a) && seen(b));
}"""
"""Pairs of blocks in sight with a border of grids between them."""

LONG_MS = 300_000
"""A loaded machine may take this long for what is a moment elsewhere."""


def environment_of(home: Path) -> dict[str, str]:
    """Give the environment of somebody who has set nothing but where the data go.

    Jobs do not yield here: the tests beside this one keep the machine busy.
    """
    hidden = ("COMMUNITY_GRID_", "DATABASE_URL", "PYTEST")
    plain = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
    return {
        **plain,
        "COMMUNITY_GRID_HOME": str(home),
        "COMMUNITY_GRID_LANGUAGE": "en",
        "COMMUNITY_GRID_NICENESS": "0",
    }


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def read_until(process: subprocess.Popen, words: str) -> str:
    """Read what a command says until it says some words; fails when it ends before."""
    said = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return "".join(said)
    raise AssertionError(
        f"it ended with {process.wait()} and never said “{words}”:\n{''.join(said)}"
    )


def wait_until_served(url: str, process: subprocess.Popen) -> None:
    """Ask until the server answers or its program has ended."""
    while process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz") as answer:
            assert answer.status == 200
            return
    raise AssertionError(f"the server ended with {process.returncode}")


@pytest.fixture(scope="module")
def home():
    """Give an empty home that the user who runs PostgreSQL may enter."""
    with tempfile.TemporaryDirectory(prefix="first-minutes-", dir="/tmp") as folder:
        os.chmod(folder, 0o711)
        yield Path(folder) / "home"
        Cluster(Path(folder) / "home" / "postgres").stop()


@pytest.fixture(scope="module")
def served(home, tmp_path_factory):
    """Run the demo until it serves; stop it as Ctrl+C does."""
    if not (ROOT / ".venv" / "bin" / "community-grid").exists():
        pytest.skip("there is no .venv; `./scripts/test` makes it")
    out, port = tmp_path_factory.mktemp("out"), free_port()
    process = subprocess.Popen(
        [str(ROOT / "scripts" / "demo"), "--port", str(port), "--out", str(out)],
        cwd=ROOT,
        env=environment_of(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = read_until(process, LAST_WORDS)
        url = f"http://127.0.0.1:{port}"
        wait_until_served(url, process)
        yield SimpleNamespace(url=url, out=out, said=said)
    finally:
        process.send_signal(signal.SIGINT)
        with process:
            process.stdout.read()


@pytest.fixture
def enter(chromium, served):
    """Give a function that signs a demo account in, with the words the demo printed."""
    contexts, faults = [], []

    def enter(login: str, path: str):
        password = re.search(rf"^  {login} +(\S+)$", served.said, re.MULTILINE)[1]
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 800}))
        page = contexts[-1].new_page()
        page.set_default_timeout(LONG_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{served.url}/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", password)
        page.click("button.primary")
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto(served.url + path)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert faults == []


def test_the_demo_says_little_and_leaves_its_results(served):
    notes = [line for line in served.said.splitlines() if line.startswith("note: ")]
    assert len(notes) <= 10 and any("without households" in line for line in notes)
    assert {"grids.gpkg", "map.html", "report.json"} <= {p.name for p in served.out.iterdir()}
    assert '"rule": "piece"' in (served.out / "report.json").read_text()


def paint_over_a_border(redraw: Redraw) -> None:
    """Give a block to the grid beside it, as a hand does; one that leaves both grids whole."""
    before = redraw.state()
    for chosen, painted in redraw.page.evaluate(PAIRS):
        redraw.press("Escape", "v")
        redraw.click(chosen)
        redraw.press("b")
        redraw.click(painted)
        after = redraw.state()
        assert after["confirmed"]
        changed = after["numbers"] != before["numbers"]
        if changed and after["faults"] == before["faults"]:
            return
        if changed:
            redraw.press("Control+z")
            assert redraw.state()["numbers"] == before["numbers"]
    raise AssertionError("no block in sight could change its grid")


def test_a_planner_draws_a_draft_edits_saves_and_prints_it(enter, served):
    page = enter("planner", f"/planner/community/{COMMUNITY}")
    page.wait_for_selector("#map_main[data-drawn]")
    page.click("details.draw > summary")
    page.click("details.more-wishes > summary")
    page.fill("#draw [name=seed]", "7")
    page.click("#draw button.primary")
    again = page.locator("#obstacles button:has-text('Draw anyway')")
    drawn = page.locator(".plan-line .badge:has-text('draft')")
    again.or_(drawn).or_(page.locator("#draw-state.alert")).first.wait_for()
    if again.is_visible():
        again.click()
    page.wait_for_url("**plan=*")
    drawn.wait_for()
    plan = int(page.url.rsplit("plan=", 1)[1])

    page.goto(f"{served.url}/planner/plan/{plan}/redraw")
    redraw = Redraw(page)
    paint_over_a_border(redraw)
    redraw.save("first edit")
    page.wait_for_selector("text=Saved as edition 2")

    page.goto(f"{served.url}/planner/community/{COMMUNITY}?plan={plan}")
    page.click("details.exchange > summary")
    page.click("#sheets button")
    link = page.locator("#sheets-state a")
    link.wait_for()
    printed = page.context.request.get(served.url + link.get_attribute("href"))
    assert printed.ok and printed.body().startswith(b"%PDF-")


def test_the_demo_without_pages_tells_how_to_serve_it(home, served, tmp_path):
    done = subprocess.run(
        [str(ROOT / "scripts" / "demo"), "--no-serve", "--out", str(tmp_path)],
        cwd=ROOT,
        env=environment_of(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = re.search(r"^serve the pages with: (.+)$", done.stderr, re.MULTILINE)[1]
    port = free_port()
    process = subprocess.Popen(
        ["sh", "-c", f"exec env {told} --port {port}"],
        cwd=ROOT,
        env=environment_of(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        read_until(process, LAST_WORDS)
        wait_until_served(f"http://127.0.0.1:{port}", process)
    finally:
        process.send_signal(signal.SIGINT)
        with process:
            process.stdout.read()
