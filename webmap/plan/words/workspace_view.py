"""The effect of an edit as the interface tells it: plain values, grids by their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from gis.actions.plan.effects import Effect, Impact
from gis.domain.lineage import is_exclusive
from gis.geometry.redraw.faults import Fault


@dataclass(frozen=True)
class GridMeasured:
    """The figures of a grid of a working copy.

    Parameters
    ----------
    deviation
        From the band, in its measure: below 0 under the minimum, 0 inside.
    barrier_share
        Of its border with other grids, along barriers.
    n_parts, n_pieces
        Parts connected by shared borders, and pieces of the community they lie in.
    enclaves
        Groups of other ground that it shuts in.
    exclusive
        Name of the exclusive ground that it is, or empty.
    """

    number: int
    n_blocks: int
    households: int
    people: int
    workload: float
    deviation: float
    area_m2: float
    perimeter_m: float
    compactness: float | None
    border_m: float
    barrier_share: float | None
    n_parts: int
    n_pieces: int
    enclaves: int
    exclusive: str


@dataclass(frozen=True)
class FaultTold:
    """A rule that is broken: grids by number, blocks by id, and the numbers that go with it.

    Parameters
    ----------
    stops
        Whether nothing can be saved with it.
    """

    rule: str
    numbers: list[int]
    blocks: list[int]
    figures: dict[str, float | None]
    stops: bool


@dataclass(frozen=True)
class GridMove:
    """What goes from one grid to another, and who works there."""

    from_code: str
    to_code: str
    blocks: int
    households: int
    people: int
    special_care: int
    open_incidents: int
    from_worker: str | None
    to_worker: str | None


@dataclass(frozen=True)
class ImpactTold:
    """What changes grid against the plan in force: all together, and by pair of grids."""

    blocks: int
    households: int
    people: int
    special_care: int
    open_incidents: int
    moves: list[GridMove]


@dataclass(frozen=True)
class WorkingTotals:
    """A working copy as a whole.

    Parameters
    ----------
    in_band_share
        Of the weight that lies in grids within the band.
    """

    grids: int
    out_of_band: int
    in_band_share: float
    households: float
    people: float
    workload: float


@dataclass(frozen=True)
class WorkingGrid:
    """A grid of a working copy.

    Parameters
    ----------
    code
        That it would be published under today.
    name
        Of the saved grid.
    """

    code: str
    kind: str
    name: str | None
    worker: str | None


@dataclass(frozen=True)
class EffectTold:
    """What a working copy is now, and what a step did to it.

    Parameters
    ----------
    figures
        Of the grids that were touched.
    grids
        By number.
    """

    figures: list[GridMeasured]
    totals: WorkingTotals
    faults: list[FaultTold]
    impact: ImpactTold
    grids: dict[str, WorkingGrid]


def describe_effect(effect: Effect) -> EffectTold:
    """Write an effect as plain values: figures, totals, faults, impact, and the grids by number."""
    moves = describe_moves(effect.impact, effect.workers)
    return EffectTold(
        figures=describe_figures(effect.figures),
        totals=WorkingTotals(**cast("dict[str, Any]", effect.totals)),
        faults=describe_faults(effect.faults, effect.block_ids),
        impact=ImpactTold(**effect.impact.totals, moves=moves),
        grids={str(n): _describe_grid(effect, n) for n in effect.codes},
    )


def describe_moves(impact: Impact, workers: dict[str, str]) -> list[GridMove]:
    """Write what goes from grid to grid, with the workers of both."""
    return [
        GridMove(
            **move,
            from_worker=workers.get(move["from_code"]),
            to_worker=workers.get(move["to_code"]),
        )
        for move in impact.moves.to_dict("records")
    ]


def _describe_grid(effect: Effect, number: int) -> WorkingGrid:
    code = effect.codes[number]
    known = effect.names.get(number)
    return WorkingGrid(
        code=code,
        kind="exclusive" if is_exclusive(code) else "basic",
        name=known.name if known else None,
        worker=effect.workers.get(code),
    )


def describe_figures(figures: pd.DataFrame) -> list[GridMeasured]:
    """Write the figures of grids as plain values, one for each number."""
    rows = describe_rows(figures)
    return [GridMeasured(int(n), **row) for n, row in zip(figures.index, rows, strict=True)]


def describe_rows(table: pd.DataFrame) -> list[dict]:
    """Write rows as plain values."""
    return [
        {name: _plain(value) for name, value in row.items()} for row in table.to_dict("records")
    ]


def _plain(value: object) -> Any:  # noqa: ANN401  (what JSON holds)
    """Give a value as JSON holds it: no NaN, no numpy."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return round(value, 4) if value == value else None
    return value


def describe_faults(faults: Iterable[Fault], block_ids: np.ndarray) -> list[FaultTold]:
    """Write broken rules as plain values, blocks by their ids."""
    return [
        FaultTold(
            rule=fault.rule,
            numbers=[int(code) for code in fault.codes],
            blocks=block_ids[list(fault.blocks)].tolist() if fault.blocks else [],
            figures={name: _plain(value) for name, value in fault.figures.items()},
            stops=fault.stops,
        )
        for fault in faults
    ]
