"""How much work a piece of ground is for its grid worker, in households' worth.

One household with nothing special about it counts 1. The other weights say how many such
households one key person, one place or one incident is worth. No published standard gives them;
they are this project's starting values, from the usual round of a grid worker (an ordinary
household seen every quarter, a key person and a place every month, an incident twice: handled and
verified), and stand for a county's own until it measures them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Count = TypeVar("Count", float, np.ndarray)

KEY_AGE_YEARS = 65
"""Residents of this age and above are key people; so are those of the floating population."""

INCIDENT_MONTHS = 12
"""Incidents of this many months, up to the latest month known, count as work to expect."""


@dataclass(frozen=True)
class WorkloadWeights:
    """Households' worth of work of one of each."""

    household: float = 1.0
    key_person: float = 3.0
    place: float = 3.0
    incident: float = 0.5


WEIGHTS = WorkloadWeights()


def measure_workload(
    households: Count,
    *,
    key_people: Count | float = 0,
    places: Count | float = 0,
    incidents: Count | float = 0,
    weights: WorkloadWeights = WEIGHTS,
) -> Count:
    """Sum up the workload; counts may be numbers or arrays.

    Parameters
    ----------
    households
        Households living there.
    key_people
        Residents to be seen more often.
    places
        Key sites to be checked: schools, markets, shops.
    incidents
        Incidents of a year.

    Examples
    --------
    >>> measure_workload(100, key_people=20, places=2, incidents=8)
    170.0
    """
    return (
        weights.household * households
        + weights.key_person * key_people
        + weights.place * places
        + weights.incident * incidents
    )
