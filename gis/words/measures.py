"""What is counted in a block, and by what: the names of the measures of every count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

HOUSEHOLDS = "households"
PEOPLE = "people"
KEY_PEOPLE = "key_people"
SPECIAL_CARE = "special_care"
ENTRANCES = "entrances"
PLACES = "places"
INCIDENTS = "incidents"
OPEN_INCIDENTS = "open_incidents"

UNDATED = date(1, 1, 1)
"""The month of what is counted without a time."""


@dataclass(frozen=True)
class Measure:
    """What a measure counts.

    Parameters
    ----------
    counts
        What one of it is.
    part
        By what it is counted apart: the measure of a part is written ``name:part``.
    time
        ``month`` in which it happened; ``day`` from which it holds, as far as that is to come;
        None without a time.
    """

    counts: str
    part: str | None = None
    time: str | None = None


MEASURES = {
    HOUSEHOLDS: Measure("a household that lives there"),
    PEOPLE: Measure("a person of such a household"),
    KEY_PEOPLE: Measure("a resident who is of the floating population or old", time="day"),
    SPECIAL_CARE: Measure("a household with somebody old", time="day"),
    ENTRANCES: Measure("a household behind an entrance (building-stairwell)", part="entrance"),
    PLACES: Measure("a key site to be looked after"),
    INCIDENTS: Measure("an incident", part="topic", time="month"),
    OPEN_INCIDENTS: Measure("an incident not closed yet, of a topic that is not sensitive"),
}
"""Every measure."""


def measure_of(name: str, part: str) -> str:
    """Give the measure of a part, such as the incidents of a topic.

    Examples
    --------
    >>> measure_of(INCIDENTS, "noise")
    'incidents:noise'
    """
    return f"{name}:{part}"
