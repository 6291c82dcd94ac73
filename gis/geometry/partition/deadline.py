"""The one clock of the geometry: a time limit can only cut work short, never change its course."""

from __future__ import annotations

import math
from time import perf_counter


class Deadline:
    """A moment after which no further work is begun; without a limit it never comes.

    ``given_s`` is the limit as the caller gave it, whatever share of it this deadline ends;
    infinite without one.

    Examples
    --------
    >>> Deadline(None).passed, Deadline(0.0).passed
    (False, True)
    """

    def __init__(self, limit_s: float | None) -> None:
        self._start = perf_counter()
        self._limit_s = self.given_s = math.inf if limit_s is None else limit_s

    @property
    def elapsed_s(self) -> float:
        """Give the seconds since the work began."""
        return perf_counter() - self._start

    @property
    def left_s(self) -> float:
        """Give the seconds left, 0 when the time is over; infinite without a limit."""
        return max(self._limit_s - self.elapsed_s, 0.0)

    @property
    def passed(self) -> bool:
        """Tell whether the time is over."""
        return self.elapsed_s >= self._limit_s

    @property
    def is_limited(self) -> bool:
        """Tell whether there is a limit at all."""
        return self._limit_s < math.inf

    def share(self, fraction: float) -> Deadline:
        """Give the deadline of a piece of work that may take a fraction of the time left.

        Examples
        --------
        >>> Deadline(None).share(0.5).passed, Deadline(0.0).share(0.5).passed
        (False, True)
        """
        if not self.is_limited:
            return self
        part = Deadline(self.elapsed_s + fraction * (self._limit_s - self.elapsed_s))
        part._start, part.given_s = self._start, self.given_s
        return part
