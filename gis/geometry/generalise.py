"""Simpler borders for drawing: shared borders stay shared, so no gap opens on the map. Pure."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gis.errors import InvalidInput
from gis.geometry.crs import metric_crs_of, to_metric


def simplify_coverage(
    frame: gpd.GeoDataFrame, *, tolerance_m: float, keep_outline: bool = False
) -> gpd.GeoDataFrame:
    """Simplify polygons of a coverage together.

    For drawing only: what is counted or located uses the full borders.

    Parameters
    ----------
    frame
        Polygons or multipolygons of a coverage, in degrees or metres.
    tolerance_m
        About how far borders may move, in metres (the square root of the area a corner spans).
    keep_outline
        Leave the outer border as it is and simplify only borders between polygons.

    Returns
    -------
    The frame with simpler geometry, same rows, same reference system.

    Raises
    ------
    InvalidInput
        A row holds no polygon; the underlying simplification would silently do nothing.

    Examples
    --------
    >>> step = [(5, 0), (5.1, 2), (5, 4), (5, 9)]
    >>> left = shapely.Polygon([(0, 0), *step, (0, 9)])
    >>> right = shapely.Polygon([(9, 9), *step[::-1], (9, 0)])
    >>> simple = simplify_coverage(gpd.GeoDataFrame(geometry=[left, right]), tolerance_m=1)
    >>> shapely.get_num_coordinates(simple.geometry.array).tolist()
    [5, 5]
    """
    kinds = set(frame.geometry.geom_type.dropna()) - {"Polygon", "MultiPolygon"}
    if kinds or frame.geometry.isna().any():
        raise InvalidInput(
            f"cannot simplify {', '.join(sorted(kinds)) or 'missing geometry'} as a coverage: "
            "expected polygons in every row"
        )
    crs = metric_crs_of(frame) if len(frame) else frame.crs
    metric = to_metric(frame, crs)
    shapes = np.asarray(metric.geometry.array, dtype=object)
    simple = shapely.coverage_simplify(shapes, tolerance_m, simplify_boundary=not keep_outline)
    result = metric.set_geometry(gpd.GeoSeries(simple, index=frame.index, crs=metric.crs))
    return result if metric.crs == frame.crs else result.to_crs(frame.crs)
