"""How a method ranks its own attempts: torn grids, weight outside the band, cost of the borders.

Only for choosing among attempts; what the table says comes from the checker (see `judge`).
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scripts.evaluation.drawing.instance import Instance


def count_torn(instance: Instance, part: np.ndarray) -> int:
    """Count the pieces too many: 0 when every grid is one piece of each piece of the ground."""
    whole = count_pieces(instance, np.zeros(len(part), np.int64))
    if whole == 1:
        return count_pieces(instance, part) - len(np.unique(part))
    ground = _pieces(instance, np.zeros(len(part), np.int64))
    wanted = len(np.unique(np.column_stack([part, ground]), axis=0))
    return count_pieces(instance, part) - wanted


def _pieces(instance: Instance, part: np.ndarray) -> np.ndarray:
    a, b = instance.edges.T
    same = part[a] == part[b]
    links = coo_array((np.ones(same.sum()), (a[same], b[same])), shape=(len(part),) * 2)
    return connected_components(links, directed=False)[1]


def count_pieces(instance: Instance, part: np.ndarray) -> int:
    """Count the connected pieces of all parts together."""
    return int(_pieces(instance, part).max()) + 1


def weight_outside(instance: Instance, part: np.ndarray) -> float:
    """Add up how far grids lie outside the band."""
    load = np.bincount(np.unique(part, return_inverse=True)[1], instance.weights)
    over, under = load - instance.maximum, instance.minimum - load
    return float(np.maximum(over, 0).sum() + np.maximum(under, 0).sum())


def border_cost(instance: Instance, part: np.ndarray) -> float:
    """Add up the cost of the borders between grids."""
    a, b = instance.edges.T
    return float(instance.cost[part[a] != part[b]].sum())


def rank(instance: Instance, part: np.ndarray) -> tuple[int, float, float]:
    """Give what attempts are compared by; the smaller the better."""
    outside = round(weight_outside(instance, part), 6)
    return count_torn(instance, part), outside, border_cost(instance, part)


def is_valid(instance: Instance, part: np.ndarray) -> bool:
    """Tell whether grids are whole and inside the band."""
    return rank(instance, part)[:2] == (0, 0.0)
