"""Taipei: each of its communities from the smallest statistical areas, with real households."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import shapely

from scripts.evaluation.drawing.instance import Instance, instance_by_length, numbered

METRIC = "EPSG:3826"
BAND = {"minimum": 300.0, "maximum": 500.0, "target": 400.0}


def read_areas(data: Path) -> gpd.GeoDataFrame:
    """Read the smallest statistical areas as a clean coverage in metres, weight ``H_CNT``."""
    path = data / "taipei" / "min_stat_areas_households_2017.gpkg"
    areas = gpd.read_file(path).to_crs(METRIC)
    areas["geometry"] = shapely.coverage_clean(areas.geometry.to_numpy())
    return areas[["CODE2", "H_CNT", "geometry"]]


def community_instances(data: Path) -> Iterator[Instance]:
    """Give every community to be divided into grids of 300 to 500 households."""
    for code, areas in read_areas(data).groupby("CODE2"):
        yield instance_by_length(str(code), numbered(areas), weight="H_CNT", **BAND)
