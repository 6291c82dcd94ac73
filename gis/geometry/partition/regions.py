"""Neighbourhoods of a few parts, drawn anew while all others stay.

Pure. A region is a part with its neighbours' neighbours, up to a given number of parts. Whatever is
done inside, the borders to the outside stay, so that a better region makes a better division.

Source: large neighbourhood search, Shaw (1998), doi:10.1007/3-540-49481-2_30.
"""

from __future__ import annotations

import numpy as np

from gis.geometry.partition.graph import Graph, take_nodes

SIZES = (3, 5, 8, 12, 30, 60, 100, 150)
"""Numbers of parts drawn anew together; the large ones only among many parts."""

USUAL_MOST = 12
LARGEST_SHARE = 0.4


def region_sizes(n_parts: int) -> tuple[int, ...]:
    """Choose four sizes of regions for a number of parts, to be taken in turn.

    Examples
    --------
    >>> region_sizes(34), region_sizes(300)
    ((3, 5, 8, 12), (12, 30, 60, 100))
    """
    most = max(USUAL_MOST, LARGEST_SHARE * n_parts)
    return tuple(size for size in SIZES if size <= most)[-4:]


def grow_region(
    graph: Graph, part: np.ndarray, centre: int, size: int, rng: np.random.Generator
) -> np.ndarray:
    """Choose up to `size` parts around one, those first that touch most of the chosen ones.

    Examples
    --------
    >>> from gis.geometry.partition.graph import build_graph
    >>> path = build_graph(np.ones(4), np.array([[0, 1], [1, 2], [2, 3]]), np.ones(3))
    >>> grow_region(path, np.array([0, 1, 2, 2]), 0, 2, np.random.default_rng(0))
    array([0, 1])
    """
    chosen = [centre]
    links: dict[int, float] = {}
    while len(chosen) < size:
        for p in neighbour_parts(graph, part, chosen[-1]):
            if p not in chosen:
                links[p] = links.get(p, 0.9 * rng.random()) + 1.0
        if not links:
            break
        nearest = max(links, key=links.__getitem__)
        del links[nearest]
        chosen.append(nearest)
    return np.array(chosen, np.int64)


def neighbour_parts(graph: Graph, part: np.ndarray, own: int) -> list[int]:
    """List the parts that touch a part, by number."""
    nodes = np.flatnonzero(part == own)
    first, last = graph.indptr[nodes], graph.indptr[nodes + 1]
    reach = np.repeat(last - np.cumsum(last - first), last - first)
    around = part[graph.neighbour[reach + np.arange(len(reach))]]
    return [int(p) for p in np.unique(around) if p != own]


def take_region(
    graph: Graph, part: np.ndarray, parts: np.ndarray, n_parts: int
) -> tuple[np.ndarray, Graph, np.ndarray]:
    """Cut out the blocks of some parts, numbered from 0 in the order given.

    Returns
    -------
    The nodes, their graph (homes outside the region are forgotten), and their parts.
    """
    number = np.full(n_parts + 1, -1, np.int64)
    number[parts] = np.arange(len(parts))
    nodes = np.flatnonzero(number[part] >= 0)
    inside = take_nodes(graph, nodes)
    return nodes, inside._replace(home=number[inside.home]), number[part[nodes]]
