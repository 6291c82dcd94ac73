"""Annealing by single moves of border nodes, compiled.

Pure. Only + - * / of doubles and integer random numbers are used, so the same input and seed give
the same plan on every machine. A move is kept only while the part it leaves stays connected.

Source: Kirkpatrick, Gelatt, Vecchi (1983), doi:10.1126/science.220.4598.671. One proposal costs
about a tenth of a microsecond on a planar graph.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from gis.geometry.partition.connection import make_scratch, stays_connected
from gis.geometry.partition.graph import Graph
from gis.geometry.partition.score import Terms, out_of_band, roundness, score_parts, sum_parts

N_WAITS = 4096
# -log(u) at 4096 even steps, rounded so that no library's last digit can change a decision.
WAITS = np.round(-np.log((np.arange(N_WAITS) + 0.5) / N_WAITS), 6)


class Cooling(NamedTuple):
    """A schedule: steps of falling heat with so many proposals each.

    ``unit`` is the cost of a usual edge and ``weight`` of a usual part, by which heat and the price
    of leaving the band are scaled; ``strict`` multiplies the price of leaving the band.
    """

    n_steps: int
    n_moves: int
    unit: float
    weight: float
    strict: float


@njit(cache=True)
def next_random(state: np.uint64) -> np.uint64:
    """Step Marsaglia's 64-bit xorshift generator."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    return state


@njit(cache=True)
def touch(graph: Graph, part: np.ndarray, node: int, old: int, new: int) -> tuple:
    """Sum cost and length of a node's borders with two parts, and count neighbours in the first."""
    cost_old = 0.0
    cost_new = 0.0
    length_old = 0.0
    length_new = 0.0
    n_old = 0
    for e in range(graph.indptr[node], graph.indptr[node + 1]):
        p = part[graph.neighbour[e]]
        if p == old:
            cost_old += graph.cost[e]
            length_old += graph.length_m[e]
            n_old += 1
        elif p == new:
            cost_new += graph.cost[e]
            length_new += graph.length_m[e]
    return cost_old, cost_new, length_old, length_new, n_old


@njit(cache=True)
def weight_rise(terms: Terms, penalty: float, w: float, from_w: float, to_w: float) -> float:
    """Give the change in band and balance cost when `w` moves between two parts."""
    band = out_of_band(from_w - w, terms) + out_of_band(to_w + w, terms)
    band -= out_of_band(from_w, terms) + out_of_band(to_w, terms)
    return penalty * band + terms.balance * 2.0 * w * (to_w - from_w + w)


@njit(cache=True)
def others_rise(
    graph: Graph, terms: Terms, totals: np.ndarray, node: int, old: int, new: int
) -> float:
    """Give the change in balance cost of the further measures when a node changes part."""
    rise = 0.0
    for k in range(graph.others.shape[1]):
        x = graph.others[node, k]
        rise += terms.other_balance[k] * 2.0 * x * (totals[3 + k, new] - totals[3 + k, old] + x)
    return rise


@njit(cache=True)
def leave_rise(graph: Graph, node: int, old: int, new: int) -> float:
    """Give the change in stability cost when a node changes part."""
    home = graph.home[node]
    if home == old:
        return graph.stay[node]
    if home == new:
        return -graph.stay[node]
    return 0.0


@njit(cache=True)
def sweep(
    graph: Graph,
    terms: Terms,
    part: np.ndarray,
    temperature: float,
    penalty: float,
    n_moves: int,
    state: np.uint64,
) -> np.uint64:
    """Propose `n_moves` moves at one temperature, in place; give the random state after."""
    totals = sum_parts(graph, part, terms.n_parts)
    scratch = make_scratch(part.size)
    stamp = 0
    n_half = np.uint64(graph.source.size)
    for _ in range(n_moves):
        state = next_random(state)
        e = np.int64(((state >> np.uint64(32)) * n_half) >> np.uint64(32))
        node = graph.source[e]
        old = part[node]
        new = part[graph.neighbour[e]]
        if old == new:
            continue
        cost_old, cost_new, length_old, length_new, n_old = touch(graph, part, node, old, new)
        if n_old == 0:
            continue
        rise = cost_old - cost_new + leave_rise(graph, node, old, new)
        rise += weight_rise(terms, penalty, graph.weight[node], totals[0, old], totals[0, new])
        rise += others_rise(graph, terms, totals, node, old, new)
        old_m = totals[2, old] + 2.0 * length_old - graph.perimeter_m[node]
        new_m = totals[2, new] + graph.perimeter_m[node] - 2.0 * length_new
        if terms.compactness > 0.0:
            before = roundness(totals[1, old], totals[2, old])
            before += roundness(totals[1, new], totals[2, new])
            after = roundness(totals[1, old] - graph.area_m2[node], old_m)
            after += roundness(totals[1, new] + graph.area_m2[node], new_m)
            rise += terms.compactness * (before - after)
        if rise > 0.0 and rise > temperature * WAITS[np.int64(state & np.uint64(N_WAITS - 1))]:
            continue
        stamp += 1
        if n_old > 1 and not stays_connected(graph, part, node, scratch, stamp):
            continue
        part[node] = new
        totals[0, old] -= graph.weight[node]
        totals[0, new] += graph.weight[node]
        totals[1, old] -= graph.area_m2[node]
        totals[1, new] += graph.area_m2[node]
        totals[2, old] = old_m
        totals[2, new] = new_m
        for k in range(graph.others.shape[1]):
            totals[3 + k, old] -= graph.others[node, k]
            totals[3 + k, new] += graph.others[node, k]
    return state


@njit(cache=True)
def cool_down(
    graph: Graph,
    terms: Terms,
    part: np.ndarray,
    cooling: Cooling,
    first_step: int,
    last_step: int,
    best: np.ndarray,
    state: np.uint64,
) -> tuple:
    """Anneal from one step of a cooling to another, in place; `best` keeps the best state passed.

    Returns
    -------
    The weight outside the band and the cost of `best`, and the random state after.
    """
    outside, cost = score_parts(graph, terms, best)
    for step in range(first_step, last_step):
        left = 1.0 - step / max(cooling.n_steps - 1, 1)
        heat = cooling.unit * (1.4 * left * left + 0.002)
        penalty = cooling.strict * (60.0 + 240.0 * (1.0 - left)) * cooling.unit / cooling.weight
        state = sweep(graph, terms, part, heat, penalty, cooling.n_moves, state)
        if step == cooling.n_steps - 1:
            state = sweep(graph, terms, part, 0.0, 100.0 * penalty, cooling.n_moves, state)
        if 2 * step >= cooling.n_steps or step % 10 == 0:
            now = score_parts(graph, terms, part)
            if now[0] < outside - 1e-6 or (now[0] <= outside + 1e-6 and now[1] < cost):
                outside, cost = now
                best[:] = part
    return outside, cost, state
