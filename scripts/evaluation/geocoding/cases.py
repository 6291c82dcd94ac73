"""The cases of the table: which texts or points, against which register."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scripts.evaluation.geocoding import cambridge, guzhou, liechtenstein, locate, speed, taipei
from scripts.evaluation.geocoding.setting import Setting
from scripts.evaluation.geocoding.table import Row

CASES: dict[str, Callable[[Setting], Iterable[Row]]] = {
    "cambridge_numbers": cambridge.numbers,
    "cambridge_crossings": cambridge.crossings,
    "taipei": taipei.ranges,
    "liechtenstein": liechtenstein.houses,
    "guzhou": guzhou.spoilt,
    "speed": speed.rates,
    "locate": locate.polygons,
    "copy": locate.copy,
}

NEEDS_DATA = {"cambridge_numbers", "cambridge_crossings", "taipei"}
"""Cases on data that are not in the clone."""
