"""Whole numbers from shares: spreading a total exactly, drawing household sizes.

Pure; randomness comes in as a numpy Generator.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray


def spread_total(
    total: int, weights: ArrayLike, *, cap: ArrayLike | None = None
) -> NDArray[np.int64]:
    """Spread a whole number over weights: proportional, capped, largest remainder.

    What a cap cuts off goes to the others in proportion to their weights. Ties of the remainder
    go to the earlier row.

    Parameters
    ----------
    total
        Number to spread, at least 0.
    weights
        (n,) weights, none negative; rows of weight 0 get nothing.
    cap
        Most that a row may get, one number or (n,); None for no cap.

    Returns
    -------
    shares
        (n,) whole numbers with ``shares.sum() == total``.

    Raises
    ------
    ValueError
        The caps together are below the total, or no weight is positive.

    Examples
    --------
    >>> spread_total(10, [1, 1, 1]).tolist(), spread_total(10, [8, 1, 1], cap=4).tolist()
    ([4, 3, 3], [4, 3, 3])
    """
    weight = np.asarray(weights, dtype=float)
    limit = np.full(len(weight), np.inf) if cap is None else np.broadcast_to(cap, weight.shape)
    limit = np.where(weight > 0, limit, 0.0).astype(float)
    if total and limit.sum() < total:
        raise ValueError(f"the caps hold {limit.sum():.0f}, the total is {total}")
    exact = _capped_shares(total, weight, limit)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    rest = total - int(whole.sum())
    room = np.where(whole < limit, exact - whole, -1.0)
    whole[np.argsort(-room, kind="stable")[:rest]] += 1
    return whole


def _capped_shares(
    total: int, weight: NDArray[np.float64], limit: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share proportionally, refilling what the caps cut off until nothing is over."""
    exact = np.zeros(len(weight))
    full = limit <= 0
    while not full.all():
        left = total - exact[full].sum()
        exact[~full] = left * weight[~full] / weight[~full].sum()
        over = ~full & (exact > limit)
        if not over.any():
            break
        exact[over] = limit[over]
        full |= over
    return exact


def cut_into_households(
    people: NDArray[np.int64], rng: Generator, *, size_shares: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut the people of each building into households of drawn sizes.

    Parameters
    ----------
    people
        (n,) people of each building.
    rng
        Source of randomness.
    size_shares
        Share of households of 1, 2, 3 ... people.

    Returns
    -------
    building, size
        (h,) row of the building and number of people of every household; the sizes of a building
        add up to its people.
    """
    shares = np.asarray(size_shares, dtype=float) / np.sum(size_shares)
    total = int(people.sum())
    sizes = rng.choice(np.arange(1, len(shares) + 1), size=total, p=shares)
    ends = np.union1d(np.cumsum(sizes), np.cumsum(people))
    ends = ends[(ends > 0) & (ends <= total)]
    size = np.diff(np.concatenate([[0], ends]))
    building = np.searchsorted(np.cumsum(people), ends, side="left")
    return building, size


def draw_sizes(
    n_households: int, n_people: int, rng: Generator, *, size_shares: ArrayLike
) -> NDArray[np.int64]:
    """Draw household sizes that add up to a given number of people.

    Raises
    ------
    ValueError
        Fewer people than households, or more than the largest size allows.
    """
    largest = len(np.asarray(size_shares))
    if not n_households <= n_people <= largest * n_households:
        raise ValueError(f"{n_people} people do not fit {n_households} households")
    shares = np.asarray(size_shares, dtype=float) / np.sum(size_shares)
    sizes = rng.choice(np.arange(1, largest + 1), size=n_households, p=shares)
    while (gap := n_people - int(sizes.sum())) != 0:
        step = 1 if gap > 0 else -1
        able = np.flatnonzero(sizes < largest if step > 0 else sizes > 1)
        sizes[rng.permutation(able)[: abs(gap)]] += step
    return sizes
