"""Splitting a building too large for one grid by its entrances (单元)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gis.geometry.band import Band


def offer_split(entrances: Mapping[str, float], band: Band) -> list[tuple[tuple[str, ...], float]]:
    """Group neighbouring entrances into as few even grids as the band allows.

    Entrances are taken in the order of their numbers. The heaviest group is as light as it can be.

    Returns
    -------
    The entrances and the weight of each group; nothing where no such grouping is within the band.

    Examples
    --------
    >>> offer_split({"1": 210, "2": 220, "10": 230, "3": 200}, Band(300, 500))
    [(('1', '2'), 430), (('3', '10'), 430)]
    >>> offer_split({"1": 800, "2": 10}, Band(300, 500))
    []
    """
    names = sorted(entrances, key=_by_number)
    loads = [entrances[name] for name in names]
    total = sum(loads)
    for n_groups in range(2, len(names) + 1):
        if not n_groups * band.minimum <= total <= n_groups * band.maximum:
            continue
        cuts = _even_cuts(loads, n_groups)
        groups = [
            (tuple(names[a:b]), sum(loads[a:b])) for a, b in zip(cuts[:-1], cuts[1:], strict=True)
        ]
        if all(band.holds(load) for _, load in groups):
            return groups
    return []


def _by_number(name: str) -> tuple:
    return tuple(
        (0, int(piece), "") if piece.isdigit() else (1, 0, piece)
        for piece in re.findall(r"\d+|\D+", str(name))
    )


def _even_cuts(loads: list[float], n_groups: int) -> list[int]:
    """Cut a row of loads into groups so that the squares of their sums are least."""
    n = len(loads)
    upto = [0.0]
    for load in loads:
        upto.append(upto[-1] + load)
    best = [[float("inf")] * (n + 1) for _ in range(n_groups + 1)]
    came = [[0] * (n + 1) for _ in range(n_groups + 1)]
    best[0][0] = 0.0
    for group in range(1, n_groups + 1):
        for end in range(group, n + 1):
            for begin in range(group - 1, end):
                cost = best[group - 1][begin] + (upto[end] - upto[begin]) ** 2
                if cost < best[group][end]:
                    best[group][end], came[group][end] = cost, begin
    cuts = [n]
    for group in range(n_groups, 0, -1):
        cuts.append(came[group][cuts[-1]])
    return cuts[::-1]
