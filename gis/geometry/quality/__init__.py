"""The independent checker of a division: what holds, what does not, and how good it is.

Nothing here is shared with the solver: everything is measured on the polygons themselves.
Pure; frames in any CRS are measured in metres.
"""

from gis.geometry.quality.barriers import BARRIER_KINDS, BARRIER_REACH_M
from gis.geometry.quality.borders import trace_borders
from gis.geometry.quality.check import ADVICE, CHECK_RULES, Check
from gis.geometry.quality.checklist import list_checks
from gis.geometry.quality.measure import measure_division
from gis.geometry.quality.report import BAND_RULES, DivisionQuality, Violation

__all__ = [
    "ADVICE",
    "BAND_RULES",
    "BARRIER_KINDS",
    "BARRIER_REACH_M",
    "CHECK_RULES",
    "Check",
    "DivisionQuality",
    "Violation",
    "list_checks",
    "measure_division",
    "trace_borders",
]
