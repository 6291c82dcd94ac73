"""What stands in the way of a drawing, told before it begins."""

from __future__ import annotations

from dataclasses import replace

from gis.actions.plan.division_request import DivisionRequest
from gis.errors import Message
from gis.geometry.partition.obstacles import Obstacle, find_obstacles


def check_request(request: DivisionRequest) -> tuple[Obstacle, ...]:
    """List what stands in the way of what was asked for; those that stop it come first."""
    found = find_obstacles(
        request.blocks,
        weight=request.weight,
        minimum=request.minimum,
        maximum=request.maximum,
        n_grids=request.n_grids,
        previous=request.previous,
        locked=request.locked or None,
        exclusive=request.exclusive or None,
        entrances=request.entrances,
    )
    return tuple(_with_waiting(o, request.waiting) for o in found)


def _with_waiting(obstacle: Obstacle, waiting: int) -> Obstacle:
    """Say of a community without households how many wait to be placed."""
    if obstacle.rule != "no_households" or not waiting:
        return obstacle
    return replace(
        obstacle,
        message=Message("No household lies in these blocks yet: {n:,} wait for review.", n=waiting),
        remedy="Settle them at the review desk first.",
        figures={**obstacle.figures, "waiting": waiting},
    )
