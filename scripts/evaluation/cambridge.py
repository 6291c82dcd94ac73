"""Cambridge, Massachusetts: census blocks of 2000 with real population."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

from scripts.evaluation.instance import Instance, instance_by_length, numbered

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
