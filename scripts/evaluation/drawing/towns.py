"""The two demo towns as the demo imports them: real or drawn ground, invented households."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

import gis
from gis.exchange.osm import read_osm
from gis.geometry.crs import metric_crs_of
from gis.synthetic.guzhou import make_guzhou
from gis.synthetic.liechtenstein import make_liechtenstein
from gis.synthetic.town import Town
from scripts.evaluation.drawing.ground import Ground

BUNDLED = Path(gis.__file__).parents[1] / "data"
OSM_FILE = "liechtenstein/liechtenstein-2013-08-03.osm.pbf"
OSM_PREFIX = "990001"


def read_liechtenstein() -> Ground:
    """Read the bundled extract and invent its households."""
    osm = read_osm(BUNDLED / OSM_FILE, code_prefix=OSM_PREFIX)
    town = make_liechtenstein(
        osm.communities, buildings=osm.buildings, barriers=osm.streets, addresses=osm.addresses
    )
    return _ground("Liechtenstein", osm, None, homes_of(town), osm.attribution)


def read_guzhou() -> Ground:
    """Make the fictional Chinese town."""
    codes = BUNDLED / "china_codes"
    town = make_guzhou(
        pd.read_csv(codes / "rongjiang_522632_villages.csv", dtype=str),
        towns=pd.read_csv(codes / "streets_guizhou_9digit.csv", dtype=str),
        counties=pd.read_csv(codes / "areas.csv", dtype=str),
    )
    says = "fictional town; names and codes: china-division 2.7.0 (MIT / WTFPL)"
    return _ground("guzhou", town, town.compounds, homes_of(town), says)


def homes_of(town: Town) -> gpd.GeoDataFrame:
    """Give the true place of every household, and how many people it has."""
    truth = town.truth.households
    at = gpd.points_from_xy(truth["lon"], truth["lat"])
    people = town.households["people"].to_numpy(float)
    return gpd.GeoDataFrame({"households": 1.0, "people": people}, geometry=at, crs=4326)


def _ground(
    name: str,
    source: object,
    compounds: gpd.GeoDataFrame | None,
    homes: gpd.GeoDataFrame,
    attribution: str,
) -> Ground:
    metric = metric_crs_of(source.communities)
    return Ground(
        name,
        source.communities[["code", "name", "geometry"]].to_crs(metric),
        source.barriers[["kind", "name", "bridge", "geometry"]].to_crs(metric),
        source.buildings[["geometry"]].to_crs(metric),
        None if compounds is None else compounds[["geometry"]].to_crs(metric),
        homes.to_crs(metric),
        attribution,
    )
