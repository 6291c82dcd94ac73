"""Dividing in a process of its own: it tells how far it is, and can be stopped at any moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from gis.actions.plan.draw import DivisionRequest, divide
from gis.actions.plan.fresh_processes import fresh_processes
from gis.errors import GisError
from gis.geometry.partition import Division

SPOKEN_EVERY_S = 0.2


def divide_apart(
    request: DivisionRequest, hear: Callable[[float, str], bool], *, every_s: float = 1.0
) -> Division | None:
    """Divide in another process, so that this one goes on answering.

    Parameters
    ----------
    hear
        Called every `every_s` seconds with the fraction done and a message; as soon as it gives
        False the work is broken off.

    Returns
    -------
    division
        None when it was broken off.

    Raises
    ------
    GisError
        What the division was refused for, or that its process died.
    """
    context = fresh_processes(__name__)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, request), daemon=True)
    process.start()
    theirs.close()
    try:
        return _follow(ours, hear, every_s)
    finally:
        process.terminate()
        process.join()
        ours.close()


def _follow(
    pipe: Connection, hear: Callable[[float, str], bool], every_s: float
) -> Division | None:
    """Listen until there is a result, and pass on what was heard."""
    fraction, message, due = 0.0, "", time.monotonic() + every_s
    while True:
        if pipe.poll(max(0.0, due - time.monotonic())):
            try:
                kind, *said = pipe.recv()
            except EOFError:
                raise GisError("the process that drew died; draw again") from None
            if kind == "done":
                return said[0]
            if kind == "refused":
                raise GisError(said[0])
            fraction, message = said
        if time.monotonic() >= due:
            if not hear(fraction, message):
                return None
            due = time.monotonic() + every_s


def _work(pipe: Connection, request: DivisionRequest) -> None:
    """Divide and tell; runs in the other process."""
    last = 0.0

    def tell(fraction: float, message: str) -> None:
        nonlocal last
        if time.monotonic() - last >= SPOKEN_EVERY_S:
            last = time.monotonic()
            pipe.send(("progress", float(fraction), str(message)))

    try:
        pipe.send(("done", divide(request, tell)))
    except GisError as refusal:
        pipe.send(("refused", refusal.message))
