"""Households at doors: who lives where, how they are reached, how their address is written.

Pure; coordinates EPSG:4326.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from gis.synthetic.persons import fictional_phones, invent_names
from gis.synthetic.reported import HOUSEHOLD_HABITS, ReportingHabits, report_places
from gis.synthetic.town import make_frame


def make_households(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    text: NDArray[np.object_],
    people: NDArray[np.int64],
    rng: Generator,
    *,
    script: str,
    prefix: str,
    habits: ReportingHabits = HOUSEHOLD_HABITS,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Make one household per row, with an invented head and a telephone nobody has.

    Parameters
    ----------
    lon, lat, text
        True place and clean address of each household.
    people
        Number of people of each.
    script
        ``zh`` or ``western``: names, telephone numbers and address noise.
    prefix
        Beginning of the household numbers.

    Returns
    -------
    households
        Frame of kind ``households``.
    truth
        ``number, lon, lat, address_text, noise``.
    """
    n = len(people)
    reported = report_places(lon, lat, text, rng, habits=habits, script=script)
    number = np.array([f"{prefix}{k:06d}" for k in range(1, n + 1)], dtype=object)
    households = make_frame(
        "households",
        {
            "number": number,
            "head_name": invent_names(rng.random(n) < 0.35, rng, script=script),
            "phone": fictional_phones(n, script=script, rng=rng),
            "people": people,
            "address_text": reported.address_text,
            "lon": reported.lon,
            "lat": reported.lat,
            "synthetic": np.full(n, "true", dtype=object),
        },
        reported.points(),
    )
    truth = pd.DataFrame(
        {"number": number, "lon": lon, "lat": lat, "address_text": text, "noise": reported.noise}
    )
    return households, truth
