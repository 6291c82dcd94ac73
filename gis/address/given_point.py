"""Whether coordinates that came with a text are finer than the text and agree with it. Pure.

A text that names a street, a community or a town and no house says less than a point does. Such a
point stands where the text does not contradict it; a house that is found stands against a point.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

COARSE = ("estate", "intersection", "street", "community", "town")
"""Levels that a point is always finer than."""

CONTRADICTIONS = frozenset(
    {
        "another_street",
        "community_differs",
        "far_from_position",
        "parts_disagree",
        "sources_apart",
        "streets_apart",
        "town_differs",
    }
)
"""Evidence that text and register, or text and point, speak of different places."""

AGREES, SILENT, DIFFERS = 1, 0, -1
"""What the town and community that a text names say of a point."""


def asks_coordinates(found: pd.DataFrame) -> np.ndarray:
    """Say for which answers a point would be finer: coarse ones, unsure ones, and none; (n,) bool.

    Parameters
    ----------
    found
        Columns of `gis.address.answer_rows.COLUMNS`.
    """
    level, status = found["level"], found["status"]
    unsure = (level == "interpolated") & (status == "review")
    return (level.isin(COARSE) | unsure | (level == "none")).to_numpy(bool)


def settles(
    found: pd.DataFrame,
    *,
    is_within: np.ndarray,
    named: np.ndarray,
    has_register: bool,
) -> np.ndarray:
    """Say which points stand against the answer to their text; (n,) bool.

    Parameters
    ----------
    found
        Answers of which `asks_coordinates` is true.
    is_within
        (n,) whether the point lies within the reach of the street or place that the text names.
    named
        (n,) `AGREES`, `SILENT` or `DIFFERS`: whether the point lies in the town and community that
        the text names.
    has_register
        False where no address is known at all: then a text cannot be found, and proves nothing.

    Examples
    --------
    >>> found = pd.DataFrame({"level": ["street"] * 2, "evidence": ["street_only"] * 2})
    >>> within, silent = np.array([True, False]), np.array([SILENT, SILENT])
    >>> settles(found, is_within=within, named=silent, has_register=True).tolist()
    [True, False]
    """
    codes = [set(text.split(";")) for text in found["evidence"]]
    against = np.array([not CONTRADICTIONS.isdisjoint(c) for c in codes], dtype=bool)
    level = found["level"].to_numpy()
    agrees = is_within & (level != "none") | (not has_register)
    agrees |= np.isin(level, ("community", "town", "none")) & (named == AGREES)
    return agrees & ~against & (named != DIFFERS)
