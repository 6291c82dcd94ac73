"""The figures of each grid and of the whole division."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.geometry.band import Band
from gis.geometry.compactness import polsby_popper, reock
from gis.geometry.quality.barriers import BARRIER_KINDS
from gis.geometry.quality.report import Violation

OTHER_MEASURES = ("people", "workload")
"""Columns of blocks that are balanced beside the weight, where there are any."""

NARROW, WIDE = 0.05, 0.10
"""Deviations of which the share of grids within is told."""


def grid_table(
    blocks: gpd.GeoDataFrame,
    row: np.ndarray,
    numbers: np.ndarray,
    ground: np.ndarray,
    weight: str,
    exclusive: np.ndarray,
) -> pd.DataFrame:
    """Measure size and shape of each grid; deviations are from the mean of the basic grids."""
    n = len(numbers)
    table = pd.DataFrame(index=pd.Index(numbers, name="grid"))
    table["weight"] = np.bincount(row, blocks[weight].fillna(0).to_numpy(float), n)
    for name in OTHER_MEASURES:
        if name in blocks.columns:
            table[name] = np.bincount(row, blocks[name].fillna(0).to_numpy(float), n)
    basic = np.array([label is None for label in exclusive], dtype=bool)
    for name, column in deviation_columns(table).items():
        mean = table[name][basic].mean() if basic.any() else 0.0
        off = table[name] / mean - 1 if mean > 0 else pd.Series(0.0, table.index)
        table[column] = off.where(basic)
    table["area_m2"] = shapely.area(ground)
    table["compactness"] = polsby_popper(ground)
    table["reock"] = reock(ground)
    table["n_blocks"] = np.bincount(row, minlength=n)
    table["n_parts"] = shapely.get_num_geometries(ground)
    table["exclusive"] = pd.Series(exclusive, table.index, dtype=object)
    return table


def deviation_columns(table: pd.DataFrame) -> dict[str, str]:
    """Name the deviation of each measure that a table of grids has."""
    others = {name: f"{name}_deviation" for name in OTHER_MEASURES if name in table}
    return {"weight": "deviation", **others}


def add_borders(table: pd.DataFrame, borders: pd.DataFrame, *, has_barriers: bool) -> pd.DataFrame:
    """Add how long the border of each grid is and what it follows."""
    names = [*(f"{kind}_m" for kind in BARRIER_KINDS), "barrier_m"]
    both = pd.concat([borders.set_index("grid_a"), borders.set_index("grid_b")])
    sums = both[["length_m", *names]].groupby(level=0).sum().reindex(table.index, fill_value=0.0)
    length = sums["length_m"].where(sums["length_m"] > 0)
    shares = {
        name.replace("_m", "_share"): sums[name] / length if has_barriers else np.nan
        for name in reversed(names)
    }
    return table.assign(border_m=sums["length_m"], **shares)


def check_band(table: pd.DataFrame, band: Band) -> list[Violation]:
    """List the grids outside the band."""
    found = []
    for number, weight in table["weight"][~table["in_band"]].items():
        rule = "below_minimum" if weight < band.minimum else "above_maximum"
        limit = band.minimum if weight < band.minimum else band.maximum
        says = f"grid {number} has {weight:g}, {rule.replace('_', ' ')} {limit:g}"
        found.append(Violation(rule, says, grid=int(number)))
    return found


def sum_up(table: pd.DataFrame, borders: pd.DataFrame, *, has_barriers: bool) -> dict[str, float]:
    """Give the figures of the whole division; size is judged on its basic grids."""
    basic = table[table["deviation"].notna()]
    return {
        "n_grids": len(table),
        "weight": float(table["weight"].sum()),
        **_band_shares(basic),
        **_spread(basic),
        "mean_compactness": float(table["compactness"].mean()) if len(table) else 0.0,
        "min_compactness": float(table["compactness"].min()) if len(table) else 0.0,
        **_border_totals(borders, has_barriers=has_barriers),
        "straddled_m": float(table["straddled_m"].sum()),
        "grids_straddling": float(table["straddles"].sum()),
        "extra_parts": float((table["n_parts"] - 1).sum()),
    }


def _band_shares(basic: pd.DataFrame) -> dict[str, float]:
    total = basic["weight"].sum()
    within = basic["weight"][basic["in_band"]].sum()
    return {
        "in_band_share": float(within / total) if total > 0 else 0.0,
        "grids_in_band_share": float(basic["in_band"].mean()) if len(basic) else 0.0,
    }


def _spread(basic: pd.DataFrame) -> dict[str, float]:
    """Measure how far each measure spreads round its mean; the weight's names have no prefix."""
    totals: dict[str, float] = {}
    for name, column in deviation_columns(basic).items():
        before = "" if name == "weight" else f"{name}_"
        off = basic[column].to_numpy(float)
        size = np.abs(off) if len(off) else np.zeros(1)
        totals[f"{before}max_deviation"] = float(size.max())
        totals[f"{before}mean_deviation"] = float(size.mean())
        totals[f"{before}cv"] = float(np.sqrt(np.mean(off**2))) if len(off) else 0.0
        totals[f"{before}within_5_share"] = float((size <= NARROW + 1e-12).mean())
        totals[f"{before}within_10_share"] = float((size <= WIDE + 1e-12).mean())
    return totals


def _border_totals(borders: pd.DataFrame, *, has_barriers: bool) -> dict[str, float]:
    length = float(borders["length_m"].sum())
    totals = {"internal_border_m": length}
    for name in ("barrier", *BARRIER_KINDS):
        known = length > 0 and has_barriers
        totals[f"{name}_share"] = float(borders[f"{name}_m"].sum() / length) if known else np.nan
    return totals
