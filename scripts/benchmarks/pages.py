"""What every page costs: requests, kilobytes, and the time to the first map, on a running site.

Give the address of a running demo and its accounts, as the demo prints them:

    scripts/bench pages --site http://127.0.0.1:8000 --account planner=… --account official=…

"First map" is the first frame whose pixels inside the map equal those of the last frame. Every
round begins with an empty browser; with `--slow 4` the processor of the page is slowed four-fold.
"""

from __future__ import annotations

import argparse
import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
PAGES = {
    "planner": ("/planner/", "/planner/community/990001001002"),
    "official": ("/official/",),
    "worker": ("/worker/",),
    "community_manager": ("/review/",),
}
"""The pages of each account of the demo; the redraw desk is given by --page."""

WIDTH, HEIGHT = 1280, 800
HEADING = f"{'page':<40} {'requests':>8} {'kB':>7} {'first map ms':>13}  rounds"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say which site is measured, and how often."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--account", action="append", default=[], metavar="LOGIN=PASSWORD")
    parser.add_argument("--page", action="append", default=[], metavar="LOGIN=PATH")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow", type=float, default=1)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Yield the rows of the table."""
    passwords = dict(pair.split("=", 1) for pair in options.account)
    wanted = [(login, path) for login in passwords for path in PAGES.get(login, ())]
    wanted += [tuple(pair.split("=", 1)) for pair in options.page]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for login, path in wanted:
            loads = [
                _load(browser, options.site, login, passwords[login], path, options.slow)
                for _ in range(options.rounds)
            ]
            yield (
                f"{login + ' ' + path:<40} {loads[-1].requests:>8} {loads[-1].kb:>7.0f}"
                f" {np.median([load.first_map_ms for load in loads]):>13.0f}"
                f"  {' '.join(f'{load.first_map_ms:.0f}' for load in loads)}"
            )
        browser.close()


@dataclass
class _Load:
    """What a page took."""

    requests: int
    kb: float
    first_map_ms: float


@dataclass
class _Screencast:
    """Every frame that the browser paints, with its moment."""

    client: CDPSession
    frames: list[tuple[float, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client.on("Page.screencastFrame", self._keep)
        self.client.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})

    def _keep(self, frame: dict) -> None:
        moment = frame["metadata"]["timestamp"]
        self.frames.append((moment, base64.b64decode(frame["data"])))
        self.client.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    def first_like_last(self, box: dict[str, float]) -> float:
        """Give the moment of the first frame that shows in ``box`` what the last one shows."""
        left, top = int(box["x"]), int(box["y"])
        cut = (left, top, left + int(box["width"]), top + int(box["height"]))
        shown = [
            (moment, np.asarray(Image.open(io.BytesIO(data)).convert("RGB").crop(cut)))
            for moment, data in self.frames
        ]
        last = shown[-1][1]
        return next(m for m, picture in shown if np.array_equal(picture, last))


def _load(  # noqa: PLR0913  (a page of a site for somebody, and how fast the machine is)
    browser: Browser, site: str, login: str, password: str, path: str, slow: float
) -> _Load:
    """Sign in, empty the browser's cache, and load a page until nothing moves any more."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{site}/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.click("button.primary")
    page.wait_for_url(lambda url: "/login" not in url)
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.clearBrowserCache")
    client.send("Emulation.setCPUThrottlingRate", {"rate": slow})
    sizes: list[float] = []
    client.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    cast = _Screencast(client)
    page.goto(site + path)
    _settle(page)
    begun = page.evaluate("performance.timeOrigin") / 1000
    box = page.locator("#map_main").bounding_box()
    moment = cast.first_like_last(box)
    context.close()
    return _Load(len(sizes), sum(sizes) / 1000, 1000 * (moment - begun))


def _settle(page: Page) -> None:
    """Wait until nothing is loading and two pictures in a row are the same."""
    page.wait_for_load_state("networkidle")
    before = None
    while (now := page.screenshot()) != before:
        before = now
        page.wait_for_timeout(700)
