"""What a division is judged by, and how much each term weighs.

Pure. The band is never traded for anything: a division less outside the band is always better.
Among equals the least sum of the terms wins. One unit of every term is the border cost of a usual
grid, so weights can be compared: a term of 1.0 counts as much as the whole border of one grid.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from gis.errors import InvalidInput
from gis.geometry.band import Band
from gis.geometry.partition.graph import Graph
from gis.geometry.partition.score import FOUR_PI, Terms, sum_parts


@dataclass(frozen=True)
class Objective:
    """Weights of the terms of a division, each from 0 up.

    Parameters
    ----------
    border
        Border between grids: metres times the factor of what each metre follows.
    balance, balance_people, balance_workload
        Squared deviation of a grid from the mean, of the column to balance and of ``people`` and
        ``workload`` where the blocks have them: 1.0 is charged for a grid with nothing in it.
    compactness
        1 - Polsby-Popper of a grid.
    stability
        Share of a usual grid's households that leave the grid of the previous plan.
    straddling
        Metres of river, rail or motorway inside a grid, charged like open border; it also makes
        borders along them worth seeking.

    Examples
    --------
    >>> Objective(compactness=4.0).balance
    5.0
    """

    border: float = 1.0
    balance: float = 5.0
    balance_people: float = 1.0
    balance_workload: float = 1.0
    compactness: float = 1.0
    stability: float = 3.0
    straddling: float = 0.05

    def __post_init__(self) -> None:
        for term in fields(self):
            value = getattr(self, term.name)
            if not (np.isfinite(value) and value >= 0):
                raise InvalidInput(
                    "the weight of '{term}' is {value}; give a number from 0 up",
                    term=term.name,
                    value=value,
                )

    def of_measures(self, measures: tuple[str, ...]) -> np.ndarray:
        """Give the balance weights of further measures, in their order."""
        return np.array([getattr(self, f"balance_{m}") for m in measures], float)


LOCKED = 1e15
"""What it would cost to move a locked block."""

MEASURES = ("people", "workload")
"""Columns balanced beside the one the band limits, where the blocks have them."""


def build_terms(
    graph: Graph,
    objective: Objective,
    n_parts: int,
    band: Band,
    *,
    unit: float,
    mean: float | None = None,
    measures: tuple[str, ...] = (),
) -> Terms:
    """Scale the weights of an objective for one graph and number of parts.

    Parameters
    ----------
    unit
        Border cost of a usual grid; every other term is multiplied by it.
    mean
        Weight each part should have; an even share unless given.
    """
    mean = max(float(graph.weight.sum()) / n_parts if mean is None else mean, 1e-9)
    means = np.maximum(graph.others.sum(axis=0) / n_parts, 1e-9)
    return Terms(
        n_parts=n_parts,
        minimum=float(band.minimum),
        maximum=float(band.maximum),
        mean=mean,
        balance=objective.balance * unit / mean**2,
        compactness=objective.compactness * unit,
        other_mean=means,
        other_balance=objective.of_measures(measures) * unit / means**2,
    )


def measure_terms(
    graph: Graph,
    terms: Terms,
    part: np.ndarray,
    *,
    border_cost: np.ndarray,
    strong_m: np.ndarray,
    moved: np.ndarray,
    objective: Objective,
    measures: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Report every term of every part, with the weight outside the band.

    Parameters
    ----------
    terms
        As `build_terms` gives them for a unit of 1.
    border_cost, strong_m
        (2 m,) cost and metres along strong barriers of each half edge, over the unit.
    moved
        (n,) whether the node left the grid it was in.
    """
    totals = sum_parts(graph, part, terms.n_parts)
    n = terms.n_parts
    cut = part[graph.source] != part[graph.neighbour]
    own = part[graph.source]
    table = pd.DataFrame(index=pd.RangeIndex(n))
    table["out_of_band"] = np.maximum.reduce(
        [np.zeros(n), terms.minimum - totals[0], totals[0] - terms.maximum]
    )
    half = 0.5 * objective.border
    table["border"] = half * np.bincount(own[cut], border_cost[cut], n)
    table["balance"] = terms.balance * (totals[0] - terms.mean) ** 2
    for row, measure in enumerate(measures):
        off = totals[3 + row] - terms.other_mean[row]
        table[f"balance_{measure}"] = terms.other_balance[row] * off**2
    if terms.compactness > 0:
        perimeter = np.maximum(totals[2], 1e-9)
        shape = np.where(totals[2] > 0, FOUR_PI * totals[1] / perimeter**2, 0.0)
        table["compactness"] = terms.compactness * (1 - shape)
    left = np.bincount(part[moved], graph.weight[moved], n)
    table["stability"] = objective.stability * left / terms.mean
    held = 0.5 * objective.straddling
    table["straddling"] = held * np.bincount(own[~cut], strong_m[~cut], n)
    return table
