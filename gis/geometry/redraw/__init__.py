"""Redrawing a division: what an edit does, what it breaks, what would mend it. Pure, in metres.

A working division is an array of grid codes, one for each block of a build, "" for none. Blocks
are spoken of by their rows, from 0.
"""

from gis.geometry.redraw.faults import STOPPING_RULES, Fault, find_faults
from gis.geometry.redraw.figures import measure_grids
from gis.geometry.redraw.ground import WorkingGround, make_working_ground
from gis.geometry.redraw.locks import Locks, place_locks
from gis.geometry.redraw.moves import Move, list_moves

__all__ = [
    "STOPPING_RULES",
    "Fault",
    "Locks",
    "Move",
    "WorkingGround",
    "find_faults",
    "list_moves",
    "make_working_ground",
    "measure_grids",
    "place_locks",
]
