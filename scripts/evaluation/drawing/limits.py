"""What a time limit brings: the usual work without one, and 3 and 30 seconds, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.errors import InfeasibleDivision
from gis.geometry.partition import partition_graph
from scripts.evaluation.drawing.generated import Generated, generated_instances
from scripts.evaluation.drawing.judge import Row

LIMITS_S = (None, 3.0, 30.0)


def limit_rows(every: int = 1) -> Iterator[Row]:
    """Divide each instance without a limit and with each limit, and count the cut borders."""
    for instance in list(generated_instances())[::every]:
        for limit_s in LIMITS_S:
            yield _row(instance, limit_s)


def _row(instance: Generated, limit_s: float | None) -> Row:
    """Divide one instance; the division is held against the band and the graph."""
    method = "ours, no limit" if limit_s is None else f"ours, {limit_s:g} s"
    minimum, maximum = instance.band
    edges = instance.edges
    begun = perf_counter()
    try:
        part = partition_graph(
            instance.weights,
            edges,
            np.ones(len(edges)),
            n_parts=instance.n_parts,
            minimum=minimum,
            maximum=maximum,
            time_limit_s=limit_s,
        )
    except InfeasibleDivision as refusal:
        return Row(
            case=instance.name, method=method, final_s=perf_counter() - begun, note=str(refusal)
        )
    loads = np.bincount(part, instance.weights)
    off = np.abs(loads / loads.mean() - 1) * 100
    inside = (loads >= minimum - 1e-6) & (loads <= maximum + 1e-6)
    return Row(
        case=instance.name,
        method=method,
        grids=len(loads),
        max_dev=float(off.max()),
        mean_dev=float(off.mean()),
        in_band=100 * float(loads[inside].sum() / loads.sum()),
        cost=float((part[edges[:, 0]] != part[edges[:, 1]]).sum()),
        final_s=perf_counter() - begun,
        verdict="valid" if inside.all() and is_connected(part, edges) else "invalid",
    )


def is_connected(part: np.ndarray, edges: np.ndarray) -> bool:
    """Tell whether every part is connected."""
    inside = edges[part[edges[:, 0]] == part[edges[:, 1]]]
    net = coo_array((np.ones(len(inside)), inside.T), shape=(len(part),) * 2)
    return connected_components(net, directed=False)[0] == len(np.unique(part))
