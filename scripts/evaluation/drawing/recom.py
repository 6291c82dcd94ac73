"""GerryChain: a random plan by spanning trees, bettered by recombination in short bursts.

A sampler, not an optimiser: it keeps parts connected and within a tolerance, draws plans at random
and can be made to prefer cheap ones. It hangs where few trees can be cut in balance.

Sources: DeFord, Duchin, Solomon (2021), doi:10.1162/99608f92.eb30390f; Cannon et al. (2023),
short bursts, doi:10.1007/s11009-023-09994-1.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import networkx
import numpy as np
from gerrychain import Graph, Partition
from gerrychain.constraints import within_percent_of_ideal_population
from gerrychain.optimization import SingleMetricOptimizer
from gerrychain.partition import recursive_tree_part
from gerrychain.proposals import recom
from gerrychain.tree import PopulationBalanceError, bipartition_tree
from gerrychain.updaters import Tally, cut_edges

from scripts.evaluation.drawing.instance import Instance

BURST = 10
TREES = 300
"""Spanning trees drawn before a cut is given up."""


def divide_by_recom(
    instance: Instance, *, n_steps: int, n_counts: int = 3, seed: int = 0
) -> Iterator[np.ndarray]:
    """Give a random plan for each number of grids, and better ones until the steps are used up.

    A start that does not come is begun anew from another seed, again and again: the caller must
    limit the time.
    """
    graph = Graph.from_networkx(as_networkx(instance))
    waiting = instance.counts(n_counts)
    while waiting:
        for count in tuple(waiting):
            seed += 1
            if count == 1:
                yield np.zeros(instance.n_blocks, np.int64)
                waiting.remove(count)
            elif (start := random_plan(instance, graph, count, seed)) is not None:
                yield from walk(instance, start, count, n_steps, seed)
                waiting.remove(count)


def as_networkx(instance: Instance) -> networkx.Graph:
    """Lay the blocks out as a graph with weights and border costs."""
    graph = networkx.Graph()
    for node, weight in enumerate(instance.weights.tolist()):
        graph.add_node(node, weight=weight)
    for (a, b), cost in zip(instance.edges.tolist(), instance.cost.tolist(), strict=True):
        graph.add_edge(a, b, cost=cost)
    return graph


def random_plan(instance: Instance, graph: Graph, count: int, seed: int) -> Partition | None:
    """Draw a plan within the band, or give up after some hundred trees."""
    cut = partial(bipartition_tree, max_attempts=TREES)
    try:
        return Partition.from_random_assignment(
            graph,
            count,
            tolerance_of(instance, count),
            "weight",
            updaters=updaters(instance),
            partition_fn=partial(recursive_tree_part, bipartition_tree_fn=cut),
            rng=seed,
        )
    except (RuntimeError, PopulationBalanceError):
        return None


def tolerance_of(instance: Instance, count: int) -> float:
    """Give the widest tolerance about the mean that lies in the band."""
    ideal = float(instance.weights.sum()) / count
    return min(instance.maximum / ideal - 1, 1 - instance.minimum / ideal)


def walk(
    instance: Instance, start: Partition, count: int, n_steps: int, seed: int
) -> Iterator[np.ndarray]:
    """Recombine pairs of parts, each burst beginning at the cheapest plan of the last."""
    yield as_parts(start, instance.n_blocks)
    epsilon = tolerance_of(instance, count)
    cut = partial(bipartition_tree, max_attempts=TREES, allow_pair_reselection=True)
    optimiser = SingleMetricOptimizer(
        proposal_fn=partial(
            recom,
            pop_col="weight",
            pop_target=float(instance.weights.sum()) / count,
            epsilon=epsilon,
            bipartition_tree_fn=cut,
        ),
        constraints=within_percent_of_ideal_population(start, epsilon),
        initial_state=start,
        optimization_metric_fn=lambda plan: plan["border_cost"],
        maximize=False,
        rng=seed,
    )
    for plan in optimiser.short_bursts(BURST, max(1, n_steps // BURST)):
        if plan["border_cost"] <= optimiser.best_score:
            yield as_parts(plan, instance.n_blocks)


def updaters(instance: Instance) -> dict:
    """Say what a plan keeps track of."""
    cost = {}
    for (a, b), value in zip(instance.edges.tolist(), instance.cost.tolist(), strict=True):
        cost[a, b] = cost[b, a] = value
    return {
        "population": Tally("weight", alias="population"),
        "cut_edges": cut_edges,
        "border_cost": lambda plan: sum(cost[edge] for edge in plan["cut_edges"]),
    }


def as_parts(plan: Partition, n_blocks: int) -> np.ndarray:
    """Give the part of each block."""
    return np.array([plan.assignment.mapping[node] for node in range(n_blocks)], np.int64)
