"""Pieces of a community that do not touch: which of them must share grids, and across which gap.

Pure; shapes in metres. A piece that fits a number of grids by itself stays by itself; one that does
not (an exclave with few households) is bridged to the nearest piece.
"""

from __future__ import annotations

import numpy as np
import shapely

from gis.geometry.band import Band

N_BRIDGES = 5
HOLD_TOGETHER = 100.0


def bridge_pieces(
    shapes: np.ndarray, weight: np.ndarray, piece: np.ndarray, band: Band
) -> np.ndarray:
    """Give the (b, 2) pairs of blocks to link so that every group of pieces fits some number.

    Examples
    --------
    >>> shapes = shapely.box([0, 1, 5], 0, [1, 2, 6], 1)
    >>> weight, piece = np.array([300.0, 300, 20]), np.array([0, 0, 1])
    >>> bridge_pieces(shapes, weight, piece, Band(300, 500)).tolist()
    [[2, 1], [2, 0]]
    """
    group = piece.copy()
    bridges: list[tuple[int, int]] = []
    while group.max() > 0:
        totals = np.bincount(group, weight)
        bounds = np.array([band.counts(total) for total in totals])
        stuck = np.flatnonzero(bounds[:, 0] > bounds[:, 1])
        if not len(stuck):
            break
        small = int(stuck[np.argmin(totals[stuck])])
        links = _nearest_pairs(shapes, np.flatnonzero(group == small), group)
        bridges += links
        group[group == small] = group[links[0][1]]
        group = np.unique(group, return_inverse=True)[1]
    return np.array(bridges, np.int64).reshape(-1, 2)


def _nearest_pairs(
    shapes: np.ndarray, inside: np.ndarray, group: np.ndarray
) -> list[tuple[int, int]]:
    """Link the nearest block of a group with the nearest few blocks of the nearest other group."""
    outside = np.flatnonzero(group != group[inside[0]])
    here, there = shapely.STRtree(shapes[outside]).query_nearest(shapes[inside], all_matches=False)
    gap = shapely.distance(shapes[inside[here]], shapes[outside[there]])
    nearest = int(np.argmin(gap))
    own, other = inside[here[nearest]], outside[there[nearest]]
    same = np.flatnonzero(group == group[other])
    away = shapely.distance(shapes[own], shapes[same])
    order = np.lexsort((same != other, away))[:N_BRIDGES]
    return [(int(own), int(b)) for b in same[order]]


def choose_count(weight: float, n_nodes: int, band: Band, target: float) -> int:
    """Choose the number of grids nearest to the target size, or the one least outside the band.

    Examples
    --------
    >>> [choose_count(h, 99, Band(300, 500), 400) for h in (40, 550, 560, 2000)]
    [1, 1, 2, 5]
    """
    fewest, most = band.counts(weight)
    if fewest <= most:
        return int(min(max(round(weight / target), fewest), most, n_nodes))
    low, high = max(most, 1), fewest
    excess = weight - low * band.maximum if weight > low * band.maximum else 0.0
    lack = high * band.minimum - weight
    below = low * band.minimum - weight
    if below > 0 or excess <= lack:
        return low
    return min(high, n_nodes)
