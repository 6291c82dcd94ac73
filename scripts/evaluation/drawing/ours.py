"""Our way of drawing, as the rest of the program calls it."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter, process_time

import geopandas as gpd
import numpy as np
import shapely

from gis.errors import InfeasibleDivision
from gis.geometry.partition import draw_grids, partition_graph
from scripts.evaluation.drawing.attempt import Attempt, Best
from scripts.evaluation.drawing.instance import Instance, instance_by_length, numbered
from scripts.evaluation.drawing.score import is_valid

FIRST_LIMITS_S = (0.001, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 120.0)


PROOFS = ("no_households", "below_minimum", "between_bands", "block_above_maximum", "no_division")
"""Obstacles that prove of a community that no division of it lies wholly inside the band."""


def warm_up() -> None:
    """Compile what is compiled at the first call, so that no row pays for it."""
    squares = [shapely.box(x, y, x + 1, y + 1) for x in range(6) for y in range(6)]
    blocks = numbered(gpd.GeoDataFrame({"households": 1.0}, index=range(36), geometry=squares))
    rules = {"weight": "households", "minimum": 8, "maximum": 10, "target": 9}
    instance = instance_by_length("warm-up", blocks, n_grids=4, **rules)
    run_graph(instance, effort=0.1)
    run_draw(instance)


def run_graph(
    instance: Instance,
    *,
    seed: int = 0,
    effort: float = 1.0,
    limit_s: float | None = None,
    time_first: bool = False,
) -> Attempt:
    """Divide the bare graph at the least cost: `partition_graph`, over the numbers of grids."""
    name = "ours, partition_graph" + (f", effort {effort:g}" if effort != 1 else "")
    name += f", seed {seed}" if seed else ""
    best = Best(instance)
    refusals = []
    for count in instance.counts():
        try:
            best.offer(_partition(instance, count, seed, effort=effort, time_limit_s=limit_s))
            break
        except InfeasibleDivision as refusal:
            refusals.append(refusal)
    found = best.attempt(name, "" if best.part is not None else describe(refusals))
    if time_first and found.part is not None:
        first = time_to_first(instance, count, seed)
        found = replace(found, first_s=first)
    return found


def _partition(instance: Instance, count: int, seed: int, **options: object) -> np.ndarray:
    return partition_graph(
        instance.weights,
        instance.edges,
        instance.cost,
        n_parts=count,
        minimum=instance.minimum,
        maximum=instance.maximum,
        seed=seed,
        **options,
    )


def time_to_first(instance: Instance, count: int, seed: int) -> float | None:
    """Measure the shortest run under a time limit that gives a valid division.

    `partition_graph` keeps no history, so the limit is raised step by step until a run succeeds;
    the seconds given are those of that run alone.
    """
    for limit_s in FIRST_LIMITS_S:
        begun = perf_counter()
        try:
            part = _partition(instance, count, seed, time_limit_s=limit_s)
        except InfeasibleDivision:
            continue
        if is_valid(instance, part):
            return perf_counter() - begun
    return None


def describe(refusals: list[InfeasibleDivision]) -> str:
    """Say why there is no division: proven for every number of grids, or only not found."""
    if not refusals:
        return "no number of grids fits the total"
    open_rules = [r for r in refusals if r.rule == "not_found"]
    return "not found" if open_rules else f"proven infeasible: {refusals[0].rule}"


def run_draw(
    instance: Instance,
    *,
    seed: int = 0,
    effort: float = 1.0,
    limit_s: float | None = None,
    **options: object,
) -> Attempt:
    """Draw grids as planners get them: `draw_grids`, with shape and balance in the objective."""
    name = "ours, draw_grids" + (f", effort {effort:g}" if effort != 1 else "")
    name += f", seed {seed}" if seed else ""
    begun, cpu_begun = perf_counter(), process_time()
    division = draw_grids(
        instance.blocks,
        weight=instance.weight,
        minimum=instance.minimum,
        maximum=instance.maximum,
        target=None if instance.n_grids else instance.target,
        n_grids=instance.n_grids,
        barriers=instance.barriers,
        seed=seed,
        effort=effort,
        time_limit_s=limit_s,
        **options,
    )
    seconds, cpu_s = perf_counter() - begun, process_time() - cpu_begun
    part = division.assignment.loc[instance.blocks["block_id"]].to_numpy(np.int64)
    proofs = [o.rule for o in division.obstacles if o.rule in PROOFS]
    note = f"proven infeasible: {proofs[0]}" if proofs else ""
    return Attempt(name, part, division.first_valid_s, seconds, note, cpu_s)
