"""Annealing by single moves of border nodes, compiled.

Pure. Only + - * / of doubles and integer random numbers are used, so the same input and seed give
the same plan on every machine. A move is kept only while the part it leaves stays connected. Where
the band is narrower than a node is heavy, a move is proposed together with one back: only such
swaps change weights finely enough.

Source: Kirkpatrick, Gelatt, Vecchi (1983), doi:10.1126/science.220.4598.671. One proposal costs
about a tenth of a microsecond on a planar graph.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from gis.geometry.partition.connection import Scratch, make_scratch, may_swap, stays_connected
from gis.geometry.partition.graph import Graph
from gis.geometry.partition.score import Terms, out_of_band, roundness, score_parts, sum_parts

N_WAITS = 4096
# -log(u) at 4096 even steps, rounded so that no library's last digit can change a decision.
WAITS = np.round(-np.log((np.arange(N_WAITS) + 0.5) / N_WAITS), 6)

LAST_PRICE = 300.0
"""What leaving the band by a whole part costs at the end, in usual edges."""

LATE = 0.4
"""The end of a cooling: the share of its steps in which a narrow band is sought."""


class Cooling(NamedTuple):
    """A schedule: steps of falling heat with so many proposals each.

    ``unit`` is the cost of a usual edge and ``weight`` of a usual part, by which heat and the price
    of leaving the band are scaled: heat falls from ``heat``, and the price rises from ``price`` to
    `LAST_PRICE`; ``strict`` multiplies the latter. Towards the end, from `LATE` on, ``late_strict``
    multiplies it too, and of ``swap_every`` proposals one is a swap (0: none).
    """

    n_steps: int
    n_moves: int
    unit: float
    weight: float
    heat: float
    price: float
    strict: float
    late_strict: float
    swap_every: int


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
def move_rise(
    graph: Graph,
    terms: Terms,
    part: np.ndarray,
    totals: np.ndarray,
    penalty: float,
    node: int,
    new: int,
) -> tuple:
    """Give what a move would cost, the perimeters after it, and the neighbours left behind."""
    old = part[node]
    cost_old, cost_new, length_old, length_new, n_old = touch(graph, part, node, old, new)
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
    return rise, old_m, new_m, n_old


@njit(cache=True)
def move_node(
    graph: Graph,
    part: np.ndarray,
    totals: np.ndarray,
    node: int,
    new: int,
    old_m: float,
    new_m: float,
) -> None:
    """Move a node to another part, with the sums of both."""
    old = part[node]
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


@njit(cache=True)
def is_refused(rise: float, temperature: float, state: np.uint64) -> bool:
    """Tell by Metropolis' rule whether a change for the worse is not made."""
    return rise > 0.0 and rise > temperature * WAITS[np.int64(state & np.uint64(N_WAITS - 1))]


@njit(cache=True)
def partner_of(graph: Graph, part: np.ndarray, node: int, state: np.uint64) -> int:
    """Choose a node near a border node's neighbour to change places with: up to two steps off."""
    bits = state >> np.uint64(12)
    own = part[node]
    n_steps = np.int64(bits % np.uint64(3))
    bits >>= np.uint64(2)
    for _ in range(n_steps):
        degree = np.uint64(graph.indptr[node + 1] - graph.indptr[node])
        following = graph.neighbour[graph.indptr[node] + np.int64(bits % degree)]
        bits >>= np.uint64(6)
        if part[following] == own:
            node = following
    return node


@njit(cache=True)
def propose_swap(
    graph: Graph,
    terms: Terms,
    part: np.ndarray,
    totals: np.ndarray,
    temperature: float,
    penalty: float,
    node: int,
    beyond: int,
    scratch: Scratch,
    stamp: int,
    state: np.uint64,
) -> None:
    """Let a border node change places with one beyond the border, if that is not refused."""
    old, new = part[node], part[beyond]
    back = partner_of(graph, part, beyond, state)
    rise, old_m, new_m, n_old = move_rise(graph, terms, part, totals, penalty, node, new)
    if n_old == 0:
        return
    before_old, before_new = totals[2, old], totals[2, new]
    move_node(graph, part, totals, node, new, old_m, new_m)
    more, new_m, old_m, _ = move_rise(graph, terms, part, totals, penalty, back, old)
    fits = not is_refused(rise + more, temperature, state)
    if fits:
        part[node] = old
        fits = may_swap(graph, part, node, back, scratch, stamp)
        part[node] = new
    if fits:
        move_node(graph, part, totals, back, old, new_m, old_m)
    else:
        move_node(graph, part, totals, node, old, before_new, before_old)


@njit(cache=True)
def sweep(
    graph: Graph,
    terms: Terms,
    part: np.ndarray,
    temperature: float,
    penalty: float,
    n_moves: int,
    swap_every: int,
    state: np.uint64,
) -> np.uint64:
    """Propose `n_moves` moves at one temperature, in place; give the random state after."""
    totals = sum_parts(graph, part, terms.n_parts)
    scratch = make_scratch(part.size)
    stamp = 0
    n_half = np.uint64(graph.source.size)
    for number in range(n_moves):
        state = next_random(state)
        e = np.int64(((state >> np.uint64(32)) * n_half) >> np.uint64(32))
        node = graph.source[e]
        new = part[graph.neighbour[e]]
        if part[node] == new:
            continue
        if swap_every > 0 and number % swap_every == 0:
            stamp += 2
            propose_swap(
                graph, terms, part, totals, temperature, penalty,
                node, graph.neighbour[e], scratch, stamp, state,
            )  # fmt: skip
            continue
        rise, old_m, new_m, n_old = move_rise(graph, terms, part, totals, penalty, node, new)
        if n_old == 0 or is_refused(rise, temperature, state):
            continue
        stamp += 1
        if n_old == 1 or stays_connected(graph, part, node, scratch, stamp):
            move_node(graph, part, totals, node, new, old_m, new_m)
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
        heat = cooling.unit * (cooling.heat * left * left + 0.002)
        late = max(0.0, 1.0 - left / LATE)
        swap_every = cooling.swap_every if late > 0.0 else 0
        strict = cooling.strict * (1.0 + (cooling.late_strict - 1.0) * late * late)
        price = cooling.price + (LAST_PRICE - cooling.price) * (1.0 - left)
        penalty = strict * price * cooling.unit / cooling.weight
        state = sweep(graph, terms, part, heat, penalty, cooling.n_moves, swap_every, state)
        if step == cooling.n_steps - 1:
            state = sweep(
                graph, terms, part, 0.0, 100.0 * penalty, cooling.n_moves, swap_every, state
            )
        if 2 * step >= cooling.n_steps or step % 10 == 0:
            now = score_parts(graph, terms, part)
            if now[0] < outside - 1e-6 or (now[0] <= outside + 1e-6 and now[1] < cost):
                outside, cost = now
                best[:] = part
    return outside, cost, state
