"""How much of a former division a new one keeps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd


def measure_stability(
    grid_of: pd.Series, weight: np.ndarray, previous: Mapping | pd.Series | None
) -> dict[str, float]:
    """Measure the share of weight and of grid numbers that stay; nothing without a former one.

    Parameters
    ----------
    grid_of
        Grid number by block_id, (n,).
    weight
        (n,) weight of the same blocks. Blocks that were in no grid before are left out.
    previous
        Grid number of each block_id before.

    Examples
    --------
    >>> measure_stability(pd.Series({1: 1, 2: 1, 3: 3}), np.array([6, 3, 1]), {1: 1, 2: 2, 3: 3})
    {'households_kept_share': 0.7, 'numbers_kept_share': 0.6666666666666666}
    """
    if previous is None:
        return {}
    before = grid_of.index.to_series().map(pd.Series(dict(previous), dtype=object)).to_numpy()
    known = ~pd.isna(before)
    stays = known & (before == grid_of.to_numpy())
    total, old = float(weight[known].sum()), set(before[known])
    kept = old & set(grid_of)
    return {
        "households_kept_share": float(weight[stays].sum()) / total if total > 0 else 1.0,
        "numbers_kept_share": len(kept) / len(old) if old else 1.0,
    }
