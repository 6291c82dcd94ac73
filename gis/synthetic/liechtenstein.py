"""People, house numbers and incidents for the real ground of Liechtenstein, as mapped in 2013.

Pure. Real: communities, streets, buildings and addresses that come in. Invented: everything that
goes out, marked ``synthetic``. Metric work in the UTM zone of the place.
"""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from gis.errors import InvalidInput
from gis.synthetic.households import make_households
from gis.synthetic.incidents import Doors, make_incidents
from gis.synthetic.numbering import join_streets, number_houses
from gis.synthetic.persons import sample_residents
from gis.synthetic.shares import cut_into_households, spread_total
from gis.synthetic.town import Notice, Town, Truth, make_frame

NATIONAL_RESIDENTS = 36_838
"""Permanent residents on 31 December 2012 (Amt für Statistik)."""

_NOT_LIVED_IN = (
    "roof industrial church chapel school kindergarten hut warehouse commercial retail station "
    "train_station glasshouse greenhouse barn garage garages shed stable office public hospital "
    "cathedral construction ruins transportation service university"
)
NOT_LIVED_IN = frozenset(_NOT_LIVED_IN.split())
"""Building kinds nobody lives in; all others, ``yes`` included, look residential."""

SMALLEST_M2 = 35.0
LARGEST_M2 = 600.0
MOST_PEOPLE = 60
STREET_REACH_M = 80.0
SIZE_SHARES = (0.24, 0.31, 0.175, 0.17, 0.07, 0.035)
"""Share of households of 1, 2, ... people before they are cut at the building: mean about 2.3."""

NOTICES = (
    Notice(
        "synthetic",
        "住户、居民、电话、门牌号（OSM 原有 198 个除外）和事件均为程序生成的模拟数据，"
        "不指向任何真实个人。",
        "Households, residents, telephone numbers, house numbers (except the 198 in OpenStreetMap) "
        "and incidents are generated, synthetic data and mean no real person.",
    ),
    Notice(
        "coverage",
        "建筑物覆盖不完整（2013 年 OpenStreetMap：瓦杜兹 96 栋，巴尔采斯 1,394 栋），"
        "各市镇的户数和人口随制图程度而定，不代表真实人口。",
        "Buildings are mapped unevenly (OpenStreetMap 2013: Vaduz 96, Balzers 1,394), so "
        "households and people per municipality follow the mapping, not its true population.",
    ),
    Notice(
        "rule",
        "全国 36,838 名常住居民（2012 年末）按“占地面积（最多 600 平方米）× 假定层数"
        "（180 平方米以下 2 层，400 平方米以下 3 层，其余 4 层）”分摊到看似住宅的建筑，"
        "每栋最多 60 人，按最大余数法取整，总数不变。",
        "The 36,838 residents of the country (end of 2012) are spread over buildings that look "
        "residential by footprint (at most 600 m²) × assumed storeys (2 below 180 m², 3 below "
        "400 m², else 4), at most 60 people in a building, rounded by largest remainder so that "
        "the sum is exact.",
    ),
    Notice(
        "attribution",
        "© OpenStreetMap 贡献者，ODbL 1.0（数据状态 2013-08-03）",
        "© OpenStreetMap contributors, ODbL 1.0 (data state 2013-08-03)",
    ),
)
"""What every page about this town must say."""


def make_liechtenstein(
    communities: gpd.GeoDataFrame,
    *,
    buildings: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    addresses: gpd.GeoDataFrame | None = None,
    seed: int = 0,
    residents_total: int = NATIONAL_RESIDENTS,
    until: date = date(2026, 1, 1),
    n_months: int = 24,
    n_hotspots: int = 8,
) -> Town:
    """Invent households, addresses and incidents on real buildings and streets.

    Parameters
    ----------
    communities, buildings, barriers, addresses
        Frames of these kinds imported from OpenStreetMap, EPSG:4326. Buildings outside every
        community are left out; streets are the named roads below motorway and above path.
    seed
        Same input, same seed, same frames.
    residents_total
        People to spread, see the notice ``rule``.
    until, n_months
        Incidents fill the months before this day.
    n_hotspots
        Number of planted hotspots.

    Returns
    -------
    town
        Addresses (only new ones), households, some residents, incidents, notices and truth; the
        ground itself is not repeated.

    Raises
    ------
    InvalidInput
        No building lies in a community, or the buildings cannot hold the people.
    """
    rng = np.random.default_rng(seed)
    houses = _houses(communities, buildings)
    houses = _with_doors(houses, barriers, addresses, rng)
    houses["people"] = _spread_people(houses, residents_total)
    house, size = cut_into_households(houses["people"].to_numpy(), rng, size_shares=SIZE_SHARES)
    at = houses.iloc[house]
    households, household_truth = make_households(
        at["lon"].to_numpy(),
        at["lat"].to_numpy(),
        at["text"].to_numpy(dtype=object),
        size,
        rng,
        script="western",
        prefix="LI",
    )
    incidents, hotspots, incident_truth = make_incidents(
        Doors(*(houses[c].to_numpy() for c in ("lon", "lat", "text", "people"))),
        rng,
        until=until,
        n_months=n_months,
        n_hotspots=n_hotspots,
        script="western",
        prefix="LI-I",
    )
    return Town(
        name="liechtenstein",
        addresses=_register(houses),
        households=households,
        residents=sample_residents(
            households, rng, script="western", n_households=400, today=until
        ),
        incidents=incidents,
        notices=NOTICES,
        truth=Truth(hotspots, household_truth, incident_truth),
    )


