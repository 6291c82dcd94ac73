"""The vendored scripts and styles: every class of Folium in use is pointed at them, once.

Folium links to hosts on the internet; a closed network has none. `redirect_folium` replaces the
links of the classes in `IN_USE` by files of ours, and everything else of Folium by a name that
`check_links` refuses, so that a plugin nobody vendored fails at once and not in the field.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import folium
import folium.plugins
from folium.elements import JSCSSMixin

VENDOR = Path(__file__).parents[1] / "static" / "vendor"
URL = "/static/vendor/"

_LINKS: dict[type[JSCSSMixin], tuple[list[str], list[str]]] = {
    folium.Map: (["leaflet-1.9.3/leaflet.js"], ["leaflet-1.9.3/leaflet.css"]),
    folium.plugins.MarkerCluster: (
        ["leaflet.markercluster-1.1.0/leaflet.markercluster.js"],
        ["leaflet.markercluster-1.1.0/MarkerCluster.css"],
    ),
    folium.plugins.HeatMap: (["leaflet.heat/leaflet_heat.min.js"], []),
}
GROUND_SCRIPT = URL + "protomaps-leaflet-5.1.0/protomaps-leaflet.js"
"""What draws the ground; no class of Folium asks for it."""

IN_USE = tuple(_LINKS)
"""Folium classes that pages may use; the others have no vendored files."""


@cache
def manifest() -> list[dict]:
    """Read which files are vendored, from where, under which licence, with which SHA-256."""
    return json.loads((VENDOR / "MANIFEST.json").read_text("utf-8"))


def redirect_folium() -> None:
    """Point the classes in use at our files and take the links of all others away."""
    known = {file for package in manifest() for file in package["files"]}
    for cls in _subclasses(JSCSSMixin):
        if cls in _LINKS:
            scripts, styles = _LINKS[cls]
            missing = {*scripts, *styles} - known
            assert not missing, f"not in the manifest: {missing}"
            cls.default_js = [(name, URL + name) for name in scripts]
            cls.default_css = [(name, URL + name) for name in styles]
        elif (
            cls.__module__.startswith("folium") and {"default_js", "default_css"} & vars(cls).keys()
        ):
            cls.default_js = [(cls.__name__, f"not-vendored:{cls.__name__}")]
            cls.default_css = []


def check_links(html: str) -> str:
    """Give back HTML that links to nothing outside; refuse any other."""
    for sign in ("not-vendored:", "http://", "https://"):
        if sign in html:
            at = html.index(sign)
            raise AssertionError(f"a map links outside: {html[at : at + 80]}")
    return html


def _subclasses(cls: type[JSCSSMixin]) -> list[type[JSCSSMixin]]:
    direct = cls.__subclasses__()
    return direct + [c for d in direct for c in _subclasses(d)]


redirect_folium()
