"""One bar for many pieces of work done side by side; plain lines when nobody watches a terminal."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from gis.cli.context import say

LINES = 10
"""Lines of progress for the whole work, where there is no terminal."""


class Bar:
    """Progress of several pieces of work, each with a fraction of its own, as one bar.

    Parameters
    ----------
    description
        What is done, such as ``draw``.
    total
        How many pieces there are.
    note
        What is to be said beside the bar, from the start.
    """

    def __init__(self, description: str, total: int, *, note: str = "") -> None:
        self.description, self.total, self.note = description, total, note
        self._fractions = [0.0] * total
        self._said, self._noted = 0, note
        self._rich: Progress | None = None
        if sys.stderr.isatty():
            self._rich = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[note]}"),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._rich.add_task(description, total=float(total), note=note)

    def __enter__(self) -> Bar:
        """Show the bar."""
        if self._rich:
            self._rich.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away, also when the work was broken off."""
        if self._rich:
            self._rich.stop()
        elif kind is None and self.note != self._noted:
            self._say()

    @property
    def fraction(self) -> float:
        """Give the fraction of the whole that is done."""
        return sum(self._fractions) / self.total if self.total else 1.0

    def move(self, number: int, fraction: float, message: str = "") -> None:
        """Note how far one piece is; it never goes back."""
        self._fractions[number] = min(max(fraction, self._fractions[number]), 1.0)
        self._show()

    def finish(self, number: int, note: str) -> None:
        """Note that a piece is done, and what is to be said of all so far."""
        self.note = note
        self.move(number, 1.0)

    def _show(self) -> None:
        if self._rich:
            self._rich.update(self._task, completed=sum(self._fractions), note=self.note)
            return
        step = int(self.fraction * LINES + 1e-9)
        if step > self._said:
            self._said = step
            self._say()

    def _say(self) -> None:
        self._noted = self.note
        parts = [f"{self.description}: {self.fraction:.0%}", *([self.note] * bool(self.note))]
        say("  " + ", ".join(parts))
