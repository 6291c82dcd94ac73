"""`scripts/evaluate labels`: hold the names on the maps of a running site against their rules.

Looks at many places of a town at every zoom, in both languages, and tells each name that lies over
another, stands outside the most peopled part of its area or off its line. Give the address of a
running demo and an account, as the demo prints them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import shapely
from playwright.sync_api import Page, sync_playwright

from scripts.evaluation.labels.rules import Fault, faults_of, home_of

CHROMIUM = "/usr/bin/chromium"
SIZES = {"desktop": (1280, 800), "phone": (390, 780)}
ZOOMS = np.arange(9, 18.75, 0.75)
LANGUAGES = ("en", "zh")
MOST_TOLD = 20

SEEN = """() => {
    const [map, ground] = [communityGridMap, communityGridMap.communityGridLabels.ground];
    return ground?.drawn?.zoom === map.getZoom() && ground.drawn.bounds.contains(map.getCenter());
}"""
LOOK = """([lon, lat, zoom]) => {
    communityGridMap.setView([lat, lon], zoom, {animate: false});
}"""
WRITTEN = """() => {
    const [map, labels] = [communityGridMap, communityGridMap.communityGridLabels];
    labels.drawNow();
    const origin = map.getPixelBounds().min;
    const inWindow = ({ x, y }) => [x - origin.x, y - origin.y];
    const placeOf = (x, y) => {
        const { lng, lat } = map.containerPointToLatLng([x, y]);
        return [lng, lat];
    };
    const names = labels.drawn.map((name) => {
        const { x, y, half, code } = name;
        const ends = [placeOf(x - half, y), placeOf(x + half, y)];
        return { ...name, code: code ?? null, at: placeOf(x, y), ends };
    });
    const lines = labels.ground.names.map(({ name, line }) => [name, line.map(inWindow)]);
    return { names, lines };
}"""
AREAS = """async (level) => {
    const answer = await fetch(`/api/v1/maps/shapes/${level}`);
    return answer.ok ? (await answer.json()).features : [];
}"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say which site is looked at, and how often."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--account", required=True, metavar="LOGIN=PASSWORD")
    parser.add_argument("--page", default="/official/?by=grid")
    parser.add_argument("--places", type=int, default=6, help="at each zoom")
    parser.add_argument("--seed", type=int, default=0)


def run(options: argparse.Namespace, root: Path) -> None:  # noqa: ARG001  (all subjects have it)
    """Print a line for each size and language, then the faults; exit 1 where there are any."""
    found: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for size, (width, height) in SIZES.items():
            for language in LANGUAGES:
                context = browser.new_context(viewport={"width": width, "height": height})
                cookie = {"name": "language", "value": language, "url": options.site}
                context.add_cookies([cookie])
                page = _open(context.new_page(), options)
                written, faults = look_around(page, options.places, options.seed)
                print(f"{size:<8} {language}  {_told(written)}  faults {len(faults)}", flush=True)
                found += [f"  {size} {language} {fault}" for fault in faults]
                context.close()
        browser.close()
    for line in found[:MOST_TOLD]:
        print(line)
    if found:
        print(f"{len(found)} faults in all")
        sys.exit(1)


def _told(written: Counter[str]) -> str:
    return ", ".join(f"{kind} {n}" for kind, n in sorted(written.items()))


def _open(page: Page, options: argparse.Namespace) -> Page:
    login, password = options.account.split("=", 1)
    page.goto(f"{options.site}/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.click("button.primary")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(options.site + options.page)
    page.wait_for_selector("#map_main[data-drawn]")
    return page


def look_around(page: Page, places: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Look at places where people live, at every zoom.

    Returns
    -------
    written, faults
        Names written by kind, and the faults with the zoom they were seen at, each once.
    """
    features = [f for level in ("town", "community", "grid") for f in page.evaluate(AREAS, level)]
    peopled = {f["properties"]["code"]: _peopled(f) for f in features if f["geometry"]}
    shapes = {
        f["properties"]["code"]: shapely.from_geojson(json.dumps(f["geometry"]))
        for f in features
        if f["geometry"]
    }
    homes = {code: home_of(shapes[code], *at) for code, at in peopled.items() if at}
    spots = [at for at in peopled.values() if at]
    rng = np.random.default_rng(seed)
    written: Counter[str] = Counter()
    faults: dict[str, None] = {}
    for zoom in ZOOMS.tolist():
        for row in rng.choice(len(spots), min(places, len(spots)), replace=False).tolist():
            page.evaluate(LOOK, [*spots[row], zoom])
            page.wait_for_function(SEEN)
            window = page.evaluate(WRITTEN)
            written.update(name["kind"] for name in window["names"])
            for fault in _faults(window, homes):
                faults.setdefault(f"zoom {zoom:g}: {fault}")
    return written, list(faults)


def _peopled(feature: dict) -> tuple[float, float] | None:
    properties = feature["properties"]
    return None if properties.get("lon") is None else (properties["lon"], properties["lat"])


def _faults(window: dict, homes: dict[str, shapely.Geometry]) -> list[Fault]:
    lines: dict[str, list[shapely.Geometry]] = {}
    for name, line in window["lines"]:
        if len(line) > 1:
            lines.setdefault(name, []).append(shapely.LineString(line))
    joined = {name: shapely.MultiLineString(parts) for name, parts in lines.items()}
    return faults_of(window["names"], joined, homes)
