"""The parts of the frame around every page, in the order in which they are put in."""

from webmap.shell import (
    access,
    blueprints,
    errors,
    headers,
    joined,
    language,
    presentation,
    received,
    session,
)

PARTS = (
    received,
    language,
    session,
    access,
    headers,
    joined,
    errors,
    presentation,
    blueprints,
)
"""Each installs itself into the application; what is asked first stands first."""
