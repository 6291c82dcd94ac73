"""The report of a drawing as it is kept with each grid of a draft and with the plan."""

from __future__ import annotations

import math
from typing import SupportsFloat

import pandas as pd

from gis.geometry.partition import Division
from gis.geometry.quality import BARRIER_KINDS

NUMBERS = ("workload", "people_deviation", "workload_deviation", "border_m", "straddled_m")


def report_columns(division: Division, numbers: list[int]) -> dict[str, list]:
    """Give the columns of the report, a value for each grid number in the order asked for.

    Numbers that were not measured are None; border shares and terms hold what is there.
    """
    measured = division.quality.grids
    flags = {n: [f for f in division.flags if f.grid == n] for n in numbers}
    columns: dict[str, list] = {
        name: [_known(measured[name][n]) if name in measured else None for n in numbers]
        for name in NUMBERS
    }
    columns["border_shares"] = [_border_shares(measured.loc[n]) for n in numbers]
    columns["terms"] = [terms_of(division, n) for n in numbers]
    columns["figures"] = [{f.rule: f.figures for f in flags[n]} for n in numbers]
    return columns


def terms_of(division: Division, row: object) -> dict[str, float]:
    """Give what each term of the objective cost a grid, or the whole (row ``total``)."""
    terms = getattr(division, "terms", None)
    if not isinstance(terms, pd.DataFrame) or row not in terms.index:
        return {}
    known = {str(name): _known(value) for name, value in terms.loc[row].items()}
    return {name: value for name, value in known.items() if value is not None}


def _border_shares(row: pd.Series) -> dict[str, float]:
    """Give the share of the border along each kind that it follows anywhere."""
    shares = {kind: _known(row.get(f"{kind}_share")) for kind in BARRIER_KINDS}
    return {kind: round(share, 4) for kind, share in shares.items() if share}


def _known(value: SupportsFloat | None) -> float | None:
    """Give a number as it is kept: none where nothing was measured."""
    if value is None or not math.isfinite(value):
        return None
    return float(value)
