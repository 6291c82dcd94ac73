"""Rows of the table: what the independent checker says of an attempt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.geometry.quality import DivisionQuality, measure_division
from scripts.evaluation.drawing.attempt import Attempt
from scripts.evaluation.drawing.instance import Instance
from scripts.evaluation.drawing.score import border_cost


@dataclass(frozen=True)
class Row:
    """One line of the table; None where a figure does not apply.

    Deviations and shares in percent. ``in_band``: share of the weight in grids inside the band;
    ``along``: share of the internal border along barriers; ``straddle``: grids that a river,
    railway or motorway runs through; ``gap``: how far the cost lies above the one known (planted,
    or proven to be the best); ``cpu_s``: processor seconds, where the process lived to tell. A
    ``detail`` is one of many communities whose sum has a row of its own.
    """

    case: str
    method: str
    grids: int | None = None
    max_dev: float | None = None
    mean_dev: float | None = None
    in_band: float | None = None
    border_km: float | None = None
    cost: float | None = None
    gap: float | None = None
    pp_mean: float | None = None
    pp_min: float | None = None
    along: float | None = None
    straddle: int | None = None
    first_s: float | None = None
    final_s: float | None = None
    cpu_s: float | None = None
    verdict: str = "none"
    note: str = ""
    detail: bool = False


def check(instance: Instance, part: np.ndarray) -> DivisionQuality:
    """Hand a division to the independent checker."""
    return measure_division(
        instance.blocks,
        dict(zip(instance.blocks["block_id"].tolist(), part.tolist(), strict=True)),
        weight=instance.weight,
        minimum=instance.minimum,
        maximum=instance.maximum,
        barriers=instance.barriers,
        buildings=instance.buildings,
        boundary=instance.boundary,
    )


def verdict_of(quality: DivisionQuality) -> str:
    """Say 'valid', or which rules are broken and how often."""
    rules = [violation.rule for violation in quality.violations]
    return ", ".join(f"{rule} {rules.count(rule)}" for rule in sorted(set(rules))) or "valid"


def judge(instance: Instance, attempt: Attempt) -> Row:
    """Measure an attempt."""
    names = ("first_s", "final_s", "cpu_s", "note")
    times = {name: getattr(attempt, name) for name in names}
    if attempt.part is None:
        return Row(instance.name, attempt.method, **times)
    quality = check(instance, attempt.part)
    t, cost = quality.totals, border_cost(instance, attempt.part)
    known = instance.known_cost
    return Row(
        instance.name,
        attempt.method,
        grids=int(t["n_grids"]),
        max_dev=100 * t["max_deviation"],
        mean_dev=100 * t["mean_deviation"],
        in_band=100 * t["in_band_share"],
        border_km=t["internal_border_m"] / 1000,
        cost=cost,
        gap=100 * (cost / known - 1) if known else None,
        pp_mean=t["mean_compactness"],
        pp_min=t["min_compactness"],
        along=100 * t["barrier_share"] if np.isfinite(t["barrier_share"]) else None,
        verdict=verdict_of(quality),
        straddle=int(t["grids_straddling"]) if instance.barriers is not None else None,
        **times,
    )
