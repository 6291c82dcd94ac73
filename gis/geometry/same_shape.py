"""Which shapes of two sets are the same, whatever wrote them: a class number for each. Pure.

A file that comes again in another format has its coordinates rounded to other digits, its rings
begun at another corner or run the other way. Shapes are the same when no point of one lies farther
than a tolerance from the other, and both have the same parts. Degrees or metres, as they come.
"""

from __future__ import annotations

import numpy as np
import shapely
from scipy.spatial import cKDTree

SAME_DEGREES = 6e-7
"""Some centimetres: coordinates written with six digits after the point are the same still."""

_FEWEST_ALIKE, _MOST_ALIKE = 4, 64
"""So many shapes of nearly the same extent are compared; more only where more are as near."""


def shape_classes(
    stored: np.ndarray, delivered: np.ndarray, *, tolerance: float = SAME_DEGREES
) -> tuple[np.ndarray, np.ndarray]:
    """Give the shapes of two sets numbers, the same shape the same number.

    Parameters
    ----------
    stored, delivered
        (n,) and (m,) shapes; missing and empty ones are one class, number 0.
    tolerance
        How far apart the same shapes may lie, in the units of the coordinates.

    Returns
    -------
    (n,) and (m,) int64. Stored shapes are told apart exactly, delivered ones by the tolerance.

    Examples
    --------
    >>> a, b = shapely.box(0, 0, 1, 1), shapely.box(0, 0, 2, 1)
    >>> turned = shapely.Polygon([(1, 1), (0, 1), (0, 1e-8), (1, 0)])
    >>> shape_classes(np.array([a, b, None]), np.array([turned, None, shapely.box(5, 5, 6, 6)]))
    (array([1, 2, 0]), array([1, 0, 3]))
    """
    kept, given = (shapely.normalize(_plain(s)) for s in (stored, delivered))
    class_of: dict[bytes, int] = {b"": 0}
    of_kept = _number(kept, class_of)
    shapes, first = _first_of_each(kept, of_kept)
    prints = _prints(given)
    of_given = np.array([class_of.get(p, -1) for p in prints], dtype=np.int64)
    unknown = np.flatnonzero(of_given < 0)
    if len(unknown) and len(shapes):
        near = _nearest_same(shapes, given[unknown], tolerance)
        of_given[unknown] = np.where(near >= 0, first[near], -1)
    fresh = np.flatnonzero(of_given < 0)
    of_given[fresh] = _number(given[fresh], class_of)
    return of_kept, of_given


def _plain(shapes: np.ndarray) -> np.ndarray:
    """Take single shapes out of the multi ones that a database keeps them in; none for empty."""
    shapes = np.asarray(shapes, dtype=object)
    single = shapely.get_num_geometries(shapes) == 1
    shapes = np.where(single, shapely.get_geometry(shapes, 0), shapes)
    flat = np.asarray(shapely.force_2d(shapes), dtype=object)
    flat[shapely.is_empty(shapes)] = None
    return flat


def _prints(shapes: np.ndarray) -> list[bytes]:
    return [p or b"" for p in shapely.to_wkb(shapes)]


def _number(shapes: np.ndarray, class_of: dict[bytes, int]) -> np.ndarray:
    numbers = [class_of.setdefault(p, len(class_of)) for p in _prints(shapes)]
    return np.array(numbers, dtype=np.int64)


def _first_of_each(shapes: np.ndarray, classes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give one shape of each class but the empty one, and the classes."""
    numbers, rows = np.unique(classes, return_index=True)
    real = numbers > 0
    return shapes[rows[real]], numbers[real]


def _nearest_same(shapes: np.ndarray, given: np.ndarray, tolerance: float) -> np.ndarray:
    """Give for each shape the position of the one that is the same but for noise, or -1."""
    tree = cKDTree(shapely.bounds(shapes))
    extents = shapely.bounds(given)
    found = np.full(len(given), -1, dtype=np.int64)
    waiting, n_alike = np.arange(len(given)), min(_FEWEST_ALIKE, len(shapes))
    while len(waiting):
        apart, rows = tree.query(extents[waiting], k=n_alike, distance_upper_bound=3 * tolerance)
        apart, rows = (a.reshape(len(waiting), n_alike) for a in (apart, rows))
        for nth in range(n_alike):
            open_ones = np.flatnonzero((found[waiting] < 0) & np.isfinite(apart[:, nth]))
            mine, theirs = given[waiting[open_ones]], shapes[rows[open_ones, nth]]
            same = _are_same(mine, theirs, tolerance)
            found[waiting[open_ones[same]]] = rows[open_ones[same], nth]
        crowded = (found[waiting] < 0) & np.isfinite(apart[:, -1])
        if n_alike >= min(_MOST_ALIKE, len(shapes)):
            break
        waiting, n_alike = waiting[crowded], min(n_alike * 4, len(shapes))
    return found


def _are_same(left: np.ndarray, right: np.ndarray, tolerance: float) -> np.ndarray:
    alike = (shapely.get_type_id(left) == shapely.get_type_id(right)) & (
        shapely.get_num_geometries(left) == shapely.get_num_geometries(right)
    )
    same = np.zeros(len(left), dtype=bool)
    apart = shapely.hausdorff_distance(left[alike], right[alike])
    same[alike] = apart <= tolerance
    return same
