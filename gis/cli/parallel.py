"""Communities worked on side by side: pure work in processes, storing one by one."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor


def work_in_processes(
    function: Callable, inputs: Iterable, *, processes: int | None = None
) -> Iterator:
    """Apply a pure, picklable function to each input, in order, in several processes.

    Processes are started afresh (not forked), so that no database connection is shared.
    """
    inputs = list(inputs)
    processes = min(processes or os.cpu_count() or 1, len(inputs))
    if processes <= 1:
        yield from map(function, inputs)
        return
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from pool.map(function, inputs)
