"""Grids as the rules of a request see them: what the checker says, and the ground to redraw on.

Pure: all that is needed was read with the request.
"""

from __future__ import annotations

import pandas as pd

from gis.actions.plan.division_request import DivisionRequest
from gis.geometry.partition import Division, assess_grids
from gis.geometry.redraw.ground import WorkingGround, make_working_ground


def assess(request: DivisionRequest, numbers: pd.Series) -> Division:
    """Have the checker measure and explain grids; ``numbers`` has one for each block_id.

    Raises
    ------
    InvalidInput
        A block has no grid.
    """
    return assess_grids(
        request.blocks,
        numbers,
        weight=request.weight,
        minimum=request.minimum,
        maximum=request.maximum,
        target=request.target,
        barriers=request.barriers,
        exclusive=request.exclusive or None,
        objective=request.objective,
    )


def ground_of(request: DivisionRequest) -> WorkingGround:
    """Lay out the blocks of a request for redrawing by hand."""
    return make_working_ground(
        request.blocks,
        request.barriers,
        minimum=request.minimum,
        maximum=request.maximum,
        measure=request.weight,
        exclusive=request.exclusive,
    )
