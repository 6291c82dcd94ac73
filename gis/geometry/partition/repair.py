"""Bringing a division into a narrow band by moves and swaps of border nodes, compiled.

Pure. Where a node weighs more than the band is wide, single moves only trade one wrong part for
another; a swap changes two parts by the difference of two nodes. Weight is evened out by steepest
descent on the squared distances from the middle of the band, whatever the borders cost. What is
wrong after that is handed on from part to part, the cheapest way first, until some part can bear
it; nodes that have moved stay for a while, so that it does not come back at once.

Source: swaps between neighbouring districts and a tabu search over them, Bozkaya, Erkut, Laporte
(2003), doi:10.1016/S0377-2217(01)00380-0.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from gis.geometry.partition.connection import make_scratch, may_swap, stays_connected
from gis.geometry.partition.graph import Graph
from gis.geometry.partition.score import Terms, out_of_band

MOST_SWAPS = 20
MOST_HANDED_ON = 20
"""Swaps for each part, and swaps that hand on what is left: counts, so all machines stop alike."""

PATIENCE = 150
"""Swaps without less weight outside the band after which no more is handed on."""

STAY, STAY_MORE = 5, 10
"""For how many swaps a node that moved stays, and how many more in turn."""

PRICES = (4.0, 30.0)
"""What weight outside the band costs, in usual edges, where it is as much as the band is wide: at
first so that borders stay short, then whatever they cost.
"""

LEAST_WIDTH = 0.01
"""The width of a band that counts at least, as a share of a usual part."""


def repair_parts(graph: Graph, terms: Terms, part: np.ndarray) -> np.ndarray:
    """Give a division with less weight outside the band, or the same one; all parts connected.

    Examples
    --------
    >>> from gis.geometry.partition.graph import build_graph
    >>> from gis.geometry.band import Band
    >>> from gis.geometry.partition.score import plain_terms
    >>> ring = np.array([[0, 1], [1, 2], [2, 3], [3, 0]])
    >>> graph = build_graph(np.array([3.0, 4, 1, 2]), ring, np.ones(4))
    >>> repair_parts(graph, plain_terms(2, Band(5, 5)), np.array([0, 0, 1, 1]))
    array([1, 0, 0, 1])
    """
    part = part.copy()
    _even_out(graph, terms, part, MOST_SWAPS * max(terms.n_parts, 10))
    best = part.copy()
    least = LEAST_WIDTH * float(graph.weight.sum()) / terms.n_parts
    width = max(terms.maximum - terms.minimum, least, 1e-9)
    unit = float(np.abs(graph.cost).mean()) if len(graph.cost) else 1.0
    most = MOST_HANDED_ON * max(terms.n_parts, 5)
    for price in PRICES:
        if _hand_on(graph, terms, best.copy(), price * unit / width, most, best) <= 0.0:
            break
    return best


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
        first_of, members = _list_members(part, terms.n_parts)
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
                for v in members[first_of[q] : first_of[q + 1]]:
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
def _hand_on(
    graph: Graph, terms: Terms, part: np.ndarray, price: float, most: int, best: np.ndarray
) -> float:
    """Swap or move nodes of parts outside the band in turn, for the worse too; `best` is the best.

    Returns
    -------
    The weight that `best` has outside the band.
    """
    load = np.bincount(part, graph.weight, terms.n_parts)
    around = np.bincount(graph.source, np.abs(graph.cost), part.size)
    free_at = np.zeros(part.size, np.int64)
    scratch = make_scratch(part.size)
    stamp = 0
    least = np.inf
    last_gain = 0
    for step in range(most):
        off = np.array([out_of_band(x, terms) for x in load])
        wrong = off.sum()
        if wrong < least - 1e-9:
            least = wrong
            last_gain = step
            best[:] = part
        if wrong <= 0.0 or step - last_gain > PATIENCE:
            return least
        outside = np.flatnonzero(off > 0.0)
        turn = outside[step % outside.size]
        first_of, members = _list_members(part, terms.n_parts)
        cheapest = np.inf
        first, second, target = -1, -1, -1
        for u in range(part.size):
            if free_at[u] > step:
                continue
            p = part[u]
            for e in range(graph.indptr[u], graph.indptr[u + 1]):
                q = part[graph.neighbour[e]]
                if p == q or (p != turn and q != turn) or _is_repeated(graph, part, u, e):
                    continue
                now = off[p] + off[q]
                leaving = _border_rise(graph, part, u, q, -1)
                w = graph.weight[u]
                rise = price * (_wrong_after(load, terms, p, q, w) - now) + leaving
                if rise < cheapest:
                    stamp += 1
                    if stays_connected(graph, part, u, scratch, stamp):
                        cheapest, first, second, target = rise, u, -1, q
                for v in members[first_of[q] : first_of[q + 1]]:
                    if free_at[v] > step:
                        continue
                    rise = price * (_wrong_after(load, terms, p, q, w - graph.weight[v]) - now)
                    if rise + leaving - around[v] >= cheapest:
                        continue
                    rise += leaving + _border_rise(graph, part, v, p, u)
                    if rise < cheapest:
                        stamp += 2
                        if may_swap(graph, part, u, v, scratch, stamp):
                            cheapest, first, second, target = rise, u, v, q
        if first < 0:
            return least
        p = part[first]
        shift = graph.weight[first]
        part[first] = target
        free_at[first] = step + STAY + 1 + 7 * step % STAY_MORE
        if second >= 0:
            part[second] = p
            shift -= graph.weight[second]
            free_at[second] = free_at[first]
        load[p] -= shift
        load[target] += shift
    return least


@njit(cache=True)
def _is_repeated(graph: Graph, part: np.ndarray, node: int, edge: int) -> bool:
    """Tell whether an earlier border of a node leads to the same part."""
    q = part[graph.neighbour[edge]]
    before = part[graph.neighbour[graph.indptr[node] : edge]]
    return bool((before == q).any())


@njit(cache=True)
def _wrong_after(load: np.ndarray, terms: Terms, p: int, q: int, shift: float) -> float:
    """Give the weight outside the band of two parts when weight goes from one to the other."""
    return out_of_band(load[p] - shift, terms) + out_of_band(load[q] + shift, terms)


@njit(cache=True)
def _border_rise(graph: Graph, part: np.ndarray, node: int, to: int, gone: int) -> float:
    """Give the change in border cost when a node goes to a part that another one has left."""
    rise = 0.0
    for e in range(graph.indptr[node], graph.indptr[node + 1]):
        u = graph.neighbour[e]
        if u == gone:
            rise += 2.0 * graph.cost[e]
        elif part[u] == part[node]:
            rise += graph.cost[e]
        if part[u] == to:
            rise -= graph.cost[e]
    return rise


@njit(cache=True)
def _list_members(part: np.ndarray, n_parts: int) -> tuple:
    """List the nodes of each part in their order, and where each part begins in the list."""
    first_of = np.zeros(n_parts + 1, np.int64)
    for p in part:
        first_of[p + 1] += 1
    for p in range(n_parts):
        first_of[p + 1] += first_of[p]
    members = np.empty(part.size, np.int64)
    place = first_of.copy()
    for node in range(part.size):
        members[place[part[node]]] = node
        place[part[node]] += 1
    return first_of, members


@njit(cache=True)
def _gain(load: np.ndarray, terms: Terms, p: int, q: int, shift: float) -> float:
    """Give the change of the squared distances when weight goes from one part to another."""
    middle = 0.5 * (terms.minimum + terms.maximum)
    before = (load[p] - middle) ** 2 + (load[q] - middle) ** 2
    return (load[p] - shift - middle) ** 2 + (load[q] + shift - middle) ** 2 - before
