"""What changed between two periods of equal length: by how much, and whether chance explains it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z_95 = 1.959963984540054


def is_beyond_chance(now: ArrayLike, before: ArrayLike) -> NDArray[np.bool_]:
    """Say where two counts differ by more than chance would have it, 95 times of 100.

    Given their sum, the count of one of two equally long periods is binomial with 1/2; its
    normal approximation says that the difference is notable above 1.96 times the root of the
    sum. No correction for looking at many places: a list of changes is a hint, not a finding.
    Under ten events together nothing is notable.

    Parameters
    ----------
    now, before
        (n,) counts; NaN where a count is suppressed.

    Returns
    -------
    notable
        (n,) booleans.

    Examples
    --------
    >>> is_beyond_chance([30, 12, 5], [10, 10, 0]).tolist()
    [True, False, False]
    """
    n, b = np.asarray(now, dtype=float), np.asarray(before, dtype=float)
    total = n + b
    with np.errstate(invalid="ignore"):
        return (np.abs(n - b) > Z_95 * np.sqrt(total)) & (total >= 10)
