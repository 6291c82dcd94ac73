"""How exactly something is located, and how sure that is: the words the whole platform uses."""

from __future__ import annotations

LEVELS = (
    "room",
    "unit",
    "building",
    "number",
    "interpolated",
    "estate",
    "intersection",
    "street",
    "community",
    "town",
    "coordinates",
    "pin",
    "none",
)
"""Most exact first; ``coordinates`` were given by the source, ``pin`` was set by a person."""

STATUSES = ("accepted", "review", "none")
"""``accepted`` counts, ``review`` waits for a person with a proposal, ``none`` without one."""
