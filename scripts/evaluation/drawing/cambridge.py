"""Cambridge, Massachusetts: census blocks with people, parcels with estimated dwellings."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from scripts.evaluation.drawing.ground import Ground
from scripts.evaluation.drawing.instance import Instance, instance_by_length, numbered

METRIC = "EPSG:26986"
N_GRIDS = 34


def read_census_blocks(data: Path) -> gpd.GeoDataFrame:
    """Read the census blocks of 2000 as a clean coverage in metres, weight ``POP_LAB``."""
    path = data / "cambridge_ma" / "blocks_2000_population.geojson"
    blocks = gpd.read_file(path).to_crs(METRIC)
    blocks["geometry"] = shapely.coverage_clean(blocks.geometry.to_numpy(), gap_width=1)
    return numbered(blocks[["POP_LAB", "geometry"]])


def census_instance(data: Path, *, tolerance: float = 0.05) -> Instance:
    """Give the census blocks to be divided into 34, each within the tolerance of the mean."""
    blocks = read_census_blocks(data)
    mean = float(blocks["POP_LAB"].sum()) / N_GRIDS
    return instance_by_length(
        "Cambridge census blocks",
        blocks,
        weight="POP_LAB",
        minimum=(1 - tolerance) * mean,
        maximum=(1 + tolerance) * mean,
        target=mean,
        n_grids=N_GRIDS,
    )


PEOPLE_PER_HOUSEHOLD = 2.2
STREETS = "ROAD"
"""Map-lot of four polygons that are the streets of whole quarters, and no parcels."""


def read_parcels(data: Path) -> Ground:
    """Read neighbourhoods, barriers and parcels as `scripts/cambridge` imports them.

    A parcel is never cut, so it stands where a building would; every dwelling estimated on it is
    a household at a point inside it.
    """
    folder = data / "cambridge_ma"
    hoods = gpd.read_file(folder / "neighborhoods.geojson").to_crs(METRIC)
    hoods["geometry"] = shapely.coverage_clean(hoods.geometry.to_numpy(), gap_width=1)
    parcels = gpd.read_file(folder / "parcels.gpkg").to_crs(METRIC)
    parcels = parcels[parcels["ML"] != STREETS]
    dwellings = parcels["est_dwellings"].fillna(0).to_numpy(float)
    homes = gpd.GeoDataFrame(
        {"households": dwellings, "people": PEOPLE_PER_HOUSEHOLD * dwellings},
        geometry=parcels.geometry.representative_point(),
        crs=METRIC,
    )
    return Ground(
        "Cambridge parcels",
        hoods.rename(columns={"N_HOOD": "code", "NAME": "name"})[["code", "name", "geometry"]],
        read_barriers(folder),
        parcels[["geometry"]],
        None,
        homes[dwellings > 0],
        "City of Cambridge GIS (PDDL 1.0)",
    )


def read_barriers(folder: Path) -> gpd.GeoDataFrame:
    """Read streets, rail and water with their kinds."""
    streets = gpd.read_file(folder / "street_centerlines.geojson")
    major = streets["MajorRoad"].isin([1, 2])
    streets["kind"] = major.map({True: "main_road", False: "minor_road"})
    streets = streets.rename(columns={"Label": "name"})
    rail = gpd.read_file(folder / "rail.geojson").assign(kind="rail", name=None)
    water = gpd.read_file(folder / "water_bodies.geojson").assign(kind="river")
    water = water.rename(columns={"NAME": "name"})
    frames = [
        frame[["kind", "name", "geometry"]].to_crs(METRIC) for frame in (streets, rail, water)
    ]
    return pd.concat(frames, ignore_index=True)
