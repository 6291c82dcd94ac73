"""Communities worked on side by side: pure work in processes, storing one by one.

Whatever ends the command, Ctrl-C too, ends the processes; none goes on when the command is gone.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import cast

from gis.actions.jobs.fresh_processes import fresh_processes
from gis.errors import GisError, with_hints
from gis.failures import FailedElsewhere, account_of

Tell = Callable[[float, str], None]
Hear = Callable[[int, float, str], None]

SPOKEN_EVERY_S = 0.1
"""A process tells how far it is at most this often."""


def work_in_processes(
    function: Callable, inputs: Iterable, *, processes: int | None = None, hear: Hear | None = None
) -> Generator:
    """Apply a pure, picklable function to each input, in order, in several processes.

    Parameters
    ----------
    function
        Called with an input; with `hear` given, with an input and a function to tell how far it
        is: the fraction done and a message.
    hear
        Called in this process with the number of the input, the fraction and the message, for
        every input that is worked on, in no order; the fraction is 1 once it is done.

    Raises
    ------
    GisError
        What the function refused, or that one of the processes died.
    """
    inputs = list(inputs)
    processes = min(processes or os.cpu_count() or 1, len(inputs))
    if processes <= 1:
        yield from _one_by_one(function, inputs, hear)
        return
    crew = _Crew(function, processes, tells=hear is not None)
    try:
        yield from crew.work(inputs, hear)
    finally:
        crew.stop()


def _one_by_one(function: Callable, inputs: list, hear: Hear | None) -> Iterator:
    for number, given in enumerate(inputs):
        if hear is None:
            yield function(given)
            continue
        result = function(given, lambda f, message, n=number: hear(n, f, message))
        hear(number, 1.0, "done")
        yield result


@dataclass(frozen=True)
class _Broken:
    """What an input ended in instead of a result; raised when its turn comes."""

    error: Exception


class _Crew:
    """Processes that each work on one input at a time and tell over a pipe of their own."""

    def __init__(self, function: Callable, size: int, *, tells: bool) -> None:
        context = fresh_processes(function.__module__)
        self.members: dict[Connection, BaseProcess] = {}
        for _ in range(size):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, function, tells), daemon=True)
            self.members[ours] = process
            process.start()
            theirs.close()

    def work(self, inputs: list, hear: Hear | None) -> Iterator:
        """Give out the inputs and yield the results in their order."""
        waiting = iter(enumerate(inputs))
        results: dict[int, object] = {}
        for pipe in self.members:
            _give(pipe, waiting)
        for number in range(len(inputs)):
            while number not in results:
                for heard in wait(list(self.members)):
                    self._listen(cast(Connection, heard), waiting, results, hear)
            result = results.pop(number)
            if isinstance(result, _Broken):
                raise result.error
            yield result

    def _listen(self, pipe: Connection, waiting: Iterator, results: dict, hear: Hear | None):
        try:
            kind, number, *said = pipe.recv()
        except EOFError:
            raise GisError("a process died at its work (out of memory?); try again") from None
        if kind == "progress":
            assert hear is not None, "only who is heard tells"
            hear(number, *said)
            return
        errors = {"refused": GisError, "failed": FailedElsewhere}
        results[number] = _Broken(errors[kind](*said)) if kind in errors else said[0]
        if hear is not None:
            hear(number, 1.0, kind)
        _give(pipe, waiting)

    def stop(self) -> None:
        """End every process, whatever it is doing."""
        for process in self.members.values():
            process.terminate()
        for pipe, process in self.members.items():
            process.join()
            pipe.close()


def _give(pipe: Connection, waiting: Iterator) -> None:
    task = next(waiting, None)
    if task is not None:
        pipe.send(task)


def _serve(pipe: Connection, function: Callable, tells: bool) -> None:
    """Work until the command hangs up; Ctrl-C is for the command to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            number, given = pipe.recv()
            pipe.send(_outcome(pipe, function, number, given, tells))
        except (EOFError, OSError):
            return


def _outcome(pipe: Connection, function: Callable, number: int, given: object, tells: bool):
    try:
        more = (_teller(pipe, number),) if tells else ()
        return ("done", number, function(given, *more))
    except GisError as refusal:
        return ("refused", number, with_hints(refusal))
    except BrokenPipeError:
        raise
    except Exception as mistake:
        return ("failed", number, account_of(mistake))


def _teller(pipe: Connection, number: int) -> Tell:
    due = 0.0

    def tell(fraction: float, message: str) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + SPOKEN_EVERY_S
            pipe.send(("progress", number, float(fraction), str(message)))

    return tell
