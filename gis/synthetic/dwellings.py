"""How many dwellings and households each building of a fictional town has.

Pure. The number of households of a town, of its centre and of each village is given; buildings
are made as tall as that needs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from gis.synthetic.shares import spread_total

HOMES = ("house", "apartments", "tower")
MOST_IN_COMPOUND = 460
BIG_TOWER_HOUSEHOLDS = 560
VACANT_SHARE = 0.06
LEVEL_LIMITS = {"house": (2, 5), "apartments": (3, 9), "tower": (8, 33)}


def add_dwellings(
    buildings: pd.DataFrame,
    households: NDArray[np.int64],
    *,
    n_urban: int,
    big_tower: bool,
    rng: Generator,
) -> pd.DataFrame:
    """Give each building storeys, stairwells, flats to a landing, dwellings and households.

    Parameters
    ----------
    buildings
        Table of `gis.synthetic.ground.Ground`.
    households
        Households of each group: the centre, the other urban communities, each village. See
        `group_of`.
    n_urban
        Number of urban communities; villages follow them.
    big_tower
        Whether one tower of more than 500 households is planted outside the centre.

    Returns
    -------
    buildings
        With new columns ``stairwells, flats, dwellings, households``.
    """
    table = buildings.copy()
    length = _longer_side(table["shape"].to_numpy(dtype=object))
    kind = table["kind"].to_numpy(dtype=object)
    table["stairwells"] = np.where(
        kind == "apartments", np.maximum(1, np.round(length / 17)), np.where(kind == "tower", 2, 1)
    ).astype(int)
    table["flats"] = np.where(kind == "house", 1, np.where(kind == "tower", 2, 2)).astype(int)
    table["dwellings"], table["households"] = 0, 0
    tower = _plant_tower(table, n_urban) if big_tower else None
    wanted_by_group = _move_homeless(table, households)
    for number, wanted in enumerate(wanted_by_group):
        rows = np.flatnonzero((table["group"] == number) & np.isin(kind, HOMES))
        if tower is not None and table["group"].iloc[tower] == number:
            rows = rows[rows != tower]
            wanted = max(0, int(wanted) - BIG_TOWER_HOUSEHOLDS)
        if len(rows):
            _fill_group(table, rows, int(wanted), rng)
    return table


def _move_homeless(table: pd.DataFrame, households: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the households of a group without homes to the first group that has some."""
    homes = table.loc[table["kind"].isin(HOMES), "group"]
    has = np.isin(np.arange(len(households)), homes)
    if not has.any():
        raise ValueError("no building to live in")
    moved = np.where(has, households, 0)
    moved[np.argmax(has)] += int(households.sum() - moved.sum())
    return moved


def group_of(community: NDArray[np.int64], *, n_core: int, n_urban: int) -> NDArray[np.int64]:
    """Give the group households are counted by: centre 0, other urban 1, villages from 2.

    Examples
    --------
    >>> group_of(np.array([0, 5, 6, 13, 14]), n_core=6, n_urban=13).tolist()
    [0, 0, 1, 2, 3]
    """
    rural = community - n_urban + 2
    return np.where(community < n_core, 0, np.where(community < n_urban, 1, rural))


def _longer_side(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    ring = shapely.get_coordinates(shapely.get_exterior_ring(shapes)).reshape(len(shapes), 5, 2)
    sides = np.hypot(*np.diff(ring, axis=1).transpose(2, 0, 1))
    return sides.max(axis=1)


def _plant_tower(table: pd.DataFrame, n_urban: int) -> int | None:
    """Make one tower outside the centre a block of small flats, the tallest there is."""
    able = table.index[(table["group"] == 1) & (table["kind"] == "tower")]
    if not len(able):
        able = table.index[table["kind"] == "tower"]
    if not len(able):
        return None
    row = int(able[0])
    for column, value in (("levels", 33), ("stairwells", 3), ("flats", 6), ("dwellings", 594)):
        table.loc[row, column] = value
    table.loc[row, "households"] = BIG_TOWER_HOUSEHOLDS
    return row


def _fill_group(table: pd.DataFrame, rows: NDArray[np.int64], wanted: int, rng: Generator) -> None:
    """Set storeys so that the group has room, then spread its households over the room."""
    part = table.iloc[rows]
    levels = _levels_for(part, wanted / (1 - VACANT_SHARE))
    rooms = _rooms_of(part)
    while rooms(levels).sum() < wanted:
        levels = levels + 1
    dwellings = rooms(levels)
    weight = dwellings * rng.uniform(0.8, 1.0, len(dwellings))
    households = spread_total(wanted, weight, cap=dwellings)
    new = (("levels", levels), ("dwellings", dwellings), ("households", households))
    for column, values in new:
        table.iloc[rows, table.columns.get_loc(column)] = values


def _rooms_of(part: pd.DataFrame) -> Callable[[NDArray[np.int64]], NDArray[np.int64]]:
    """Give what counts dwellings: all flats, and in houses one for every two storeys."""
    landing = part["stairwells"].to_numpy() * part["flats"].to_numpy()
    is_house = (part["kind"] == "house").to_numpy()
    return lambda levels: np.where(is_house, np.maximum(1, levels // 2), landing * levels).astype(
        np.int64
    )


def _levels_for(part: pd.DataFrame, wanted: float) -> NDArray[np.int64]:
    """Scale storeys until the dwellings are about enough; within limits, and per compound."""
    usual = part["levels"].to_numpy(dtype=float)
    least = part["kind"].map({k: v[0] for k, v in LEVEL_LIMITS.items()}).to_numpy()
    most = _most_levels(part)
    rooms = _rooms_of(part)
    low, high = 0.1, 12.0
    for _ in range(24):
        factor = (low + high) / 2
        levels = np.clip(np.round(usual * factor), least, most).astype(np.int64)
        low, high = (factor, high) if rooms(levels).sum() < wanted else (low, factor)
    levels = np.clip(np.round(usual * high), least, most).astype(np.int64)
    return np.where(part["kind"] == "house", np.clip(usual, 1, 6), levels).astype(np.int64)


def _most_levels(part: pd.DataFrame) -> NDArray[np.float64]:
    """Limit storeys by kind, and so that no compound has too many households."""
    most = part["kind"].map({k: v[1] for k, v in LEVEL_LIMITS.items()}).to_numpy(dtype=float)
    landing = part["stairwells"] * part["flats"]
    in_compound = landing.groupby(part["estate"]).transform("sum").to_numpy()
    fits = np.floor(MOST_IN_COMPOUND / in_compound)
    least = part["kind"].map({k: v[0] for k, v in LEVEL_LIMITS.items()}).to_numpy()
    return np.where(part["estate"] >= 0, np.maximum(least, np.minimum(most, fits)), most)
