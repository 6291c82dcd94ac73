"""Graphs of 300 to 1,600 nodes that are made, not read: what more time brings is measured on them.

Lattices and Delaunay graphs with lognormal weights, every border costing 1, bands of half a
percent. The same numbers give the same graph on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.spatial import Delaunay

TOLERANCE = 0.005
SIZES = ((300, 10), (400, 4), (500, 16), (600, 30), (700, 8), (800, 25), (1000, 12), (1200, 40),
         (1400, 20), (1600, 50))  # fmt: skip
"""Nodes and parts; a lattice and a Delaunay graph of each."""


@dataclass(frozen=True)
class Generated:
    """A graph to divide into `n_parts` within the band."""

    name: str
    weights: np.ndarray
    edges: np.ndarray
    n_parts: int

    @property
    def band(self) -> tuple[float, float]:
        """Give the least and the largest weight of a part."""
        mean = float(self.weights.sum()) / self.n_parts
        return (1 - TOLERANCE) * mean, (1 + TOLERANCE) * mean


def generated_instances() -> Iterator[Generated]:
    """Give the twenty instances."""
    for n_nodes, n_parts in SIZES:
        for kind, build in (("lattice", lattice_edges), ("delaunay", delaunay_edges)):
            rng = np.random.default_rng(n_nodes)
            edges = build(n_nodes, rng)
            weights = np.ceil(30 * rng.lognormal(0.0, 0.5, n_nodes))
            yield Generated(f"{kind}, {n_nodes} nodes, {n_parts} parts", weights, edges, n_parts)


def lattice_edges(n_nodes: int, rng: np.random.Generator) -> np.ndarray:
    """Lay nodes out in rows of 20, each joined to the next and to the one below.

    Examples
    --------
    >>> lattice_edges(22, np.random.default_rng(0))[-2:].tolist()
    [[0, 20], [1, 21]]
    """
    node = np.arange(n_nodes)
    right = node[(node % 20 != 19) & (node + 1 < n_nodes)]
    down = node[node + 20 < n_nodes]
    return np.vstack([np.column_stack([right, right + 1]), np.column_stack([down, down + 20])])


def delaunay_edges(n_nodes: int, rng: np.random.Generator) -> np.ndarray:
    """Join random points of a square as Delaunay's triangles do."""
    triangles = Delaunay(rng.random((n_nodes, 2))).simplices
    pairs = np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]])
    return np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int64)
