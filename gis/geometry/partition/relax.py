"""The smallest change of a request that makes it possible: number of parts, maximum or minimum.

Pure. A band only gains divisions when it widens, so the smallest widening is found by bisection;
each division found on the way tells how much of the widening it needed. Where every smaller
widening is proven impossible the change is exact, else it is an upper bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from gis.geometry.band import Band
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.exact import Exact, solve_exactly
from gis.geometry.partition.feasible import component_bounds, share_evenly
from gis.geometry.partition.graph import Graph
from gis.geometry.partition.score import plain_terms
from gis.geometry.partition.search import Search, Work
from gis.geometry.partition.shares import Shares

MOST_COUNTS = 8
MOST_OPEN = 5
"""Numbers of parts tried around the one asked for; open questions after which bisection stops."""

EXACT_SETS = 20_000

MOST_TO_RELAX = 2000
"""In graphs with more nodes no change is looked for: a refusal should not take minutes."""


@dataclass(frozen=True)
class Change:
    """A value that makes the request possible; `exact` when no smaller change does."""

    value: float
    exact: bool = True


@dataclass(frozen=True)
class Changes:
    """What helps, each by itself: another number, maximum or minimum; else both limits."""

    n_parts: int | None = None
    maximum: Change | None = None
    minimum: Change | None = None
    both: Change | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether a division exists: ``found`` with its loads, ``infeasible`` or ``open`` without."""

    status: str
    loads: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Relaxation:
    """The question whether connected graphs have a division, to be asked for many bands.

    ``n_parts`` None stands for any number; after the deadline every answer is ``open``.
    """

    graphs: Sequence[Graph]
    n_parts: int | None
    band: Band
    seed: int = 0
    deadline: Deadline = field(default_factory=lambda: Deadline(None))

    def find_changes(self) -> Changes:
        """Find the smallest change of each kind.

        Examples
        --------
        >>> from gis.geometry.partition.graph import build_graph
        >>> path = build_graph(np.array([450.0, 225, 225]), np.array([[0, 1], [1, 2]]), np.ones(2))
        >>> Relaxation([path], 3, Band(300, 500)).find_changes()
        Changes(n_parts=2, maximum=None, minimum=Change(value=225.0, exact=True), both=None)
        """
        count = self.nearest_count()
        raised = self.smallest_step(0.0, 1.0)
        lowered = self.smallest_step(1.0, 0.0)
        both = None
        if count is None and raised is None and lowered is None:
            both = self.smallest_step(1.0, 1.0)
        return Changes(
            count,
            raised and Change(self.band.maximum + raised.value, raised.exact),
            lowered and Change(self.band.minimum - lowered.value, lowered.exact),
            both,
        )

    def nearest_count(self) -> int | None:
        """Give the number of parts nearest to the one asked for that has a division."""
        asked = self.n_parts
        if asked is None:
            return None
        low, high = self.bounds(self.band).sum(axis=0)
        near = sorted(range(int(low), int(high) + 1), key=lambda c: (abs(c - asked), c))
        for count in [c for c in near if c != asked][:MOST_COUNTS]:
            if self.decide(count, self.band).status == "found":
                return count
        return None

    def smallest_step(self, down: float, up: float) -> Change | None:
        """Find the least d for which the band from minimum - down d to maximum + up d will do."""
        total = sum(float(g.weight.sum()) for g in self.graphs)
        high = total if up else self.band.minimum
        verdict = self.at(high, down, up)
        if verdict.status != "found":
            return None
        low, high, n_open = 0.0, self._needed(verdict, down, up), 0
        grain = self._grain()
        while high - low > grain and n_open < MOST_OPEN:
            step = _between(low, high, grain)
            verdict = self.at(step, down, up)
            if verdict.status == "found":
                high = min(self._needed(verdict, down, up), step)
            else:
                low = step
                n_open += verdict.status == "open"
        return Change(high, n_open == 0)

    def at(self, step: float, down: float, up: float) -> Verdict:
        """Decide for a widened band."""
        return self.decide(self.n_parts, self.band.widened(down * step, up * step))

    def decide(self, n_parts: int | None, band: Band) -> Verdict:
        """Decide whether there is a division: by a quick search, else exactly if small."""
        bounds = self.bounds(band)
        if (bounds[:, 0] > bounds[:, 1]).any() or self._heaviest() > band.maximum:
            return Verdict("infeasible")
        if self.deadline.passed:
            return Verdict("open")
        looks: dict[tuple[int, int], Exact] = {}

        def look(number: int, count: int) -> Exact:
            if (number, count) not in looks:
                looks[number, count] = _look(
                    self.graphs[number], count, band, self.seed, self.deadline
                )
            return looks[number, count]

        if n_parts is None:
            return self._decide_any(bounds, look)
        if not bounds[:, 0].sum() <= n_parts <= bounds[:, 1].sum():
            return Verdict("infeasible")
        weights = np.array([g.weight.sum() for g in self.graphs])
        shares = Shares(n_parts, share_evenly(weights, bounds, n_parts), bounds)
        counts = shares.seek(look)
        if counts is None:
            return Verdict("infeasible" if shares.is_impossible else "open")
        return Verdict("found", self._loads(look, counts))

    def _decide_any(self, bounds: np.ndarray, look: Callable[[int, int], Exact]) -> Verdict:
        counts, status = [], "infeasible"
        for number, (low, high) in enumerate(bounds):
            looks = {}
            for count in range(int(low), int(high) + 1):
                looks[count] = look(number, count)
                if looks[count].part is not None:
                    counts.append(count)
                    break
            else:
                if all(known.status == "infeasible" for known in looks.values()):
                    return Verdict("infeasible")
                status = "open"
        if len(counts) < len(bounds):
            return Verdict(status)
        return Verdict("found", self._loads(look, counts))

    def bounds(self, band: Band) -> np.ndarray:
        """Give the fewest and the most parts of each graph: (m, 2)."""
        weights = np.array([g.weight.sum() for g in self.graphs])
        return component_bounds(weights, band, np.array([g.n_nodes for g in self.graphs]))

    def _loads(self, look: Callable[[int, int], Exact], counts: list[int]) -> np.ndarray:
        pairs = zip(self.graphs, counts, strict=True)
        loads = [np.bincount(look(n, c).division, g.weight, c) for n, (g, c) in enumerate(pairs)]
        return np.concatenate(loads)

    def _needed(self, verdict: Verdict, down: float, up: float) -> float:
        over = float(verdict.loads.max()) - self.band.maximum if up else 0.0
        under = self.band.minimum - float(verdict.loads.min()) if down else 0.0
        return max(over, under, 0.0)

    def _heaviest(self) -> float:
        return max(float(g.weight.max()) for g in self.graphs)

    def _grain(self) -> float:
        """Give the least difference that matters: 1 where all weights and limits are whole."""
        values = np.concatenate([*(g.weight for g in self.graphs), self.band])
        whole = (values == np.round(values)).all()
        return 1.0 if whole else 1e-6 * max(1.0, self.band.maximum)


def _between(low: float, high: float, grain: float) -> float:
    """Give the middle in whole grains, below `high` by one at least."""
    middle = 0.5 * (low + high)
    return min(max(np.floor(middle / grain) * grain, low + grain), high - 0.5 * grain)


def _look(graph: Graph, count: int, band: Band, seed: int, deadline: Deadline) -> Exact:
    """Look for a division by a quick search, then exactly."""
    terms = plain_terms(count, band)
    search = Search(graph, terms, seed, deadline)
    search.run(Work.quick())
    if search.score[0] <= 0:
        return Exact("found", search.best)
    return solve_exactly(graph, terms, most_sets=EXACT_SETS, deadline=deadline)
