"""What is odd about a grid, as a rule and a reason in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.geometry.partition.feasible import count_bounds
from gis.geometry.quality import DivisionQuality

THIN = 0.15


@dataclass(frozen=True)
class Flag:
    """One thing a planner should know about a grid."""

    grid: int
    rule: str
    reason: str


def explain_grids(
    quality: DivisionQuality,
    weight: np.ndarray,
    grid: np.ndarray,
    *,
    minimum: float,
    maximum: float,
    word: str,
) -> tuple[Flag, ...]:
    """List what is odd about each grid.

    Parameters
    ----------
    weight, grid
        (n,) weight and grid number of each block.
    word
        What the weight counts, for the sentences.
    """
    total = float(weight.sum())
    flags: list[Flag] = []
    for number, row in quality.grids.iterrows():
        largest = float(weight[grid == number].max())
        if total == 0:
            says = f"There are no {word} in this community; it is one grid."
            flags.append(Flag(int(number), "no_households", says))
        elif largest > maximum:
            says = f"One block alone has {largest:g} {word}, above the maximum of {maximum:g}."
            flags.append(Flag(int(number), "oversize", says))
        elif not row["in_band"]:
            flags.append(_out_of_band(int(number), row["weight"], total, minimum, maximum, word))
        if row["n_parts"] > 1:
            says = f"The grid has {row['n_parts']:.0f} parts, because the community has exclaves."
            flags.append(Flag(int(number), "several_parts", says))
        if row["compactness"] < THIN:
            says = f"The grid is long or ragged (compactness {row['compactness']:.2f})."
            flags.append(Flag(int(number), "thin", says))
    return tuple(flags)


def _out_of_band(
    number: int, weight: float, total: float, minimum: float, maximum: float, word: str
) -> Flag:
    """Say why a grid lies outside the band."""
    rule = "below_minimum" if weight < minimum else "above_maximum"
    limit = minimum if weight < minimum else maximum
    says = f"The grid has {weight:g} {word}, {rule.replace('_', ' ')} {limit:g}: "
    fewest, most = count_bounds(total, minimum, maximum)
    if total < minimum:
        says += f"the whole community has only {total:g}."
    elif fewest > most:
        says += f"no number of grids of {minimum:g}-{maximum:g} can make up {total:g}."
    else:
        says += "no division of these blocks inside the band was found; this one is the nearest."
    return Flag(number, rule, says)
