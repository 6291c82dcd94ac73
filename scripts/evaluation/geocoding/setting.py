"""What every case is given: where the data lie, how much is run, geocoders that are shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from gis.address.geocoder import Geocoder


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
