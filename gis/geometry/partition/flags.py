"""What is odd about a grid: a rule, the figures behind it, and a reason in words.

Figures are what other languages are worded from; the reason is the same in English.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from gis.errors import Message
from gis.geometry.band import Band
from gis.geometry.quality import DivisionQuality

THIN = 0.15


@dataclass(frozen=True)
class Flag:
    """One thing a planner should know about a grid.

    Parameters
    ----------
    grid, rule
        Number of the grid and stable name of what is odd.
    reason
        Why, in English.
    figures
        The numbers and names in it; plain values that JSON can carry.
    """

    grid: int
    rule: str
    reason: str
    figures: dict = field(default_factory=dict, hash=False)


def explain_grids(
    quality: DivisionQuality,
    weight: np.ndarray,
    grid: np.ndarray,
    *,
    band: Band,
    measure: str,
    proven: Collection[int] = (),
) -> tuple[Flag, ...]:
    """List what is odd about each grid.

    Parameters
    ----------
    weight, grid
        (n,) weight and grid number of each block.
    measure
        What the weight counts, for the sentences.
    proven
        Grids of a piece of ground of which it is proven that no division meets the band.
    """
    total = float(weight.sum())
    flags: list[Flag | None] = []
    for number, row in quality.grids.iterrows():
        largest = float(weight[grid == number].max())
        if row["exclusive"] is None:
            flags.append(
                _about_size(
                    int(number), row, largest, total, band, measure, proven=int(number) in proven
                )
            )
        flags += [
            _about_parts(int(number), row),
            _about_straddling(int(number), row, measure),
            _about_shape(int(number), row),
        ]
    return tuple(flag for flag in flags if flag is not None)


def _about_size(
    number: int,
    row: pd.Series,
    largest: float,
    total: float,
    band: Band,
    measure: str,
    *,
    proven: bool,
) -> Flag | None:
    """Say why a grid has no household, a block too large, or is outside the band."""
    if total == 0:
        says = f"There are no {measure} in this community; it is one grid."
        return Flag(number, "no_households", says, {"measure": measure})
    if largest > band.maximum:
        says = f"One block alone has {largest:g} {measure}, above the maximum of {band.maximum:g}."
        figures = {"largest": largest, "limit": band.maximum, "measure": measure}
        return Flag(number, "oversize", says, figures)
    if row["in_band"]:
        return None
    return _out_of_band(number, float(row["weight"]), total, band, measure, proven=proven)


def _out_of_band(
    number: int, weight: float, total: float, band: Band, measure: str, *, proven: bool
) -> Flag:
    """Say why a grid lies outside the band."""
    minimum, maximum = band
    rule = "below_minimum" if weight < minimum else "above_maximum"
    limit = minimum if weight < minimum else maximum
    says = f"The grid has {weight:g} {measure}, {rule.replace('_', ' ')} {limit:g}: "
    fewest, most = band.counts(total)
    if total < minimum:
        cause = "small_community"
        says += f"the whole community has only {total:g}."
    elif fewest > most:
        cause = "between_bands"
        says += f"no number of grids of {minimum:g}-{maximum:g} can make up {total:g}."
    elif proven:
        cause = "proven"
        says += "every division of these blocks was looked at, and none is inside the band."
    else:
        cause = "nearest"
        says += "no division of these blocks inside the band was found; this one is the nearest."
    figures = {"weight": weight, "limit": limit, "total": total, "cause": cause}
    figures |= {"minimum": float(minimum), "maximum": float(maximum), "measure": measure}
    return Flag(number, rule, says, figures)


def _about_parts(number: int, row: pd.Series) -> Flag | None:
    parts = int(row["n_parts"])
    if parts < 2:
        return None
    says = Message("The grid has {n} parts, because the community has exclaves.", n=parts)
    return Flag(number, "several_parts", says, {"parts": parts})


def _about_straddling(number: int, row: pd.Series, measure: str) -> Flag | None:
    """Say which barrier tears the grid apart, and how many live beyond it."""
    if not row["straddles"]:
        return None
    kind, length_m, beyond = row["straddled_kind"], row["straddled_m"], float(row["cut_off"])
    says = (
        f"A {kind} runs through the grid for {length_m:.0f} m and no way leads across it inside"
        f" the grid; {beyond:g} {measure} live on the other side."
    )
    figures = {"kind": kind, "length_m": round(float(length_m)), "cut_off": beyond}
    return Flag(number, "straddles", says, figures | {"measure": measure})


def _about_shape(number: int, row: pd.Series) -> Flag | None:
    compactness = float(row["compactness"])
    if compactness >= THIN:
        return None
    says = f"The grid is long or ragged (compactness {compactness:.2f})."
    return Flag(number, "thin", says, {"compactness": round(compactness, 3)})
