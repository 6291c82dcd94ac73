"""What can be said before any search: how many parts are possible, and what rules it out.

Pure. A component is a connected piece of the graph; parts never span two of them here.
"""

from __future__ import annotations

import math

import numpy as np

from gis.errors import InfeasibleDivision, InvalidInput

ROUNDING = 1e-9


def count_bounds(weight: float, minimum: float, maximum: float) -> tuple[int, int]:
    """Give the fewest and the most parts of a total weight; fewest > most means none is possible.

    Examples
    --------
    >>> count_bounds(2000, 300, 500), count_bounds(550, 300, 500), count_bounds(40, 300, 500)
    ((4, 6), (2, 1), (1, 0))
    """
    fewest = max(1, math.ceil(weight / maximum - ROUNDING))
    most = math.floor(weight / minimum + ROUNDING) if minimum > 0 else 10**9
    return fewest, most


def check_arguments(
    weight: np.ndarray, edges: np.ndarray, minimum: float, maximum: float, n_parts: int
) -> None:
    """Refuse what is not a graph, weights or a band at all."""
    if not (0 <= minimum <= maximum and maximum > 0):
        raise InvalidInput(
            f"the band {minimum:g}-{maximum:g} is not one: give 0 <= minimum <= maximum"
        )
    if n_parts < 1:
        raise InvalidInput(f"n_parts is {n_parts}; ask for at least one part")
    if len(weight) == 0:
        raise InvalidInput("there is no block to divide")
    wrong = np.flatnonzero(~np.isfinite(weight) | (weight < 0))
    if len(wrong):
        raise InvalidInput(f"block {wrong[0]} weighs {weight[wrong[0]]}; give a number from 0 up")
    if len(edges) and (edges.min() < 0 or edges.max() >= len(weight)):
        raise InvalidInput(f"an edge names block {edges.max()}; blocks go to {len(weight) - 1}")


def check_counts(weight: np.ndarray, n_parts: int, minimum: float, maximum: float) -> None:
    """Refuse what no division into `n_parts` can meet, whatever the borders."""
    heavy = np.flatnonzero(weight > maximum)
    if len(heavy):
        worst = int(heavy[np.argmax(weight[heavy])])
        raise InfeasibleDivision(
            f"block {worst} alone weighs {weight[worst]:g}, above the maximum {maximum:g}.",
            rule="block_above_maximum",
            remedy=f"Split the block or raise the maximum to {weight[worst]:g}.",
            blocks=heavy.tolist(),
        )
    if n_parts > len(weight):
        raise InfeasibleDivision(
            f"{n_parts} parts were asked for, but there are only {len(weight)} blocks.",
            rule="too_few_blocks",
            remedy=f"Ask for at most {len(weight)} parts.",
        )
    _check_total(float(weight.sum()), n_parts, minimum, maximum)


def _check_total(total: float, n_parts: int, minimum: float, maximum: float) -> None:
    fewest, most = count_bounds(total, minimum, maximum)
    if fewest <= n_parts <= most:
        return
    rule = "between_bands" if fewest > most else "too_few" if n_parts > most else "too_many"
    if n_parts > most:
        says = f"{n_parts} parts of at least {minimum:g} need {n_parts * minimum:g}"
        remedy = f"lower the minimum to {total / n_parts:g}"
    else:
        says = f"{n_parts} parts of at most {maximum:g} hold {n_parts * maximum:g}"
        remedy = f"raise the maximum to {total / n_parts:g}"
    ways = f"Ask for {fewest} to {most} parts, or {remedy}."
    if fewest > most:
        ways = f"No number of parts fits; {remedy}."
    raise InfeasibleDivision(f"{says}, but the total is {total:g}.", rule=rule, remedy=ways)


def apportion_parts(
    weights: np.ndarray, n_parts: int, minimum: float, maximum: float, sizes: np.ndarray
) -> np.ndarray:
    """Share `n_parts` among components, each within its own bounds, evenly by weight.

    Raises
    ------
    InfeasibleDivision
        A component fits no number of parts, or the sum of the bounds leaves `n_parts` out.

    Examples
    --------
    >>> apportion_parts(np.array([800.0, 1600.0]), 6, 300, 500, np.array([9, 20]))
    array([2, 4])
    """
    bounds = np.array([count_bounds(w, minimum, maximum) for w in weights])
    bounds[:, 1] = np.minimum(bounds[:, 1], sizes)
    stuck = np.flatnonzero(bounds[:, 0] > bounds[:, 1])
    if len(stuck):
        raise InfeasibleDivision(
            f"the separate piece {stuck[0]} weighs {weights[stuck[0]]:g}, which no number of parts "
            f"of {minimum:g}-{maximum:g} can make up.",
            rule="component",
            remedy="Join it to the rest (a bridge), or widen the band.",
            blocks=stuck.tolist(),
        )
    if not bounds[:, 0].sum() <= n_parts <= bounds[:, 1].sum():
        raise InfeasibleDivision(
            f"the separate pieces need {bounds[:, 0].sum()} to {bounds[:, 1].sum()} parts "
            f"together, not {n_parts}.",
            rule="component",
            remedy=f"Ask for {bounds[:, 0].sum()} to {bounds[:, 1].sum()} parts.",
        )
    counts = bounds[:, 0].copy()
    for _ in range(n_parts - counts.sum()):
        load = np.where(counts < bounds[:, 1], weights / counts, -1.0)
        counts[np.argmax(load)] += 1
    return counts
