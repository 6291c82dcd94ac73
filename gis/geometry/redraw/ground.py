"""What an edit is measured on: blocks as numbers, and the borders between them. Pure.

Everything a browser needs to tell the effect of an edit at once fits into a few arrays; the server
measures on the same ones. Metres throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely

from gis.errors import InvalidInput
from gis.geometry.adjacency import BARRIER_FACTORS, block_graph, border_segments
from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.partition.graph import Graph, build_graph, find_components
from gis.geometry.partition.objective import Objective

MEASURES = ("households", "people", "workload")
"""Columns of the load of a block, in this order."""

KINDS = ("", *BARRIER_FACTORS)
"""What most of a border follows, by number; '' is open ground."""


@dataclass(frozen=True)
class WorkingGround:
    """The blocks of one build as arrays, n blocks and m borders between two of them.

    Parameters
    ----------
    block_id
        (n,) ids of the blocks.
    loads
        (n, 3) households, people, workload.
    area_m2, perimeter_m, outline_m
        (n,) area, length of the whole border, and of the part that no other block shares.
    n_buildings
        (n,) buildings.
    exclusive
        (n,) name of the exclusive grid that a block belongs to, '' for common ground.
    x_m, y_m
        (n,) a point inside each block.
    edges
        (m, 2) rows of two neighbours, the smaller first, sorted.
    shared_m, along_m, strong_m
        (m,) metres of the border between them, of these along any barrier, and along a river, rail
        or motorway.
    kind
        (m,) place in `KINDS` of what most of it follows.
    cost
        (m,) metres weighted by what each follows.
    measure, minimum, maximum
        What the band limits, and the band (inclusive).
    """

    block_id: np.ndarray
    loads: np.ndarray
    area_m2: np.ndarray
    perimeter_m: np.ndarray
    outline_m: np.ndarray
    n_buildings: np.ndarray
    exclusive: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    edges: np.ndarray
    shared_m: np.ndarray
    along_m: np.ndarray
    strong_m: np.ndarray
    kind: np.ndarray
    cost: np.ndarray
    measure: str = "households"
    minimum: float = 300.0
    maximum: float = 500.0

    @property
    def n_blocks(self) -> int:
        """Give the number of blocks."""
        return len(self.block_id)

    @property
    def households(self) -> np.ndarray:
        """(n,) households."""
        return self.loads[:, 0]

    @property
    def weight(self) -> np.ndarray:
        """(n,) what the band limits."""
        return self.loads[:, MEASURES.index(self.measure)]

    @property
    def other_measures(self) -> tuple[str, ...]:
        """Give what is balanced beside the measure of the band."""
        return tuple(name for name in MEASURES[1:] if name != self.measure)

    @cached_property
    def is_common(self) -> np.ndarray:
        """(n,) whether a block belongs to no exclusive grid."""
        return self.exclusive == ""

    @cached_property
    def graph(self) -> Graph:
        """The blocks as the divider takes them, borders at the usual weights of its objective."""
        usual = Objective()
        seek = usual.border * self.cost - usual.straddling * self.strong_m
        others = [MEASURES.index(name) for name in self.other_measures]
        return build_graph(
            self.weight,
            self.edges,
            seek,
            length_m=self.shared_m,
            area_m2=self.area_m2,
            perimeter_m=self.perimeter_m,
            others=self.loads[:, others],
        )

    @cached_property
    def piece(self) -> np.ndarray:
        """(n,) connected piece of the ground that each block lies in."""
        return find_components(self.graph)

    @cached_property
    def common_piece(self) -> np.ndarray:
        """(n,) connected piece of the common ground; exclusive blocks are apart from it."""
        return find_components(self.graph, np.where(self.is_common, 0, 1))

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Row of each block id."""
        return {int(b): row for row, b in enumerate(self.block_id)}


def make_working_ground(
    blocks: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame | None = None,
    *,
    minimum: float,
    maximum: float,
    measure: str = "households",
    exclusive: Mapping[int, str] | None = None,
) -> WorkingGround:
    """Lay blocks and barriers out as arrays.

    Parameters
    ----------
    blocks
        ``block_id``, households, polygons of a clean coverage; ``people``, ``workload`` and
        ``n_buildings`` where known.
    barriers
        Lines with ``kind``.
    minimum, maximum, measure
        The band of a grid, and the column it limits.
    exclusive
        Name of the exclusive grid of a block_id.

    Examples
    --------
    >>> blocks = gpd.GeoDataFrame({"block_id": [7, 8], "households": [30, 40]},
    ...                           geometry=shapely.box([0, 50], 0, [50, 90], 40), crs=32632)
    >>> ground = make_working_ground(blocks, minimum=20, maximum=80)
    >>> ground.edges.tolist(), ground.shared_m.tolist(), ground.outline_m.tolist()
    ([[0, 1]], [40.0], [140.0, 120.0])
    """
    _check(blocks, measure)
    crs = metric_crs_of(blocks)
    blocks = to_metric(blocks, crs)
    shapes = np.asarray(blocks.geometry.array, dtype=object)
    net = block_graph(blocks, barriers=None if barriers is None else to_metric(barriers, crs))
    loads = [blocks[m].fillna(0) if m in blocks else np.zeros(len(blocks)) for m in MEASURES]
    inner = shapely.get_coordinates(shapely.point_on_surface(shapes))
    names = exclusive or {}
    return WorkingGround(
        block_id=blocks["block_id"].to_numpy(np.int64),
        loads=np.column_stack(loads).astype(float).reshape(-1, len(MEASURES)),
        area_m2=shapely.area(shapes),
        perimeter_m=shapely.length(shapes),
        outline_m=_outline(shapes),
        n_buildings=_whole(blocks, "n_buildings"),
        exclusive=np.array([names.get(b, "") for b in blocks["block_id"].tolist()], dtype=object),
        x_m=inner[:, 0],
        y_m=inner[:, 1],
        edges=np.asarray(net.edges, np.int64).reshape(-1, 2),
        shared_m=net.shared_length_m,
        along_m=net.along_barrier_m,
        strong_m=net.along_strong_m,
        kind=np.array([KINDS.index(k) for k in net.barrier], np.int64),
        cost=net.cost,
        measure=measure,
        minimum=float(minimum),
        maximum=float(maximum),
    )


def _check(blocks: gpd.GeoDataFrame, measure: str) -> None:
    if measure not in MEASURES:
        raise InvalidInput(
            "the band cannot limit '{measure}'; expected one of {measures}",
            measure=measure,
            measures=MEASURES,
        )
    for column in ("block_id", "households", measure):
        if column not in blocks.columns:
            raise InvalidInput(
                "blocks have no column '{column}'; they have {columns}",
                column=column,
                columns=list(blocks.columns),
            )


def _whole(blocks: gpd.GeoDataFrame, column: str) -> np.ndarray:
    if column not in blocks:
        return np.zeros(len(blocks), np.int64)
    return blocks[column].fillna(0).to_numpy(np.int64)


def _outline(shapes: np.ndarray) -> np.ndarray:
    """Give the metres of each block's border that no other block shares, corners not counted."""
    shared = border_segments(shapes)
    length_m = shared.length_m
    n = len(shapes)
    met = np.bincount(shared.left, length_m, n) + np.bincount(shared.right, length_m, n)
    rest = shapely.length(shapes) - met
    return np.where(rest > 1e-6 * (1 + shapely.length(shapes)), rest, 0.0)
