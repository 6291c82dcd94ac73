"""What a division is judged by, compiled: weight outside the band, and the sum of the soft terms.

Pure.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from gis.geometry.band import Band
from gis.geometry.partition.graph import Graph

FOUR_PI = 12.566370614359172


class Terms(NamedTuple):
    """What a division is judged by: the band, and the weights of the soft terms.

    ``balance`` is the cost of one squared unit of weight off ``mean``, ``compactness`` the cost of
    a part losing all of its Polsby-Popper compactness, ``other_balance`` and ``other_mean`` (k,)
    the same as ``balance`` and ``mean`` for further measures.
    """

    n_parts: int
    minimum: float
    maximum: float
    mean: float
    balance: float
    compactness: float
    other_mean: np.ndarray
    other_balance: np.ndarray


def plain_terms(n_parts: int, band: Band) -> Terms:
    """Give the terms of a division by band and border alone."""
    nothing = np.zeros(0)
    return Terms(n_parts, float(band.minimum), float(band.maximum), 0.0, 0.0, 0.0, nothing, nothing)


@njit(cache=True)
def out_of_band(weight: float, terms: Terms) -> float:
    """Give how far a weight lies outside the band."""
    return max(0.0, terms.minimum - weight, weight - terms.maximum)


@njit(cache=True)
def sum_parts(graph: Graph, part: np.ndarray, n_parts: int) -> np.ndarray:
    """Sum weight, area, perimeter and the further measures of each part: (3 + k, n_parts)."""
    totals = np.zeros((3 + graph.others.shape[1], n_parts))
    for node in range(part.size):
        p = part[node]
        for k in range(graph.others.shape[1]):
            totals[3 + k, p] += graph.others[node, k]
        totals[0, p] += graph.weight[node]
        totals[1, p] += graph.area_m2[node]
        totals[2, p] += graph.perimeter_m[node]
        for e in range(graph.indptr[node], graph.indptr[node + 1]):
            if part[graph.neighbour[e]] == p:
                totals[2, p] -= graph.length_m[e]
    return totals


@njit(cache=True)
def roundness(area: float, perimeter: float) -> float:
    """Give the Polsby-Popper compactness 4 pi A / P^2 (0 for nothing)."""
    if perimeter <= 0.0:
        return 0.0
    return FOUR_PI * area / (perimeter * perimeter)


@njit(cache=True)
def score_parts(graph: Graph, terms: Terms, part: np.ndarray) -> tuple:
    """Give the weight outside the band and the objective of a division."""
    totals = sum_parts(graph, part, terms.n_parts)
    outside = 0.0
    cost = 0.0
    for p in range(terms.n_parts):
        outside += out_of_band(totals[0, p], terms)
        cost += terms.balance * (totals[0, p] - terms.mean) ** 2
        cost += terms.compactness * (1.0 - roundness(totals[1, p], totals[2, p]))
        for k in range(graph.others.shape[1]):
            cost += terms.other_balance[k] * (totals[3 + k, p] - terms.other_mean[k]) ** 2
    for e in range(graph.source.size):
        if part[graph.source[e]] != part[graph.neighbour[e]]:
            cost += 0.5 * graph.cost[e]
    for node in range(part.size):
        if graph.home[node] >= 0 and part[node] != graph.home[node]:
            cost += graph.stay[node]
    return outside, cost
