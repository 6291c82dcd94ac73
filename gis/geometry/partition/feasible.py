"""What can be said before any search: how many parts are possible, and what rules it out.

Pure. A component is a connected piece of the graph; parts never span two of them here.
"""

from __future__ import annotations

import numpy as np

from gis.errors import InfeasibleDivision, InvalidInput, Message
from gis.geometry.band import Band


def check_arguments(weight: np.ndarray, edges: np.ndarray, band: Band, n_parts: int) -> None:
    """Refuse what is not a graph, weights or a band at all."""
    band.require(empty_parts=True)
    if n_parts < 1:
        raise InvalidInput("n_parts is {n_parts}; ask for at least one part", n_parts=n_parts)
    if len(weight) == 0:
        raise InvalidInput("there is no block to divide")
    wrong = np.flatnonzero(~np.isfinite(weight) | (weight < 0))
    if len(wrong):
        raise InvalidInput(
            "block {number} weighs {weight}; give a number from 0 up",
            number=wrong[0],
            weight=weight[wrong[0]],
        )
    if len(edges) and (edges.min() < 0 or edges.max() >= len(weight)):
        raise InvalidInput(
            "an edge names block {block}; blocks go to {last}",
            block=edges.max(),
            last=len(weight) - 1,
        )


def check_counts(weight: np.ndarray, n_parts: int, band: Band) -> None:
    """Refuse what no division into `n_parts` can meet, whatever the borders."""
    heavy = np.flatnonzero(weight > band.maximum)
    if len(heavy):
        worst = int(heavy[np.argmax(weight[heavy])])
        raise InfeasibleDivision(
            Message(
                "block {block} alone weighs {weight:g}, above the maximum {maximum:g}.",
                block=worst,
                weight=weight[worst],
                maximum=band.maximum,
            ),
            rule="block_above_maximum",
            remedy=Message(
                "Split the block or raise the maximum to {weight:g}.", weight=weight[worst]
            ),
            blocks=heavy.tolist(),
        )
    if n_parts > len(weight):
        raise InfeasibleDivision(
            Message(
                "{n_parts} parts were asked for, but there are only {n_blocks} blocks.",
                n_parts=n_parts,
                n_blocks=len(weight),
            ),
            rule="too_few_blocks",
            remedy=Message("Ask for at most {n_blocks} parts.", n_blocks=len(weight)),
        )
    _check_total(float(weight.sum()), n_parts, band)


def _check_total(total: float, n_parts: int, band: Band) -> None:
    fewest, most = band.counts(total)
    if fewest <= n_parts <= most:
        return
    rule = "between_bands" if fewest > most else "too_few" if n_parts > most else "too_many"
    if n_parts > most:
        says = Message(
            "{n_parts} parts of at least {minimum:g} need {needed:g}, but the total is {total:g}.",
            n_parts=n_parts,
            minimum=band.minimum,
            needed=n_parts * band.minimum,
            total=total,
        )
        change = Message("lower the minimum to {limit:g}", limit=total / n_parts)
    else:
        says = Message(
            "{n_parts} parts of at most {maximum:g} hold {held:g}, but the total is {total:g}.",
            n_parts=n_parts,
            maximum=band.maximum,
            held=n_parts * band.maximum,
            total=total,
        )
        change = Message("raise the maximum to {limit:g}", limit=total / n_parts)
    ways = Message(
        "Ask for {fewest} to {most} parts, or {change}.", fewest=fewest, most=most, change=change
    )
    if fewest > most:
        ways = Message("No number of parts fits; {change}.", change=change)
    raise InfeasibleDivision(says, rule=rule, remedy=ways)


def apportion_parts(weights: np.ndarray, n_parts: int, band: Band, sizes: np.ndarray) -> np.ndarray:
    """Share `n_parts` among components, each within its own bounds, evenly by weight.

    Raises
    ------
    InfeasibleDivision
        A component fits no number of parts, or the sum of the bounds leaves `n_parts` out.

    Examples
    --------
    >>> apportion_parts(np.array([800.0, 1600.0]), 6, Band(300, 500), np.array([9, 20]))
    array([2, 4])
    """
    bounds = component_bounds(weights, band, sizes)
    stuck = np.flatnonzero(bounds[:, 0] > bounds[:, 1])
    if len(stuck):
        raise InfeasibleDivision(
            Message(
                "the separate piece {piece} weighs {weight:g}, which no number of "
                "parts of {minimum:g}-{maximum:g} can make up.",
                piece=stuck[0],
                weight=weights[stuck[0]],
                minimum=band.minimum,
                maximum=band.maximum,
            ),
            rule="component",
            remedy=Message("Join it to the rest (a bridge), or widen the band."),
            blocks=stuck.tolist(),
        )
    if not bounds[:, 0].sum() <= n_parts <= bounds[:, 1].sum():
        raise InfeasibleDivision(
            Message(
                "the separate pieces need {fewest} to {most} parts together, not {n_parts}.",
                fewest=bounds[:, 0].sum(),
                most=bounds[:, 1].sum(),
                n_parts=n_parts,
            ),
            rule="component",
            remedy=Message(
                "Ask for {fewest} to {most} parts.",
                fewest=bounds[:, 0].sum(),
                most=bounds[:, 1].sum(),
            ),
        )
    return share_evenly(weights, bounds, n_parts)


def component_bounds(weights: np.ndarray, band: Band, sizes: np.ndarray) -> np.ndarray:
    """Give the fewest and the most parts of components of some weights and numbers of nodes.

    Examples
    --------
    >>> component_bounds(np.array([800.0, 1600.0]), Band(300, 500), np.array([9, 4])).tolist()
    [[2, 2], [4, 4]]
    """
    bounds = np.array([band.counts(float(w)) for w in weights])
    bounds[:, 1] = np.minimum(bounds[:, 1], sizes)
    return bounds


def share_evenly(weights: np.ndarray, bounds: np.ndarray, n_parts: int) -> np.ndarray:
    """Share `n_parts` within bounds that allow them: each more where parts are heaviest.

    Examples
    --------
    >>> share_evenly(np.array([900.0, 900.0]), np.array([[2, 3], [2, 3]]), 5)
    array([3, 2])
    """
    counts = bounds[:, 0].copy()
    for _ in range(n_parts - counts.sum()):
        load = np.where(counts < bounds[:, 1], weights / counts, -1.0)
        counts[np.argmax(load)] += 1
    return counts
