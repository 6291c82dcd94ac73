"""The ground of a town cut into blocks, without a database: the same pure steps, kept as files.

Cutting takes minutes, so blocks are kept as GeoPackage under a name made from what they were cut
from; other ground, other name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.geometry.blocks import build_blocks
from scripts.evaluation.drawing.instance import Instance, instance_by_barriers, numbered

REACH_M = 50.0
"""Barriers this far outside a community still shape its edge."""

BAND = {"minimum": 300.0, "maximum": 500.0, "target": 400.0}


@dataclass(frozen=True)
class Ground:
    """What is known of a town, all in one metric system.

    ``communities`` (code, name), ``barriers`` (kind, bridge where known), ``buildings`` and
    ``compounds`` that no grid may cut, ``homes``: points with ``households`` and ``people``.
    """

    name: str
    communities: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    compounds: gpd.GeoDataFrame | None
    homes: gpd.GeoDataFrame
    attribution: str


def community_instances(ground: Ground, folder: Path) -> Iterator[Instance]:
    """Give every community to be divided into grids of 300 to 500 households."""
    building_home = inner_points_within(ground.buildings, ground.communities)
    for row, community in enumerate(ground.communities.itertuples()):
        barriers = near(ground.barriers, community.geometry)
        buildings = ground.buildings[building_home == row].reset_index(drop=True)
        blocks = cached_blocks(folder, ground, row, barriers, buildings)
        blocks = with_households(blocks, ground.homes)
        yield instance_by_barriers(
            f"{ground.name}: {community.name}",
            numbered(blocks),
            barriers,
            weight="households",
            buildings=buildings,
            boundary=community.geometry,
            **BAND,
        )


def inner_points_within(shapes: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> np.ndarray:
    """Give the row of the area that holds each shape's inner point, -1 for none."""
    inner = shapely.point_on_surface(shapes.geometry.to_numpy())
    return rows_within(inner, areas.geometry.to_numpy())


def rows_within(points: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """Give the first area that holds each point, -1 for none."""
    found = np.full(len(points), -1)
    point, area = shapely.STRtree(areas).query(points, predicate="intersects")
    found[point[::-1]] = area[::-1]
    return found


def near(barriers: gpd.GeoDataFrame, outline: shapely.Geometry) -> gpd.GeoDataFrame:
    """Take the barriers in or near a community; of polygons, the outline."""
    west, south, east, north = outline.bounds
    reach = shapely.box(west - REACH_M, south - REACH_M, east + REACH_M, north + REACH_M)
    taken = barriers.iloc[np.sort(barriers.sindex.query(reach))].reset_index(drop=True)
    shapes = taken.geometry.to_numpy()
    flat = shapely.get_dimensions(shapes) == 2
    return taken.set_geometry(np.where(flat, shapely.boundary(shapes), shapes), crs=taken.crs)


def cached_blocks(
    folder: Path,
    ground: Ground,
    row: int,
    barriers: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Cut a community into blocks, or read them where that was done before."""
    community = ground.communities.iloc[[row]]
    compounds = ground.compounds
    if compounds is not None:
        compounds = compounds[inner_points_within(compounds, ground.communities) == row]
    path = folder / "blocks" / f"{_digest(community, barriers, buildings, compounds)}.gpkg"
    if not path.exists():
        begun = perf_counter()
        blocks = build_blocks(
            community[["geometry"]], barriers=barriers, buildings=buildings, compounds=compounds
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        blocks.assign(seconds=perf_counter() - begun).to_file(path)
    return gpd.read_file(path)


def _digest(*frames: gpd.GeoDataFrame | None) -> str:
    digest = hashlib.sha256()
    for frame in frames:
        if frame is not None:
            digest.update(b"".join(shapely.to_wkb(frame.geometry.to_numpy())))
            if "kind" in frame:
                digest.update("|".join(frame["kind"].fillna("").astype(str)).encode())
    return digest.hexdigest()[:20]


def with_households(blocks: gpd.GeoDataFrame, homes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Count households and people by the block that their home lies in."""
    row = rows_within(homes.geometry.to_numpy(), blocks.geometry.to_numpy())
    inside = row >= 0
    sums = pd.DataFrame({"block": row[inside]})
    for column in ("households", "people"):
        sums[column] = homes[column].to_numpy(float)[inside]
    total = sums.groupby("block").sum().reindex(range(len(blocks)), fill_value=0.0)
    return blocks.assign(**{name: total[name].to_numpy() for name in total})
