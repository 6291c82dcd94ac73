"""A county of fictional towns with real names and division codes, as large as one asks for.

Pure. Size 1 is one town of 107,000 people; each further town is a tile of its own beside it.
Computed in EPSG:4545 (CGCS2000, central meridian 108° E), handed out in EPSG:4326, CGCS2000 taken
as equal to WGS 84.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from gis.domain.kinds import KINDS
from gis.errors import InvalidInput
from gis.synthetic.incidents import month_starts
from gis.synthetic.notices_zh import NOTICES
from gis.synthetic.terrain import HEIGHT_M, WIDTH_M
from gis.synthetic.town import LON_LAT, Town, Truth
from gis.synthetic.valley_town import PEOPLE, TownSpec, make_valley_town

CENTRE_LON, CENTRE_LAT = 108.52, 25.93
METRIC = "EPSG:4545"
FIRST_TOWN = "522632100"
SEAM_DEGREES = 5e-7
"""Five centimetres: how far the borders of two tiles may lie apart before they are one."""

SMALLEST_SHARE = 0.05
"""A town smaller than this is not worth a tile of its own."""

FEWEST_UNITS, MOST_UNITS, MOST_URBAN = 8, 27, 13


def make_county(
    villages: pd.DataFrame,
    *,
    towns: pd.DataFrame,
    counties: pd.DataFrame,
    size: float = 1.0,
    seed: int = 0,
    until: date = date(2026, 1, 1),
    n_months: int = 24,
    n_hotspots: int = 10,
    name: str = "county",
) -> Town:
    """Make a county of fictional towns.

    Parameters
    ----------
    villages
        Real communities and villages: ``code`` (12 digits), ``name``, ``streetCode`` (9 digits).
    towns
        Real towns: ``code`` (9 digits), ``name``, ``areaCode`` (6 digits).
    counties
        Real counties: ``code`` (6 digits), ``name``.
    size
        How many times 107,000 people in 27 communities; 古州镇 first, then the towns with the
        most communities of the same county, the same prefecture, the rest, each as large as its
        communities are many. 37.4 is a prefecture of 4 million.
    seed
        Same input, same seed, same frames.
    until, n_months
        Incidents fill the months before this day.
    n_hotspots
        Planted hotspots of each town.

    Returns
    -------
    town
        All frames, notices and truth.

    Raises
    ------
    InvalidInput
        The size is too small, or the code tables hold too few towns for it.
    """
    specs = choose_towns(villages, towns, counties, size=size)
    months = month_starts(until, n_months)
    made = []
    columns = int(np.ceil(np.sqrt(len(specs))))
    for k, spec in enumerate(specs):
        place = (k % columns, k // columns)
        made.append(
            make_valley_town(spec, place, seed=seed, until=until, n_months=len(months),
                             n_hotspots=n_hotspots, project=_projection(*place))
        )  # fmt: skip
    return _join(made, name)


def choose_towns(
    villages: pd.DataFrame, towns: pd.DataFrame, counties: pd.DataFrame, *, size: float
) -> list[TownSpec]:
    """Choose real towns with enough real communities for a size, and say how large each is.

    Raises
    ------
    InvalidInput
        The size is too small, or the tables hold too few towns.
    """
    if not size >= SMALLEST_SHARE:
        raise InvalidInput(
            f"size {size} is below {SMALLEST_SHARE}: give 1 for a town of {PEOPLE:,} people"
        )
    tables = [t.astype(dict.fromkeys(t.columns, str)) for t in (villages, towns, counties)]
    villages, towns, counties = tables
    n_units = villages.groupby("streetCode").size()
    fit = towns[towns["code"].map(n_units).fillna(0) >= FEWEST_UNITS].copy()
    fit["near"] = [_nearness(code) for code in fit["code"]]
    fit["units"] = fit["code"].map(n_units).clip(upper=MOST_UNITS)
    fit = fit.sort_values(["near", "units", "code"], ascending=[True, False, True], kind="stable")
    if fit["units"].sum() < size * MOST_UNITS:
        raise InvalidInput(
            f"size {size} needs {size * MOST_UNITS:.0f} communities in towns of at least "
            f"{FEWEST_UNITS}, the code tables hold {fit['units'].sum()}: "
            "lower the size or give tables of more counties"
        )
    county_of = dict(zip(counties["code"], counties["name"], strict=True))
    specs, left = [], round(size, 6)
    for town in fit.itertuples():
        whole = town.units / MOST_UNITS
        share = left if left - whole < SMALLEST_SHARE else whole
        units = villages[villages["streetCode"] == town.code].sort_values("code")
        county = county_of.get(town.areaCode, "")
        specs.append(
            _spec(town.code, town.name, county, units, share, part=min(1.0, share / whole))
        )
        left = round(left - share, 6)
        if left <= 0:
            break
    return specs


def _nearness(town_code: str) -> int:
    """0 for the first town, then the same county, the same prefecture, the rest."""
    same = [FIRST_TOWN, FIRST_TOWN[:6], FIRST_TOWN[:4]]
    return next((k for k, start in enumerate(same) if town_code.startswith(start)), 3)


def _spec(
    code: str, name: str, county: str, units: pd.DataFrame, share: float, *, part: float
) -> TownSpec:
    """Sort units into urban communities and villages; take fewer of both for part of a town.

    At least four in nine are urban: where the code table has too few communities, villages lie
    in the centre.
    """
    n = min(len(units), MOST_UNITS)
    of_town = units["name"].str.contains("居民委员会|居委会|社区")
    units = pd.concat([units[of_town], units[~of_town]])
    n_urban = int(np.clip(of_town.sum(), round(n * 4 / 9), min(MOST_URBAN, n - 3)))
    urban, rural = units.head(n_urban), units.iloc[n_urban:n]
    n_urban, n_rural = (max(2, round(len(kind) * part)) for kind in (urban, rural))
    chosen = pd.concat([urban.head(n_urban), rural.head(n_rural)])
    return TownSpec(
        code=code,
        name=name,
        county=county,
        unit_codes=tuple(chosen["code"]),
        unit_names=tuple(short_name(n) for n in chosen["name"]),
        n_urban=n_urban,
        share=share,
    )


def short_name(name: str) -> str:
    """Strip the committee from the name of a unit.

    Examples
    --------
    >>> short_name("大十字社区居民委员会"), short_name("高埂村村民委员会"), short_name("东门居委会")
    ('大十字社区', '高埂村', '东门')
    """
    for ending in ("社区居民委员会", "社区居委会"):
        if name.endswith(ending):
            return name.removesuffix(ending) + "社区"
    for ending in ("村村民委员会", "村民委员会", "村委会"):
        if name.endswith(ending):
            return name.removesuffix(ending) + "村"
    return name.removesuffix("居民委员会").removesuffix("居委会")


@dataclass(frozen=True)
class _Projection:
    """Maps metres of a tile to lon, lat."""

    to_lon_lat: Transformer
    x_m: float
    y_m: float

    def __call__(self, xy: np.ndarray) -> np.ndarray:
        lon, lat = self.to_lon_lat.transform(xy[:, 0] + self.x_m, xy[:, 1] + self.y_m)
        return np.stack([lon, lat], axis=1)


def _projection(column: int, row: int) -> _Projection:
    """Place a tile on the ground; (0, 0) has its middle at the real town's place."""
    x, y = Transformer.from_crs(LON_LAT, METRIC, always_xy=True).transform(CENTRE_LON, CENTRE_LAT)
    to_lon_lat = Transformer.from_crs(METRIC, LON_LAT, always_xy=True)
    return _Projection(to_lon_lat, round(x, 2) + column * WIDTH_M, round(y, 2) + row * HEIGHT_M)


def _join(made: Sequence[Town], name: str) -> Town:
    """Join the towns' frames; community borders of neighbours become one line."""
    frames = {
        kind: pd.concat([getattr(t, kind) for t in made], ignore_index=True)
        for kind in KINDS
        if hasattr(made[0], kind)
    }
    if len(made) > 1:
        shapes = frames["communities"].geometry.to_numpy()
        frames["communities"]["geometry"] = shapely.coverage_clean(
            shapes, snapping_distance=SEAM_DEGREES, gap_width=2 * SEAM_DEGREES
        )
    hotspots = pd.concat([t.truth.hotspots for t in made], ignore_index=True)
    truth = Truth(
        gpd.GeoDataFrame(hotspots, geometry="geometry", crs=LON_LAT),
        pd.concat([t.truth.households for t in made], ignore_index=True),
        pd.concat([t.truth.incidents for t in made], ignore_index=True),
    )
    return Town(name=name, notices=NOTICES, truth=truth, **frames)
