"""What a method gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter, process_time

import numpy as np

from scripts.evaluation.drawing.instance import Instance
from scripts.evaluation.drawing.score import is_valid, rank


@dataclass(frozen=True)
class Attempt:
    """The division a method found, or why there is none.

    Parameters
    ----------
    method
        Who did it, and with which settings.
    part
        (n,) grid of each block; None when there is no division.
    first_s, final_s
        Seconds to the first valid division (None: there was none), and in all.
    note
        What is worth knowing.
    cpu_s
        Processor seconds, which other work on the machine does not lengthen.
    """

    method: str
    part: np.ndarray | None
    first_s: float | None
    final_s: float
    note: str = ""
    cpu_s: float | None = None


@dataclass
class Best:
    """Keeps the best of many attempts, and when the first valid one came."""

    instance: Instance
    part: np.ndarray | None = None
    first_s: float | None = None
    begun: float = field(default_factory=perf_counter)
    cpu_begun: float = field(default_factory=process_time)
    _rank: tuple = (np.inf, np.inf, np.inf)

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return perf_counter() - self.begun

    @property
    def cpu_s(self) -> float:
        """Processor seconds since the search began."""
        return process_time() - self.cpu_begun

    def offer(self, part: np.ndarray) -> bool:
        """Look at one more division; tells whether it is the best so far."""
        if self.first_s is None and is_valid(self.instance, part):
            self.first_s = self.seconds
        found = rank(self.instance, part)
        if found >= self._rank:
            return False
        self._rank, self.part = found, np.asarray(part, np.int64).copy()
        return True

    def attempt(self, method: str, note: str = "") -> Attempt:
        """Close the search."""
        return Attempt(method, self.part, self.first_s, self.seconds, note, self.cpu_s)
