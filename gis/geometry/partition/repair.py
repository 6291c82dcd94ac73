"""Bringing a division into a narrow band by moves and swaps of border nodes, compiled.

Pure. Where a node weighs more than the band is wide, single moves only trade one wrong part for
another; a swap changes two parts by the difference of two nodes. Weight is evened out by steepest
descent on the squared distances from the middle of the band, whatever the borders cost.

Source: swaps between neighbouring districts, Bozkaya, Erkut, Laporte (2003),
doi:10.1016/S0377-2217(01)00380-0.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from gis.geometry.partition.connection import make_scratch, may_swap, stays_connected
from gis.geometry.partition.graph import Graph
from gis.geometry.partition.score import Terms, out_of_band

MOST_SWAPS = 20


def repair_parts(graph: Graph, terms: Terms, part: np.ndarray) -> np.ndarray:
    """Give a division with less weight outside the band, or the same one; all parts connected.

    Examples
    --------
    >>> from gis.geometry.partition.graph import build_graph
    >>> from gis.geometry.partition.score import plain_terms
    >>> ring = np.array([[0, 1], [1, 2], [2, 3], [3, 0]])
    >>> graph = build_graph(np.array([3.0, 4, 1, 2]), ring, np.ones(4))
    >>> repair_parts(graph, plain_terms(2, 5, 5), np.array([0, 0, 1, 1]))
    array([1, 0, 0, 1])
    """
    part = part.copy()
    _even_out(graph, terms, part, MOST_SWAPS * max(terms.n_parts, 10))
    return part


@njit(cache=True)
def _even_out(graph: Graph, terms: Terms, part: np.ndarray, most: int) -> None:
    """Make the best move or swap again and again until all parts are inside or none helps."""
    load = np.zeros(terms.n_parts)
    for node in range(part.size):
        load[part[node]] += graph.weight[node]
    scratch = make_scratch(part.size)
    stamp = 0
    for _ in range(most):
        wrong = 0.0
        for p in range(terms.n_parts):
            wrong += out_of_band(load[p], terms)
        if wrong <= 0.0:
            return
        best = -1e-9
        first, second, target = -1, -1, -1
        for u in range(part.size):
            p = part[u]
            for e in range(graph.indptr[u], graph.indptr[u + 1]):
                q = part[graph.neighbour[e]]
                if p == q:
                    continue
                gain = _gain(load, terms, p, q, graph.weight[u])
                if gain < best:
                    stamp += 1
                    if stays_connected(graph, part, u, scratch, stamp):
                        best, first, second, target = gain, u, -1, q
                if p > q:
                    continue
                for v in range(part.size):
                    if part[v] != q:
                        continue
                    gain = _gain(load, terms, p, q, graph.weight[u] - graph.weight[v])
                    if gain < best:
                        stamp += 2
                        if may_swap(graph, part, u, v, scratch, stamp):
                            best, first, second, target = gain, u, v, q
        if first < 0:
            return
        p = part[first]
        shift = graph.weight[first]
        part[first] = target
        if second >= 0:
            part[second] = p
            shift -= graph.weight[second]
        load[p] -= shift
        load[target] += shift


@njit(cache=True)
def _gain(load: np.ndarray, terms: Terms, p: int, q: int, shift: float) -> float:
    """Give the change of the squared distances when weight goes from one part to another."""
    middle = 0.5 * (terms.minimum + terms.maximum)
    before = (load[p] - middle) ** 2 + (load[q] - middle) ** 2
    return (load[p] - shift - middle) ** 2 + (load[q] + shift - middle) ** 2 - before
