"""The parts of the frame around every page, in the order in which they are put in."""

from webmap.shell import (
    access,
    blueprints,
    errors,
    headers,
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
    errors,
    presentation,
    blueprints,
)
"""Each installs itself into the application; what is asked first stands first."""
