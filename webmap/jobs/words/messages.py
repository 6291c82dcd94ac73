"""What a job says of itself, in the language of the reader."""

from __future__ import annotations

from gis.messages import read_message
from webmap.shell.language import say


def said_of(message: object) -> str:
    """Say what is stored of a job's message; empty where there is none."""
    return "" if message is None else say(read_message(message))
