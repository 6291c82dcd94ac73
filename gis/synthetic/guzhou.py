"""The demo town 古州镇: real name and codes, everything else fictional."""

from __future__ import annotations

from datetime import date

import pandas as pd

from gis.synthetic.county import make_county
from gis.synthetic.town import Town


def make_guzhou(
    villages: pd.DataFrame,
    *,
    towns: pd.DataFrame,
    counties: pd.DataFrame,
    seed: int = 0,
    until: date = date(2026, 1, 1),
    n_months: int = 24,
    n_hotspots: int = 10,
) -> Town:
    """Make the fictional town of 107,000 people with the 27 real communities of 古州镇.

    The parameters are those of `gis.synthetic.county.make_county` at size 1.
    """
    return make_county(
        villages,
        towns=towns,
        counties=counties,
        size=1.0,
        seed=seed,
        until=until,
        n_months=n_months,
        n_hotspots=n_hotspots,
        name="guzhou",
    )
