"""METIS, a multilevel graph partitioner, through pymetis.

It knows a balance factor and a wish for connected parts, not a band. It is given what it can take:
the weights, the border costs, the number of parts, and many seeds and balance factors, of which the
best division by our own ranking counts.

Source: Karypis, Kumar (1998), doi:10.1137/S1064827595287997.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pymetis

from scripts.evaluation.drawing.instance import Instance
from scripts.evaluation.drawing.score import count_pieces

LARGEST_SUM = 2**30
BALANCE_FACTORS = (30, 10, 3, 50, 20, 5)


def divide_by_metis(instance: Instance, *, n_runs: int = 1) -> Iterator[np.ndarray]:
    """Give the divisions of `n_runs` for each of the three numbers of grids nearest the target."""
    for options in settings(n_runs):
        for count in instance.counts(3 if n_runs > 1 else 1):
            yield part_once(instance, count, **options)


def settings(n_runs: int) -> Iterator[dict]:
    """List what is tried: seeds and balance factors k-way, every fourth by bisection."""
    for run in range(n_runs):
        factor = BALANCE_FACTORS[run % len(BALANCE_FACTORS)]
        yield {"seed": run, "ufactor": factor, "recursive": run % 4 == 3}


def part_once(
    instance: Instance, count: int, *, seed: int, ufactor: int, recursive: bool
) -> np.ndarray:
    """Run METIS once.

    It takes the wish for connected parts for k-way cuts of connected ground only.
    """
    if count == 1:
        return np.zeros(instance.n_blocks, np.int64)
    starts, targets, costs = compressed_rows(instance)
    whole = count_pieces(instance, np.zeros(instance.n_blocks, np.int64)) == 1
    contig = int(whole and not recursive)
    return np.array(
        pymetis.part_graph(
            count,
            adjacency=pymetis.CSRAdjacency(starts, targets),
            vweights=whole_numbers(instance.weights, 0),
            eweights=whole_numbers(costs, 1),
            recursive=recursive,
            options=pymetis.Options(contig=contig, seed=seed, ufactor=ufactor),
        )[1],
        np.int64,
    )


def compressed_rows(instance: Instance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lay the edges out as METIS wants them: row starts, neighbours, costs."""
    source, target = np.concatenate([instance.edges, instance.edges[:, ::-1]]).T
    order = np.lexsort((target, source))
    counts = np.bincount(source, minlength=instance.n_blocks)
    starts = np.concatenate([[0], np.cumsum(counts)])
    both = np.concatenate([instance.cost, instance.cost])
    return starts.astype(np.int32), target[order].astype(np.int32), both[order]


def whole_numbers(values: np.ndarray, least: int) -> np.ndarray:
    """Scale to whole numbers whose sum METIS can hold in 32 bits."""
    scale = min(1000.0, LARGEST_SUM / max(float(values.sum()), 1e-9))
    return np.maximum(np.round(values * scale), least).astype(np.int32)
