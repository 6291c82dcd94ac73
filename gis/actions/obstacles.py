"""What stands in the way of a drawing, told before it begins."""

from __future__ import annotations

from gis.actions.division_request import DivisionRequest
from gis.geometry.partition.obstacles import Obstacle, find_obstacles


def check_request(request: DivisionRequest) -> tuple[Obstacle, ...]:
    """List what stands in the way of what was asked for; those that stop it come first."""
    return find_obstacles(
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
