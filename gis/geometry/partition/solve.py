"""Dividing a bare graph into connected parts within a band."""

from __future__ import annotations

import numpy as np

from gis.errors import InfeasibleDivision, Message
from gis.geometry.band import Band
from gis.geometry.partition.component import Component
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.feasible import apportion_parts, check_arguments, check_counts
from gis.geometry.partition.graph import Graph, build_graph, find_components, take_nodes
from gis.geometry.partition.relax import MOST_TO_RELAX, Relaxation
from gis.geometry.partition.remedies import with_changes
from gis.geometry.partition.shares import Shares

MOST_PRICES = 60
"""Numbers of parts of all components together above which the first share found is taken."""


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
        Seconds to search in: rounds of work fitted to it go on until it has passed or the best
        division is proven; without it a fixed amount of work is done.
    effort
        Multiple of the usual work, where there is no limit.

    Returns
    -------
    (n,) part of each node, from 0.

    Raises
    ------
    InfeasibleDivision
        No such division exists, or none was found; the message tells which, and the remedy the
        smallest change that helps.

    Examples
    --------
    >>> path = np.array([[0, 1], [1, 2], [2, 3]])
    >>> partition_graph(np.ones(4), path, np.array([1.0, 1, 1]), n_parts=2, minimum=2, maximum=2)
    array([0, 0, 1, 1])
    """
    weights = np.asarray(weights, float)
    edges = np.asarray(edges, np.int64).reshape(-1, 2)
    band = Band(minimum, maximum)
    check_arguments(weights, edges, band, n_parts)
    graph = build_graph(weights, edges, np.asarray(costs, float))
    deadline = Deadline(time_limit_s)
    request = Relaxation(split_graph(graph), n_parts, band, seed, deadline)
    try:
        components, counts = _begin(request, n_parts, weights, effort)
    except InfeasibleDivision as refusal:
        if deadline.passed or len(weights) > MOST_TO_RELAX:
            raise
        raise with_changes(refusal, request.find_changes()) from None
    _improve(components, counts, deadline)
    part = np.empty(len(weights), np.int64)
    piece, first = find_components(graph), 0
    for number, (component, count) in enumerate(zip(components, counts, strict=True)):
        part[piece == number] = first + component.look(count).division
        first += count
    return number_by_first_node(part)


def _begin(
    request: Relaxation, n_parts: int, weights: np.ndarray, effort: float
) -> tuple[list[Component], list[int]]:
    """Find a first division of every component, and the number of parts of each."""
    graphs, band = request.graphs, request.band
    check_counts(weights, n_parts, band)
    totals = np.array([g.weight.sum() for g in graphs])
    sizes = np.array([g.n_nodes for g in graphs])
    counts = apportion_parts(totals, n_parts, band, sizes)
    share = 1.0 if len(graphs) == 1 else 0.5
    seed, deadline = request.seed, request.deadline
    components = [Component(g, band, seed, deadline, effort, share) for g in graphs]
    return components, _choose_shares(components, n_parts, counts, request)


def split_graph(graph: Graph) -> list[Graph]:
    """Take a graph apart into its connected components, in the order of their first nodes."""
    piece = find_components(graph)
    return [take_nodes(graph, np.flatnonzero(piece == p)) for p in range(piece.max() + 1)]


def _choose_shares(
    components: list[Component], n_parts: int, first: np.ndarray, request: Relaxation
) -> list[int]:
    """Find parts into which every component has a division, or say why there are none."""
    shares = Shares(n_parts, first, request.bounds(request.band))
    counts = shares.seek(lambda number, count: components[number].look(count))
    if counts is not None:
        return _cheapest_share(components, shares, counts)
    band = request.band._asdict()
    if shares.is_impossible:
        raise InfeasibleDivision(
            Message(
                "there is no division of these {n_blocks} blocks into {n_parts} "
                "connected parts of {minimum:g}-{maximum:g}; all were looked at.",
                n_blocks=sum(c.graph.n_nodes for c in components),
                n_parts=n_parts,
                **band,
            ),
            rule="proven",
            remedy=Message("Widen the band, or change the number of parts."),
        )
    score = max(c.outside for c in components)
    raise InfeasibleDivision(
        Message(
            "no division into {n_parts} connected parts of {minimum:g}-{maximum:g} "
            "was found; the best one is {score:g} outside the band in all. That "
            "none exists is not proven.",
            n_parts=n_parts,
            score=score,
            **band,
        ),
        rule="not_found",
        remedy=Message("Widen the band by {score:g}, or change the number of parts.", score=score),
    )


def _cheapest_share(components: list[Component], shares: Shares, counts: list[int]) -> list[int]:
    """Change to the cheapest share, as far as exact and quick divisions tell."""
    n_prices = (shares.bounds[:, 1] - shares.bounds[:, 0] + 1).sum()
    if len(components) == 1 or n_prices > MOST_PRICES:
        return counts
    return shares.cheapest(lambda number, count: components[number].price(count)) or counts


def _improve(components: list[Component], counts: list[int], deadline: Deadline) -> None:
    """Search on in every component; each has a share of the time left by its size."""
    sizes = np.array([c.graph.n_nodes for c in components], float)
    for row, (component, count) in enumerate(zip(components, counts, strict=True)):
        component.improve(count, deadline.share(sizes[row] / sizes[row:].sum()))
    for row, (component, count) in enumerate(zip(components, counts, strict=True)):
        component.go_on(count, deadline.share(sizes[row] / sizes[row:].sum()))


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
