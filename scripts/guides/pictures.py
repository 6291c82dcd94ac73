"""Pictures of the guides: which there are, and how one is taken from a running site."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
DESKTOP, PHONE = (1280, 800), (390, 780)
WIDEST = 960
QUALITY = 80
LANGUAGES = ("en", "zh")
AT_REST = """() => !document.documentElement.hasAttribute('data-waiting')
    && [...document.querySelectorAll('.folium-map')].every((map) => map.dataset.ready)"""


@dataclass(frozen=True)
class Picture:
    """One picture: its name, who is signed in, the page, what is clicked there, how large it is."""

    name: str
    login: str
    path: str
    clicks: tuple[str, ...] = ()
    size: tuple[int, int] = DESKTOP


PICTURES = (
    Picture("planner-grids", "planner", "/planner/"),
    Picture(
        "planner-community",
        "planner",
        "/planner/",
        ("#panel tbody a[href*='/planner/community/']",),
    ),
    Picture("official-statistics", "official", "/official/"),
    Picture("manager-review", "community_manager", "/review/"),
    Picture("worker-households", "worker", "/worker/", size=PHONE),
    Picture("administrator-imports", "administrator", "/admin/imports"),
)


def make_pictures(
    browser: Browser, site: str, passwords: dict[str, str], folder: Path
) -> list[Path]:
    """Write every picture in every language; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write(browser, site, passwords[p.login], p, language, folder)
        for p in PICTURES
        for language in LANGUAGES
    ]


def _write(  # noqa: PLR0913  (one picture of a site for somebody in a language)
    browser: Browser, site: str, password: str, picture: Picture, language: str, folder: Path
) -> Path:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=1 if picture.size == DESKTOP else 1.5,
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{site}/login")
    context.add_cookies([{"name": "language", "value": language, "url": site}])
    page.fill("[name=login]", picture.login)
    page.fill("[name=password]", password)
    page.click("button.primary")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(site + picture.path)
    _rest(page)
    for selector in picture.clicks:
        page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")
        _rest(page)
    shot = Image.open(io.BytesIO(_still(page)))
    shot.thumbnail((WIDEST, WIDEST))
    path = folder / f"{picture.name}.{language}.webp"
    shot.save(path, quality=QUALITY, method=6)
    context.close()
    return path


def _rest(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_function(AT_REST)


def _still(page: Page) -> bytes:
    """Take the picture once two in a row are the same."""
    before = None
    while (now := page.screenshot()) != before:
        before = now
        page.wait_for_timeout(500)
    return now
