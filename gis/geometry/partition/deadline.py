"""The one clock of the geometry: a time limit can only cut work short, never change its course."""

from __future__ import annotations

from time import perf_counter


class Deadline:
    """A moment after which no further work is begun; without a limit it never comes.

    Examples
    --------
    >>> Deadline(None).passed, Deadline(0.0).passed
    (False, True)
    """

    def __init__(self, limit_s: float | None) -> None:
        self._end = None if limit_s is None else perf_counter() + limit_s

    @property
    def passed(self) -> bool:
        """Tell whether the time is over."""
        return self._end is not None and perf_counter() >= self._end
