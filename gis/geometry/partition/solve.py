"""Dividing a bare graph into connected parts within a band."""

from __future__ import annotations

import numpy as np

from gis.errors import InfeasibleDivision, Message
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.exact import FEW_SETS, solve_exactly
from gis.geometry.partition.feasible import apportion_parts, check_arguments, check_counts
from gis.geometry.partition.graph import Graph, build_graph, find_components, take_nodes
from gis.geometry.partition.score import Terms, plain_terms
from gis.geometry.partition.search import Search, Work


def partition_graph(
    weights: np.ndarray,
    edges: np.ndarray,
    costs: np.ndarray,
    *,
    n_parts: int,
    minimum: float,
    maximum: float,
    seed: int = 0,
    time_limit_s: float | None = None,
    effort: float = 1.0,
) -> np.ndarray:
    """Divide a graph into connected parts within a band at the least cost of cut edges.

    Parameters
    ----------
    weights
        (n,) weight of each node, from 0 up.
    edges, costs
        (m, 2) node numbers and (m,) cost of cutting each edge.
    n_parts, minimum, maximum
        Number of parts, and the band of each part's weight (inclusive).
    seed
        Same input and seed, same result.
    time_limit_s
        Cuts the search short; without it a fixed amount of work is done.
    effort
        Multiple of the usual work.

    Returns
    -------
    (n,) part of each node, from 0.

    Raises
    ------
    InfeasibleDivision
        No such division exists, or none was found; the message tells which.

    Examples
    --------
    >>> path = np.array([[0, 1], [1, 2], [2, 3]])
    >>> partition_graph(np.ones(4), path, np.array([1.0, 1, 1]), n_parts=2, minimum=2, maximum=2)
    array([0, 0, 1, 1])
    """
    weights = np.asarray(weights, float)
    edges = np.asarray(edges, np.int64).reshape(-1, 2)
    check_arguments(weights, edges, minimum, maximum, n_parts)
    check_counts(weights, n_parts, minimum, maximum)
    graph = build_graph(weights, edges, np.asarray(costs, float))
    piece = find_components(graph)
    totals = np.bincount(piece, weights)
    counts = apportion_parts(totals, n_parts, minimum, maximum, np.bincount(piece))
    deadline = Deadline(time_limit_s)
    part = np.empty(len(weights), np.int64)
    first = 0
    for number, count in enumerate(counts):
        nodes = np.flatnonzero(piece == number)
        terms = plain_terms(int(count), minimum, maximum)
        part[nodes] = first + _divide_connected(
            take_nodes(graph, nodes), terms, seed, deadline, effort
        )
        first += count
    return number_by_first_node(part)


def _divide_connected(
    graph: Graph, terms: Terms, seed: int, deadline: Deadline, effort: float
) -> np.ndarray:
    """Divide a connected graph, or say that none exists or none was found."""
    known = solve_exactly(graph, terms, most_sets=FEW_SETS)
    if known.status == "open":
        search = Search(graph, terms, seed, deadline)
        search.run(Work.quick())
        if not deadline.passed:
            search.run(Work.for_size(graph.n_nodes, terms.n_parts, effort))
        if search.score[0] <= 0:
            return search.best
        known = solve_exactly(graph, terms)
    if known.status == "optimal":
        return known.part
    if known.status == "infeasible":
        raise InfeasibleDivision(
            Message(
                "there is no division of these {n_blocks} blocks into {n_parts} "
                "connected parts of {minimum:g}-{maximum:g}; all were looked at.",
                n_blocks=graph.n_nodes,
                n_parts=terms.n_parts,
                minimum=terms.minimum,
                maximum=terms.maximum,
            ),
            rule="proven",
            remedy=Message("Widen the band, or change the number of parts."),
        )
    raise InfeasibleDivision(
        Message(
            "no division into {n_parts} connected parts of {minimum:g}-{maximum:g} "
            "was found; the best one is {score:g} outside the band in all. That "
            "none exists is not proven.",
            n_parts=terms.n_parts,
            minimum=terms.minimum,
            maximum=terms.maximum,
            score=search.score[0],
        ),
        rule="not_found",
        remedy=Message(
            "Widen the band by {score:g}, or change the number of parts.", score=search.score[0]
        ),
    )


def number_by_first_node(part: np.ndarray) -> np.ndarray:
    """Renumber parts in the order of their first nodes.

    Examples
    --------
    >>> number_by_first_node(np.array([2, 2, 0, 1]))
    array([0, 0, 1, 2])
    """
    _, first, inverse = np.unique(part, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]
