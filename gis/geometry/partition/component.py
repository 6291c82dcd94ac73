"""One connected graph and its divisions into different numbers of parts, each looked for once."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from gis.geometry.band import Band
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.exact import FEW_SETS, Exact, solve_exactly
from gis.geometry.partition.graph import Graph
from gis.geometry.partition.prolong import Prolongation
from gis.geometry.partition.score import plain_terms, score_parts
from gis.geometry.partition.search import Search, Work


@dataclass
class Component:
    """A connected graph to divide within a band; `outside` is the least weight out of it found.

    ``share`` is the share of the time left that one number of parts may take to meet the band.
    """

    graph: Graph
    band: Band
    seed: int
    deadline: Deadline
    effort: float
    share: float = 1.0
    looks: dict[int, Exact] = field(default_factory=dict)
    searches: dict[int, Search] = field(default_factory=dict)
    deepened: set[int] = field(default_factory=set)

    def look(self, count: int) -> Exact:
        """Tell whether there is a division: ``optimal``, ``found``, ``infeasible`` or ``open``."""
        if count not in self.looks:
            self.looks[count] = self._begin(count)
        return self.looks[count]

    def price(self, count: int) -> float:
        """Give the cost of the division known, or of a quick one; infinite without any."""
        if count not in self.looks and not self.deadline.passed:
            known = self._glance(count)
            if known.part is not None:
                self.looks[count] = known
        part = self.looks[count].part if count in self.looks else None
        terms = plain_terms(count, self.band)
        return math.inf if part is None else float(score_parts(self.graph, terms, part)[1])

    def _glance(self, count: int) -> Exact:
        """Solve exactly what is small enough for it, else search quickly."""
        terms = plain_terms(count, self.band)
        known = solve_exactly(self.graph, terms, most_sets=FEW_SETS, deadline=self.deadline)
        if known.status != "open":
            return known
        search = self.searches[count] = Search(self.graph, terms, self.seed, self.deadline)
        search.run(Work.quick())
        return known if search.score[0] > 0 else Exact("found", search.best)

    def _begin(self, count: int) -> Exact:
        known = self._glance(count)
        if known.status != "open":
            return known
        search = self.searches[count]
        terms = search.terms
        if search.score[0] > 0:
            self._search_long(search)
            if search.score[0] > 0:
                known = solve_exactly(self.graph, terms, deadline=self.deadline)
                if known.status != "open":
                    return known
                search.deadline = self.deadline.share(self.share)
                Prolongation(search, self._work(count)).run(only_to_band=True)
            if search.score[0] > 0:
                return known
        return Exact("found", search.best)

    def improve(self, count: int, deadline: Deadline) -> None:
        """Search for a better division than the first one found."""
        if self.looks[count].status == "found" and count not in self.deepened:
            search = self.searches[count]
            search.deadline = deadline
            self._search_long(search)
            self.looks[count] = Exact("found", search.best)

    def go_on(self, count: int, deadline: Deadline) -> None:
        """Search on in the time that is left, if there is a limit."""
        if self.looks[count].status == "found" and not deadline.passed:
            search = self.searches[count]
            search.deadline = deadline
            Prolongation(search, self._work(count)).run()
            self.looks[count] = Exact("found", search.best)

    def _search_long(self, search: Search) -> None:
        if not search.deadline.passed:
            self.deepened.add(search.terms.n_parts)
            search.run(self._work(search.terms.n_parts))

    def _work(self, count: int) -> Work:
        if self.deadline.is_limited:
            return Work.within(self.graph.n_nodes, count, self.deadline.given_s)
        return Work.for_size(self.graph.n_nodes, count, self.effort)

    @property
    def outside(self) -> float:
        """Give the least weight outside the band of any search here, 0 without one."""
        return min((s.score[0] for s in self.searches.values()), default=0.0)
