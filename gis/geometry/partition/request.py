"""What a drawing is asked for, checked and laid out as arrays in the order of the blocks."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Set
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.errors import InvalidInput
from gis.geometry.band import Band
from gis.geometry.partition.objective import MEASURES, Objective


@dataclass(frozen=True)
class Request:
    """One division to draw.

    ``weight`` (n,), counted in ``measure``, and ``others`` (n, k) are the loads, ``measures`` their
    names; ``number`` (n,) the grid each block had (-1: none), ``locked`` (n,) whether it must keep
    it; ``label`` (n,) the exclusive grid of a block, -1 for none; ``labels`` their names.
    """

    measure: str
    weight: np.ndarray
    others: np.ndarray
    measures: tuple[str, ...]
    number: np.ndarray
    locked: np.ndarray
    label: np.ndarray
    labels: tuple[Hashable, ...]
    band: Band
    target: float
    n_grids: int | None
    issued: frozenset[int]
    objective: Objective
    seed: int
    effort: float
    use_time: bool = True

    @property
    def common(self) -> np.ndarray:
        """Give the rows of the blocks that belong to no exclusive grid."""
        return np.flatnonzero(self.label < 0)


def read_request(
    blocks: gpd.GeoDataFrame,
    *,
    weight: str,
    minimum: float,
    maximum: float,
    target: float | None = None,
    n_grids: int | None = None,
    previous: Mapping | pd.Series | None = None,
    locked: Mapping | Set | None = None,
    exclusive: Mapping | pd.Series | None = None,
    issued: Collection[int] = (),
    objective: Objective | None = None,
    seed: int = 0,
    effort: float = 1.0,
    use_time: bool = True,
) -> Request:
    """Check what was asked for and lay it out; parameters as of `draw_grids`.

    Raises
    ------
    InvalidInput
        A column is missing, there are no blocks, or the band is not one.
    """
    band = Band(float(minimum), float(maximum))
    check_blocks(blocks, weight, band)
    load = blocks[weight].fillna(0).to_numpy(float)
    measures, others = _other_loads(blocks, weight)
    number, locks = _homes(blocks["block_id"], previous, locked)
    label, labels = _labels(blocks["block_id"], exclusive)
    return Request(
        measure=weight,
        weight=load,
        others=others,
        measures=measures,
        number=number,
        locked=locks,
        label=label,
        labels=labels,
        band=band,
        target=_target(target, n_grids, load[label < 0].sum(), band.middle),
        n_grids=n_grids,
        issued=frozenset(int(n) for n in issued),
        objective=objective or Objective(),
        seed=seed,
        effort=effort,
        use_time=use_time,
    )


def _other_loads(blocks: gpd.GeoDataFrame, weight: str) -> tuple[tuple[str, ...], np.ndarray]:
    """Give the names of the loads that are balanced besides the weight, and their (n, k) values."""
    measures = tuple(m for m in MEASURES if m in blocks.columns and m != weight)
    others = [blocks[m].fillna(0).to_numpy(float) for m in measures]
    return measures, np.column_stack(others) if others else np.zeros((len(blocks), 0))


def _target(target: float | None, n_grids: int | None, total: float, middle: float) -> float:
    """Give the usual size of a grid: as asked, or an even share, else the middle of the band."""
    if n_grids is not None and n_grids < 1:
        raise InvalidInput("{n_grids} grids asked for; ask for at least one", n_grids=n_grids)
    if target is not None:
        return float(target)
    return float(total / n_grids if n_grids and total > 0 else middle)


def check_blocks(blocks: gpd.GeoDataFrame, weight: str, band: Band) -> None:
    """Refuse blocks or a band with which nothing can be drawn."""
    for column in ("block_id", weight):
        if column not in blocks.columns:
            raise InvalidInput(
                "blocks have no column '{column}'; they have {columns}",
                column=column,
                columns=list(blocks.columns),
            )
    if not len(blocks):
        raise InvalidInput("there are no blocks to divide; build the community's blocks first")
    band.require()
    for column in (weight, *MEASURES):
        if column not in blocks.columns:
            continue
        values = blocks[column].fillna(0).to_numpy(float)
        if not (np.isfinite(values) & (values >= 0)).all():
            raise InvalidInput("column '{column}' must hold numbers from 0 up", column=column)


def _homes(
    ids: pd.Series, previous: Mapping | pd.Series | None, locked: Mapping | Set | None
) -> tuple[np.ndarray, np.ndarray]:
    """Give the grid number each block had, and which blocks must keep it."""
    before = {} if previous is None else dict(previous)
    locks = {b: before.get(b, -1) for b in locked or ()}
    if isinstance(locked, Mapping):
        locks = dict(locked)
    unknown = sorted(set(locks) - set(ids), key=str)
    if unknown:
        raise InvalidInput("locked block {block} is not one of the blocks", block=unknown[0])
    loose = [b for b, number in locks.items() if number < 0]
    if loose:
        raise InvalidInput(
            "locked block {block} has no grid in the previous plan to keep", block=loose[0]
        )
    homes = before | locks
    number = np.array([int(homes.get(b, -1)) for b in ids], np.int64)
    return number, ids.isin(list(locks)).to_numpy()


def _labels(
    ids: pd.Series, exclusive: Mapping | pd.Series | None
) -> tuple[np.ndarray, tuple[Hashable, ...]]:
    """Give each block the number of its exclusive grid, in the order of their first blocks."""
    wanted = {} if exclusive is None else dict(exclusive)
    unknown = sorted(set(wanted) - set(ids), key=str)
    if unknown:
        raise InvalidInput("exclusive block {block} is not one of the blocks", block=unknown[0])
    labels = list(dict.fromkeys(wanted[b] for b in ids if b in wanted))
    row = {label: i for i, label in enumerate(labels)}
    return np.array([row[wanted[b]] if b in wanted else -1 for b in ids], np.int64), tuple(labels)
