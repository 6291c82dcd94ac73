"""One problem to solve: blocks with a weight, costs of borders, the band, the number of grids.

Every method is given the same instance, so that the figures can stand side by side.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from gis.geometry.adjacency import SHORTEST_BORDER_M, block_graph
from gis.geometry.borders import shared_lengths


@dataclass(frozen=True)
class Instance:
    """Blocks to divide and the rules to divide them by.

    Parameters
    ----------
    name
        What the row of the table is called.
    blocks
        ``block_id`` (0 to n-1, the node numbers), the weight column, polygons in metres.
    weight, minimum, maximum, target
        Column that the band limits, the band, and the usual size.
    edges, cost
        (m, 2) rows of neighbours, and (m,) what a border between them costs.
    n_grids
        Number of grids where the case fixes it.
    barriers, buildings, boundary
        What the checker holds the borders against, where the case has it.
    known_cost
        Cost of a division known to exist.
    """

    name: str
    blocks: gpd.GeoDataFrame
    weight: str
    minimum: float
    maximum: float
    target: float
    edges: np.ndarray
    cost: np.ndarray
    n_grids: int | None = None
    barriers: gpd.GeoDataFrame | None = None
    buildings: gpd.GeoDataFrame | None = None
    boundary: shapely.Geometry | None = None
    known_cost: float | None = None

    @property
    def weights(self) -> np.ndarray:
        """(n,) weight of each block."""
        return self.blocks[self.weight].to_numpy(float)

    @property
    def n_blocks(self) -> int:
        """Number of blocks."""
        return len(self.blocks)

    def counts(self, most: int | None = None) -> list[int]:
        """List the numbers of grids to try: feasible by the total, nearest the target first.

        Where no number is feasible, the one nearest the target, so that a method can do its best.
        """
        if self.n_grids is not None:
            return [self.n_grids]
        total = float(self.weights.sum())
        fewest = max(1, math.ceil(total / self.maximum - 1e-9))
        largest = min(self.n_blocks, math.floor(total / self.minimum + 1e-9))
        every = sorted(range(fewest, largest + 1), key=lambda k: (abs(total / k - self.target), k))
        nearest = min(max(1, round(total / self.target)), self.n_blocks)
        return every[:most] if every else [nearest]

    def digest(self) -> str:
        """Give a name that changes with anything a solver is told."""
        parts = (self.weights, self.edges, self.cost, [self.minimum, self.maximum])
        text = b"".join(np.ascontiguousarray(part, float).tobytes() for part in parts)
        return hashlib.sha256(text + str(self.n_grids).encode()).hexdigest()[:16]


def instance_by_length(name: str, blocks: gpd.GeoDataFrame, **rules: object) -> Instance:
    """Make an instance whose borders cost their length in metres."""
    edges, length = shared_lengths(blocks.geometry.to_numpy())
    near = length > SHORTEST_BORDER_M
    return Instance(name, blocks, edges=edges[near], cost=length[near], **rules)


def instance_by_barriers(
    name: str, blocks: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, **rules: object
) -> Instance:
    """Make an instance whose borders cost their length times a factor of what they follow."""
    graph = block_graph(blocks, barriers=barriers)
    return Instance(name, blocks, edges=graph.edges, cost=graph.cost, barriers=barriers, **rules)


def numbered(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give blocks their row number, 0 to n-1, as block_id."""
    return blocks.reset_index(drop=True).assign(block_id=np.arange(len(blocks)))
