"""The effect of an edit as the interface tells it: plain values, grids by their number."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.actions.plan.effects import Effect
from gis.domain.lineage import is_exclusive
from gis.geometry.redraw.faults import Fault


def describe_effect(effect: Effect) -> dict:
    """Write an effect as plain values: figures, totals, faults, impact, and the grids by number."""
    moves = effect.impact.moves.to_dict("records")
    for move in moves:
        move["from_worker"] = effect.workers.get(move["from_code"])
        move["to_worker"] = effect.workers.get(move["to_code"])
    return {
        "figures": describe_figures(effect.figures),
        "totals": effect.totals,
        "faults": [describe_fault(fault, effect.block_ids) for fault in effect.faults],
        "impact": {**effect.impact.totals, "moves": moves},
        "grids": {str(n): _describe_grid(effect, n) for n in effect.codes},
    }


def _describe_grid(effect: Effect, number: int) -> dict:
    code = effect.codes[number]
    known = effect.names.get(number)
    return {
        "code": code,
        "kind": "exclusive" if is_exclusive(code) else "basic",
        "name": known.name if known else None,
        "worker": effect.workers.get(code),
    }


def describe_figures(figures: pd.DataFrame) -> list[dict]:
    """Write the figures of grids as plain values, a row for each number."""
    rows = describe_rows(figures)
    return [{"number": int(n), **row} for n, row in zip(figures.index, rows, strict=True)]


def describe_rows(table: pd.DataFrame) -> list[dict]:
    """Write rows as plain values."""
    return [
        {name: _plain(value) for name, value in row.items()} for row in table.to_dict("records")
    ]


def _plain(value: object) -> object:
    """Give a value as JSON holds it: no NaN, no numpy."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return round(value, 4) if value == value else None
    return value


def describe_fault(fault: Fault, block_ids: np.ndarray) -> dict:
    """Write a broken rule as plain values, blocks by their ids."""
    return {
        "rule": fault.rule,
        "numbers": [int(code) for code in fault.codes],
        "blocks": block_ids[list(fault.blocks)].tolist() if fault.blocks else [],
        "figures": {name: _plain(value) for name, value in fault.figures.items()},
        "stops": fault.stops,
    }
