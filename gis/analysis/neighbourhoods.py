"""Neighbours of areas as a sparse matrix of ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

Neighbours = Sequence[Sequence[int]]
"""For each area the row numbers of its neighbours, itself left out."""


def with_itself(neighbours: Neighbours) -> sparse.csr_array:
    """Give the (n, n) matrix whose row has a one for an area itself and for each neighbour.

    Examples
    --------
    >>> with_itself([[1], [0, 2], [1], []]).toarray().astype(int).tolist()
    [[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]]
    """
    n = len(neighbours)
    counts = [len(row) for row in neighbours]
    rows = np.concatenate([np.repeat(np.arange(n), counts), np.arange(n)])
    columns = np.concatenate([*(np.asarray(row, dtype=int) for row in neighbours), np.arange(n)])
    ones = np.ones(len(rows))
    matrix = sparse.coo_array((ones, (rows, columns)), shape=(n, n)).tocsr()
    matrix.data[:] = 1.0
    return matrix
