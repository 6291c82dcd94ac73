"""Processes of our own for long work, safe in a program that was itself forked.

They are started afresh (not forked), so that no database connection is shared. The standard
library keeps one server for that in each program, a child of the program that began it. A program
forked afterwards inherits the server but may not wait for it, and every start fails there
(`ChildProcessError`); such a program starts each process by itself instead.
"""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.context import ForkServerContext, SpawnContext

_begun_by: int | None = None
"""Process that this program's server is a child of; None before there is one."""


def fresh_processes(preload: str) -> SpawnContext | ForkServerContext:
    """Give the way to start processes from here.

    Parameters
    ----------
    preload
        Name of the module that the processes will work with, imported once for all of them.
    """
    global _begun_by
    if _begun_by not in (None, os.getpid()):
        return multiprocessing.get_context("spawn")
    _begun_by = os.getpid()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([preload])
    return context


def prepare_processes(preload: str) -> None:
    """Wait until processes start at once when they are wanted, with their module loaded."""
    context = fresh_processes(preload)
    if context.get_start_method() == "forkserver":
        first = context.Process(target=_nothing)
        first.start()
        first.join()


def _nothing() -> None:
    """Do nothing; that it is done says that the server of processes is ready."""
