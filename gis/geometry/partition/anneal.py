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

from gis.geometry.partition.graph import Graph

N_WAITS = 4096
# -log(u) at 4096 even steps, rounded so that no library's last digit can change a decision.
WAITS = np.round(-np.log((np.arange(N_WAITS) + 0.5) / N_WAITS), 6)
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


def plain_terms(n_parts: int, minimum: float, maximum: float) -> Terms:
    """Give the terms of a division by band and border alone."""
    nothing = np.zeros(0)
    return Terms(n_parts, float(minimum), float(maximum), 0.0, 0.0, 0.0, nothing, nothing)


class Cooling(NamedTuple):
    """A schedule: steps of falling heat with so many proposals each.

    ``unit`` is the cost of a usual edge and ``weight`` of a usual part, by which heat and the price
    of leaving the band are scaled; ``heat_share`` of the usual heat is begun with; ``strict``
    multiplies the price of leaving the band.
    """

    n_steps: int
    n_moves: int
    unit: float
    weight: float
    heat_share: float
    strict: float


@njit(cache=True)
def out_of_band(weight: float, terms: Terms) -> float:
    """Give how far a weight lies outside the band."""
    return max(0.0, terms.minimum - weight, weight - terms.maximum)


@njit(cache=True)
def next_random(state: np.uint64) -> np.uint64:
    """Step Marsaglia's 64-bit xorshift generator."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    return state


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


class Scratch(NamedTuple):
    """Room for the search of connections: marks and labels of nodes, a queue, and groups."""

    mark: np.ndarray
    label: np.ndarray
    queue: np.ndarray
    root: np.ndarray
    alive: np.ndarray


@njit(cache=True)
def make_scratch(n_nodes: int) -> Scratch:
    """Make room for a graph."""
    return Scratch(
        np.zeros(n_nodes, np.int64),
        np.empty(n_nodes, np.int64),
        np.empty(n_nodes, np.int64),
        np.empty(n_nodes, np.int64),
        np.empty(n_nodes, np.int64),
    )


@njit(cache=True)
def stays_connected(
    graph: Graph, part: np.ndarray, node: int, scratch: Scratch, stamp: int
) -> bool:
    """Tell whether a node's part stays connected without it.

    One search spreads from every neighbour in the part at once. They grow together until one group
    is left, or until a group can grow no more: so the cost is that of the smaller side.
    """
    mark, label, queue, root, alive = scratch
    own = part[node]
    groups = 0
    for e in range(graph.indptr[node], graph.indptr[node + 1]):
        v = graph.neighbour[e]
        if part[v] == own and mark[v] != stamp:
            mark[v] = stamp
            label[v] = root[groups] = groups
            alive[groups] = 1
            queue[groups] = v
            groups += 1
    if groups == 0:
        return False
    head = 0
    tail = groups
    while groups > 1:
        v = queue[head]
        head += 1
        a = label[v]
        while root[a] != a:
            a = root[a]
        for e in range(graph.indptr[v], graph.indptr[v + 1]):
            u = graph.neighbour[e]
            if u == node or part[u] != own:
                continue
            if mark[u] != stamp:
                mark[u] = stamp
                label[u] = a
                queue[tail] = u
                tail += 1
                alive[a] += 1
                continue
            b = label[u]
            while root[b] != b:
                b = root[b]
            if a != b:
                root[b] = a
                alive[a] += alive[b]
                groups -= 1
        alive[a] -= 1
        if alive[a] == 0:
            return groups == 1
    return True


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
        heat = cooling.unit * (1.4 * cooling.heat_share * left * left + 0.002)
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
