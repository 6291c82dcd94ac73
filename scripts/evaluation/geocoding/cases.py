"""The cases of the table: which texts or points, against which register."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from gis.address.geocoder import Geocoder
from scripts.evaluation.geocoding import cambridge, guzhou, liechtenstein, locate, speed, taipei
from scripts.evaluation.geocoding.table import Row


@dataclass
class Setting:
    """Where the data lie, how much is run, and what the cases leave for looking at.

    Parameters
    ----------
    data
        Folder of the real towns outside the clone.
    quick
        Whether to run fewer rows.
    peers
        Whether other methods run too.
    looked_at
        Rows a person should look at, added by the cases: text, verdict, evidence, truth.
    """

    data: Path
    quick: bool = False
    peers: bool = True
    looked_at: list[pd.DataFrame] = field(default_factory=list)
    _geocoders: dict[str, Geocoder] = field(default_factory=dict)

    def geocoder(self, name: str, make: Callable[[], Geocoder]) -> Geocoder:
        """Give a geocoder that several cases share, made once."""
        if name not in self._geocoders:
            self._geocoders[name] = make()
        return self._geocoders[name]


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
