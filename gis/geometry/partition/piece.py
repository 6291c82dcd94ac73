"""Dividing one connected piece of ground: how many grids, a quick division, then better ones."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.exact import FEW_SETS, Exact, solve_exactly
from gis.geometry.partition.graph import Graph
from gis.geometry.partition.objective import LOCKED, build_terms
from gis.geometry.partition.prolong import Prolongation
from gis.geometry.partition.request import Request
from gis.geometry.partition.score import Terms
from gis.geometry.partition.search import Progress, Search, Work
from gis.geometry.partition.start import fill_empty_parts, join_strays, start_parts

CLEARLY = 0.25
"""How much better a mean grid must be, in units, for another number of grids, and all together for
another share of a number among pieces.
"""


@dataclass
class Piece:
    """Connected ground that is divided by itself.

    ``nodes`` are its nodes in the whole graph, ``unit`` the border cost of a usual grid; ``count``
    is the number of grids it stays with, of those tried.
    """

    graph: Graph
    nodes: np.ndarray
    number: np.ndarray
    locked: np.ndarray
    request: Request
    unit: float
    deadline: Deadline
    count: int = 0
    tried: dict[int, Search] = field(default_factory=dict)
    deepened: set[int] = field(default_factory=set)

    @property
    def search(self) -> Search:
        """Give the search for the number of grids it stays with."""
        return self.tried[self.count]

    @property
    def has_homes(self) -> bool:
        """Tell whether any block was in a grid before."""
        return bool((self.number >= 0).any())

    @property
    def n_locked(self) -> int:
        """Give the number of grids that hold locked blocks."""
        return len(np.unique(self.number[self.locked]))

    def counts(self, count: int, *, free: bool) -> list[int]:
        """List the numbers of grids worth trying, the likeliest first."""
        count = max(count, self.n_locked)
        if not free:
            return [count]
        low, high = self.bounds()
        if self.has_homes:
            before = len(np.unique(self.number[self.number >= 0]))
            count = before if low <= before <= high else count
            return [count]
        near = [c for c in (count, count - 1, count + 1) if low <= c <= high]
        return near or [count]

    def bounds(self) -> tuple[int, int]:
        """Give the fewest and the most grids that the total weight allows."""
        low, high = self.request.band.counts(self.graph.weight.sum())
        return low, min(high, self.graph.n_nodes)

    def room(self) -> tuple[int, int]:
        """Give the fewest and the most grids that weight, blocks and locks allow."""
        low, high = self.bounds()
        return max(low, self.n_locked), high

    def look(self, count: int) -> Exact:
        """Tell whether a number of grids meets the band here, at full effort."""
        search = self.try_count(count)
        if search.score[0] > 0 and count not in self.deepened and not self.deadline.passed:
            self.deepen(search, None)
        if search.score[0] <= 0:
            return Exact("found", search.best)
        known = solve_exactly(self.graph, search.terms, deadline=self.deadline)
        return Exact("infeasible" if known.status == "infeasible" else "open")

    def begin(self, counts: list[int]) -> None:
        """Divide quickly into each of some numbers of grids and stay with the best one."""
        for count in counts:
            self.try_count(count)
            if self.deadline.passed:
                break
        self.choose()

    def try_count(self, count: int) -> Search:
        """Divide quickly into a number of grids."""
        if count not in self.tried:
            search, start = self.open_search(count)
            search.run(Work.quick(), start, only_start=self.has_homes)
            self.tried[count] = search
        return self.tried[count]

    def choose(self) -> None:
        """Stay with the number of grids least outside the band, then of the best mean grid.

        The likeliest number, tried first, gives way only to a clearly better one.
        """
        first = next(iter(self.tried))

        def rank(count: int) -> tuple[float, float]:
            outside, cost = self.tried[count].score
            return outside, cost / count - (CLEARLY * self.unit if count == first else 0.0)

        self.count = min(self.tried, key=rank)

    def improve(self, progress: Progress | None, *, free: bool) -> None:
        """Search for long; where the band is not met, with other numbers of grids too."""
        if not self.deadline.passed:
            self.deepen(self.search, progress)
        if not free or self.search.score[0] <= 0:
            return
        low, high = self.bounds()
        here = self.search.terms.n_parts
        for count in sorted(range(low, high + 1), key=lambda c: abs(c - here))[1:4]:
            if self.deadline.passed or self.search.score[0] <= 0:
                break
            self.deepen(self.try_count(count), progress)
            self.choose()

    def deepen(self, search: Search, progress: Progress | None) -> None:
        """Go on with a search at full effort, from scratch and from where it stands."""
        search.progress = progress
        self.deepened.add(search.terms.n_parts)
        if not self.has_homes:
            known = solve_exactly(
                search.graph, search.terms, most_sets=FEW_SETS, deadline=self.deadline
            )
            if known.part is not None:
                search.offer(known.part)
                return
        search.run(self.work(search.terms.n_parts), search.best, only_start=self.has_homes)

    def go_on(self, deadline: Deadline) -> None:
        """Search on in the time that is left, if there is a limit."""
        search = self.search
        search.deadline, search.progress = deadline, None
        Prolongation(search, self.work(search.terms.n_parts), fresh=not self.has_homes).run()

    def work(self, count: int) -> Work:
        """Choose the usual work or, where the time given is to be used, that of one round."""
        if self.deadline.is_limited and self.request.use_time:
            return Work.within(self.graph.n_nodes, count, self.deadline.given_s)
        return Work.for_size(self.graph.n_nodes, count, self.request.effort)

    def has_no_division(self) -> bool:
        """Tell whether it is proven that no number of grids meets the band here."""
        known = solve_exactly(
            self.graph, self.search.terms, any_number=True, deadline=self.deadline
        )
        return known.status == "infeasible"

    def open_search(self, count: int) -> tuple[Search, np.ndarray | None]:
        """Set a search up; with homes it starts from where the blocks were."""
        graph, start = self.graph, None
        if self.has_homes:
            raw = start_parts(graph, count, self.request.seed)
            graph, start = self.with_homes(raw, count)
        terms = self.terms(graph, count)
        return Search(graph, terms, self.request.seed, self.deadline), start

    def terms(self, graph: Graph, count: int) -> Terms:
        """Give the terms of a division into a number of grids."""
        r = self.request
        return build_terms(
            graph,
            r.objective,
            count,
            r.band,
            unit=self.unit,
            mean=r.target,
            measures=r.measures,
        )

    def with_homes(self, raw: np.ndarray, count: int) -> tuple[Graph, np.ndarray]:
        """Start from where the blocks were, and make leaving cost."""
        held = self.number >= 0
        old, row = np.unique(self.number[held], return_inverse=True)
        overlap = np.zeros((len(old), count))
        firm = self.graph.weight[held] + 1e-3 + 1e6 * self.locked[held]
        np.add.at(overlap, (row, raw[held]), firm)
        grids, parts = linear_sum_assignment(-overlap)
        label = np.full(len(old), -1, np.int64)
        label[grids] = parts
        home = np.full(self.graph.n_nodes, -1, np.int64)
        home[held] = label[row]
        price = self.request.objective.stability * self.unit / max(self.request.target, 1e-9)
        stay = np.where(self.locked, LOCKED, price * self.graph.weight)
        start = np.where(home >= 0, home, raw)
        heavy = self.graph._replace(weight=self.graph.weight + 1e9 * self.locked)
        start = join_strays(heavy, start, count)
        loose = self.graph._replace(weight=self.graph.weight * ~self.locked)
        start = fill_empty_parts(loose, start, count)
        start = np.where(self.locked & (home >= 0), home, start)
        return self.graph._replace(home=home, stay=stay), start