def _houses(communities: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> pd.DataFrame:
    """Take the buildings that look residential, with their community, place and footprint."""
    metric = buildings.estimate_utm_crs()
    inner = buildings.geometry.representative_point()
    row, community = communities.sindex.query(inner, predicate="intersects")
    row, first = np.unique(row, return_index=True)
    community = community[first]
    houses = pd.DataFrame(
        {
            "community": communities["name"].to_numpy(dtype=object)[community],
            "kind": buildings["kind"].fillna("yes").to_numpy(dtype=object)[row],
            "levels": pd.to_numeric(buildings["levels"]).to_numpy(dtype=float)[row],
            "area_m2": buildings.geometry.to_crs(metric).area.to_numpy()[row],
            "lon": inner.x.to_numpy()[row].round(7),
            "lat": inner.y.to_numpy()[row].round(7),
        }
    )
    points = inner.to_crs(metric).iloc[row]
    houses["x_m"], houses["y_m"] = points.x.to_numpy(), points.y.to_numpy()
    houses.attrs["crs"] = metric
    lived_in = ~houses["kind"].isin(NOT_LIVED_IN) & (houses["area_m2"] >= SMALLEST_M2)
    if not lived_in.any():
        raise InvalidInput(
            "no building that looks residential lies in a community: "
            "import buildings and communities of the same place"
        )
    return houses[lived_in].reset_index(drop=True)


def _spread_people(houses: pd.DataFrame, total: int) -> NDArray[np.int64]:
    """Spread the residents by footprint and storeys, as the notice ``rule`` says."""
    area = houses["area_m2"].to_numpy()
    assumed = np.select([area < 180, area < 400], [2.0, 3.0], 4.0)
    levels = houses["levels"].fillna(pd.Series(assumed, index=houses.index)).to_numpy()
    if total > MOST_PEOPLE * len(houses):
        raise InvalidInput(
            f"{len(houses)} buildings of at most {MOST_PEOPLE} people cannot hold {total}: "
            "lower residents_total or import more buildings"
        )
    return spread_total(total, np.minimum(area, LARGEST_M2) * levels, cap=MOST_PEOPLE)


def _with_doors(
    houses: pd.DataFrame,
    barriers: gpd.GeoDataFrame,
    addresses: gpd.GeoDataFrame | None,
    rng: Generator,
) -> pd.DataFrame:
    """Give each house a street and number: the real one where it is known, else an invented."""
    metric = houses.attrs["crs"]
    named = barriers[barriers["name"].notna() & barriers["kind"].isin(["main_road", "minor_road"])]
    named = named[named.geometry.geom_type == "LineString"]
    streets = join_streets(
        named["name"].to_numpy(dtype=object), named.geometry.to_crs(metric).to_numpy()
    )
    plates = number_houses(
        houses["x_m"].to_numpy(),
        houses["y_m"].to_numpy(),
        streets,
        within=houses["community"].to_numpy(dtype=object),
        reach_m=STREET_REACH_M,
        rng=rng,
    )
    out = houses.copy()
    out["street"], out["number"] = plates.street, plates.number.astype(str).astype(object)
    out = _number_remote(out)
    out = _keep_real(out, addresses, metric)
    out["text"] = out["street"] + " " + out["number"] + ", " + out["community"]
    return out


def _number_remote(houses: pd.DataFrame) -> pd.DataFrame:
    """Give houses far from a named street a number in the village, from north to south."""
    remote = houses["street"].isna()
    order = houses[remote].sort_values(["community", "y_m", "x_m"], ascending=[True, False, True])
    houses.loc[order.index, "number"] = (
        (order.groupby("community").cumcount() + 1).astype(str).astype(object)
    )
    houses.loc[remote, "street"] = houses.loc[remote, "community"]
    return houses


def _keep_real(
    houses: pd.DataFrame, addresses: gpd.GeoDataFrame | None, metric: object
) -> pd.DataFrame:
    """Take over real addresses within 15 m, and step aside where an invented one equals one."""
    houses["real"] = False
    if addresses is None or not len(addresses):
        return houses
    known = addresses[addresses["street"].notna() & addresses["number"].notna()]
    points = known.geometry.to_crs(metric).representative_point().to_numpy()
    doors = shapely.points(houses["x_m"], houses["y_m"])
    house, row = shapely.STRtree(points).query_nearest(doors, max_distance=15, all_matches=False)
    taken = pd.Index(known["street"].astype(str) + " " + known["number"].astype(str))
    clash = (houses["street"] + " " + houses["number"]).isin(taken)
    houses.loc[clash, "number"] = houses.loc[clash, "number"] + "a"
    for column in ("street", "number"):
        column_at = houses.columns.get_loc(column)
        houses.iloc[house, column_at] = known[column].astype(str).to_numpy(dtype=object)[row]
    houses.iloc[house, houses.columns.get_loc("real")] = True
    return houses


def _register(houses: pd.DataFrame) -> gpd.GeoDataFrame:
    """List the invented addresses; the real ones are in the register already."""
    new = houses[~houses["real"]].drop_duplicates("text")
    n = len(new)
    columns = {c: new[c].to_numpy(dtype=object) for c in ("text", "community", "street", "number")}
    return make_frame(
        "addresses",
        columns
        | {
            "reference": np.array([f"LI-A{k:05d}" for k in range(1, n + 1)], dtype=object),
            "lon": new["lon"].to_numpy(),
            "lat": new["lat"].to_numpy(),
            "synthetic": np.full(n, "true", dtype=object),
        },
        shapely.points(new["lon"].to_numpy(), new["lat"].to_numpy()),
    )
