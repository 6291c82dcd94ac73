"""A file that comes again: which of its rows are stored already, and which of those have changed.

Rows are known by what the source calls them (a reference, a number, a code); rows without such a
name by what they are. Each kind says what it is known by, in the order in which it is asked: the
same content first, so that numbers given anew to the same things change no more than the numbers.
Pure; shapes come as class numbers in the column ``shape`` (see `gis.geometry.same_shape`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from gis.domain.kinds import KINDS, Identity


@dataclass(frozen=True)
class Matches:
    """Which stored row each delivered row is.

    Parameters
    ----------
    stored
        (m,) position of the stored row, -1 for new rows.
    by_name
        (m,) bool: known by its name alone, so it may turn out to be another thing.
    changed
        By column, (m,) bool: the row is known and says something else there.
    """

    stored: np.ndarray
    by_name: np.ndarray
    changed: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def is_new(self) -> np.ndarray:
        """(m,) bool."""
        return self.stored < 0

    @property
    def is_changed(self) -> np.ndarray:
        """(m,) bool."""
        none = np.zeros(len(self.stored), dtype=bool)
        return np.logical_or.reduce([none, *self.changed.values()])


def match_rows(
    kind: str, stored: pd.DataFrame, delivered: pd.DataFrame, columns: Sequence[str]
) -> Matches:
    """Find the stored row that each delivered row is, and what it says otherwise.

    Parameters
    ----------
    kind
        A key of `gis.domain.kinds.KINDS`, with identities.
    stored, delivered
        Rows with the columns of the kind, values of the same types, nothing where nothing is
        said; rows that are alike on both sides are paired in their order.
    columns
        What the file says something about; only this is compared.

    Examples
    --------
    >>> stored = pd.DataFrame({"reference": ["a", "b", None], "shape": [1, 2, 3], "levels": [5, 5, 5]})
    >>> given = pd.DataFrame({"reference": ["b", None, "c"], "shape": [4, 3, 9], "levels": [5, 6, 5]})
    >>> found = match_rows("buildings", stored, given, ["reference", "shape", "levels"])
    >>> found.stored.tolist(), found.is_changed.tolist()
    ([1, 2, -1], [True, True, False])
    """  # noqa: E501
    said = [c for c in columns if c in stored and c in delivered]
    codes = {c: _codes(stored[c], delivered[c]) for c in said}
    found = np.full(len(delivered), -1, dtype=np.int64)
    by_name = np.zeros(len(delivered), dtype=bool)
    free = np.ones(len(stored), dtype=bool)
    for way in _ways(kind, said):
        rows, owners = _pair(way, codes, np.flatnonzero(free), np.flatnonzero(found < 0))
        found[rows], free[owners] = owners, False
        by_name[rows] = way.is_name and way.columns == way.columns[:1]
    known = np.flatnonzero(found >= 0)
    changed = {}
    for column, (of_stored, of_delivered) in codes.items():
        differs = np.zeros(len(delivered), dtype=bool)
        differs[known] = of_stored[found[known]] != of_delivered[known]
        if column == KINDS[kind].own_name:
            differs &= of_delivered >= 0
        changed[column] = differs
    return Matches(found, by_name, changed)


def _ways(kind: str, said: list[str]) -> list[Identity]:
    """Give the ways to know a row again that a file with these columns allows; all of it first."""
    ways = [Identity(tuple(said))] if said else []
    for way in KINDS[kind].identities:
        columns = tuple(c for c in way.columns if c in said)
        if columns and set(way.needs) <= set(said):
            ways.append(Identity(columns, way.needs, way.is_name, way.lone))
    return ways


def _codes(stored: pd.Series, delivered: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Give the values of a column on both sides as numbers; nothing is number -1."""
    both = pd.concat([stored, delivered], ignore_index=True)
    codes, _ = pd.factorize(both)
    return codes[: len(stored)], codes[len(stored) :]


def _pair(
    way: Identity, codes: dict[str, tuple], free: np.ndarray, waiting: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pair delivered rows with stored ones that are alike in one way."""
    sides = []
    for side, rows in enumerate((free, waiting)):
        table = pd.DataFrame({c: codes[c][side][rows] for c in way.columns})
        table["row"] = rows
        for column in way.needs:
            table = table[table[column] >= 0]
        alike = table.groupby(list(way.columns), sort=False)
        table["nth"] = alike.cumcount()
        table["n"] = alike["row"].transform("size")
        sides.append(table)
    pairs = sides[0].merge(sides[1], on=[*way.columns, "nth"], suffixes=("_stored", "_delivered"))
    if way.lone:
        pairs = pairs[(pairs["n_stored"] == 1) & (pairs["n_delivered"] == 1)]
    return pairs["row_delivered"].to_numpy(), pairs["row_stored"].to_numpy()
