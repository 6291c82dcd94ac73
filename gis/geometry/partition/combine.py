"""Combining two divisions into one that is at least as good as the better of them.

Pure. Blocks that lie together in both divisions are contracted to one node; among the few nodes
left a division is annealed, or found exactly, so that borders of both are mixed freely.

Source: the combine operator of Sanders, Schulz (2012), doi:10.1137/1.9781611972924.2.
"""

from __future__ import annotations

import numpy as np

from gis.geometry.partition.exact import solve_exactly
from gis.geometry.partition.graph import Graph, build_graph, find_components
from gis.geometry.partition.search import Search, Work

WORK = Work(1, 10_000)
EXACT_SETS = 5_000


def combine_parts(search: Search, one: np.ndarray, other: np.ndarray, seed: int) -> None:
    """Offer a search the best mixture found of two divisions of its graph without homes."""
    terms = search.terms
    label = find_components(search.graph, one * terms.n_parts + other)
    small = contract(search.graph, label)
    if small.n_nodes <= terms.n_parts:
        return
    known = solve_exactly(small, terms, most_sets=EXACT_SETS, deadline=search.deadline)
    if known.part is not None:
        search.offer(known.part[label])
        return
    _, first = np.unique(label, return_index=True)
    mixing = Search(small, terms, seed, search.deadline)
    for run, part in enumerate((one, other)):
        score, best = mixing.cool(part[first].copy(), WORK, run)
        if score < search.score:
            search.offer(best[label])


def contract(graph: Graph, label: np.ndarray) -> Graph:
    """Make one node of all nodes with the same label (0, 1, …); borders between them are summed.

    Examples
    --------
    >>> path = build_graph(np.array([1.0, 2, 4]), np.array([[0, 1], [1, 2]]), np.array([3.0, 5]))
    >>> small = contract(path, np.array([0, 0, 1]))
    >>> small.weight.tolist(), small.cost.tolist()
    ([3.0, 4.0], [5.0, 5.0])
    """
    n = int(label.max()) + 1
    a, b = label[graph.source], label[graph.neighbour]
    apart = a < b
    pair, row = np.unique(a[apart] * n + b[apart], return_inverse=True)
    inside = np.bincount(a[a == b], graph.length_m[a == b], n)
    others = np.zeros((n, graph.others.shape[1]))
    np.add.at(others, label, graph.others)
    return build_graph(
        np.bincount(label, graph.weight, n),
        np.column_stack([pair // n, pair % n]),
        np.bincount(row, graph.cost[apart], len(pair)),
        length_m=np.bincount(row, graph.length_m[apart], len(pair)),
        area_m2=np.bincount(label, graph.area_m2, n),
        perimeter_m=np.bincount(label, graph.perimeter_m, n) - inside,
        others=others,
    )
