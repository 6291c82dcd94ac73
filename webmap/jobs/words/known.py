"""What each task is called and where its result is seen, as the subjects say it themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gis.store.jobs.listing import JobRow


@dataclass(frozen=True)
class TaskWords:
    """How a task is told of.

    Parameters
    ----------
    title
        Gives its name in the language of the reader.
    result
        Gives the address of the page that shows what a finished job made; None where there is none.
    hands_over_a_file
        Whether what it made is a file for the person.
    """

    title: Callable[[], str]
    result: Callable[[JobRow], str | None] = lambda _job: None
    hands_over_a_file: bool = False


_KNOWN: dict[str, TaskWords] = {}


def describe_task(task: str, words: TaskWords) -> None:
    """Say how a task is told of; called by the interface that offers it."""
    _KNOWN[task] = words


def words_of(task: str) -> TaskWords:
    """Give how a task is told of; one that nobody described is told by its name."""
    return _KNOWN.get(task) or TaskWords(lambda: task)
