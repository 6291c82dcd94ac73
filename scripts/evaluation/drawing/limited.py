"""Running a method in a child process that is killed when its time is over.

Some peers hang, and none of them can be told when to stop. A method is a generator of divisions;
the child sends every better one on, so that what was found in time counts.
"""

from __future__ import annotations

import multiprocessing
import os
import warnings
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

import numpy as np

from scripts.evaluation.drawing.attempt import Attempt, Best
from scripts.evaluation.drawing.instance import Instance

Method = Callable[..., Iterator[np.ndarray]]


class Child:
    """One child process at a time; killed at the limit, started again for the next task."""

    def __init__(self) -> None:
        self._process: multiprocessing.Process | None = None
        self._line: Connection | None = None

    def collect(
        self, name: str, method: Method, instance: Instance, *, limit_s: float, **options: object
    ) -> Attempt:
        """Run a method and give the best division it found within the limit.

        Time counts from the moment the child begins, its imports done.
        """
        self._ensure()
        self._line.send((method, instance, options))
        self._line.recv()
        part, first_s, seconds = None, None, 0.0
        while self._line.poll(max(limit_s - seconds, 0.0)):
            kind, *said = self._next()
            if kind == "better":
                part, first_s, seconds = said
                continue
            return Attempt(name, part, first_s, *said)
        self.stop()
        found = "none after" if part is None else "stopped after"
        return Attempt(name, part, first_s, limit_s, f"{found} {limit_s:g} s")

    def _next(self) -> tuple:
        """Read what the child says; a child that died says so by its silence."""
        try:
            return self._line.recv()
        except EOFError:
            self.stop()
            return "done", float("nan"), "the process died", None

    def stop(self) -> None:
        """End the child."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._line.close()
        self._process = self._line = None

    def _ensure(self) -> None:
        if self._process is not None and self._process.is_alive():
            return
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()


def _serve(line: Connection) -> None:
    """Do one task after the other, silently."""
    warnings.simplefilter("ignore")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    while True:
        try:
            method, instance, options = line.recv()
        except EOFError:
            return
        line.send("begun")
        _run(line, method, instance, options)


def _run(line: Connection, method: Method, instance: Instance, options: dict) -> None:
    best, note = Best(instance), ""
    try:
        for part in method(instance, **options):
            if best.offer(part):
                line.send(("better", best.part, best.first_s, best.seconds))
    except Exception as error:  # noqa: BLE001 - a peer may fail in any way; the table says so
        note = f"{type(error).__name__}: {error}"[:120]
    line.send(("done", best.seconds, note, best.cpu_s))
