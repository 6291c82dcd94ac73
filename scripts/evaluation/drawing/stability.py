"""How little a new drawing changes when a few households have moved."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from gis.geometry.partition import Division, draw_grids
from scripts.evaluation.drawing.instance import Instance

SHIFTED = 0.05
"""Share of the households that move to another block of the community."""


@dataclass(frozen=True)
class Shift:
    """What one redrawing changed: shares of households and of grid numbers, and the band."""

    households: float
    moved: float
    numbers: int
    numbers_changed: int
    in_band_before: float
    in_band_after: float


def shift_households(
    blocks: gpd.GeoDataFrame, weight: str, share: float, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Move a share of the households to inhabited blocks of the same community, at random."""
    count = blocks[weight].to_numpy(np.int64)
    home = np.repeat(np.arange(len(blocks)), count)
    moving = rng.random(len(home)) < share
    home[moving] = rng.choice(np.flatnonzero(count > 0), moving.sum())
    return blocks.assign(**{weight: np.bincount(home, minlength=len(blocks)).astype(float)})


def redraw_shifted(instance: Instance, *, seed: int = 0) -> Shift | None:
    """Draw, move households, draw again with the first plan as the previous one."""
    if instance.weights.sum() == 0:
        return None
    rules = {
        "weight": instance.weight,
        "minimum": instance.minimum,
        "maximum": instance.maximum,
        "target": instance.target,
        "barriers": instance.barriers,
    }
    first = draw_grids(instance.blocks, **rules)
    shifted = shift_households(
        instance.blocks, instance.weight, SHIFTED, np.random.default_rng(seed)
    )
    again = draw_grids(shifted, **rules, previous=first.assignment)
    return compare(first, again, shifted.set_index("block_id")[instance.weight])


def compare(first: Division, again: Division, weight: object) -> Shift:
    """Measure what changed between two drawings of the same blocks."""
    moved = first.assignment != again.assignment
    before, after = set(first.assignment), set(again.assignment)
    return Shift(
        households=float(weight.sum()),
        moved=float(weight[moved[moved].index].sum()),
        numbers=len(before),
        numbers_changed=len(before - after) + len(after - before),
        in_band_before=first.quality.totals["in_band_share"],
        in_band_after=again.quality.totals["in_band_share"],
    )


def sum_up(shifts: list[Shift]) -> Shift:
    """Add the shifts of many communities; shares in the band are weighted by households."""
    households = sum(shift.households for shift in shifts)

    def mean(name: str) -> float:
        return sum(getattr(shift, name) * shift.households for shift in shifts) / households

    return Shift(
        households=households,
        moved=sum(shift.moved for shift in shifts),
        numbers=sum(shift.numbers for shift in shifts),
        numbers_changed=sum(shift.numbers_changed for shift in shifts),
        in_band_before=mean("in_band_before"),
        in_band_after=mean("in_band_after"),
    )
