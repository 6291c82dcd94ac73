"""spopt: regions by max-p, by pruning a spanning tree (Skater), and by contiguous k-means.

None of them aims at balance. Max-p takes the minimum as its floor and knows no maximum; the others
take a number of regions only and group by place.

Sources: Wei, Rey, Knaap (2020), doi:10.1080/13658816.2020.1759806; Assunção et al. (2006),
doi:10.1080/13658810600665111.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
from libpysal.weights import W
from spopt.region import MaxPHeuristic, RegionKMeansHeuristic, Skater

from scripts.evaluation.drawing.instance import Instance


def neighbours_of(instance: Instance) -> W:
    """List the neighbours of every block as libpysal wants them."""
    around: dict[int, list[int]] = {node: [] for node in range(instance.n_blocks)}
    for a, b in instance.edges.tolist():
        around[a].append(b)
        around[b].append(a)
    return W(around, silence_warnings=True)


def places_of(instance: Instance) -> gpd.GeoDataFrame:
    """Give the blocks with their middle as attributes x and y."""
    middle = instance.blocks.geometry.centroid
    return instance.blocks[[instance.weight, "geometry"]].assign(x=middle.x, y=middle.y)


def divide_by_max_p(
    instance: Instance, *, n_constructions: int = 10, seed: int = 0
) -> Iterator[np.ndarray]:
    """Make as many regions above the minimum as can be; there is no maximum to give."""
    np.random.seed(seed)  # noqa: NPY002 - spopt draws from the global generator
    model = MaxPHeuristic(
        places_of(instance),
        neighbours_of(instance),
        ["x", "y"],
        instance.weight,
        instance.minimum,
        top_n=2,
        max_iterations_construction=n_constructions,
    )
    model.solve()
    yield np.unique(np.asarray(model.labels_), return_inverse=True)[1]


def divide_by_skater(instance: Instance) -> Iterator[np.ndarray]:
    """Prune the spanning tree of neighbouring blocks to a number of regions."""
    places, neighbours = places_of(instance), neighbours_of(instance)
    for count in instance.counts(3):
        model = Skater(places, neighbours, ["x", "y"], n_clusters=count)
        model.solve()
        yield np.unique(np.asarray(model.labels_), return_inverse=True)[1]


def divide_by_k_means(instance: Instance, *, seed: int = 0) -> Iterator[np.ndarray]:
    """Group blocks round centres, moving only what keeps regions connected."""
    np.random.seed(seed)  # noqa: NPY002 - spopt draws from the global generator
    places, neighbours = places_of(instance), neighbours_of(instance)
    for count in instance.counts(3):
        model = RegionKMeansHeuristic(places[["x", "y"]].to_numpy(), count, neighbours)
        model.solve()
        yield np.unique(np.asarray(model.labels_), return_inverse=True)[1]
