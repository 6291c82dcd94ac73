"""How compact a shape is, between 0 (a thread) and 1 (a disc).

Pure; geometries in metres.
"""

from __future__ import annotations

import numpy as np
import shapely


def polsby_popper(shapes: np.ndarray) -> np.ndarray:
    """Give 4 pi A / P^2 of each shape: (n,), 0 for an empty one.

    Source: Polsby, Popper (1991), Yale Law & Policy Review 9(2).

    Examples
    --------
    >>> polsby_popper([shapely.box(0, 0, 1, 1)]).round(4).tolist()
    [0.7854]
    """
    area, perimeter = shapely.area(shapes), shapely.length(shapes)
    return np.divide(
        4 * np.pi * area, perimeter**2, out=np.zeros(len(area)), where=np.asarray(perimeter) > 0
    )


def reock(shapes: np.ndarray) -> np.ndarray:
    """Give the share of the smallest enclosing circle that each shape fills: (n,).

    Source: Reock (1961), doi:10.2307/2109043.

    Examples
    --------
    >>> reock([shapely.box(0, 0, 1, 1)]).round(4).tolist()
    [0.6366]
    """
    area = shapely.area(shapes)
    circle = np.pi * shapely.minimum_bounding_radius(shapes) ** 2
    return np.divide(area, circle, out=np.zeros(len(area)), where=circle > 0)
