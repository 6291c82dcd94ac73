"""What a planner may favour when grids are drawn, in words instead of weights."""

from __future__ import annotations

from dataclasses import replace

from gis.errors import InvalidInput
from gis.geometry.partition.objective import Objective

FAVOURED = {
    "balance": ("balance", "balance_people", "balance_workload"),
    "borders": ("border", "straddling"),
    "compactness": ("compactness",),
    "stability": ("stability",),
}
"""Each wish with the terms of the objective that count more for it."""

FACTOR = 4.0


def favour_terms(favour: str | None) -> Objective:
    """Give the usual weights of the objective with those of one wish multiplied.

    Raises
    ------
    InvalidInput
        There is no such wish.

    Examples
    --------
    >>> favour_terms("compactness").compactness / favour_terms(None).compactness
    4.0
    """
    usual = Objective()
    if favour is None:
        return usual
    if not isinstance(favour, str) or favour not in FAVOURED:
        raise InvalidInput(
            "cannot favour “{favour}”; expected one of {favoured}",
            favour=favour,
            favoured=", ".join(FAVOURED),
        )
    return replace(usual, **{term: FACTOR * getattr(usual, term) for term in FAVOURED[favour]})
