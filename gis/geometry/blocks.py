"""Cut the ground of a community into blocks, the pieces that no grid ever divides. Pure.

Enclosures come from the barriers, sites from buildings and compounds; each site takes the ground
around it within its enclosure. Blocks cover the boundary, do not overlap, meet in equal vertices,
and hold every building whole: where a building stands across a barrier, the barrier loses there.
Computed in metres; the result is given in the reference system of the boundary.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gis.geometry.enclosed import enclose
from gis.geometry.healing import heal_coverage


def build_blocks(
    boundary: gpd.GeoDataFrame | gpd.GeoSeries | shapely.Geometry,
    *,
    barriers: gpd.GeoDataFrame | None,
    buildings: gpd.GeoDataFrame | None,
    compounds: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Cut a community into blocks.

    Parameters
    ----------
    boundary
        The community: polygon or multipolygon (exclaves and holes are kept). A bare geometry is
        taken to be in the reference system of the buildings or barriers.
    barriers
        Lines (polygons count as their outline) with a `kind` of `BARRIER_KINDS`; missing ones
        count as minor_road.
    buildings, compounds
        Polygons; parcels that fill the ground work as buildings. Each building belongs to the
        community that holds its inner point.

    Returns
    -------
    Frame with `block_id` and `enclosure_id` (from 1, north to south and west to east),
    `enclosure_digest` (what `rebuild_blocks` knows an unchanged enclosure by), `n_buildings`, and
    `geometry`: polygons in the reference system of the boundary.

    Raises
    ------
    InvalidInput
        The boundary has no area, or a barrier has an unknown kind.

    Examples
    --------
    >>> road = gpd.GeoDataFrame({"kind": ["main_road"]},
    ...     geometry=[shapely.LineString([(50, 0), (50, 60)])])
    >>> houses = gpd.GeoDataFrame(geometry=[shapely.box(10, 10, 20, 20), shapely.box(70, 9, 80, 19),
    ...     shapely.box(70, 40, 80, 50)])
    >>> blocks = build_blocks(shapely.box(0, 0, 100, 60), barriers=road, buildings=houses)
    >>> blocks[["block_id", "enclosure_id", "n_buildings"]].values.tolist()
    [[1, 1, 1], [2, 2, 1], [3, 2, 1]]
    """
    ground = enclose(boundary, barriers=barriers, buildings=buildings, compounds=compounds)
    pieces, enclosure, n_buildings = ground.cut(np.arange(len(ground.enclosures)))
    pieces = heal_coverage(pieces, ground.boundary)
    return ground.block_frame(pieces, enclosure, n_buildings)
